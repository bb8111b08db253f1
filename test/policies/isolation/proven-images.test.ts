/** Production runs what another environment runs or has run; what cannot be known stays open. */
import { describe, expect, it } from "vitest";
import type { EnvironmentView, ImageHistory } from "../../../policies/isolation/landscape";
import { provenImages } from "../../../policies/isolation/proven-images";
import type { Resource } from "../../../policies/resource";
import { UNKNOWN, type Value } from "../../../policies/value";
import { claim, declared, deployment, findingsOf, open, told, view } from "./views";

const API = "ghcr.io/shop/api";
const [A, B] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);

const running = (image: Value) => deployment("api", { api: { image } });
const history = (...images: readonly string[]): ImageHistory => ({ images: new Set(images) });
const dev = (image: Value, past: readonly string[] = [], parts: Partial<EnvironmentView> = {}) =>
  view("dev", { declared: [running(image)], history: history(...past, `${API}:v2`), ...parts });
const prod = (image: Value, parts: Partial<EnvironmentView> = {}) =>
  view("prod", { declared: [running(image)], ...parts });

const PLACE = "prod api spec.template.spec.containers[0].image";

describe("an image in production", () => {
  it("that DEV runs is right", () => {
    expect(told(provenImages, dev(`${API}:v2`), prod(`${API}:v2`))).toEqual([]);
  });

  it("that DEV has run is right, and any other is told", () => {
    expect(told(provenImages, dev(`${API}:v2`, [`${API}:v1`]), prod(`${API}:v1`))).toEqual([]);
    expect(told(provenImages, dev(`${API}:v2`, [`${API}:v1`]), prod(`${API}:v0`))).toEqual([`${PLACE} -`]);
  });

  it("is told with what DEV runs instead", () => {
    const [finding] = findingsOf(provenImages, dev(`${API}:v2`), prod(`${API}:v0@${A}`));
    expect(finding?.message).toContain(`dev runs ${API}:v2`);
    expect(finding?.message).toContain(`${API}:v0`);
  });

  it("that only production has is not compared", () => {
    expect(told(provenImages, dev(`${API}:v2`), prod("ghcr.io/shop/website:v9"))).toEqual([]);
    expect(told(provenImages, view("dev"), prod(`${API}:v9`))).toEqual([]);
    expect(open(provenImages, view("dev"), prod(`${API}:v9`))).toEqual([]);
  });

  it("that is built for production alone is not compared, and that of another tag is", () => {
    const configured = [claim("environment-image", `${API}:v0`)];
    expect(told(provenImages, dev(`${API}:v2`), prod(`${API}:v0`, { configured }))).toEqual([]);
    expect(told(provenImages, dev(`${API}:v2`), prod(`${API}:v00`, { configured }))).toHaveLength(1);
  });

  it("is proved by any of several environments", () => {
    const qa = view("qa", { declared: [running(`${API}:v0`)], history: history(`${API}:v0`) });
    expect(told(provenImages, dev(`${API}:v2`), qa, prod(`${API}:v0`))).toEqual([]);
    expect(told(provenImages, dev(`${API}:v2`), qa, prod(`${API}:v9`))).toEqual([`${PLACE} -`]);
  });

  it("is asked of production alone", () => {
    const qa = view("qa", { declared: [running(`${API}:v9`)], history: history(`${API}:v9`) });
    expect(told(provenImages, dev(`${API}:v2`), qa)).toEqual([]);
  });

  it.each(["initContainers", "ephemeralContainers"])("counts in %s, too", (list) => {
    const with_ = (tag: string) => deployment("api", {}, { [list]: [{ name: "m", image: `${API}:${tag}` }] });
    const model = view("dev", { declared: [with_("v2")], history: history(`${API}:v2`) });
    expect(told(provenImages, model, view("prod", { declared: [with_("v2")] }))).toEqual([]);
    expect(told(provenImages, model, view("prod", { declared: [with_("v0")] }))).toHaveLength(1);
  });

  it("counts in Jobs and CronJobs, too", () => {
    const job = (tag: string): Resource =>
      declared("kubernetes:batch/v1:CronJob", "j", {
        spec: {
          jobTemplate: {
            spec: { template: { spec: { containers: [{ name: "j", image: `${API}:${tag}` }] } } },
          },
        },
      });
    expect(told(provenImages, dev(`${API}:v2`), view("prod", { declared: [job("v2")] }))).toEqual([]);
    expect(told(provenImages, dev(`${API}:v2`), view("prod", { declared: [job("v0")] }))).toHaveLength(1);
  });

  it("is read with a registry's port, and with the registry that stands for none", () => {
    const local = "registry.local:5000/shop/api";
    const model = view("dev", { declared: [running(`${local}:v2`)], history: history(`${local}:v2`) });
    expect(told(provenImages, model, prod(`${local}:v2`))).toEqual([]);
    expect(told(provenImages, model, prod(local))).toEqual([`${PLACE} -`]);
    const nginx = view("dev", { declared: [running("nginx:1.27")], history: history("nginx:1.27") });
    expect(told(provenImages, nginx, prod("docker.io/library/nginx:1.27"))).toEqual([]);
    expect(told(provenImages, nginx, prod("docker.io/library/nginx:1.26"))).toHaveLength(1);
  });
});

