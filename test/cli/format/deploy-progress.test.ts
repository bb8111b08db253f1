/** Progress of a deployment: lines where nobody looks at a terminal, and one that changes where somebody does. */
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { DeployProgress } from "../../../cli/format/deploy-progress";
import { step, urn } from "./deploy-results";

function streamOf(terminal: { readonly columns: number } | undefined): {
  readonly stream: NodeJS.WriteStream;
  readonly written: () => string;
} {
  const through = new PassThrough();
  let text = "";
  through.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  const stream = Object.assign(through, terminal === undefined ? {} : { isTTY: true, ...terminal });
  return { stream: stream as unknown as NodeJS.WriteStream, written: () => text };
}

function follow(progress: DeployProgress): void {
  const owner = step("create", urn("Role", "owner"));
  progress.start();
  progress.started(owner);
  progress.finished(owner);
  const reader = step("update", urn("Role", "reader"), { status: "failed" });
  progress.started(reader);
  progress.finished(reader);
  progress.finished(step("same", urn("Role", "kept")));
}

it.each([
  ["no terminal", undefined, {}],
  ["a dumb terminal", { columns: 80 }, { TERM: "dumb" }],
  ["a pipeline that says it is one", { columns: 80 }, { CI: "1" }],
])("on %s, each step that did something is a line of plain text", (_, terminal, environment) => {
  const { stream, written } = streamOf(terminal);
  const progress = new DeployProgress(stream, environment, "Updating dev", false);
  follow(progress);
  progress.stop();
  expect(written().replaceAll(/\d+\.\d/g, "0.0")).toBe(
    [
      "Updating dev",
      " +  postgresql:index:Role owner created (0.0s)",
      " ~  postgresql:index:Role reader update failed (0.0s)",
      "",
    ].join("\n"),
  );
});

it("on a terminal, one line says what is under way, no wider than the terminal, and is gone at the end", async () => {
  const { stream, written } = streamOf({ columns: 40 });
  const progress = new DeployProgress(stream, {}, "Updating dev", false);
  progress.start();
  progress.started(step("create", urn("Role", "a-name-".repeat(9))));
  await expect.poll(written).toContain("Updating dev: 0 done, create a-name-");
  progress.stop();
  const [, ...drawn] = written().split("\r\u001b[2K");
  for (const line of drawn) expect(line.length).toBeLessThan(40);
  expect(drawn.at(-1)).toBe("");
  expect(written()).not.toContain("\n");
});
