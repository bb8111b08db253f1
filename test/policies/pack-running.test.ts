/** What the pack does beside its rules, in Pulumi's own runner: remediation, levels, exemptions, failures. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { DeclaredResource } from "../../engine/monitor/declaration";
import { judge } from "../../engine/policy/analyze";
import type { PackJudgement } from "../../engine/policy/judgement";
import { type PropertyMap, SIGNATURE_KEY, secret, UNKNOWN } from "../../engine/property/values";
import { rules } from "../../policies/rules";
import { repository } from "../support/project";
import { declarationOf, type PackTrial, projectFolder, startOwnPack } from "./pack-trial";

const LABEL = "keybuzz.io/environment";

const FILES = join(repository, "test", "official", "environments");

/** A resource of a provider. */
function given(type: string, inputs: PropertyMap, more: Partial<DeclaredResource> = {}): DeclaredResource[] {
  const [packageName = ""] = type.split(":");
  const base = {
    custom: true,
    remote: false,
    external: false,
    defaultProvider: false,
    dependencies: [],
    propertyDependencies: {},
    options: {},
  };
  const urn = (of: string, name: string): string => `urn:pulumi:prod::keybuzz::${of}::${name}`;
  const providerType = `pulumi:providers:${packageName}`;
  const provider = urn(providerType, "provider");
  return [
    { ...base, urn: provider, type: providerType, name: "provider", inputs: {}, outputs: {} },
    {
      ...base,
      ...{ urn: urn(type, "subject"), type, name: "subject", inputs, outputs: inputs },
      provider: `${provider}::${UNKNOWN}`,
      ...more,
    },
  ];
}

function temporary(folder: string): string {
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function judged(resources: readonly DeclaredResource[], trial: PackTrial = {}): Promise<PackJudgement> {
  const pack = startOwnPack(trial);
  onTestFinished(() => pack.end());
  const [judgement] = await judge(declarationOf(trial.environment ?? "prod", resources), [pack]);
  if (judgement === undefined) throw new Error("expected a judgement");
  return judgement;
}

const projectRoot = (): { KEYBUZZ_PROJECT_ROOT: string } => ({
  KEYBUZZ_PROJECT_ROOT: temporary(projectFolder("keybuzz", FILES)),
});

it("describes every rule as its record does, with its level, severity, tags and fix", async () => {
  const { name, version, policies } = await judged([]);
  expect([name, version]).toEqual(["keybuzz-environments", "0.1.0"]);
  for (const { id, title, level, severity, prevents, fix, scope } of rules) {
    const [family] = id.split("/");
    const policy = policies.find((each) => each.name === id);
    expect(policy).toMatchObject({
      displayName: title,
      kind: scope,
      level,
      severity,
      tags: [family, ...prevents],
      remediationSteps: fix,
    });
    expect(policy?.description.startsWith(`${title}. `)).toBe(true);
  }
  expect(policies.find((each) => each.name === "general/determined")).toMatchObject({
    kind: "stack",
    level: "advisory",
  });
});

it("adds the environment's label where it is set to, and leaves secrets and unknown values as they were", async () => {
  const inputs = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: secret({ name: "keybuzz-api-postgres", labels: { app: UNKNOWN } }),
    stringData: secret({ PGPASSWORD: UNKNOWN, PGUSER: "keybuzz_prod_app_a", other: secret("hidden") }),
    type: UNKNOWN,
    immutable: secret(true),
    data: {},
  };
  const { remediations, violations } = await judged(given("kubernetes:core/v1:Secret", inputs), {
    settings: { "general/environment-label": "remediate" },
    variables: projectRoot(),
  });
  expect(remediations.map(({ policy, before, after }) => ({ policy, before, after }))).toEqual([
    {
      policy: "general/environment-label",
      before: inputs,
      after: {
        ...inputs,
        metadata: secret({ name: "keybuzz-api-postgres", labels: { app: UNKNOWN, [LABEL]: "prod" } }),
      },
    },
  ]);
  expect(violations.map(({ policy }) => policy)).not.toContain("general/environment-label");
});

it("adds a label to pods too, and makes the maps that it needs", async () => {
  const spec = (metadata: PropertyMap): PropertyMap => ({
    replicas: 1,
    template: { ...metadata, spec: { containers: [{ name: "a", image: UNKNOWN }] } },
  });
  const inputs = { metadata: { name: "api" }, spec: spec({}) };
  const { remediations } = await judged(given("kubernetes:apps/v1:Deployment", inputs), {
    settings: { all: "remediate" },
    variables: projectRoot(),
  });
  const labels = { [LABEL]: "prod" };
  expect(remediations.map(({ after }) => after)).toEqual([
    { metadata: { name: "api", labels }, spec: spec({ metadata: { labels } }) },
  ]);
});

it("changes nothing that is labelled, that is unknown, or that the runner would damage", async () => {
  const archive = {
    [SIGNATURE_KEY]: "0def7320c3a5731c473e5ecbe6d01bc7",
    assets: { "index.js": { [SIGNATURE_KEY]: "c44067f5952c0a294b673a41bacd8c17", text: "x" } },
  };
  for (const [type, inputs] of [
    ["kubernetes:core/v1:ConfigMap", { metadata: { name: "a", labels: { [LABEL]: "dev" } } }],
    ["kubernetes:core/v1:ConfigMap", { metadata: UNKNOWN }],
    ["aws:lambda/function:Function", { code: archive }],
  ] as const) {
    const { remediations } = await judged(given(type, inputs), {
      settings: { "general/environment-label": "remediate" },
      variables: projectRoot(),
    });
    expect(remediations, type).toEqual([]);
  }
});

