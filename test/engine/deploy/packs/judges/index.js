/** Judges resources by what they say of themselves, and the stack by its outputs. */
const { runtime } = require("@pulumi/pulumi");
const { PolicyPack } = require("@pulumi/policy");

const broken = (name) => (args, report) => {
  if (args.props.breaks === name) report(`${args.name} breaks ${name}`);
};

new PolicyPack("judges", {
  policies: [
    { name: "told", description: "Is told.", validateResource: broken("told") },
    {
      name: "refused",
      description: "Is refused.",
      enforcementLevel: "mandatory",
      validateResource: broken("refused"),
    },
    { name: "off", description: "Is off.", enforcementLevel: "disabled", validateResource: broken("off") },
    {
      name: "labelled",
      description: "Whoever wants a label has one.",
      enforcementLevel: "remediate",
      remediateResource: ({ props }) => {
        if (!props.wantsLabel || props.label) return undefined;
        props.label = "added";
        return props;
      },
    },
    {
      name: "small",
      description: "Is not too large.",
      enforcementLevel: "mandatory",
      configSchema: { properties: { most: { type: "number", default: 10 } } },
      validateResource: (args, report) => {
        const { most } = args.getConfig();
        if (args.props.size > most) report(`${args.name} is larger than ${most}`);
      },
    },
    {
      name: "known",
      description: "Has a good value.",
      enforcementLevel: "mandatory",
      validateResource: ({ props, name }, report) => {
        if (props.checked && props.value === "bad") report(`${name} has a bad value`);
      },
    },
    {
      name: "leaks",
      description: "Tells what it sees.",
      validateResource: ({ props, name }, report) => {
        if (props.leaks) report(`${name} holds ${props.value}`);
      },
    },
    {
      name: "place",
      description: "Tells where it is.",
      validateResource: ({ props, stackTags }, report) => {
        if (!props.asks) return;
        const run = `${runtime.getProject()}/${runtime.getStack()} ${runtime.isDryRun() ? "preview" : "update"}`;
        report(`${run}, team ${stackTags.get("team")}`);
      },
    },
    {
      name: "breaks-down",
      description: "Throws.",
      validateResource: ({ props }) => {
        if (props.breaks === "throws") throw new TypeError("the policy broke");
      },
    },
    {
      name: "final",
      description: "Tells what the stack came to.",
      validateStack: ({ resources }, report) => {
        const made = resources.filter(({ type }) => type === "testing:index:Made");
        if (made.length > 0) report(made.map(({ props }) => props.computed).join(", "));
      },
    },
    {
      name: "open",
      description: "The stack tells nothing forbidden.",
      enforcementLevel: "mandatory",
      validateStack: ({ resources }, report) => {
        const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
        if (stack.props.forbidden) report("the stack has a forbidden output");
      },
    },
  ],
});
