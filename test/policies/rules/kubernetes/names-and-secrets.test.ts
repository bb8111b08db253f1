/** What cases cannot say: messages that repeat no secret, and environments that claim nothing. */
import { describe, expect, it } from "vitest";
import { type Estate, estateOf } from "../../../../policies/estate";
import { check } from "../../../../policies/judge";
import type { Resource } from "../../../../policies/resource";
import type { ResourceRule } from "../../../../policies/rule";
import { noClearSecret } from "../../../../policies/rules/kubernetes/no-clear-secret";
import { noVaultToken } from "../../../../policies/rules/kubernetes/no-vault-token";
import { ownHosts } from "../../../../policies/rules/kubernetes/own-hosts";
import { ownNamespace } from "../../../../policies/rules/kubernetes/own-namespace";
import { pinnedImages } from "../../../../policies/rules/kubernetes/pinned-images";
import { estate, object } from "../../cases";
import { generator, secretsOf } from "../../secret-forms/corpus";

function messages(rule: ResourceRule, given: Resource, of: Estate = estate()): string[] {
  const verdict = check(rule, given, of);
  return verdict.outcome === "findings"
    ? verdict.findings.map(({ property, message }) => `${property}: ${message}`)
    : [];
}

const metadata = { name: "a", namespace: "keybuzz-api-prod" };
const pod = (container: Readonly<Record<string, string | object>>): Resource =>
  object("core/v1:Pod", { metadata, spec: { containers: [{ name: "a", ...container }] as never } });

describe("findings about secrets", () => {
  it("name the setting and the form, and repeat no part of any value", () => {
    for (const { name = "SETTING", value } of secretsOf(generator(20260114))) {
      const data = { [name]: value };
      const given = object("core/v1:ConfigMap", { metadata, data });
      const told = [...messages(noClearSecret, given), ...messages(noVaultToken, given)];
      expect(told.length, name).toBe(1);
      const random = value.split(/[^A-Za-z0-9]+/).filter((part) => part.length >= 6 && /\d/.test(part));
      for (const part of random) expect(told.join(" "), name).not.toContain(part);
    }
  });

  it("are told by one of the two rules, never by both", () => {
    const token = `hvs.${"aB3x".repeat(6)}`;
    const given = pod({
      env: [
        { name: "VAULT_TOKEN", value: token },
        { name: "PASSWORD", value: token },
      ],
    });
    expect(messages(noClearSecret, given)).toEqual([]);
    expect(messages(noVaultToken, given)).toHaveLength(2);
  });

  it("say which setting of a file it is", () => {
    const data = { ".env": "A=1\nSMTP_PASSWORD=hunter2\nAPI_KEY=letmein\n" };
    const [message = ""] = messages(noClearSecret, object("core/v1:ConfigMap", { metadata, data }));
    expect(message).toContain("SMTP_PASSWORD");
    expect(message).toContain("API_KEY");
  });
});

describe("a finding about an image", () => {
  it("shows the reference", () => {
    const [message = ""] = messages(pinnedImages, pod({ image: "ghcr.io/keybuzzio/keybuzz-api:latest" }));
    expect(message).toContain("ghcr.io/keybuzzio/keybuzz-api:latest has a tag that moves");
  });

  it.each(["https://ci:hunter2@ghcr.io/keybuzzio/keybuzz-api:v1", "ci:hunter2@ghcr.io/a:v1", "a b"])(
    "does not show what may hold credentials: %s",
    (image) => {
      const [message = ""] = messages(pinnedImages, pod({ image }));
      expect(message).toContain("is no reference to an image");
      expect(message).not.toContain("hunter2");
      expect(message).not.toContain("a b");
    },
  );
});

