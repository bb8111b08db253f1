/** Proves that a file is replaced whole or not at all, and never over what someone else has written. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { NotReplacedError, replaceFile } from "../../../cli/promotion/replace-file";
import { makeFolder } from "../git/repository";

it("A file that holds what was read is replaced", () => {
  const folder = makeFolder();
  writeFileSync(join(folder, "file"), "before");
  replaceFile(join(folder, "file"), "before", "after");
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("after");
  expect(readdirSync(folder)).toEqual(["file"]);
});

it("A file that someone has changed since it was read stays as they left it", () => {
  const folder = makeFolder();
  writeFileSync(join(folder, "file"), "theirs");
  expect(() => replaceFile(join(folder, "file"), "before", "after")).toThrow(NotReplacedError);
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("theirs");
  expect(readdirSync(folder)).toEqual(["file"]);
});

it("A file that is gone is not made anew", () => {
  const folder = makeFolder();
  expect(() => replaceFile(join(folder, "file"), "before", "after")).toThrow(NotReplacedError);
  expect(readdirSync(folder)).toEqual([]);
});
