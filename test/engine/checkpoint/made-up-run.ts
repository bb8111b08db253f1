/** A run that does everything that a run can do to a checkpoint, told to any recorder. */
import type { Recorder } from "../../../engine/checkpoint/recorder";
import type { ResourceState, Snapshot } from "../../../engine/checkpoint/state";
import { secret } from "../../../engine/property/values";
import { providerState, stackState, thing, urnOf } from "./states";

/** What the run starts from. */
export const BEFORE: readonly ResourceState[] = [
  stackState,
  providerState,
  thing("kept", { inputs: { password: secret("hushhush-kept") } }),
  thing("changed", { inputs: { n: 1 } }),
  thing("replaced", { dependencies: [urnOf("kept")] }),
  thing("deleted", { dependencies: [urnOf("replaced")] }),
];

/** Carries the run out. `told` is called after each call of the recorder was answered. */
export async function madeUpRun(
  recorder: Recorder,
  { resources }: Snapshot,
  told: () => void,
): Promise<void> {
  const [root, provider, kept, changed, replaced, deleted] = resources;
  if (!root || !provider || !kept || !changed || !replaced || !deleted)
    throw new Error("not the state of BEFORE");
  for (const state of [root, provider, kept]) {
    const recording = await recorder.begin();
    told();
    await recording.succeed({ made: { ...state }, removes: state, unimportant: true });
    told();
  }
  const step = async (
    type: "creating" | "updating" | "deleting",
    resource: ResourceState,
    change: Parameters<Awaited<ReturnType<Recorder["begin"]>>["succeed"]>[0] | undefined,
  ): Promise<void> => {
    const recording = await recorder.begin({ type, resource });
    told();
    await (change === undefined ? recording.fail() : recording.succeed(change));
    told();
  };
  const made = thing("made", { inputs: { password: secret("hushhush-made"), text: "x".repeat(300) } });
  const { id: _, ...unborn } = made;
  await step("creating", unborn, { made });
  await recorder.outputs(made, { ...made, outputs: { url: "u" } }, false);
  told();
  await step("updating", changed, undefined);
  await step("updating", changed, { made: { ...changed, inputs: { n: 2 } }, removes: changed });
  const successor = { ...replaced, id: "second", outputs: { key: secret("hushhush-new") } };
  await step("creating", replaced, { made: successor, marksForDeletion: replaced });
  await step("deleting", deleted, { removes: deleted });
  await step("deleting", replaced, { removes: replaced });
  await step("creating", thing("late"), { made: thing("late", { dependencies: [urnOf("made")] }) });
}