it("changes nothing at the level that it has by itself, and refuses", async () => {
  const inputs = { metadata: { name: "a", namespace: "keybuzz-api-prod" }, data: {} };
  const { remediations, violations } = await judged(given("kubernetes:core/v1:ConfigMap", inputs), {
    variables: projectRoot(),
  });
  expect(remediations).toEqual([]);
  expect(violations.filter(({ policy }) => policy === "general/environment-label")).toHaveLength(1);
});

it("refuses what stays open when general/determined is mandatory, and only tells of it otherwise", async () => {
  const resources = given("postgresql:index/role:Role", { name: "keybuzz_prod_app_a", superuser: UNKNOWN });
  const variables = projectRoot();
  const levels = async (trial: PackTrial): Promise<string[]> =>
    (await judged(resources, { ...trial, variables })).violations
      .filter(
        ({ policy, message }) => policy === "general/determined" && message.includes("postgres/no-superuser"),
      )
      .map(({ level }) => level);
  expect(await levels({})).toEqual(["advisory"]);
  expect(await levels({ settings: { "general/determined": "mandatory" } })).toEqual(["mandatory"]);
  expect(await levels({ settings: { "postgres/no-superuser": "disabled" } })).toEqual([]);
});

it("keeps the level that a rule was set to when it can decide only at the end", async () => {
  // Pulumi tells of a provider's output only when the whole stack is known.
  const [provider, role] = given("postgresql:index/role:Role", {
    name: "keybuzz_prod_app_a",
    superuser: UNKNOWN,
  });
  const late = { ...(role as DeclaredResource), outputs: { name: "keybuzz_prod_app_a", superuser: true } };
  const { violations } = await judged([provider as DeclaredResource, late], {
    settings: { "postgres/no-superuser": "advisory" },
    variables: projectRoot(),
  });
  expect(violations.filter(({ policy }) => policy === "postgres/no-superuser")).toMatchObject([
    { level: "advisory", urn: late.urn },
  ]);
  expect(violations.filter(({ message }) => message.includes("judged by postgres/no-superuser"))).toEqual([]);
});

it("keeps silent on what the project exempts, and judges nothing when its exemptions have mistakes", async () => {
  const inputs = { metadata: { name: "a", namespace: "keybuzz-api-prod" }, data: {} };
  const resources = given("kubernetes:core/v1:ConfigMap", inputs);
  const variables = projectRoot();
  const file = join(variables.KEYBUZZ_PROJECT_ROOT, "policy-exemptions.yaml");
  const labels = async (): Promise<number> =>
    (await judged(resources, { variables })).violations.filter(
      ({ policy }) => policy === "general/environment-label",
    ).length;
  expect(await labels()).toBe(1);
  const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  writeFileSync(
    file,
    `exemptions:
  - rule: general/environment-label
    environment: prod
    resource: subject
    reason: It is made by a chart that takes no labels.
    owner: platform@keybuzz.io
    expires: ${day}
`,
  );
  expect(await labels()).toBe(0);
  writeFileSync(file, "exemptions:\n  - rule: general/environment-label\n");
  await expect(labels()).rejects.toThrow("policy-exemptions.yaml");
});

it("knows nothing of the environments of another project, and refuses a folder of another one", async () => {
  const secretOf = given("kubernetes:core/v1:Secret", {
    metadata: { name: "api", labels: { [LABEL]: "prod" } },
    stringData: { PGUSER: "keybuzz_dev_app_a" },
  });
  const trial = { project: "elsewhere" };
  const rulesOf = async (of: PackTrial): Promise<string[]> =>
    (await judged(secretOf, of)).violations.map(({ policy }) => policy);
  expect(await rulesOf({ variables: projectRoot() })).toContain("postgres/dedicated-role");
  expect(await rulesOf(trial)).not.toContain("postgres/dedicated-role");
  await expect(judged(secretOf, { ...trial, variables: projectRoot() })).rejects.toThrow(
    "its project is keybuzz; name the folder of the project elsewhere",
  );
});

it("fails, with the rule and without the value, when a rule throws", async () => {
  const resources = given("test:index:Thing", { password: "hunter2hunter2" });
  const failure = await judged(resources, { folder: join(__dirname, "packs", "broken") }).then(
    () => "",
    (error: Error) => error.message,
  );
  expect(failure).toContain("rule test/broken broke on urn:pulumi:prod::keybuzz::");
  expect(failure).toContain("TypeError");
  expect(failure).not.toContain("hunter2");
  expect(failure).not.toContain("cannot read");
});

it("loads from a copy of the repository whose packages lie in its root", async () => {
  const copy = temporary(mkdtempSync(join(tmpdir(), "kb-pack-")));
  for (const folder of ["policies", "config"])
    cpSync(join(repository, folder), join(copy, folder), { recursive: true });
  mkdirSync(join(copy, "node_modules"), { recursive: true });
  rmSync(join(copy, "node_modules"), { recursive: true });
  symlinkSync(join(repository, "node_modules"), join(copy, "node_modules"));
  writeFileSync(join(copy, "Pulumi.yaml"), `name: copied\nruntime: nodejs\nconfig: ${FILES}\n`);
  const resources = given("kubernetes:core/v1:Secret", { stringData: { PGUSER: "keybuzz_dev_app_a" } });
  const { violations } = await judged(resources, { folder: join(copy, "policies"), project: "copied" });
  expect(violations.map(({ message }) => message).join("\n")).toContain("stringData");
});
