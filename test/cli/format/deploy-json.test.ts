/** The JSON document of a deployment: Pulumi's form for the steps, and nothing secret in it. */
import { expect, it } from "vitest";
import { deployJson } from "../../../cli/format/deploy-json";
import { secret } from "../../../engine/property/values";
import { CANARY, result, STACK, step, urn } from "./deploy-results";

const options = { kind: "up", preview: false, project: "shop", environment: "dev", seconds: 1.5 } as const;

it("tells of every step but those on the engine's own providers, in the order in which they ended", () => {
  const role = urn("Role", "owner");
  const document = JSON.parse(
    deployJson(
      result(
        [
          step("same", STACK),
          step("create", "urn:pulumi:dev::shop::pulumi:providers:random::default", { defaultProvider: true }),
          step("update", role, {
            diff: {
              replaces: [],
              changes: ["name"],
              detailed: { name: { kind: "update", inputDiff: true } },
            },
            old: { id: "a", inputs: { name: "a" }, outputs: { name: "a" } },
            new: { id: "b", inputs: { name: "b" }, outputs: { name: "b" } },
          }),
        ],
        { changes: { same: 1, update: 1 } },
      ),
      options,
    ),
  );
  expect(document).toMatchObject({
    version: 1,
    kind: "up",
    preview: false,
    project: "shop",
    environment: "dev",
    outcome: "succeeded",
    changeSummary: { same: 1, update: 1 },
    duration: 1_500_000_000,
  });
  expect(document.steps).toEqual([
    { op: "same", urn: STACK, type: "pulumi:pulumi:Stack", reason: "changed", status: "done" },
    {
      op: "update",
      urn: role,
      type: "postgresql:index/Role:Role",
      reason: "changed",
      status: "done",
      parent: STACK,
      oldState: { id: "a", inputs: { name: "a" }, outputs: { name: "a" } },
      newState: { id: "b", inputs: { name: "b" }, outputs: { name: "b" } },
      diffReasons: ["name"],
      detailedDiff: { name: { kind: "update", inputDiff: true } },
    },
  ]);
});

it("holds no secret: of inputs, outputs, the stack's outputs, nor one that is marked on one side alone", () => {
  const login = step("update", urn("Role", "login"), {
    old: { id: "a", inputs: { before: CANARY, given: CANARY }, outputs: { before: CANARY } },
    new: {
      id: "a",
      inputs: { before: secret(CANARY), given: CANARY, nested: [{ deep: secret(CANARY) }] },
      outputs: { given: secret(CANARY) },
    },
  });
  const text = deployJson(result([login], { outputs: { password: secret(CANARY) } }), options);
  expect(text).not.toContain(CANARY);
  const { steps, outputs } = JSON.parse(text);
  expect(outputs).toEqual({ password: "[secret]" });
  expect(steps[0].oldState.inputs).toEqual({ before: "[secret]", given: "[secret]" });
  expect(steps[0].newState.inputs.nested).toEqual([{ deep: "[secret]" }]);
});
