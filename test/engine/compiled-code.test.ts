/** The code of a program's files is kept between environments; nothing else of them is. */
import { describe, expect, it } from "vitest";
import { makeProject, trial } from "../support/project";

const two = { "Pulumi.dev.yaml": "config:\n  who: D\n", "Pulumi.prod.yaml": "config:\n  who: P\n" };

describe("a file of the program, in the second environment", () => {
  it("starts with fresh variables, exports, classes and objects, and reads the configuration anew", async () => {
    const root = makeProject({
      ...two,
      "state.ts": `import { Config } from "@pulumi/pulumi";
export let count = 0;
export const next = () => (count += 1);
export const who = new Config().require("who");
export class Registry { static readonly entries: string[] = []; }
export const constant = { list: [] as string[] };
const pattern = /a/g;
export const matched = () => pattern.test("aa") && pattern.lastIndex;
`,
      "legacy.js": "exports.calls = (exports.calls || 0) + 1; this.same = this === module.exports;",
      "index.ts": `import { getStack } from "@pulumi/pulumi";
import * as state from "./state";
const legacy = require("./legacy");
state.Registry.entries.push(getStack());
state.constant.list.push(getStack());
export = () => ({
  count: state.next(), who: state.who, entries: state.Registry.entries, list: state.constant.list,
  matched: state.matched(), calls: legacy.calls, same: legacy.same,
});`,
    });
    const { declarations, fallbacks } = await trial(root);
    const fresh = { count: 1, matched: 1, calls: 1, same: true };
    expect(fallbacks).toEqual({});
    expect(declarations.map(({ outputs }) => outputs)).toEqual([
      { ...fresh, who: "D", entries: ["dev"], list: ["dev"] },
      { ...fresh, who: "P", entries: ["prod"], list: ["prod"] },
    ]);
  });

  it("is read again when the program has written it anew", async () => {
    const root = makeProject({
      ...two,
      "index.ts": `import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { getStack } from "@pulumi/pulumi";
writeFileSync(join(__dirname, "made.js"), \`exports.made = "for \${getStack()}";\`);
export = () => ({ made: require("./made").made });`,
    });
    const { declarations, fallbacks } = await trial(root);
    expect(fallbacks).toEqual({});
    expect(declarations.map(({ outputs }) => outputs)).toEqual([{ made: "for dev" }, { made: "for prod" }]);
  });

  it("has all that Node.js gives a module", async () => {
    const root = makeProject({
      ...two,
      "lib/part.js":
        "#!/usr/bin/env node\nmodule.exports = [__filename, __dirname, module.filename, module.id];",
      "index.js": `const path = require("node:path");
module.exports = () => ({
  files: require("./lib/part").map((file) => path.relative(__dirname, file)),
  resolved: path.relative(__dirname, require.resolve("./lib/part")),
  paths: require.resolve.paths("x")[0] === path.join(__dirname, "node_modules"),
  cached: require.cache[__filename] === module,
  children: module.children.map(({ filename }) => path.basename(filename)),
  json: require("./package.json").name,
});`,
    });
    const { declarations, fallbacks } = await trial(root);
    const wanted = {
      files: ["lib/part.js", "lib", "lib/part.js", "lib/part.js"],
      resolved: "lib/part.js",
      paths: true,
      cached: true,
      children: ["part.js"],
      json: "trial",
    };
    expect(fallbacks).toEqual({});
    expect(declarations.map(({ outputs }) => outputs)).toEqual([wanted, wanted]);
  });

  it("fails in the same way when it has a mistake", async () => {
    const root = makeProject({ ...two, "index.js": 'require("./broken");', "broken.js": "const = 1;" });
    const { declarations } = await trial(root);
    expect(declarations.map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
    for (const { diagnostics } of declarations) expect(JSON.stringify(diagnostics)).toContain("SyntaxError");
  });
});
