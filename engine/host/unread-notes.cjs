"use strict";
/**
 * Keeps the SDK from work that nobody reads: the stack of every promise that it makes, some thirty per resource, and
 * its debug messages, several per resource, each a call to the engine. What a promise is for is still noted, so that
 * one that nothing settles is told of as before. Whoever debugs such a promise (PULUMI_DEBUG_PROMISE_LEAKS) gets its
 * stack.
 */

/** Patches the SDK's runtime/debuggable.js. */
function patchDebuggable(debuggable) {
  const { debuggablePromise } = debuggable;
  if (typeof debuggablePromise !== "function" || process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  debuggable.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

/** Patches the SDK's log/index.js. */
function patchLog(log) {
  if (typeof log.debug === "function") log.debug = () => Promise.resolve();
}

module.exports = { patchDebuggable, patchLog };
