/** kb preview as its users see it: what it prints, where, and the exit codes that scripts rely on. */
import { type ChildProcess, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { kb, startKb } from "../support/kb";
import { makeProject, repository } from "../support/project";

const imports = 'import * as pulumi from "@pulumi/pulumi";\nimport * as k8s from "@pulumi/kubernetes";\n';
const small = `${imports}
export = () => {
  const provider = new k8s.Provider("cluster", { context: "keybuzz" });
  const component = new pulumi.ComponentResource("keybuzz:test:Thing", "thing", { size: 2 });
  const map = new k8s.core.v1.ConfigMap("map",
    { metadata: { name: pulumi.getStack() }, data: { token: pulumi.secret("canary-4711"), text: "one\\ntwo" } },
    { parent: component, provider, protect: true });
  k8s.core.v1.Secret.get("read", "ns/read", { provider });
  return { id: map.id, names: ["a"], token: map.data.apply((d) => d.token) };
};`;

/** Resolves when kb has said what it does, and so listens to signals. */
async function begun({ stderr }: ChildProcess): Promise<void> {
  if (stderr !== null) await once(stderr, "data");
}

const tree = (environment: string): string => `\
Previewing ${environment} (the declaration, from empty state; pulumi preview -s ${environment} compares with reality)

     Type                                Name        Plan    Info
 +   pulumi:pulumi:Stack                 trial-dev   create  4 resources
 +   ├─ keybuzz:test:Thing               thing       create  1 resource
 +   │  └─ kubernetes:core/v1:ConfigMap  map         create
 >   ├─ kubernetes:core/v1:Secret        read        read
 +   └─ pulumi:providers:kubernetes      cluster     create

Outputs:
    id   : [unknown]
    names: [
        [0]: "a"
    ]
    token: [secret]

Resources:
    + 4 to create
    > 1 to read
      1 kubernetes
`;

describe("what is printed", () => {
  it("is a tree with counts, on standard output, and progress on standard error", async () => {
    const result = await kb(["preview"], { cwd: makeProject({ "index.ts": small }) });
    const aligned = tree("dev")
      .replaceAll("trial-dev  ", "trial-dev ")
      .replaceAll(/ {2}(?= *(create|read))/g, " ");
    expect(result.code).toBe(0);
    const [shown = "", policies = ""] = result.stdout.split("\nPolicies:\n");
    expect(shown.replaceAll(/ +/g, " ")).toBe(aligned.replaceAll(/ +/g, " "));
    expect(policies).toMatch(/^ {4}(?:passed|refused by) \d+ rules/);
    expect(result.stderr).toBe("Previewing dev\n");
  });

  it("shows properties with --diff, secrets and unknown values as what they are", async () => {
    const result = await kb(["preview", "--diff"], { cwd: makeProject({ "index.ts": small }) });
    expect(result.stdout).toContain(`\
    + keybuzz:test:Thing: (create)
        [urn=urn:pulumi:dev::trial::keybuzz:test:Thing::thing]
        size: 2
        + kubernetes:core/v1:ConfigMap: (create)
            [urn=urn:pulumi:dev::trial::keybuzz:test:Thing$kubernetes:core/v1:ConfigMap::map]
            [provider=urn:pulumi:dev::trial::pulumi:providers:kubernetes::cluster::04da6b54-80e4-46f7-96ec-b56ff0331ba9]
            [protect]
            apiVersion: "v1"
            data      : {
                text : |
                    one
                    two
                token: [secret]
            }
`);
  });

  it("is one JSON document with --json, in the form of Pulumi's own", async () => {
    const result = await kb(["preview", "--json"], { cwd: makeProject({ "index.ts": small }) });
    const document = JSON.parse(result.stdout);
    expect(document).toMatchObject({ version: 1, kind: "preview", basis: "empty-state" });
    const [environment] = document.environments;
    expect(environment).toMatchObject({
      project: "trial",
      environment: "dev",
      outcome: "succeeded",
      changeSummary: { create: 4, read: 1 },
      diagnostics: [],
      outputs: { token: "[secret]", id: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
    });
    const step = environment.steps.find(({ urn }: { urn: string }) => urn.endsWith("ConfigMap::map"));
    expect(step).toMatchObject({
      op: "create",
      newState: {
        type: "kubernetes:core/v1:ConfigMap",
        inputs: { data: { token: "[secret]", text: "one\ntwo" } },
        parent: "urn:pulumi:dev::trial::keybuzz:test:Thing::thing",
        protect: true,
      },
    });
  });

  for (const flags of [[], ["--diff"], ["--json"], ["--diff", "--official-runner"]]) {
    it(`never contains a secret (${["preview", ...flags].join(" ")})`, async () => {
      const { stdout, stderr } = await kb(["preview", ...flags], { cwd: makeProject({ "index.ts": small }) });
      expect(stdout).toContain("map");
      expect(stdout + stderr).not.toContain("canary");
    });
  }

  it("has colours only when it is asked for them, and follows NO_COLOR", async () => {
    const cwd = makeProject({ "index.ts": small });
    const coloured = await kb(["preview", "--color", "always"], { cwd });
    expect(coloured.stdout).toContain("\u001b[32m+\u001b[39m");
    const plain = await kb(["preview"], { cwd, env: { FORCE_COLOR: "1", NO_COLOR: "1" } });
    expect(plain.stdout).not.toContain("\u001b");
  });

  it("shows what the program says beside the resource that it is about", async () => {
    const program = `${imports}
export = async () => {
  const map = new k8s.core.v1.ConfigMap("map");
  await pulumi.log.warn("mind the map", map);
  console.log("hello");
};`;
    const { stdout } = await kb(["preview"], { cwd: makeProject({ "index.ts": program }) });
    expect(stdout).toContain(`Diagnostics:
  pulumi:pulumi:Stack (trial-dev):
    hello
  kubernetes:core/v1:ConfigMap (map):
    warning: mind the map
`);
  });

  it("stops quietly when its reader does", async () => {
    const { child, result } = startKb(["preview", "--diff"], { cwd: makeProject({ "index.ts": small }) });
    child.stdout?.destroy();
    const { stderr } = await result;
    expect(stderr).not.toContain("EPIPE");
  });
});

it.skipIf(!existsSync("/dev/full"))("says in a line that its result could not be written, and fails", () => {
  const cwd = makeProject({ "index.ts": small });
  const full = openSync("/dev/full", "w");
  const kbFile = join(repository, "cli/kb.cjs");
  const { status, stderr } = spawnSync(process.execPath, [kbFile, "preview"], {
    cwd,
    stdio: ["ignore", full, "pipe"],
  });
  closeSync(full);
  expect(status).toBe(1);
  expect(stderr.toString()).toMatch(/^Previewing dev\nerror: the result could not be written: ENOSPC.*\n$/);
});

describe("exit codes", () => {
  const program = (body: string): Record<string, string> => ({
    "index.ts": `${imports}export = () => { ${body} };`,
  });
  const cases = [
    { name: "an unknown flag", args: ["preview", "--jsn"], code: 2, says: "unknown option '--jsn'" },
    { name: "an unknown command", args: ["prevue"], code: 2, says: "unknown command 'prevue'" },
    {
      name: "a mistake in a command, of which that command's help tells",
      args: ["sandbox", "up", "--jsn"],
      code: 2,
      says: "(kb sandbox up --help tells more)",
    },
    {
      name: "an error in colours, where they are asked for",
      args: ["--color", "always", "preview", "staging"],
      code: 6,
      says: "\u001b[31merror:\u001b[39m no environment",
    },
    { name: "a flag without its value", args: ["preview", "--config"], code: 2, says: "argument missing" },
    {
      name: "an override that is none",
      args: ["preview", "--config", "x"],
      code: 2,
      says: "expected key=value",
    },
    { name: "an unknown environment", args: ["preview", "staging"], code: 6, says: "there are dev" },
    { name: "a folder without a project", args: ["-C", "/", "preview"], code: 2, says: "no Pulumi.yaml" },
    {
      name: "a folder that is not there",
      args: ["-C", "nowhere", "preview"],
      code: 2,
      says: "there is no folder",
    },
    {
      name: "malformed YAML",
      args: ["preview"],
      files: { "Pulumi.dev.yaml": "config: [\n" },
      code: 2,
      says: "Pulumi.dev.yaml:2:1: malformed YAML",
    },
    {
      name: "a program that throws",
      args: ["preview"],
      files: program('throw new Error("it broke");'),
      code: 1,
      says: "Error: it broke",
    },
    {
      name: "a program that misses configuration",
      args: ["preview"],
      files: program('new pulumi.Config().require("region");'),
      code: 2,
      says: "Missing required configuration variable 'trial:region'",
    },
    { name: "help", args: ["--help"], code: 0, says: "kb preview prod --diff" },
    { name: "help of a command", args: ["preview", "--help"], code: 0, says: "from empty state" },
    { name: "its version", args: ["--version"], code: 0, says: "0.1.0" },
  ];
  for (const { name, args, files = {}, code, says } of cases) {
    it(`are as published for ${name}: ${code}`, async () => {
      const result = await kb(args, { cwd: makeProject({ "index.ts": small, ...files }) });
      expect(result.stdout + result.stderr).toContain(says);
      expect(result.code).toBe(code);
    });
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`is 8 on ${signal}, even with a program that cannot be asked to stop`, async () => {
      const cwd = makeProject(program("for (;;);"));
      const { child, result } = startKb(["preview"], { cwd });
      await begun(child);
      child.kill(signal);
      const { code, stderr } = await result;
      expect(code).toBe(8);
      expect(stderr).toContain("error: preview cancelled");
    });
  }

  it("is 8 at once, even when what the program started holds its output open", async () => {
    const body = 'require("node:child_process").execSync("sleep 20", { stdio: "inherit" });';
    const { child, result } = startKb(["preview", "--official-runner"], { cwd: makeProject(program(body)) });
    await begun(child);
    await sleep(3000);
    const before = performance.now();
    child.kill("SIGTERM");
    expect((await result).code).toBe(8);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});

it("plans a resource with an import id as an import, as Pulumi does", async () => {
  const program = `${imports}export = () => { new k8s.core.v1.Namespace("ns", {}, { import: "ns" }); };`;
  const cwd = makeProject({ "index.ts": program });
  expect((await kb(["preview"], { cwd })).stdout).toMatch(
    / = {3}└─ kubernetes:core\/v1:Namespace {2}ns .*import/,
  );
  const { environments } = JSON.parse((await kb(["preview", "--json"], { cwd })).stdout);
  expect(environments[0].changeSummary).toEqual({ create: 1, import: 1 });
});

it("runs on another project with -C, and on one environment by its name", async () => {
  const root = makeProject({ "index.ts": small, "Pulumi.prod.yaml": "config: {}\n" });
  const { stdout, code } = await kb(["-C", root, "preview", "prod"]);
  expect(code).toBe(0);
  expect(stdout).toContain("trial-prod");
  expect(stdout).not.toContain("trial-dev");
});
