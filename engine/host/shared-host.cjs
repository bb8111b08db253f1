"use strict";
require("./typescript.cjs");
require("./unknown-results.cjs");
require("./shared-host.ts");
