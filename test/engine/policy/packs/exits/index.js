console.error(`cannot go on with ${new (require("@pulumi/pulumi").Config)().get("password")}`);
process.exit(3);
