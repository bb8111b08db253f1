/** Tells the configuration of its policies. */
const { PolicyPack } = require("@pulumi/policy");

const tell = (args, report) => report({ message: JSON.stringify(args.getConfig()) });

new PolicyPack(
  "configured",
  {
    policies: [
      {
        name: "sizes",
        description: "sizes",
        enforcementLevel: "mandatory",
        configSchema: {
          properties: {
            most: { type: "integer", minimum: 1, default: 10 },
            least: { type: "integer", default: 2 },
            names: { type: "array", items: { type: "string", pattern: "^[a-z]+$" }, minItems: 1 },
            mode: { enum: ["strict", "lax"] },
          },
          required: ["names"],
        },
        validateResource: tell,
      },
      { name: "plain", description: "plain", enforcementLevel: "mandatory", validateResource: tell },
      { name: "other", description: "other", enforcementLevel: "mandatory", validateResource: tell },
    ],
  },
  { sizes: { least: 3, names: ["initial"], enforcementLevel: "mandatory" }, plain: { colour: "red" } },
);
