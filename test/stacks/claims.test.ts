/**
 * Proves that an environment's claims, which are compared between environments, and what the program declares
 * are the same names: nothing is claimed that is not there, and nothing stands there unclaimed.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type ClaimKind,
  claimKinds,
  claimsOf,
  type EnvironmentConfig,
  validateEnvironmentFile,
} from "../../config";
import type { DeclaredResource } from "../../engine/monitor/declaration";
import { isProviderType } from "../../engine/urn";
import { repository, trial } from "../support/project";

type Inputs = Record<string, unknown>;

/** Lets the client out to Vault, and the website, whose pods read nothing there. */
const OPEN = [
  "keybuzz:kubernetes.namespaces.client.egress[2]=vault",
  "keybuzz:kubernetes.namespaces.website.egress[1]=vault",
];

/** What is claimed by its name, or by a part of it. */
const CLAIMED = [
  "aws:iam/user:User",
  "aws:sesv2/configurationSet:ConfigurationSet",
  "aws:sesv2/emailIdentity:EmailIdentity",
  "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
  "aws:sns/topic:Topic",
  "kubernetes:core/v1:Namespace",
  "kubernetes:networking.k8s.io/v1:Ingress",
  "postgresql:index/database:Database",
  "postgresql:index/role:Role",
  "vault:appRole/authBackendRole:AuthBackendRole",
  "vault:index/policy:Policy",
  "vault:kubernetes/authBackendRole:AuthBackendRole",
  "vault:kv/secretV2:SecretV2",
] as const;

/** What stands inside something that is claimed, so that its own name need not be. */
const INSIDE = [
  "aws:iam/accessKey:AccessKey",
  "aws:iam/userPolicy:UserPolicy",
  "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination",
  "kubernetes:apps/v1:Deployment",
  "kubernetes:core/v1:ConfigMap",
  "kubernetes:core/v1:LimitRange",
  "kubernetes:core/v1:ResourceQuota",
  "kubernetes:core/v1:Secret",
  "kubernetes:core/v1:Service",
  "kubernetes:core/v1:ServiceAccount",
  "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  "kubernetes:policy/v1:PodDisruptionBudget",
  "postgresql:index/defaultPrivileges:DefaultPrivileges",
  "postgresql:index/grant:Grant",
  "postgresql:index/schema:Schema",
  "random:index/randomPassword:RandomPassword",
];

const cases = [
  { environment: "dev", overrides: [] },
  { environment: "prod", overrides: [] },
  { environment: "prod", overrides: OPEN },
];

describe.each(cases)("the claims of $environment with $overrides", ({ environment, overrides }) => {
  let claimed: (kind: ClaimKind) => string[];
  let declared: Record<ClaimKind, string[]>;
  let types: string[];

  beforeAll(async () => {
    const { declarations } = await trial(repository, { environments: [environment], overrides });
    const [declaration] = declarations;
    expect(declaration?.outcome).toBe("succeeded");
    const claims = claimsOf(configured(environment, overrides.length > 0));
    claimed = (kind) => sorted(claims.filter((claim) => claim.kind === kind).map(({ name }) => name));
    declared = namesIn(declaration?.resources ?? []);
    const custom = (declaration?.resources ?? []).filter(
      (resource) => resource.custom && !isProviderType(resource.type),
    );
    types = sorted(custom.map(({ type }) => type));
  });

  it.each([...claimKinds])("of the kind %s are what the program declares", (kind) => {
    expect(declared[kind]).not.toEqual([]);
    expect(claimed(kind)).toEqual(declared[kind]);
  });

  it("cover every type of resource: a new one is claimed, or stands inside what is", () => {
    const known = [...INSIDE, ...CLAIMED];
    expect(types.filter((type) => !known.includes(type))).toEqual([]);
  });
});

/** What the resources are named, by the kind of claim that each name falls under. */
function namesIn(resources: readonly DeclaredResource[]): Record<ClaimKind, string[]> {
  const ofType = (type: string): Inputs[] =>
    resources.filter((resource) => resource.type === type).map(({ inputs }) => inputs as Inputs);
  const names = (type: (typeof CLAIMED)[number], ...path: string[]): string[] =>
    sorted(ofType(type).map((inputs) => String(path.reduce<unknown>(inside, inputs))));
  const entries = ofType("vault:kv/secretV2:SecretV2").map(({ mount, name }) => `${mount}/${name}`);
  const [client] = ofType("keybuzz:kubernetes:Client");
  const [approle] = ofType("vault:appRole/authBackendRole:AuthBackendRole");
  const backend = String(client?.backendUrl).replace("https://", "");
  const rules = ofType("kubernetes:networking.k8s.io/v1:Ingress").flatMap(
    ({ spec }) => (spec as { rules: { host: string }[] }).rules,
  );
  return {
    database: names("postgresql:index/database:Database", "name"),
    role: names("postgresql:index/role:Role", "name"),
    namespace: names("kubernetes:core/v1:Namespace", "metadata", "name"),
    host: sorted([...rules.map(({ host }) => host), backend]),
    "vault-prefix": sorted(entries.map((entry) => entry.split("/", 3).join("/"))),
    "vault-policy": names("vault:index/policy:Policy", "name"),
    "vault-role": sorted([
      ...names("vault:kubernetes/authBackendRole:AuthBackendRole", "roleName"),
      ...names("vault:appRole/authBackendRole:AuthBackendRole", "roleName"),
    ]),
    "iam-user": names("aws:iam/user:User", "name"),
    "ses-identity": names("aws:sesv2/emailIdentity:EmailIdentity", "emailIdentity"),
    "ses-configuration-set": names("aws:sesv2/configurationSet:ConfigurationSet", "configurationSetName"),
    "sns-topic": names("aws:sns/topic:Topic", "name"),
    "mail-from-domain": names(
      "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
      "mailFromDomain",
    ),
    // The port is the machine's own affair; the program binds the machine's login to the address alone.
    "backend-address": ((approle?.tokenBoundCidrs ?? []) as string[]).map(
      (address) => `${address}:${PORTS[backend]}`,
    ),
    "environment-image": sorted(
      ofType("keybuzz:kubernetes:Workload").flatMap(({ annotations, image }) =>
        inside(annotations, "keybuzz.io/build-scope") === "environment" ? [String(image)] : [],
      ),
    ),
  };
}

const PORTS: Record<string, number> = { "backend-dev.keybuzz.io": 4001, "backend.keybuzz.io": 4000 };

function inside(value: unknown, key: string): unknown {
  return (value as Inputs | undefined)?.[key];
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function configured(environment: string, open: boolean): EnvironmentConfig {
  const text = readFileSync(join(repository, `Pulumi.${environment}.yaml`), "utf8");
  const source = open ? text.replace(/egress: \[(relay, )?https\]/g, "egress: [$1https, vault]") : text;
  const validation = validateEnvironmentFile(source, { stack: environment });
  if (!validation.valid) throw new Error(JSON.stringify(validation.mistakes));
  return validation.config;
}
