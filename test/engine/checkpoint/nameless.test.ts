/** A user who has no entry in the system's list, as in containers that run under any number, can work on a stack. */
import { readdirSync, readFileSync } from "node:fs";
import type * as os from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { newLocation, open } from "./trial";

vi.mock("node:os", async (original) => ({
  ...(await original<typeof os>()),
  userInfo: () => {
    throw new Error("A system error occurred: uv_os_get_passwd returned ENOENT (no such file or directory)");
  },
}));

it("a lock tells the number of a user who has no name", async () => {
  const location = newLocation();
  const stack = await open(location);
  const folder = join(location.backend, ".pulumi", "locks", "organization", "rec", "dev");
  const [name = ""] = readdirSync(folder);
  const { username } = JSON.parse(readFileSync(join(folder, name), "utf8"));
  expect(username).toBe(String(process.getuid?.()));
  await stack.abandon();
});
