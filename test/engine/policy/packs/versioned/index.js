const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("versioned", { policies: [] });
