const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("unversioned", { policies: [] });
