/** What a deployment does to a resource: made, kept, changed, replaced, deleted; and then there is nothing to do. */
import { describe, expect, it } from "vitest";
import { type Body, Trial } from "./trial";

/** Deploys, and deploys again: the second time there is nothing to do. */
async function settled(trial: Trial, body: Body) {
  const first = await trial.up(body);
  expect(first.diagnostics).toEqual([]);
  expect(first.outcome).toBe("succeeded");
  const again = await trial.up(body);
  expect(Object.keys(again.changes)).toEqual(["same"]);
  const shown = await trial.preview(body);
  expect(Object.keys(shown.changes)).toEqual(["same"]);
  return first;
}

describe("a deployment", () => {
  it("of an empty program makes the stack alone", async () => {
    const trial = Trial.forTest();
    const { changes } = await settled(trial, async () => {});
    expect(changes).toEqual({ create: 1 });
  });

  it("makes, keeps, changes and deletes", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.named("a", { value: "1" });
      await p.named("b", { value: "1" });
    });
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["a", "b"]);
    const { changes } = await settled(trial, async (p) => {
      await p.named("a", { value: "2" });
    });
    expect(changes).toEqual({ same: 1, update: 1, delete: 1 });
    expect(trial.world.objects.map(({ id, inputs }) => [id, inputs.value])).toEqual([["a", "2"]]);
    const gone = await trial.destroy();
    expect(gone.changes).toEqual({ delete: 2 });
    expect(trial.world.objects).toEqual([]);
    expect((await trial.state()).resources).toEqual([]);
  });
});
