/** Property values keep their meaning: secrets stay secret, unknowns unknown, locked secrets are found. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LockedSecrets } from "../../engine/property/locked-secrets";
import {
  isUnknown,
  lowerOutputs,
  OUTPUT_SIGNATURE,
  outputDependencies,
  SIGNATURE_KEY,
  secret,
  UNKNOWN,
} from "../../engine/property/values";
import { seed } from "../support/seed";

const output = (fields: Record<string, unknown>) =>
  ({ [SIGNATURE_KEY]: OUTPUT_SIGNATURE, ...fields }) as never;

describe("lowerOutputs", () => {
  const cases = [
    { name: "a known value", given: output({ value: "a" }), want: "a" },
    { name: "a known null", given: output({ value: null }), want: null },
    { name: "no value", given: output({}), want: UNKNOWN },
    { name: "a secret", given: output({ value: "a", secret: true }), want: secret("a") },
    { name: "an unknown secret", given: output({ secret: true }), want: secret(UNKNOWN) },
  ];
  for (const { name, given, want } of cases) {
    it(`records ${name} of an output value, at any depth`, () => {
      expect(lowerOutputs({ a: { b: [given] } })).toEqual({ a: { b: [want] } });
    });
  }
});

it("finds what output values depend on", () => {
  const value = {
    a: [output({ dependencies: ["urn:1"] })],
    b: output({ value: 1, dependencies: ["urn:2", "urn:1"] }),
  };
  expect([...outputDependencies(value)].sort()).toEqual(["urn:1", "urn:2"]);
});

it("knows the unknown values of every kind, and no other text", () => {
  expect(isUnknown(UNKNOWN)).toBe(true);
  expect(isUnknown("3eeb2bf0-c639-47a8-9e75-3b44932eb421")).toBe(true);
  expect(isUnknown(`x${UNKNOWN}`)).toBe(false);
});

describe("LockedSecrets", () => {
  it("leaves properties alone when nothing is locked", () => {
    const properties = { a: "locked-" };
    expect(new LockedSecrets().conceal(properties)).toBe(properties);
  });

  it("turns any text that contains a marker into an unknown secret, encoded or not", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const locked = new LockedSecrets();
        const text = before + locked.issue() + after;
        const base64 = Buffer.from(text).toString("base64");
        const url = encodeURIComponent(locked.issue());
        const concealed = locked.conceal({ text, nested: [{ base64 }], url, plain: before });
        expect(concealed).toEqual({
          text: secret(UNKNOWN),
          nested: [{ base64: secret(UNKNOWN) }],
          url: secret(UNKNOWN),
          plain: before,
        });
      }),
      { seed: seed() },
    );
  });

  it("is recognised by the copy that another process makes of it, and by no other", () => {
    const locked = new LockedSecrets();
    const marker = locked.issue();
    expect(new LockedSecrets(locked.state).conceal({ marker })).toEqual({ marker: secret(UNKNOWN) });
    const other = new LockedSecrets();
    other.issue();
    expect(other.conceal({ marker })).toEqual({ marker });
  });

  it("is blanked in messages", () => {
    const locked = new LockedSecrets();
    expect(locked.redact(`token ${locked.issue()} refused`)).toBe("token [secret] refused");
  });
});