describe("an image that is told", () => {
  const digest = `sha256:${"9f86d081".repeat(8)}`;

  it.each([
    [
      "ghcr.io/KeyBuzzIO/keybuzz-api:v1.2.3",
      "ghcr.io/KeyBuzzIO/keybuzz-api:v1.2.3 is no reference to an image",
    ],
    ["ghcr.io/keybuzzio/keybuzz-api:$(TAG)", "this is no reference to an image"],
    [1, "this is no reference to an image"],
    [`docker.io/a/b@${digest}`, `docker.io/a/b@${digest} comes from elsewhere than ghcr.io/keybuzzio`],
  ])("is shown if it holds no password: %s", (image, message) => {
    expect(messages(pinnedImages, pod({ image } as never))).toEqual([`spec.containers[0].image: ${message}`]);
  });

  it("is told once, though it was built for another environment and comes from elsewhere", () => {
    const image = "ghcr.io/keybuzzio/keybuzz-client:v1";
    const registry = { repository: "ghcr.io/shop" };
    const claim = { kind: "environment-image" as const, name: image, place: "", path: [] };
    const known = estateOf("prod", [
      { name: "prod", claims: [], configuration: { registry } },
      { name: "dev", claims: [claim] },
    ]);
    expect(messages(pinnedImages, pod({ image }), known)).toEqual([
      expect.stringContaining("image built for one environment"),
    ]);
    expect(messages(pinnedImages, pod({ image: "ghcr.io/keybuzzio/other:v1" }), known)).toEqual([
      expect.stringContaining("comes from elsewhere"),
    ]);
  });
});

describe("an environment that claims nothing and has no configuration", () => {
  const claimless = estateOf("prod", [{ name: "prod", claims: [] }]);
  const outcome = (rule: ResourceRule, given: Resource) => check(rule, given, claimless).outcome;
  const secret = (namespace?: string): Resource =>
    object("core/v1:Secret", {
      metadata: namespace === undefined ? { name: "a" } : { name: "a", namespace },
    });

  it("may put objects into any namespace but none and default", () => {
    expect(outcome(ownNamespace, secret("anything"))).toBe("compliant");
    expect(outcome(ownNamespace, secret("default"))).toBe("findings");
    expect(outcome(ownNamespace, secret(""))).toBe("findings");
    expect(outcome(ownNamespace, secret())).toBe("findings");
    const provider = {
      urn: "p",
      type: "pulumi:providers:kubernetes",
      name: "p",
      properties: { namespace: "" },
    };
    expect(outcome(ownNamespace, { ...secret(), provider })).toBe("findings");
    expect(outcome(ownNamespace, object("core/v1:Namespace", { metadata: {} }))).toBe("compliant");
    expect(outcome(ownNamespace, object("core/v1:Namespace", { metadata: { name: "a" } }))).toBe("compliant");
  });

  it("may answer to any host, and to all", () => {
    const ingress = (spec: object): Resource =>
      object("networking.k8s.io/v1:Ingress", { metadata, spec: { ...spec } });
    expect(outcome(ownHosts, ingress({ rules: [{ host: "a.example.org" }] }))).toBe("compliant");
    expect(outcome(ownHosts, ingress({ defaultBackend: {} }))).not.toBe("findings");
  });

  it("may take images from any registry, and still pins them", () => {
    const configured = estateOf("prod", [{ name: "prod", claims: [], configuration: {} }]);
    expect(check(pinnedImages, pod({ image: "node:22.11.0" }), configured).outcome).toBe("compliant");
    expect(outcome(pinnedImages, pod({ image: "node:22.11.0" }))).toBe("compliant");
    expect(outcome(pinnedImages, pod({ image: "node" }))).toBe("findings");
  });
});

describe("messages of kubernetes/own-namespace", () => {
  it("tell a missing namespace from a strange one, and a namespace's name from both", () => {
    const told = (given: Resource) => messages(ownNamespace, given).join();
    expect(told(object("core/v1:Secret", { metadata: { name: "a" } }))).toContain("has no namespace");
    expect(told(object("core/v1:Secret", { metadata: { name: "a", namespace: "x" } }))).toContain(
      "is x, which",
    );
    expect(told(object("core/v1:Namespace", { metadata: {} }))).toContain("has no name:");
  });
});
