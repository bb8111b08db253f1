"use strict";
/**
 * Loaded into Pulumi's own runner before it starts. It ends the runner when the process that started it is gone,
 * and keeps it from hanging: the runner prints what a program throws with
 * `util.inspect(error, { colors: true })`; on Node.js 20 that does not return for some stack frames below
 * node_modules. Without colours it does.
 */
require("./sdk-patches.cjs");

const { Socket } = require("node:net");
const util = require("node:util");

/** Names a pipe to the process that started this one; what the program itself starts must not see it. */
const PARENT = "KEYBUZZ_PARENT_FD";

if (process.env[PARENT] !== undefined) {
  const parent = new Socket({ fd: Number(process.env[PARENT]), readable: true, writable: false });
  delete process.env[PARENT];
  parent.on("error", () => {});
  parent.on("close", () => process.kill(process.pid, "SIGKILL"));
  parent.resume();
  parent.unref();
}

const inspect = util.inspect;
util.inspect = Object.assign(
  (value, options, ...rest) =>
    value instanceof Error && options?.colors === true
      ? inspect(value, { ...options, colors: false })
      : inspect(value, options, ...rest),
  inspect,
);
