"use strict";
/**
 * Loaded into Pulumi's own runner before it starts. The runner prints what a program throws with
 * `util.inspect(error, { colors: true })`; on Node.js 20 that does not return for some stack frames below
 * node_modules. Without colours it does.
 */
require("./unknown-results.cjs");

const util = require("node:util");

const inspect = util.inspect;
util.inspect = Object.assign(
  (value, options, ...rest) =>
    value instanceof Error && options?.colors === true
      ? inspect(value, { ...options, colors: false })
      : inspect(value, options, ...rest),
  inspect,
);
