/** Whoever cancels waits for nothing: at whichever moment it is, the preview ends and leaves no process. */
import { expect, it } from "vitest";
import { declare, makeProject } from "../support/project";

it.each([0, 1, 2, 5, 20, 100, 600])(
  "a program in Pulumi's runner that never ends is cancelled %i ms after the start",
  async (milliseconds) => {
    const root = makeProject({ "index.ts": "for (;;) {}\n" });
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), milliseconds);
    const declaration = await declare(root, { officialRunner: true, signal: cancel.signal });
    expect(declaration.outcome).toBe("cancelled");
  },
  20_000,
);
