/** A pack of others: it judges names of random resources, and what it is told of its environment. */
const { PolicyPack } = require("@pulumi/policy");

const isName = ({ type }) => type === "random:index/randomString:RandomString";

new PolicyPack("names", {
  policies: [
    {
      name: "short",
      description: "Names are short.",
      displayName: "Short names",
      enforcementLevel: "mandatory",
      severity: "high",
      remediationSteps: "Take a shorter one.",
      configSchema: { properties: { most: { type: "number", default: 3 } } },
      validateResource: (args, report) => {
        if (isName(args) && args.props.length > args.getConfig().most) {
          report(`has ${args.props.length} characters in ${process.env.PULUMI_NODEJS_STACK}`);
        }
      },
    },
    {
      name: "prefixed",
      description: "Names have a prefix that is known.",
      enforcementLevel: "advisory",
      validateResource: (args, report) => {
        if (isName(args) && args.props.keepers?.prefix === "") report("");
      },
    },
    {
      name: "count",
      description: "A stack has names.",
      enforcementLevel: "mandatory",
      validateStack: ({ resources }, report) => {
        if (!resources.some(isName)) report("has none");
      },
    },
  ],
});
