#!/usr/bin/env node
"use strict";
require("../engine/host/typescript.cjs");
// The rules and what judges by them are loaded while another process loads the program.
require("../engine/host/lazy-modules.ts").deferRarelyUsedModules([
  { folder: __dirname, names: ["../check/judging", "./judging", "./packs", "./locate"] },
]);
require("./main.ts");
