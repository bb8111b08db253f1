#!/usr/bin/env node
"use strict";
require("../engine/host/typescript.cjs");
require("./main.ts");
