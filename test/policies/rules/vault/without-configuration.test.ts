/**
 * The rules on Vault for projects of others: nothing says what the prefix is, or only half of it, but claims are
 * known; or the prefix is longer than KeyBuzz's.
 */
import { describe, expect, it } from "vitest";
import { type EnvironmentFacts, estateOf } from "../../../../policies/estate";
import type { Resource } from "../../../../policies/resource";
import type { Verdict } from "../../../../policies/rule";
import { boundLogin } from "../../../../policies/rules/vault/bound-login";
import { ownPrefix } from "../../../../policies/rules/vault/own-prefix";
import { policyOwnPrefix } from "../../../../policies/rules/vault/policy-own-prefix";
import { object, resource } from "../../cases";

const claims = (name: string) => [{ kind: "vault-prefix" as const, name, place: "", path: [] }];
/** The estate of `two`, as far as its file says what is Vault's. */
const estateWith = (configuration?: EnvironmentFacts["configuration"]) =>
  estateOf("two", [
    { name: "one", claims: claims("kv/shop/one") },
    { name: "two", claims: claims("kv/shop/two"), ...(configuration && { configuration }) },
  ]);
const estate = estateWith();

const policy = (path: string, capability = "read"): Resource =>
  resource("vault:index/policy:Policy", { policy: `path "${path}" { capabilities = ["${capability}"] }` });
const outcome = (verdict: Verdict): string => verdict.outcome;

describe("without a configuration", () => {
  it.each([
    ["kv/data/shop/one/a", "read", "findings"],
    ["kv/data/shop/one/*", "read", "findings"],
    ["kv/data/shop/one/a", "deny", "not-applicable"],
    ["kv/data/shop/two/a", "read", "compliant"],
    ["kv/data/other/a", "read", "not-applicable"],
  ])("a policy with %s for %s is judged by the claims alone: %s", (path, capability, want) => {
    expect(outcome(policyOwnPrefix.check(policy(path, capability), estate))).toBe(want);
  });

  it("a policy that cannot be read is refused all the same", () => {
    expect(outcome(policyOwnPrefix.check(policy('"'), estate))).toBe("findings");
  });

  it.each([
    ["shop/one/a", "findings"],
    ["shop/two/a", "compliant"],
    ["other/a", "compliant"],
  ])("an entry at %s is judged by the claims alone: %s", (name, want) => {
    const entry = resource("vault:kv/secretV2:SecretV2", { mount: "kv", name });
    expect(outcome(ownPrefix.check(entry, estate))).toBe(want);
  });
});

describe("without a configuration, or with half of one", () => {
  const estates = [undefined, {}, { vault: { mount: "kv" } }, { vault: { prefix: "shop/two" } }];

  it.each(estates)("a policy is judged by the claims alone: %j", (configuration) => {
    const verdict = policyOwnPrefix.check(policy("kv/data/shop/one/a"), estateWith(configuration));
    expect(verdict).toMatchObject({ outcome: "findings", findings: [{ property: "policy" }] });
    const other = policyOwnPrefix.check(policy("kv/data/other/a"), estateWith(configuration));
    expect(outcome(other)).toBe("not-applicable");
  });

  it.each(estates)("an entry is judged by the claims alone: %j", (configuration) => {
    const entry = (name: string) => resource("vault:kv/secretV2:SecretV2", { mount: "kv", name });
    expect(outcome(ownPrefix.check(entry("shop/one/a"), estateWith(configuration)))).toBe("findings");
    expect(outcome(ownPrefix.check(entry("other/a"), estateWith(configuration)))).toBe("compliant");
  });

  it.each([undefined, {}])("nobody says how policies are to be written: %j", (configuration) => {
    const endpoint = resource("vault:generic/endpoint:Endpoint", { path: "sys/policy/a" });
    expect(outcome(policyOwnPrefix.check(endpoint, estateWith(configuration)))).toBe("not-applicable");
  });

  it("a login may be from any one namespace, and not from all", () => {
    const login = (namespace: string) =>
      resource("vault:kubernetes/authBackendRole:AuthBackendRole", {
        boundServiceAccountNames: ["api"],
        boundServiceAccountNamespaces: [namespace],
      });
    expect(outcome(boundLogin.check(login("shop"), estate))).toBe("compliant");
    expect(outcome(boundLogin.check(login("shop-*"), estate))).toBe("findings");
  });
});

it.each([
  ["shop/eu/two", "kv/shop/eu/mail", true],
  ["shop/eu/two", "kv/shop/us/mail", false],
  ["two", "kv/mail", false],
])("below %s lies an environment, and %s is shared by environments: %j", (prefix, path, isShared) => {
  const given = object("core/v1:ConfigMap", { data: { VAULT_PATH: path } });
  const verdict = ownPrefix.check(given, estateWith({ vault: { mount: "kv", prefix } }));
  expect(outcome(verdict) === "findings").toBe(isShared);
});
