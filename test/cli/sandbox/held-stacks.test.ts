/** While a sandbox is deleted nothing is deployed there; what a killed deployment left in the way does not count. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withStacksHeld } from "../../../cli/sandbox/held-stacks";
import { openStack } from "../../../engine/checkpoint/open-stack";
import { EngineError } from "../../../engine/diagnostic";
import { SECRETS, SUCCEEDED } from "../../engine/checkpoint/states";
import { temporaryFolder } from "../../engine/support/temporary";

const open = (folder: string, stack = "dev") =>
  openStack({ backend: join(folder, "state"), project: "p", stack }, { secrets: SECRETS, kind: "update" });

const locks = (folder: string): string => join(folder, "state/.pulumi/locks/organization");

it.each([
  ["a stack that was deployed", false],
  ["a stack that nobody has locked so far, as after pulumi stack import", true],
])("refuses a deployment of %s meanwhile", async (_, unlocked) => {
  const folder = temporaryFolder();
  await (await open(folder)).finish(SUCCEEDED);
  if (unlocked) rmSync(locks(folder), { recursive: true });
  const refused = await withStacksHeld(folder, () => open(folder).catch((error: unknown) => error));
  expect(refused).toBeInstanceOf(EngineError);
  expect(refused).toMatchObject({ code: "locked" });
  await (await open(folder)).abandon();
});

it("is refused while a deployment goes on, which it names", async () => {
  const folder = temporaryFolder();
  const stack = await open(folder);
  await expect(withStacksHeld(folder, async () => {})).rejects.toThrow("organization/p/dev is locked by");
  await stack.abandon();
});

it("goes on where a deployment was killed while it wrote its lock", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(locks(folder), "p", "dev"), { recursive: true });
  writeFileSync(join(locks(folder), "p", ".7d3c1f0e-0000-4000-8000-000000000000.tmp"), "{}");
  expect(await withStacksHeld(folder, async () => "done")).toBe("done");
});

it("does what is to be done where there is no state at all", async () => {
  expect(await withStacksHeld(temporaryFolder(), async () => "done")).toBe("done");
});
