/**
 * An unmodified program gets the URNs, parents, providers, dependencies, secrets and unknowns that Pulumi's
 * engine gives it in a preview on empty state; and sharing a process changes none of it.
 */
import { describe, expect, it } from "vitest";
import type { Declaration } from "../../engine/monitor/declaration";
import { SIGNATURE_KEY, secret, UNKNOWN } from "../../engine/property/values";
import { declare, makeProject, named, trial } from "../support/project";

const imports = `
import * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import * as vault from "@pulumi/vault";
`;

/**
 * The same whatever the order in which concurrent registrations arrived, and without the places in the program,
 * which only the official runner notes.
 */
function comparable(declaration: Declaration): Declaration {
  const resources = [...declaration.resources]
    .sort((a, b) => (a.urn < b.urn ? -1 : 1))
    .map(({ sourcePosition: _, ...resource }) => resource);
  return { ...declaration, resources };
}

/** Runs a program both ways, expects the same of both, and returns it. */
async function both(files: Record<string, string>): Promise<Declaration> {
  const root = makeProject(files);
  const shared = await trial(root);
  expect(shared.fallbacks).toEqual({});
  const official = await trial(root, { officialRunner: true });
  expect(shared.declarations.map(comparable)).toEqual(official.declarations.map(comparable));
  const [declaration] = shared.declarations;
  if (declaration === undefined) throw new Error("nothing was declared");
  return declaration;
}

