/** A process that may only write small files: records creations until it cannot, and tells how many were answered. */
import { openStack } from "../../../engine/checkpoint/open-stack";
import { EngineError } from "../../../engine/diagnostic";
import { SECRETS, SUCCEEDED, thing } from "./states";

async function main(): Promise<void> {
  const [backend = ""] = process.argv.slice(2);
  const stack = await openStack(
    { backend, project: "rec", stack: "dev" },
    { secrets: SECRETS, kind: "update" },
  );
  for (const state of stack.snapshot.resources) {
    await (await stack.recorder.begin()).succeed({ made: { ...state }, removes: state, unimportant: true });
  }
  let answered = 0;
  try {
    for (; answered < 1000; answered += 1) {
      const resource = thing(`made-${answered}`, { inputs: { text: "x".repeat(500) } });
      const recording = await stack.recorder.begin({ type: "creating", resource });
      await recording.succeed({ made: resource });
    }
    await stack.finish(SUCCEEDED);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    console.log(`${error.code}: ${error.message}`);
    await stack.abandon();
  }
  console.log(`answered ${answered}`);
}

void main();
