/** What the rules on Vault say, where one word decides what somebody does about it. */
import { describe, expect, it } from "vitest";
import type { Resource } from "../../../../policies/resource";
import type { Finding, Rule } from "../../../../policies/rule";
import { vaultRules } from "../../../../policies/rules/vault";
import { estate, resource } from "../../cases";

function findingsOf(id: string, subject: Resource): readonly Finding[] {
  const rule = vaultRules.find((each): each is Extract<Rule, { scope: "resource" }> => each.id === id);
  const verdict = rule?.check(subject, estate());
  return verdict?.outcome === "findings" ? verdict.findings : [];
}
const messages = (id: string, subject: Resource): string[] =>
  findingsOf(id, subject).map(({ message }) => message);
const policy = (text: string) => resource("vault:index/policy:Policy", { policy: text });
const grants = (path: string, capability = "read") =>
  policy(`path "${path}" { capabilities = ["${capability}"] }`);

describe("vault/policy-own-prefix", () => {
  const id = "vault/policy-own-prefix";

  it.each([
    [
      "secret/data/keybuzz/dev/*",
      "grants secret/data/keybuzz/dev/* (line 1), which belongs to dev; allowed is what lies below secret/data/keybuzz/prod/",
    ],
    [
      "secret/*",
      "grants secret/* (line 1), which reaches beyond the environment's prefix; allowed is what lies below secret/data/keybuzz/prod/",
    ],
    [
      "secret/data/keybuzz/prod/../x",
      "grants secret/data/keybuzz/prod/../x (line 1), which has an empty part, . or ..: write the path plainly",
    ],
    [
      "secret/data/keybuzz/prod",
      "grants more than list on secret/data/keybuzz/prod (line 1): entries stand below secret/data/keybuzz/prod/",
    ],
  ])("says of %s what is wrong with it", (path, message) => {
    expect(messages(id, grants(path))).toEqual([message]);
  });

  it("refers to another environment's path as to a name, and to nobody's not", () => {
    expect(findingsOf(id, grants("secret/data/keybuzz/dev/ses"))[0]?.reference).toEqual({
      kind: "vault-path",
      name: "secret/keybuzz/dev/ses",
    });
    expect(findingsOf(id, grants("secret/*"))[0]?.reference).toBeUndefined();
  });

  it("says where it could not read a policy", () => {
    expect(messages(id, policy('path "a" {\n  capabilities = read\n}'))).toEqual([
      "cannot be read: it lacks a value in line 2",
    ]);
  });
});

describe("vault/bounded-lifetimes", () => {
  it("says what Vault takes where nothing is said", () => {
    const role = resource("vault:appRole/authBackendRole:AuthBackendRole", {
      secretIdNumUses: 0,
      tokenTtl: 90_000,
      tokenMaxTtl: "x",
    });
    expect(messages("vault/bounded-lifetimes", role)).toEqual([
      "is 90000; it must be 86400 at most",
      "is no number of seconds or uses; set it to 86400 at most",
      "is left out, so a secret id never ends; set it to 7776000 at most",
      "is 0, so a secret id is good for any number of logins; set it to 1000 at most",
    ]);
  });
});

describe("vault/no-standing-token", () => {
  it("says what stands in state, and shows no token", () => {
    const secretId = resource("vault:appRole/authBackendRoleSecretId:AuthBackendRoleSecretId", {});
    expect(messages("vault/no-standing-token", secretId)).toEqual([
      "keeps a secret id in Pulumi's state; an operator issues it, response-wrapped",
    ]);
    const provider = resource("pulumi:providers:vault", { token: "hvs.canary" });
    expect(messages("vault/no-standing-token", provider).join()).not.toContain("canary");
    const token = resource("vault:index/token:Token", { policies: ["a"], ttl: "48h" });
    expect(messages("vault/no-standing-token", token)).toEqual(['is "48h"; it must end within 86400 s']);
  });
});
