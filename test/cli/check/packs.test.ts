/**
 * Packs in Pulumi's own runner, beside the rules of the project and in their place: their words become findings of
 * the report, and one that cannot judge keeps the check from being made.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type CheckOptions, check } from "../../../cli/check/check";
import { type CheckReport, verdictOf } from "../../../cli/check/report";
import { EngineError } from "../../../engine/diagnostic";
import { listEnvironments, loadProject } from "../../../engine/project/project";
import { makeProject, repository } from "../../support/project";

const folder = (name: string): string => join(__dirname, "packs", name);

const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
const { length } = new pulumi.Config().requireObject("name");
const first = new random.RandomString("first", { length });
new random.RandomString("second", { length: 2, keepers: { prefix: first.result } });
`;

function project(): string {
  return makeProject({
    "index.js": PROGRAM,
    "Pulumi.dev.yaml": "config:\n  trial:name: { length: 2 }\n",
    "Pulumi.prod.yaml": "config:\n  trial:name: { length: 5 }\n",
  });
}

function checked(root: string, options: Partial<CheckOptions> = {}): Promise<CheckReport> {
  const loaded = loadProject(root);
  return check(loaded, listEnvironments(loaded), {
    packs: [],
    strict: false,
    today: "2026-01-01",
    processEnvironment: { PATH: process.env.PATH },
    officialRunner: false,
    signal: new AbortController().signal,
    events: {},
    ...options,
  });
}

it("tells what a pack of others finds, with its level, severity, fix and environment", async () => {
  const report = await checked(project(), { packs: [{ folder: folder("names") }] });
  const theirs = report.findings.filter(({ rule }) => rule.startsWith("names/"));
  expect(theirs.map(({ fingerprint: _, location: __, ...finding }) => finding)).toEqual([
    {
      rule: "names/short",
      severity: "high",
      level: "mandatory",
      environment: "prod",
      urn: "urn:pulumi:prod::trial::random:index/randomString:RandomString::first",
      message: "has 5 characters in prod",
      fix: "Take a shorter one.",
    },
  ]);
  expect(report.undetermined.filter(({ rule }) => rule.startsWith("names/"))).toEqual(
    ["dev", "prod"].map((environment) => ({
      rule: "names/prefixed",
      environment,
      urn: `urn:pulumi:${environment}::trial::random:index/randomString:RandomString::second`,
      properties: ["keepers.prefix"],
    })),
  );
  expect(report.rules.filter(({ pack }) => pack !== undefined)).toEqual([
    {
      id: "names/count",
      title: "A stack has names.",
      severity: "medium",
      level: "mandatory",
      prevents: [],
      pack: "names@2.0.0",
    },
    {
      id: "names/prefixed",
      title: "Names have a prefix that is known.",
      severity: "medium",
      level: "advisory",
      prevents: [],
      pack: "names@2.0.0",
    },
    {
      id: "names/short",
      title: "Short names",
      severity: "high",
      level: "mandatory",
      fix: "Take a shorter one.",
      prevents: [],
      pack: "names@2.0.0",
    },
  ]);
  expect(report.failures).toEqual([]);
  expect(verdictOf(report)).toBe("refused");
});

it("runs a pack with the configuration that is given for it", async () => {
  const root = project();
  const settingsFile = join(root, "policies.json");
  writeFileSync(
    settingsFile,
    JSON.stringify({ short: { enforcementLevel: "advisory", most: 1 }, count: "disabled" }),
  );
  const report = await checked(root, { packs: [{ folder: folder("names"), settingsFile }] });
  const theirs = report.findings.filter(({ rule }) => rule.startsWith("names/"));
  expect(theirs.map(({ environment, level, message }) => [environment, level, message])).toEqual([
    ["dev", "advisory", "has 2 characters in dev"],
    ["dev", "advisory", "has 2 characters in dev"],
    ["prod", "advisory", "has 5 characters in prod"],
    ["prod", "advisory", "has 2 characters in prod"],
  ]);
  expect(report.rules.map(({ id }) => id)).not.toContain("names/count");
});

it("is not made when a pack throws, and tells what the others found all the same", async () => {
  const report = await checked(project(), {
    packs: [{ folder: folder("throws") }, { folder: folder("names") }],
  });
  expect(verdictOf(report)).toBe("incomplete");
  expect(report.failures.map(({ environment }) => environment)).toEqual(["dev", "prod"]);
  for (const { message } of report.failures) {
    expect(message).toContain("broken on purpose");
    expect(message).toContain(folder("throws"));
  }
  expect(report.findings.map(({ rule }) => rule)).toContain("names/short");
});

it("refuses a folder that holds no pack before anything is judged", async () => {
  const refused = checked(project(), { packs: [{ folder: folder("nowhere") }] });
  await expect(refused).rejects.toThrow(EngineError);
  await expect(refused).rejects.toMatchObject({ code: "policy" });
});

it("refuses a configuration of policies that the pack does not have", async () => {
  const root = project();
  const settingsFile = join(root, "policies.json");
  writeFileSync(settingsFile, JSON.stringify({ shrt: "advisory" }));
  await expect(checked(root, { packs: [{ folder: folder("names"), settingsFile }] })).rejects.toMatchObject({
    code: "configuration",
  });
});

/** Two reports of the same, whatever the order of keys in a resource was. */
function comparable(report: CheckReport): unknown {
  return {
    ...report,
    undetermined: report.undetermined
      .map(({ rule, environment, urn, properties }) =>
        [environment, rule, urn, ...[...properties].sort()].join(" "),
      )
      .sort(),
  };
}

