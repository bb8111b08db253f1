"use strict";
/**
 * Where Pulumi's runner enters the pack. The runner's own loader of TypeScript differs between versions of Node.js
 * and checks types, which takes seconds; this one does neither. It reads every file that is loaded after it, so that
 * Pulumi's SDK, which is JavaScript already, comes first.
 */
require("@pulumi/policy");
require("tsx/cjs");
require("./index.ts");
