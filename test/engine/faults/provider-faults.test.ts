/**
 * A provider that fails in every way at every request: the state stays whole, the message names the resource, and the
 * next run without the fault converges, or says what to do.
 */
import { describe, expect, it } from "vitest";
import { parseUrn } from "../../../engine/urn";
import { type Body, Trial } from "../deploy/trial";
import type { Fault, FaultKind, FaultOperation } from "../support/faults";
import { NAMED } from "../support/testing-provider";
import { leftovers, wholeState } from "./killing";

const timeouts = { customTimeouts: { create: "50ms", update: "50ms", delete: "50ms" } };

const before: Body = async (p) => {
  await p.named("changed", { value: "1" }, timeouts);
  await p.named("gone", { value: "1" }, timeouts);
};

const after: Body = async (p) => {
  await p.named("changed", { value: "2" }, timeouts);
  await p.named("new", { value: "1" }, timeouts);
};

const SUBJECTS: Partial<Record<FaultOperation, string>> = {
  create: "new",
  update: "changed",
  delete: "gone",
  check: "new",
  diff: "changed",
  read: "new",
  configure: "testing",
  checkConfig: "default_1_2_3",
};

/** What changes something can fail before and after it did, and can hang: the rest answers, or does not. */
const CHANGING: readonly FaultKind[] = [
  "error-before",
  "error-after",
  "mistake",
  "init-failed",
  "garbage",
  "unknown",
  "hang-before",
  "hang-after",
];
const ASKING: readonly FaultKind[] = ["error-before", "mistake", "garbage"];

const cases = Object.entries(SUBJECTS).flatMap(([operation, name]) => {
  const changes = ["create", "update", "delete"].includes(operation);
  return (changes ? CHANGING : ASKING).map((kind) => ({
    operation: operation as FaultOperation,
    name,
    kind,
  }));
});

/** An answer without meaning is an answer where nothing is asked for. */
function isHarmless({ operation, kind }: Fault): boolean {
  const silent = operation === "delete" || operation === "configure";
  return silent && ["garbage", "unknown", "init-failed"].includes(kind);
}

/** The provider itself says that it failed, and the object is there: the engine does not take what is not known to be its own. */
function needsHelp({ operation, kind }: Fault): boolean {
  return operation === "create" && (kind === "error-after" || kind === "hang-after");
}

describe("a provider that fails", () => {
  it.each(cases)(
    "with $kind at $operation leaves a state from which the next run converges",
    async (given) => {
      const fault: Fault = { ...given, times: 1 };
      const trial = Trial.forTest();
      expect((await trial.up(before)).outcome).toBe("succeeded");
      trial.faults = [fault];
      const failed = await trial.up(after);
      await wholeState(trial);
      expect(leftovers(trial)).toEqual([]);
      if (!isHarmless(fault)) {
        expect(failed.outcome).toBe("failed");
        const errors = failed.diagnostics.filter(({ severity }) => severity === "error");
        const named = fault.operation === "configure" ? "default_1_2_3" : fault.name;
        expect(errors.map(({ urn = "" }) => parseUrn(urn).name)).toEqual([named]);
        expect(errors[0]?.message).toMatch(/testing|took over/);
      }
      trial.faults = [];
      if (needsHelp(fault)) {
        const refused = await trial.up(after);
        expect(refused.outcome).toBe("failed");
        expect(refused.diagnostics.map(({ message }) => message)).toEqual([
          `${NAMED} "new" exists already, and this stack does not own it; take it over with the resource option ` +
            'import: "new", or remove it',
        ]);
        trial.world.record({ effect: "deleted", type: NAMED, id: "new", urn: "" });
      }
      const next = await trial.up(after);
      expect(next.diagnostics.filter(({ severity }) => severity !== "info")).toEqual([]);
      expect(next.outcome).toBe("succeeded");
      expect(Object.keys((await trial.up(after)).changes)).toEqual(["same"]);
      expect((await wholeState(trial)).pendingOperations).toEqual([]);
      expect(trial.world.objects.map(({ id, inputs }) => [id, inputs.value]).sort()).toEqual([
        ["changed", "2"],
        ["new", "1"],
      ]);
    },
  );

  it("at Read keeps what it has, refreshes the rest, and names the resource", async () => {
    for (const kind of ASKING) {
      const trial = Trial.forTest();
      await trial.up(before);
      trial.world.record({
        effect: "updated",
        type: NAMED,
        id: "gone",
        urn: "",
        inputs: { name: "gone", value: "drifted" },
      });
      trial.faults = [{ name: "changed", operation: "read", kind }];
      const refreshed = await trial.refresh();
      expect(refreshed.outcome).toBe("failed");
      expect(refreshed.diagnostics.map(({ urn = "" }) => parseUrn(urn).name)).toEqual(["changed"]);
      const state = await wholeState(trial);
      const values = state.resources.filter(({ type }) => type === NAMED).map(({ inputs }) => inputs.value);
      expect(values).toEqual(["1", "drifted"]);
    }
  });

  it("while an interrupted create is looked for, is told by the name of the resource, and nothing is done", async () => {
    const trial = Trial.forTest();
    trial.faults = [{ name: "new", operation: "create", kind: "garbage", times: 1 }];
    expect((await trial.up(after)).outcome).toBe("failed");
    trial.faults = [{ name: "new", operation: "read", kind: "error-before" }];
    const journal = trial.world.journal.length;
    await expect(trial.up(after)).rejects.toThrow(
      "testing:index:Named::new: an earlier deployment was interrupted while creating this resource, and it cannot be looked for",
    );
    expect(trial.world.journal).toHaveLength(journal);
    expect(leftovers(trial)).toEqual([]);
    trial.faults = [];
    expect((await trial.up(after)).outcome).toBe("succeeded");
    expect(trial.world.count("new")).toEqual({ created: 1, updated: 0, deleted: 0 });
  });
});
