const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("mismatched", { policies: [] });
