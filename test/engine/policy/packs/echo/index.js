/** Tells everything that a policy is given, as JSON in advisory violations. */
const pulumi = require("@pulumi/pulumi");
const { PolicyPack } = require("@pulumi/policy");

/** Contents of assets are promises, which work only without the proxy around them. */
const content = async (value) => plain(await (value.__getSpecialProxyTarget ?? value));
const kindOf = async (value) => {
  if (pulumi.asset.Asset.isInstance(value))
    return { asset: await content(value.path ?? value.text ?? value.uri) };
  if (pulumi.asset.Archive.isInstance(value))
    return { archive: await content(value.path ?? value.uri ?? value.assets) };
  return plain(value);
};
const plain = async (value) => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Promise.all(value.map(kindOf));
  return Object.fromEntries(
    await Promise.all(Object.keys(value).map(async (key) => [key, await kindOf(value[key])])),
  );
};
const brief = async ({ type, name, urn, props, opts, provider }) => ({
  type,
  name,
  urn,
  props: await plain(props),
  opts,
  ...(provider
    ? {
        provider: {
          type: provider.type,
          name: provider.name,
          urn: provider.urn,
          props: await plain(provider.props),
        },
      }
    : {}),
});

new PolicyPack("echo", {
  policies: [
    {
      name: "resource",
      description: "resource",
      validateResource: async (args, report) => {
        if (args.props.silent) return;
        report({ message: JSON.stringify({ ...(await brief(args)), tags: args.stackTags.size }) });
      },
    },
    {
      name: "stack",
      description: "stack",
      validateStack: async ({ resources, stackTags }, report) => {
        for (const resource of resources) {
          const urns = (list) => list.map(({ urn }) => urn);
          const dependencies = Object.entries(resource.propertyDependencies).map(([key, list]) => [
            key,
            urns(list),
          ]);
          report({
            message: JSON.stringify({
              ...(await brief(resource)),
              parent: resource.parent?.urn,
              dependencies: urns(resource.dependencies),
              propertyDependencies: Object.fromEntries(dependencies),
              tags: stackTags.size,
            }),
            urn: resource.urn,
          });
        }
      },
    },
    {
      name: "surroundings",
      description: "surroundings",
      validateStack: (_, report) => {
        console.log("to standard output");
        console.error("to standard error");
        const config = new pulumi.Config();
        report({
          message: JSON.stringify({
            project: pulumi.getProject(),
            stack: pulumi.getStack(),
            organization: pulumi.getOrganization(),
            dryRun: pulumi.runtime.isDryRun(),
            size: config.get("size"),
            list: config.getObject("list"),
            password: config.get("password"),
            cwd: process.cwd(),
            extra: process.env.EXTRA,
            guard: process.env.KEYBUZZ_PARENT_FD,
          }),
        });
      },
    },
  ],
});
