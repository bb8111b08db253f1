/** Several answers about one resource as one. */
import { expect, it } from "vitest";
import { combined } from "../../policies/combined";
import { COMPLIANT, NOT_APPLICABLE, type Verdict } from "../../policies/rule";

const finding = (property: string): Verdict => ({
  outcome: "findings",
  findings: [{ property, message: "" }],
});
const open = (...properties: string[]): Verdict => ({ outcome: "undetermined", properties });

it("findings stand before open answers, open ones before right ones, and no answer counts for nothing", () => {
  expect(combined(NOT_APPLICABLE, open("a"), finding("b"), COMPLIANT, finding("c"))).toEqual({
    outcome: "findings",
    findings: [
      { property: "b", message: "" },
      { property: "c", message: "" },
    ],
  });
  expect(combined(COMPLIANT, open("a", "b"), open("b"))).toEqual(open("a", "b"));
  expect(combined(NOT_APPLICABLE, COMPLIANT)).toEqual(COMPLIANT);
  expect(combined(NOT_APPLICABLE, NOT_APPLICABLE)).toEqual(NOT_APPLICABLE);
  expect(combined()).toEqual(NOT_APPLICABLE);
});
