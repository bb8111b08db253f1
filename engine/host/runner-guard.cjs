"use strict";
/**
 * Loaded into Pulumi's own runner before it starts. It ends the runner when the process that started it is gone, tells
 * that process when the program ended for its configuration, which no exit code says, and keeps it from hanging: the
 * runner prints what a program throws with `util.inspect(error, { colors: true })`; on Node.js 20 that does not return
 * for some stack frames below node_modules. Without colours it does.
 */
require("./sdk-patches.cjs");

const { writeSync } = require("node:fs");
const { Socket } = require("node:net");
const util = require("node:util");
const { isConfigurationError } = require("./configuration-error.cjs");

/** Names a pipe to the process that started this one; what the program itself starts must not see it. */
const PARENT = "KEYBUZZ_PARENT_FD";

/** One byte for the process that started this one. */
const MISCONFIGURED = "c";

if (process.env[PARENT] !== undefined) {
  const fd = Number(process.env[PARENT]);
  const parent = new Socket({ fd, readable: true, writable: false });
  delete process.env[PARENT];
  parent.on("error", () => {});
  parent.on("close", () => process.kill(process.pid, "SIGKILL"));
  parent.resume();
  parent.unref();
  tellCause(fd);
}

/** Tells of what ends the program, and leaves to the runner what it does about it. */
function tellCause(fd) {
  const tell = (error) => {
    if (isConfigurationError(error)) writeSync(fd, MISCONFIGURED);
  };
  process.on("uncaughtExceptionMonitor", tell);
  // While nobody listens, a rejection is an exception; the runner listens when the program starts.
  process.on("newListener", function join(event) {
    if (event !== "unhandledRejection") return;
    process.off("newListener", join);
    process.on("unhandledRejection", tell);
  });
}

const inspect = util.inspect;
util.inspect = Object.assign(
  (value, options, ...rest) =>
    value instanceof Error && options?.colors === true
      ? inspect(value, { ...options, colors: false })
      : inspect(value, options, ...rest),
  inspect,
);
