/** What the project's own pack says in Pulumi's runner, in the words of a check. */
import { expect, it } from "vitest";
import { ownJudgement } from "../../../cli/check/pack-answers";
import type { PackJudgement } from "../../../engine/policy/judgement";

const judgement: PackJudgement = {
  name: "keybuzz-environments",
  version: "1.0.0",
  stackJudged: true,
  policies: [],
  violations: [],
  undetermined: [],
  notApplicable: [],
  remediations: [],
};

it("a rule that Pulumi could not run on an unknown value is a failure of the check, never a pass", () => {
  const open = {
    policy: "postgres/no-superuser",
    urn: "urn:pulumi:prod::shop::a:b:C::c",
    message: "can't run",
  };
  expect(ownJudgement({ ...judgement, undetermined: [open] }).failures).toEqual([
    { rule: open.policy, urn: open.urn, message: "it read a value that is not known" },
  ]);
  expect(ownJudgement(judgement).failures).toEqual([]);
});
