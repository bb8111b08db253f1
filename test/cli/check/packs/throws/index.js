/** A pack whose only policy is broken. */
const { PolicyPack } = require("@pulumi/policy");

new PolicyPack("throws", {
  policies: [
    {
      name: "broken",
      description: "Throws.",
      validateResource: () => {
        throw new Error("broken on purpose");
      },
    },
  ],
});
