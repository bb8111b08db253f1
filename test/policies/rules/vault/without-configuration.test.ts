/** The rules on Vault for projects of others: nothing says what the prefix is, but claims are known. */
import { describe, expect, it } from "vitest";
import { estateOf } from "../../../../policies/estate";
import type { Resource } from "../../../../policies/resource";
import type { Verdict } from "../../../../policies/rule";
import { ownPrefix } from "../../../../policies/rules/vault/own-prefix";
import { policyOwnPrefix } from "../../../../policies/rules/vault/policy-own-prefix";
import { resource } from "../../cases";

const claims = (name: string) => [{ kind: "vault-prefix" as const, name, place: "", path: [] }];
const estate = estateOf("two", [
  { name: "one", claims: claims("kv/shop/one") },
  { name: "two", claims: claims("kv/shop/two") },
]);

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
