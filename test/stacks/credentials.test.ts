/**
 * Proves over the whole program that every login of a database has its credential somewhere, that whatever
 * holds one holds one that works, through all steps of a rotation, and that no workload may read a migration's.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type EnvironmentConfig, validateEnvironmentFile } from "../../config";
import { declareEnvironment } from "../../stacks/environment";
import { type RecordedResource, recordResources, resourcesOf } from "../support/mocks";
import { repository } from "../support/project";

type Texts = Record<string, string>;

/** What operators keep in Vault, with every key that the configuration names. */
const KEPT = [
  ...[".dockerconfigjson", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET", "AZURE_AD_CLIENT_ID"],
  ...["AZURE_AD_CLIENT_SECRET", "AZURE_AD_TENANT_ID", "EMAIL_SERVER", "EMAIL_FROM"],
];

function configured(environment: string): EnvironmentConfig {
  const source = readFileSync(join(repository, `Pulumi.${environment}.yaml`), "utf8");
  const validation = validateEnvironmentFile(source, { stack: environment });
  if (!validation.valid) throw new Error(JSON.stringify(validation.mistakes));
  return validation.config;
}

/** The environment as deployed, at a step of the rotation of both its databases. */
function deployed(
  environment: string,
  generation = 1,
  idleSlot: "open" | "closed" = "closed",
  passwordGenerations = { migration: 1, reader: 1 },
) {
  const config = configured(environment);
  const step = { rotation: { generation, idleSlot }, passwordGenerations };
  const { api, backend } = config.postgres.databases;
  const databases = { api: { ...api, ...step }, backend: { ...backend, ...step } };
  const data = Object.fromEntries(KEPT.map((key) => [key, "kept"]));
  return recordResources(
    () => declareEnvironment({ ...config, postgres: { ...config.postgres, databases } }),
    { stack: environment, invoke: (_token, inputs) => ({ ...inputs, data }) },
  );
}

function secretOf(value: unknown): unknown {
  return (value as { secret: unknown }).secret;
}

/** The entries of Vault that hold a connection, by path. */
function connections(resources: RecordedResource[]): Record<string, Texts> {
  const entries = resourcesOf(resources, "vault:kv/secretV2:SecretV2").map(({ inputs }) => [
    String(inputs.name),
    JSON.parse(String(secretOf(inputs.dataJson))),
  ]);
  return Object.fromEntries(entries.filter(([, values]) => "PGPASSWORD" in values));
}

/** The password of every role that may log in. */
function passwords(resources: RecordedResource[]): Record<string, unknown> {
  const logins = resourcesOf(resources, "postgresql:index/role:Role").filter(({ inputs }) => inputs.login);
  return Object.fromEntries(logins.map(({ inputs }) => [inputs.name, secretOf(inputs.password)]));
}

function secretAndConfig(resources: RecordedResource[], name: string): { secret: Texts; config: Texts } {
  const find = (type: string) =>
    resourcesOf(resources, type).find(({ inputs }) => (inputs.metadata as { name: string }).name === name)
      ?.inputs;
  return {
    secret: secretOf(find("kubernetes:core/v1:Secret")?.stringData) as Texts,
    config: find("kubernetes:core/v1:ConfigMap")?.data as Texts,
  };
}

describe.each(["dev", "prod"])("in %s", (environment) => {
  it("every login has its whole connection in an entry of its own, on the port that is meant for it", async () => {
    const resources = await deployed(environment);
    const held = connections(resources);
    const users = Object.values(held).map(({ PGUSER }) => PGUSER);
    expect(users.sort()).toEqual(Object.keys(passwords(resources)).sort());
    for (const { PGUSER, PGHOST, PGPORT, PGDATABASE } of Object.values(held)) {
      const port = PGUSER?.endsWith("_read") ? "5433" : "5432";
      expect({ PGHOST, PGPORT }).toEqual({ PGHOST: "10.0.0.10", PGPORT: port });
      expect(PGUSER?.startsWith(`${PGDATABASE}_`)).toBe(true);
    }
  });

  it("no consumer's policy leads to a migration's or a reader's entry", async () => {
    const resources = await deployed(environment);
    const policies = resourcesOf(resources, "vault:index/policy:Policy");
    expect(policies).not.toEqual([]);
    for (const { inputs } of policies) {
      expect(inputs.policy).not.toMatch(/postgres-|[*+]/);
      expect(inputs.policy).toContain(`secret/data/keybuzz/${environment}/`);
    }
  });

  it.each([
    [1, "closed"],
    [2, "open"],
    [2, "closed"],
    [3, "open"],
    [3, "closed"],
  ] as const)("whoever holds a credential holds one that works: generation %i, %s", async (n, idleSlot) => {
    const resources = await deployed(environment, n, idleSlot);
    const works = passwords(resources);
    for (const { PGUSER = "", PGPASSWORD } of Object.values(connections(resources))) {
      expect(works[PGUSER]).toBe(PGPASSWORD);
    }
    const { secret, config } = secretAndConfig(resources, "keybuzz-api-postgres");
    expect(works[config.PGUSER ?? ""]).toBe(secret.PGPASSWORD);
    // One object that changes at once: a pod that starts between two updates must not mix them.
    expect(secret.PGUSER).toBe(config.PGUSER);
  });

  it("a raised generation changes the password of that login alone", async () => {
    const raised = await deployed(environment, 1, "closed", { migration: 2, reader: 1 });
    const [before, after] = [passwords(await deployed(environment)), passwords(raised)];
    const changed = Object.keys(before).filter((role) => before[role] !== after[role]);
    expect(changed).toHaveLength(2);
    for (const role of changed) expect(role).toMatch(/_migrate$/);
  });

  it("what a step of a rotation leaves open is what clients held before it", async () => {
    const [before, after] = [await deployed(environment), await deployed(environment, 2, "open")];
    expect(passwords(after)).toMatchObject(passwords(before));
  });
});