describe("a program with components, providers, secrets and functions", () => {
  const program = `${imports}
export = async () => {
  const database = new pulumi.ComponentResource("keybuzz:test:Database", "db", { name: "keybuzz_dev" });
  const password = new random.RandomPassword("pw", { length: 12 }, { parent: database });
  const cluster = new k8s.Provider("cluster", { context: "keybuzz" });
  const secret = new k8s.core.v1.Secret("secret",
    { metadata: { name: "s" }, stringData: { password: password.result, plain: pulumi.secret("known") } },
    { provider: cluster, parent: database, protect: true });
  const entry = vault.kv.getSecretV2Output({ mount: "secret", name: "x" });
  const plain = await vault.kv.getSecretV2({ mount: "secret", name: "y" });
  const map = new k8s.core.v1.ConfigMap("map", {
    metadata: { name: secret.metadata.name },
    data: { known: pulumi.getStack(), entry: entry.data.apply((d) => d.key), plain: plain.data.key },
  }, { provider: cluster, dependsOn: database, ignoreChanges: ["data"] });
  const read = k8s.core.v1.Secret.get("existing", "ns/existing", { provider: cluster });
  return { name: map.metadata.name, password: password.result, uid: read.metadata.uid, list: [1, { a: true }] };
};`;
  const declared = (): Promise<Declaration> => both({ "index.ts": program });

  it("gets URNs, parents, providers, dependencies, secrets and unknowns", async () => {
    const declaration = await declared();
    expect(declaration.outcome).toBe("succeeded");
    expect(declaration.resources.map(({ urn }) => urn.replace("urn:pulumi:dev::trial::", "")).sort()).toEqual(
      [
        "keybuzz:test:Database$kubernetes:core/v1:Secret::secret",
        "keybuzz:test:Database$random:index/randomPassword:RandomPassword::pw",
        "keybuzz:test:Database::db",
        "kubernetes:core/v1:ConfigMap::map",
        "kubernetes:core/v1:Secret::existing",
        "pulumi:providers:kubernetes::cluster",
        "pulumi:providers:random::default_4_21_2",
        "pulumi:providers:vault::default_7_8_0",
        "pulumi:pulumi:Stack::trial-dev",
      ],
    );
    const stack = "urn:pulumi:dev::trial::pulumi:pulumi:Stack::trial-dev";
    const database = "urn:pulumi:dev::trial::keybuzz:test:Database::db";
    const cluster = "urn:pulumi:dev::trial::pulumi:providers:kubernetes::cluster";
    const password =
      "urn:pulumi:dev::trial::keybuzz:test:Database$random:index/randomPassword:RandomPassword::pw";

    expect(named(declaration, "db")).toMatchObject({
      parent: stack,
      custom: false,
      inputs: { name: "keybuzz_dev" },
    });
    expect(named(declaration, "pw")).toMatchObject({
      parent: database,
      provider: `urn:pulumi:dev::trial::pulumi:providers:random::default_4_21_2::${UNKNOWN}`,
      outputs: { length: 12, result: secret(UNKNOWN) },
    });
    const declaredSecret = named(declaration, "secret");
    expect(declaredSecret).toMatchObject({
      provider: `${cluster}::${UNKNOWN}`,
      dependencies: [password],
      propertyDependencies: { stringData: [password] },
      options: { protect: true },
    });
    expect(JSON.stringify(declaredSecret.inputs)).not.toContain('known"');
    const map = named(declaration, "map");
    expect(map.inputs.data).toEqual({ known: "dev", entry: UNKNOWN, plain: UNKNOWN });
    expect(map.inputs.metadata).toEqual({ name: "s" });
    expect(map.options.ignoreChanges).toEqual(["data"]);
    expect(map.dependencies).toEqual([declaredSecret.urn, password].sort());
    expect(named(declaration, "existing")).toMatchObject({ external: true, id: "ns/existing" });
    expect(declaration.outputs).toEqual({
      name: "s",
      password: UNKNOWN,
      uid: UNKNOWN,
      list: [1, { a: true }],
    });
    expect(declaration.invokes).toEqual({ "vault:kv/getSecretV2:getSecretV2": 2 });
  });

  it("says where in the program a resource is made, in the official runner", async () => {
    const declaration = await declare(makeProject({ "index.ts": program }), { officialRunner: true });
    expect(named(declaration, "map").sourcePosition).toMatch(/^project:\/\/\/index\.ts#16,\d+$/);
  });
});

it("keeps known secrets wrapped in inputs, outputs and stack outputs", async () => {
  const declaration = await both({
    "index.ts": `${imports}
export = () => {
  const map = new k8s.core.v1.ConfigMap("map", { data: { token: pulumi.secret("canary") } });
  return { token: map.data.apply((d) => d.token), part: { deep: pulumi.secret(1) } };
};`,
  });
  expect(named(declaration, "map").inputs.data).toEqual({ token: secret("canary") });
  expect(declaration.outputs.part).toEqual({ deep: secret(1) });
  expect(declaration.outputs.token).toMatchObject({ [SIGNATURE_KEY]: expect.anything(), value: "canary" });
});

it("gives default providers their configuration, one per version", async () => {
  const declaration = await both({
    "Pulumi.dev.yaml": "config:\n  aws:region: eu-west-1\n  aws:skipCredentialsValidation: true\n",
    "index.ts": `import * as aws from "@pulumi/aws";
export = () => {
  new aws.iam.User("one", { name: "one" });
  new aws.iam.User("two", { name: "two" }, { version: "7.0.0" });
};`,
  });
  const providers = declaration.resources.filter(({ defaultProvider }) => defaultProvider);
  expect(providers.map(({ name, inputs }) => ({ name, inputs }))).toEqual([
    expect.objectContaining({
      inputs: { region: "eu-west-1", skipCredentialsValidation: "true", version: expect.any(String) },
    }),
    {
      name: "default_7_0_0",
      inputs: { region: "eu-west-1", skipCredentialsValidation: "true", version: "7.0.0" },
    },
  ]);
});

it("lets children inherit protection and the component's providers", async () => {
  const declaration = await both({
    "index.ts": `${imports}
export = () => {
  const cluster = new k8s.Provider("cluster", { context: "keybuzz" });
  const outer = new pulumi.ComponentResource("a:b:Outer", "outer", {}, { providers: [cluster], protect: true });
  const inner = new pulumi.ComponentResource("a:b:Inner", "inner", {}, { parent: outer });
  new k8s.core.v1.Namespace("ns", { metadata: { name: "ns" } }, { parent: inner });
};`,
  });
  const namespace = named(declaration, "ns");
  expect(namespace.provider).toBe(`urn:pulumi:dev::trial::pulumi:providers:kubernetes::cluster::${UNKNOWN}`);
  expect(namespace.options.protect).toBe(true);
});

it("applies transforms of the resource, its parents and the stack, in that order", async () => {
  const declaration = await both({
    "index.ts": `${imports}
const add = (word: string) => (args: pulumi.ResourceTransformArgs) => ({
  props: { ...args.props, metadata: { ...args.props.metadata, name: (args.props.metadata?.name ?? "") + word } },
  opts: { ...args.opts, retainOnDelete: true },
});
export = () => {
  pulumi.runtime.registerResourceTransform((args) => args.type.startsWith("kubernetes:core") ? add("-stack")(args) : undefined);
  const parent = new pulumi.ComponentResource("a:b:C", "parent", {}, {
    transforms: [(args) => args.type.startsWith("kubernetes:core") ? add("-parent")(args) : undefined],
  });
  new k8s.core.v1.Namespace("ns", { metadata: { name: "n" } }, { parent, transforms: [add("-own")] });
};`,
  });
  expect(named(declaration, "ns")).toMatchObject({
    inputs: { metadata: { name: "n-own-parent-stack" } },
    options: { retainOnDelete: true },
  });
});

it("passes on what the program logs and prints", async () => {
  const { diagnostics } = await both({
    "index.ts": `${imports}
export = async () => {
  await pulumi.log.warn("mind the gap");
  console.log("printed");
};`,
  });
  expect(diagnostics).toEqual(
    expect.arrayContaining([
      { severity: "warning", message: "mind the gap" },
      { severity: "info", message: "printed" },
    ]),
  );
  expect(diagnostics).toHaveLength(2);
});

it("answers a program that asks for a version of Pulumi", async () => {
  const program = (range: string): string =>
    `import * as pulumi from "@pulumi/pulumi"; export = () => pulumi.requirePulumiVersion("${range}");`;
  const satisfied = await declare(makeProject({ "index.ts": program(">=3.200.0 !3.210.1 || >=9.0.0") }));
  expect(satisfied.outcome).toBe("succeeded");
  const refused = await declare(makeProject({ "index.ts": program(">=4.0.0") }));
  expect(refused.outcome).toBe("failed");
  expect(refused.diagnostics.at(-1)?.message).toContain('does not satisfy the version range ">=4.0.0"');
});

it("keeps environments of one process apart: configuration, names and variables of the program's files", async () => {
  const root = makeProject({
    "Pulumi.prod.yaml": "config:\n  greeting: good day\n",
    "Pulumi.dev.yaml": "config:\n  greeting: hi\n",
    "state.ts": "export const seen: string[] = [];\n",
    "index.ts": `import * as pulumi from "@pulumi/pulumi";
import { seen } from "./state";
export = async () => {
  seen.push(pulumi.getStack());
  return { seen, greeting: new pulumi.Config().require("greeting"), root: pulumi.getRootDirectory() === process.cwd() };
};`,
  });
  const { declarations, fallbacks } = await trial(root);
  expect(fallbacks).toEqual({});
  expect(declarations.map(({ outputs }) => outputs)).toEqual([
    { seen: ["dev"], greeting: "hi", root: true },
    { seen: ["prod"], greeting: "good day", root: true },
  ]);
});

describe("programs of other shapes", () => {
  const map = 'new k8s.core.v1.ConfigMap("map", { metadata: { name: pulumi.getStack() } });';

  it("may register at import and export values", async () => {
    const declaration = await both({
      "index.ts": `${imports}\nexport const map = ${map}\nexport const n = 1;`,
    });
    expect(declaration.outputs).toMatchObject({ n: 1 });
    expect(named(declaration, "map").inputs.metadata).toEqual({ name: "dev" });
  });

  it("may be JavaScript named by package.json", async () => {
    const declaration = await both({
      "Pulumi.yaml": "name: trial\nruntime: { name: nodejs, options: { typescript: false } }\n",
      "package.json": JSON.stringify({ name: "trial", main: "lib/program.js" }),
      "lib/program.js": `const pulumi = require("@pulumi/pulumi"); const k8s = require("@pulumi/kubernetes"); ${map}`,
    });
    expect(named(declaration, "map").inputs.metadata).toEqual({ name: "dev" });
  });

  it("may stand in a folder that Pulumi.yaml names", async () => {
    const declaration = await both({
      "Pulumi.yaml": "name: trial\nruntime: nodejs\nmain: infra/\n",
      "infra/index.ts": `${imports}\nexport = () => { ${map} return { cwd: process.cwd().endsWith("infra") }; };`,
    });
    expect(declaration.outputs).toEqual({ cwd: true });
  });

  it("may go on after their main function has returned", async () => {
    const declaration = await both({
      "index.ts": `${imports}\nexport = () => { setTimeout(() => { ${map} }, 30); return { done: true }; };`,
    });
    expect(named(declaration, "map").type).toBe("kubernetes:core/v1:ConfigMap");
  });

  it("are given to Pulumi's runner when they are ES modules", async () => {
    const root = makeProject({
      "Pulumi.yaml": "name: trial\nruntime: { name: nodejs, options: { typescript: false } }\n",
      "package.json": JSON.stringify({ name: "trial", type: "module" }),
      "index.js":
        'import * as pulumi from "@pulumi/pulumi"; await Promise.resolve(); export const stack = pulumi.getStack();',
    });
    expect((await declare(root)).outputs).toEqual({ stack: "dev" });
  });

  const trespasses = [
    { name: "end the process", program: "process.exit(0);", reason: "process.exit", outcome: "failed" },
    { name: "change the working directory", program: 'process.chdir("/");', reason: "working directory" },
    {
      name: "register when the process is about to end",
      program: 'process.once("beforeExit", () => { new k8s.core.v1.ConfigMap("late"); });',
      reason: "outside of its main",
    },
  ];
  for (const { name, program, reason, outcome = "succeeded" } of trespasses) {
    it(`are given to Pulumi's runner when they ${name}`, async () => {
      const root = makeProject({ "index.ts": `${imports}\nexport = async () => { ${map} ${program} };` });
      const { declarations, fallbacks } = await trial(root);
      expect(fallbacks.dev).toContain(reason);
      expect(declarations.map((declaration) => declaration.outcome)).toEqual([outcome]);
    });
  }
});
