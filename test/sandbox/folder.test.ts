/** A sandbox stands where its user wants it, and only where its servers can get to. */
import { chmodSync, statSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeFolder, sandboxFolder } from "../../sandbox/folder";
import { serverOwner } from "../../sandbox/owner";
import { temporaryFolder } from "../engine/support/temporary";
import { kb } from "../support/kb";

const usual =
  userInfo().uid === 0
    ? "/var/cache/keybuzz-environments/sandbox"
    : "/users/somebody/.cache/keybuzz-environments/sandbox";

it.each([
  ["the user's cache", {}, undefined, usual],
  ["XDG_CACHE_HOME", { XDG_CACHE_HOME: "/cache" }, undefined, "/cache/keybuzz-environments/sandbox"],
  ["no XDG_CACHE_HOME that is relative", { XDG_CACHE_HOME: "cache" }, undefined, usual],
  [
    "the variable before that",
    { XDG_CACHE_HOME: "/cache", KEYBUZZ_SANDBOX_DIR: "/here" },
    undefined,
    "/here",
  ],
  ["the flag before all", { KEYBUZZ_SANDBOX_DIR: "/here" }, "/there", "/there"],
])("takes %s", (_, environment, asked, folder) => {
  expect(sandboxFolder({ HOME: "/users/somebody", ...environment }, asked)).toBe(folder);
});

it("refuses a relative path in the variable, as wrong configuration", async () => {
  const { code, stderr } = await kb(["sandbox", "status"], { env: { KEYBUZZ_SANDBOX_DIR: "here" } });
  expect(code).toBe(2);
  expect(stderr).toContain('KEYBUZZ_SANDBOX_DIR is "here", and should be an absolute path');
});

it("takes a path of the flag from the folder of -C", async () => {
  const folder = temporaryFolder();
  const { stdout } = await kb(["-C", folder, "sandbox", "status", "--folder", "box"]);
  expect(stdout).toBe(`There is no sandbox in ${join(folder, "box")}; kb sandbox start makes one.\n`);
});

it("refuses a folder whose parent is closed to the user that root's servers run as", () => {
  const closed = temporaryFolder();
  const stranger = { name: "stranger", uid: 54_321, gid: 54_321, other: true };
  expect(() => makeFolder(join(closed, "a", "b"), stranger)).toThrow(
    `${closed} is closed to stranger, as whom root's servers run; name a folder in KEYBUZZ_SANDBOX_DIR`,
  );
  chmodSync(closed, 0o711);
  makeFolder(join(closed, "c", "d"), stranger);
  expect(statSync(join(closed, "c", "d")).mode & 0o777).toBe(0o711);
});

it("closes the folder to others where its servers run as its user", () => {
  const folder = join(temporaryFolder(), "box");
  makeFolder(folder, { ...serverOwner(), other: false });
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it("says which folder cannot be made", () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  const below = join(file, "sandbox");
  expect(() => makeFolder(below, serverOwner())).toThrow(
    `the sandbox's folder ${below} cannot be made (ENOTDIR); name another one in KEYBUZZ_SANDBOX_DIR`,
  );
});
