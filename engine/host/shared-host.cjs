"use strict";
require("./typescript.cjs");
delete process.env.TSX_TSCONFIG_PATH;
require("./sdk-patches.cjs");
require("./shared-host.ts");
