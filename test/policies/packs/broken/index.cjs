/** The project's adapter with one rule, which breaks on a resource and quotes a value of it. */
require("tsx/cjs");
const { servePack } = require("../../../../policies/adapter.ts");
const { packProject } = require("../../../../policies/pack/project.ts");
const { PackSession } = require("../../../../policies/pack/session.ts");

const rule = {
  id: "test/broken",
  title: "Nothing breaks",
  why: "It is a test.",
  prevents: [],
  fix: "Mend it.",
  severity: "low",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: ({ properties }) => {
    throw new TypeError(`cannot read ${properties.password}`);
  },
};

servePack([rule], new PackSession(() => packProject(process.env)));
