/** What the pack has told is not told again by comparing, and nothing else is left out. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare, sameFact } from "../../../cli/check/compare";
import type { RawFinding } from "../../../cli/check/findings";
import { isolationRules } from "../../../policies/isolation";
import type { EnvironmentView } from "../../../policies/isolation/landscape";
import { rules as packRules } from "../../../policies/rules";
import { noVaultToken } from "../../../policies/rules/kubernetes/no-vault-token";
import { UNKNOWN } from "../../../policies/value";
import { claim, declared, deployment, read, view } from "../../policies/isolation/views";
import { seed } from "../../support/seed";

const HOSTS = "api-dev.example.org";
const config = declared("kubernetes:core/v1:ConfigMap", "c", {
  metadata: { name: "c", namespace: "shop" },
  data: { urls: `https://${HOSTS} postgres://shop_dev_rw:x@10.0.0.10/shop_dev` },
});
const dev = view("dev", {
  configured: [claim("host", HOSTS), claim("database", "shop_dev"), claim("role", "shop_dev_rw")],
  declared: [
    {
      ...deployment("api", { api: { image: "a.io/api:v2", envFrom: [{ secretRef: { name: "db" } }] } }),
      urn: "dev-api",
    },
    { ...declared("kubernetes:core/v1:Secret", "root", { metadata: { name: "root" } }), urn: "dev-root" },
  ],
  secrets: [{ urn: "dev-s", property: "password", digest: "1" }],
  history: { images: new Set(["a.io/api:v2"]) },
});
const prod = view("prod", {
  declared: [config, deployment("api", { api: { image: "a.io/api:v1" } })],
  reads: [read("kubernetes:core/v1:Secret", UNKNOWN)],
  secrets: [{ urn: config.urn, property: "data.urls", digest: "1" }],
});
const views: readonly EnvironmentView[] = [dev, prod];

const finding = (parts: Partial<RawFinding>): RawFinding => ({
  rule: "kubernetes/own-hosts",
  environment: "prod",
  urn: config.urn,
  property: "data.urls",
  message: "is wrong",
  ...parts,
});
const names = (told: readonly RawFinding[]) =>
  compare(views, told).findings.flatMap(({ rule, reference }) =>
    rule === "isolation/foreign-reference" ? (reference?.name ?? []) : [],
  );
const rules = (told: readonly RawFinding[]) => compare(views, told).findings.map(({ rule }) => rule);

describe("comparing", () => {
  it("tells every name of a property when nothing is told yet", () => {
    expect(names([]).sort()).toEqual([HOSTS, "shop_dev", "shop_dev_rw"]);
  });

  it("leaves out the name that a rule of the pack has told of the property, and no other", () => {
    const host = finding({ reference: { kind: "host", name: HOSTS } });
    expect(names([host]).sort()).toEqual(["shop_dev", "shop_dev_rw"]);
    const address = finding({ reference: { kind: "backend-address", name: `${HOSTS}:443` } });
    expect(names([address]).sort()).toEqual(["shop_dev", "shop_dev_rw"]);
  });

  it("leaves out all names of a property that is told as a whole, and of no other property", () => {
    expect(names([finding({})])).toEqual([]);
    for (const other of [{ environment: "dev" }, { urn: "other" }, { property: "data.url" }]) {
      expect(names([finding(other)])).toHaveLength(3);
    }
  });

  it("tells the names of a property that has another fault", () => {
    expect(names([finding({ rule: "postgres/no-public-connect" })])).toHaveLength(3);
  });

  it("tells of a shared secret whatever else is wrong with the property", () => {
    expect(rules([finding({})])).toContain("isolation/distinct-secrets");
  });

  it.each([
    ["isolation/proven-images", "kubernetes/pinned-images", "image"],
    ["isolation/same-shape", "kubernetes/outbound-worker-secrets", "envFrom"],
  ])("leaves out what %s says where %s has told it", (own, packs, list) => {
    const urn = prod.declared[1]?.urn ?? "";
    const property = `spec.template.spec.containers[0].${list}`;
    const at = (rule: string) =>
      compare(views, [finding({ rule, urn, property })]).findings.filter(
        (each) => each.rule === own && each.property === property,
      );
    expect(at(packs)).toEqual([]);
    expect(at("kubernetes/resources")).toHaveLength(1);
  });

  it("knows the rules by which it leaves something out", () => {
    const [all, comparing] = [packRules, isolationRules].map((list) => list.map(({ id }) => id));
    expect(comparing).toEqual(expect.arrayContaining(Object.keys(sameFact)));
    expect(all).toEqual(expect.arrayContaining(Object.values(sameFact).flat()));
  });

  it("leaves out what is missing when the model should not be there, and only then", () => {
    const told = (rule: string, property: string) =>
      rules([finding({ rule, environment: "dev", urn: "dev-root", property })]);
    const count = (found: readonly string[]) =>
      found.filter((rule) => rule === "isolation/same-shape").length;
    expect(count(rules([]))).toBe(2);
    expect(count(told(noVaultToken.id, "metadata.name"))).toBe(1);
    expect(count(told(noVaultToken.id, "data.token"))).toBe(2);
    expect(count(told("general/explicit-names", "metadata.name"))).toBe(2);
  });

  it("leaves out what stays open at a property that is told", () => {
    expect(compare(views, []).undetermined).toMatchObject([{ rule: "isolation/foreign-reference" }]);
    const { urn } = read("kubernetes:core/v1:Secret", UNKNOWN);
    expect(compare(views, [finding({ urn, property: "id" })]).undetermined).toEqual([]);
    expect(compare(views, [finding({ urn, property: "name" })]).undetermined).toHaveLength(1);
  });

  it("fails, and does not pass, when a rule breaks", () => {
    const broken = view("dev", {});
    Object.defineProperty(broken, "configured", {
      get: () => {
        throw new Error("made-up secret");
      },
    });
    const { failures } = compare([broken, prod], []);
    expect(failures.map(({ rule }) => rule)).toContain("isolation/disjoint-claims");
    expect(JSON.stringify(failures)).not.toContain("made-up");
  });

  it("leaves out nothing but what is told of the same property, or about a model", () => {
    const all = isolationRules.flatMap(({ id, check }) =>
      check(views).findings.map((each) => ({ id, each })),
    );
    const told = fc.array(
      fc.record({
        rule: fc.constantFrom(noVaultToken.id, "kubernetes/own-hosts", "kubernetes/pinned-images"),
        environment: fc.constantFrom("dev", "prod"),
        urn: fc.constantFrom(config.urn, "dev-root", "dev-api", prod.declared[1]?.urn ?? ""),
        property: fc.constantFrom(
          "",
          "data.urls",
          "metadata.name",
          "spec.template.spec.containers[0].image",
          "spec.template.spec.containers[0].envFrom",
        ),
        message: fc.constantFrom("is wrong", "is bad"),
        reference: fc.option(
          fc.record({
            kind: fc.constantFrom("host", "database"),
            name: fc.constantFrom(HOSTS, "shop_dev", "x"),
          }),
          { nil: undefined },
        ),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(told, (given) => {
        const findings: RawFinding[] = given.map(({ reference, ...rest }) =>
          reference === undefined ? rest : { ...rest, reference },
        );
        const kept = compare(views, findings).findings;
        for (const { id, each } of all) {
          const isKept = kept.some(
            ({ rule, urn, message }) => rule === id && urn === each.urn && message === each.message,
          );
          const same = [...findings, ...kept].some(
            ({ environment, urn, property, message }) =>
              environment === each.environment &&
              urn === each.urn &&
              property === each.property &&
              message !== each.message,
          );
          const isRefused = findings.some(
            ({ rule, environment, urn }) =>
              rule === noVaultToken.id && environment === each.model?.environment && urn === each.model?.urn,
          );
          expect(isKept || same || isRefused).toBe(true);
        }
      }),
      { seed: seed(), numRuns: 300 },
    );
  });
});
