"use strict";
/**
 * Lets this process load TypeScript, for this project's own files and for programs alike, without a type check.
 * tsx also looks through every JavaScript file for module syntax, which makes loading the SDKs half as slow
 * again; they are CommonJS, so Node.js's own handler is put back for them.
 */
const Module = require("node:module");

const javascript = Module._extensions[".js"];
require("tsx/cjs");
Module._extensions[".js"] = javascript;