it("reports the same when the project's rules run in Pulumi's runner", async () => {
  const broken = makeProject({
    "Pulumi.yaml": "name: trial\nruntime: nodejs\n",
    "Pulumi.dev.yaml": "config: {}\n",
    "Pulumi.prod.yaml": "config: {}\n",
    "index.js": `
const pulumi = require("@pulumi/pulumi");
const kubernetes = require("@pulumi/kubernetes");
const postgresql = require("@pulumi/postgresql");
const random = require("@pulumi/random");
const password = new random.RandomPassword("password", { length: 20 });
const provider = new kubernetes.Provider("cluster", { kubeconfig: "{}" });
const metadata = { name: "api", namespace: "default" };
new kubernetes.core.v1.Secret("own", { metadata, stringData: { PGPASSWORD: password.result } }, { provider });
new kubernetes.core.v1.Secret("clear", {
  metadata,
  stringData: { PGUSER: "keybuzz_dev_app_a", DATABASE_URL: "postgres://postgres@10.0.0.120:5432/keybuzz" },
}, { provider });
new kubernetes.core.v1.Pod("pod", {
  metadata,
  spec: { containers: [{ name: "a", image: "nginx:latest", env: [{ name: "API_TOKEN", value: "ghp_" + "a1B2".repeat(9) }] }] },
}, { provider });
const outside = new pulumi.StackReference("organization/other/dev");
new postgresql.Role("role", { name: outside.getOutput("name"), superuser: true, createRole: true });
`,
  });
  const direct = await checked(broken);
  const official = await checked(broken, { officialRunner: true });
  expect(direct.findings.length).toBeGreaterThan(10);
  expect(direct.undetermined.length).toBeGreaterThan(0);
  expect(direct.environments.map(({ compliant }) => compliant).every((count) => count > 0)).toBe(true);
  expect(comparable(official)).toEqual(comparable(direct));
});

it("finds as little in the project itself when its rules run in Pulumi's runner", async () => {
  const direct = await checked(repository);
  const official = await checked(repository, { officialRunner: true });
  expect(comparable(official)).toEqual(comparable(direct));
  expect(official.findings).toEqual([]);
  for (const { compliant, resources } of official.environments) expect(compliant).toBeGreaterThan(resources);
});
