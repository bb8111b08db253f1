/** One policy of every kind of enforcement, each of which is broken by a resource that says so. */
const { PolicyPack } = require("@pulumi/policy");

const broken = (name) => (args, report) => {
  if (args.props.breaks === name) report(`${args.name} breaks ${name}`);
};

new PolicyPack("levels", {
  policies: [
    {
      name: "told",
      description: "Is told.",
      displayName: "Told",
      severity: "low",
      tags: ["a", "b"],
      url: "https://example.org/told",
      validateResource: broken("told"),
    },
    {
      name: "refused",
      description: "Is refused.",
      enforcementLevel: "mandatory",
      severity: "high",
      validateResource: broken("refused"),
    },
    {
      name: "off",
      description: "Is off.",
      enforcementLevel: "disabled",
      validateResource: broken("off"),
    },
    {
      name: "unmended",
      description: "Should mend, and cannot.",
      enforcementLevel: "remediate",
      validateResource: broken("unmended"),
    },
    {
      name: "own",
      description: "Sets all of a violation itself.",
      validateResource: (args, report) => {
        if (args.props.breaks !== "own") return;
        report({
          message: "its own message",
          enforcementLevel: "mandatory",
          severity: "critical",
          urn: "elsewhere",
        });
      },
    },
    {
      name: "few",
      description: "At most two resources.",
      enforcementLevel: "remediate",
      validateStack: ({ resources }, report) => {
        const extra = resources.filter(({ type }) => type === "test:index:Thing").slice(2);
        for (const { name, urn } of extra)
          report(`${name} is one too many`, name === "nowhere" ? "no such urn" : urn);
      },
    },
    {
      name: "not-here",
      description: "Never applies.",
      validateResource: (args) => args.notApplicable(`not for ${args.name}`),
    },
    {
      name: "no-stack",
      description: "Never applies to a stack.",
      validateStack: (args) => args.notApplicable("not for stacks"),
    },
  ],
});
