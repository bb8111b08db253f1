const { PolicyPack } = require("@pulumi/policy");
console.log("hello");
new PolicyPack("prints", { policies: [] });
