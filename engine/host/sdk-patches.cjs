"use strict";
/**
 * What a program's own copy of the SDK is made to do otherwise, in whichever process it is loaded: each patch is
 * applied when its file has been loaded. Nothing else of the SDK or of Node.js is changed here.
 */
const Module = require("node:module");
const { join } = require("node:path");
const { patchConfig } = require("./locked-config.cjs");
const { patchRpc } = require("./unknown-results.cjs");
const { patchDebuggable, patchLog } = require("./unread-notes.cjs");

const PATCHES = [
  { file: join("@pulumi", "pulumi", "runtime", "rpc.js"), patch: patchRpc },
  { file: join("@pulumi", "pulumi", "config.js"), patch: patchConfig },
  { file: join("@pulumi", "pulumi", "runtime", "debuggable.js"), patch: patchDebuggable },
  { file: join("@pulumi", "pulumi", "log", "index.js"), patch: patchLog },
];

const load = Module._extensions[".js"];
Module._extensions[".js"] = function loadAndPatch(module, filename) {
  load(module, filename);
  for (const { file, patch } of PATCHES) {
    if (filename.endsWith(file)) patch(module.exports, Module.createRequire(filename));
  }
};
