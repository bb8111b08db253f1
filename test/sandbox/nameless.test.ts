/** A user who has no entry in the system's list is told what to do, instead of a stack of calls. */
import type * as os from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { makeFolder, sandboxFolder } from "../../sandbox/folder";
import { serverOwner } from "../../sandbox/owner";
import { temporaryFolder } from "../engine/support/temporary";

vi.mock("node:os", async (original) => {
  const unknown = (): never => {
    throw new Error("A system error occurred: uv_os_get_passwd returned ENOENT (no such file or directory)");
  };
  return { ...(await original<typeof os>()), userInfo: unknown, homedir: unknown };
});
vi.spyOn(process, "getuid").mockReturnValue(54_321);

it("has a sandbox at home where HOME says so, or where it is told", () => {
  const home = temporaryFolder();
  expect(sandboxFolder({ HOME: home })).toBe(join(home, ".cache/keybuzz-environments/sandbox"));
  expect(sandboxFolder({}, "/there")).toBe("/there");
});

it("is asked for a folder where nothing says what is home", () => {
  expect(() => sandboxFolder({})).toThrow(
    "the user 54321 has neither HOME nor an entry in /etc/passwd; name a folder in KEYBUZZ_SANDBOX_DIR",
  );
});

it("is told that PostgreSQL does not start without an entry", () => {
  expect(() => serverOwner()).toThrow(
    "the user 54321 has no entry in /etc/passwd, and PostgreSQL does not start",
  );
});

it("gets no folder of somebody else", () => {
  const folder = temporaryFolder();
  const owner = { name: "54321", uid: 54_321, gid: 54_321, other: false };
  expect(() => makeFolder(folder, owner)).toThrow("belongs to somebody else");
});
