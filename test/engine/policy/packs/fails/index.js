require("@pulumi/policy");
throw new Error("a mistake at load");
