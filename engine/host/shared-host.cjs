"use strict";
// What one environment leaves behind is collected soon, not when the heap has grown fourfold.
require("node:v8").setFlagsFromString("--heap-growing-percent=60");
require("./typescript.cjs");
delete process.env.TSX_TSCONFIG_PATH;
// tsx asks Node.js to read the source map of every file that is loaded; here no stack trace is ever shown.
process.setSourceMapsEnabled(false);
// What the program starts does not need the settings of this process.
process.execArgv = [];
require("./sdk-patches.cjs");
require("./shared-host.ts");
