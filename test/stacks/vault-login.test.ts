/**
 * Proves over the whole program that whoever gets a token for Vault can use it: it is told a role that is bound to its
 * own service account, at the path where that role stands, and how to know the server. Nobody else holds a token.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type EnvironmentConfig, validateEnvironmentFile } from "../../config";
import { declareEnvironment } from "../../stacks/environment";
import { CERTIFICATE } from "../components/kubernetes-fixtures";
import { type RecordedResource, recordResources, resourcesOf } from "../support/mocks";
import { repository } from "../support/project";

interface Pod {
  readonly serviceAccountName: string;
  readonly containers: readonly [{ readonly env: readonly { name: string; value: string }[] }];
}

/** What operators keep in Vault, with every key that the configuration names. */
const KEPT = [
  ...[".dockerconfigjson", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET", "AZURE_AD_CLIENT_ID"],
  ...["AZURE_AD_CLIENT_SECRET", "AZURE_AD_TENANT_ID", "EMAIL_SERVER", "EMAIL_FROM"],
];
const VAULT = "    address: https://10.0.0.150:8200\n";
const CA = `    caCertificate: |\n${CERTIFICATE.replace(/^(?=.)/gm, "      ")}`;
const CLOSED = "egress: [postgres, relay, https]";

/** An environment whose workloads may reach Vault, or may not, with a CA or without. */
function configured(environment: string, open: boolean, ca: boolean): EnvironmentConfig {
  const text = readFileSync(join(repository, `Pulumi.${environment}.yaml`), "utf8");
  const reaching = open
    ? text.replace("egress: [relay, https]", "egress: [relay, https, vault]")
    : text.replace("egress: [postgres, vault, relay, https]", CLOSED);
  const source = ca ? reaching.replace(VAULT, VAULT + CA) : reaching;
  const validation = validateEnvironmentFile(source, { stack: environment });
  if (!validation.valid) throw new Error(JSON.stringify(validation.mistakes));
  return validation.config;
}

function deployed(environment: string, open: boolean, ca = true): Promise<RecordedResource[]> {
  const config = configured(environment, open, ca);
  const data = Object.fromEntries(KEPT.map((key) => [key, "kept"]));
  return recordResources(() => declareEnvironment(config), {
    stack: environment,
    invoke: (_token, inputs) => ({ ...inputs, data }),
  });
}

/** What each pod is told, by its service account with its namespace. */
function told(resources: RecordedResource[]): Record<string, Record<string, string>> {
  const pods = resourcesOf(resources, "kubernetes:apps/v1:Deployment").map(({ inputs }) => {
    const { metadata, spec } = inputs as {
      metadata: { namespace: string };
      spec: { template: { spec: Pod } };
    };
    const { serviceAccountName, containers } = spec.template.spec;
    const variables = containers[0].env.filter(({ name }) => name.startsWith("VAULT_"));
    const values = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
    return [`${metadata.namespace}/${serviceAccountName}`, values] as const;
  });
  return Object.fromEntries(pods.filter(([, values]) => Object.keys(values).length > 0));
}

/** The roles of Vault that service accounts may log in with, by service account with its namespace. */
function roles(resources: RecordedResource[]): Record<string, Record<string, unknown>> {
  const found = resourcesOf(resources, "vault:kubernetes/authBackendRole:AuthBackendRole");
  return Object.fromEntries(
    found.map(({ inputs }) => [
      `${inputs.boundServiceAccountNamespaces}/${inputs.boundServiceAccountNames}`,
      { VAULT_AUTH_ROLE: inputs.roleName, VAULT_AUTH_PATH: inputs.backend },
    ]),
  );
}

describe.each(["dev", "prod"])("in %s", (environment) => {
  it("every workload with a role is told it, and no other is told anything", async () => {
    const resources = await deployed(environment, true);
    const bound = roles(resources);
    expect(Object.keys(bound).sort()).toEqual([
      `keybuzz-api-${environment}/keybuzz-api`,
      `keybuzz-api-${environment}/keybuzz-outbound-worker`,
      `keybuzz-client-${environment}/keybuzz-client`,
    ]);
    const pods = told(resources);
    expect(Object.keys(pods).sort()).toEqual(Object.keys(bound).sort());
    for (const [account, role] of Object.entries(bound)) {
      expect(pods[account]).toEqual({
        ...role,
        VAULT_ADDR: "https://10.0.0.150:8200",
        VAULT_AUTH_TOKEN_FILE: "/var/run/secrets/vault/token",
        VAULT_CACERT: "/var/run/secrets/vault/ca.crt",
      });
    }
  });

  it("each of them has the CA in its own namespace, and no one else's", async () => {
    const maps = resourcesOf(await deployed(environment, true), "kubernetes:core/v1:ConfigMap").filter(
      ({ inputs }) => "ca.crt" in (inputs.data as object),
    );
    expect(maps.map(({ inputs }) => inputs.data)).toEqual(maps.map(() => ({ "ca.crt": CERTIFICATE })));
    const places = maps.map(({ inputs }) => inputs.metadata as { namespace: string; name: string });
    expect(places.map(({ namespace, name }) => `${namespace}/${name}`).sort()).toEqual([
      `keybuzz-api-${environment}/keybuzz-api-vault-ca`,
      `keybuzz-api-${environment}/keybuzz-outbound-worker-vault-ca`,
      `keybuzz-client-${environment}/keybuzz-client-vault-ca`,
    ]);
  });

  it("without a CA in the configuration nobody is told of one", async () => {
    const pods = Object.values(told(await deployed(environment, true, false)));
    expect(pods).toHaveLength(3);
    for (const values of pods) expect(values).not.toHaveProperty("VAULT_CACERT");
  });

  it("a workload whose namespace does not lead to Vault holds no token", async () => {
    const resources = await deployed(environment, false);
    expect(told(resources)).toEqual({});
    const pods = resourcesOf(resources, "kubernetes:apps/v1:Deployment").map(({ inputs }) => inputs.spec);
    expect(JSON.stringify(pods)).not.toContain('serviceAccountToken":{');
  });
});