describe("a digest", () => {
  const model = (image: string) => view("dev", { declared: [running(image)], history: history(image) });

  it("of another build is told although the tag is the same", () => {
    expect(told(provenImages, model(`${API}:v2@${A}`), prod(`${API}:v2@${A}`))).toEqual([]);
    expect(told(provenImages, model(`${API}:v2@${A}`), prod(`${API}:v2@${B}`))).toEqual([`${PLACE} -`]);
  });

  it("that only one side knows leaves it to the tag", () => {
    expect(told(provenImages, model(`${API}:v2@${A}`), prod(`${API}:v2`))).toEqual([]);
    expect(told(provenImages, model(`${API}:v2`), prod(`${API}:v2@${A}`))).toEqual([]);
  });

  it("of the past proves, and under another tag, too", () => {
    const past = view("dev", { declared: [running(`${API}:v3@${B}`)], history: history(`${API}:v2@${A}`) });
    expect(told(provenImages, past, prod(`${API}:v2@${A}`))).toEqual([]);
    expect(told(provenImages, past, prod(`${API}:v2@sha256:${"c".repeat(64)}`))).toHaveLength(1);
    expect(told(provenImages, past, prod(`${API}:release@${B}`))).toEqual([]);
  });

  it("without a tag cannot be compared with a tag", () => {
    expect(open(provenImages, model(`${API}:v2`), prod(`${API}@${A}`))).toEqual([PLACE]);
    expect(open(provenImages, model(`${API}@${A}`), prod(`${API}:v2`))).toEqual([PLACE]);
    expect(told(provenImages, model(`${API}@${A}`), prod(`${API}@${B}`))).toEqual([`${PLACE} -`]);
  });
});

describe("what stays open", () => {
  const reasons = (...views: readonly EnvironmentView[]) =>
    (provenImages.check(views).undetermined ?? []).map(({ reason }) => reason);

  it("is an image of production that is not known", () => {
    expect(open(provenImages, dev(`${API}:v2`), prod(UNKNOWN))).toEqual([PLACE]);
    const pods = declared("kubernetes:apps/v1:Deployment", "api", { spec: UNKNOWN });
    expect(open(provenImages, dev(`${API}:v2`), view("prod", { declared: [pods] }))).toHaveLength(1);
  });

  it("is one that DEV may have run before the history that is known", () => {
    const shallow = { images: new Set([`${API}:v2`]), incomplete: "the clone is shallow" };
    const model = dev(`${API}:v2`, [], { history: shallow });
    expect(told(provenImages, model, prod(`${API}:v1`))).toEqual([]);
    expect(reasons(model, prod(`${API}:v1`))).toEqual(["the clone is shallow"]);
    expect(reasons(model, prod(`${API}:v2`))).toEqual([]);
  });

  it("is one of a project that keeps no images in its configuration", () => {
    const model = view("dev", { declared: [running(`${API}:v2`)] });
    expect(told(provenImages, model, prod(`${API}:v1`))).toEqual([]);
    expect(reasons(model, prod(`${API}:v1`))).toEqual([
      `the file of dev does not say which images of ${API} it ran before`,
    ]);
  });

  it("is one that an image of DEV which is not known could be, or one that its program did not reach", () => {
    const unknown = view("dev", {
      declared: [running(`${API}:v2`), running(UNKNOWN)],
      history: history(`${API}:v2`),
    });
    expect(open(provenImages, unknown, prod(`${API}:v1`))).toEqual([PLACE]);
    expect(open(provenImages, dev(`${API}:v2`, [], { partial: true }), prod(`${API}:v1`))).toEqual([PLACE]);
    expect(told(provenImages, dev(`${API}:v2`), prod(`${API}:v1`))).toHaveLength(1);
  });
});
