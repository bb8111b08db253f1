/** Changes resources, and judges what it changed. */
const { PolicyPack } = require("@pulumi/policy");

new PolicyPack("remediates", {
  enforcementLevel: "remediate",
  policies: [
    {
      name: "label",
      description: "Everything has a label.",
      remediateResource: ({ props, type }) => {
        if (type !== "test:index:Thing" || props.label) return undefined;
        props.label = "added";
        return props;
      },
      validateResource: ({ props, type }, report) => {
        if (type === "test:index:Thing" && props.label !== "added") report("has no label");
      },
    },
    {
      name: "longer",
      description: "Passwords are long.",
      remediateResource: ({ props }) => {
        if (!props.password || props.password.length > 8) return undefined;
        props.password = `${props.password}${props.password}`;
        return props;
      },
    },
    {
      name: "host",
      description: "Providers go through the proxy.",
      remediateResource: ({ props, type }) =>
        type === "pulumi:providers:test" ? { ...props, host: "proxy" } : undefined,
    },
    {
      name: "through-proxy",
      description: "Resources see their provider.",
      enforcementLevel: "advisory",
      validateResource: ({ provider, name }, report) => {
        if (provider) report(`${name} goes to ${provider.props.host}`);
      },
    },
    {
      name: "stack",
      description: "Tells the final labels.",
      enforcementLevel: "advisory",
      validateStack: ({ resources }, report) => {
        report({
          message: resources
            .filter(({ type }) => type === "test:index:Thing")
            .map(({ props }) => props.label)
            .join(","),
        });
      },
    },
  ],
});
