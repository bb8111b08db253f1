/**
 * Proves that all environments in the repository are right, that no two share a name, and that a third environment
 * is one more file: `test/stacks/environments/Pulumi.staging.yaml`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type Claim,
  claimKinds,
  claimsOf,
  type EnvironmentConfig,
  sharedClaims,
  validateEnvironmentFile,
} from "../../config";
import { environmentText } from "./edited-environment";

function valid(environment: string, source: string): EnvironmentConfig {
  const validation = validateEnvironmentFile(source, {
    stack: environment,
    file: `Pulumi.${environment}.yaml`,
  });
  if (!validation.valid) throw new Error(JSON.stringify(validation.mistakes, null, 2));
  return validation.config;
}

const root = join(__dirname, "../..");
const files = readdirSync(root).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);

function environment(name: string): EnvironmentConfig {
  const own = files.includes(name);
  return valid(name, own ? readFileSync(join(root, `Pulumi.${name}.yaml`), "utf8") : environmentText(name));
}

const dev = environment("dev");
const prod = environment("prod");
const staging = environment("staging");

function names(claims: readonly Claim[], kind: string): string[] {
  return claims.filter((claim) => claim.kind === kind).map((claim) => claim.name);
}

/** Every two environments: the ones in the repository, and the added one. */
const pairs = [...files, "staging"].flatMap((one, index, all) =>
  all.slice(index + 1).map((other) => [one, other] as const),
);

describe("The environments", () => {
  test.each(pairs)("%s and %s share no name of any kind", (one, other) => {
    expect(sharedClaims(claimsOf(environment(one)), claimsOf(environment(other)))).toEqual([]);
  });

  test.each([...claimKinds])(
    "DEV and PROD each claim a name of the kind %s, so that it is compared",
    (kind) => {
      expect(names(claimsOf(dev), kind)).not.toEqual([]);
      expect(names(claimsOf(prod), kind)).not.toEqual([]);
    },
  );

  test("claim the names that were decided", () => {
    expect(names(claimsOf(prod), "database")).toEqual(["keybuzz_prod", "keybuzz_backend_prod"]);
    expect(names(claimsOf(dev), "role").slice(0, 7)).toEqual([
      "keybuzz_dev_owner",
      "keybuzz_dev_rw",
      "keybuzz_dev_ro",
      "keybuzz_dev_app_a",
      "keybuzz_dev_app_b",
      "keybuzz_dev_migrate",
      "keybuzz_dev_read",
    ]);
    expect(names(claimsOf(prod), "namespace")).toEqual([
      "keybuzz-api-prod",
      "keybuzz-client-prod",
      "website-prod",
    ]);
    expect(names(claimsOf(prod), "host")).toEqual([
      "api.keybuzz.io",
      "client.keybuzz.io",
      "keybuzz.pro",
      "backend.keybuzz.io",
    ]);
    expect(names(claimsOf(dev), "vault-prefix")).toEqual(["secret/keybuzz/dev"]);
    expect(names(claimsOf(dev), "vault-policy")).toEqual([
      "keybuzz-dev-api",
      "keybuzz-dev-outbound-worker",
      "keybuzz-dev-backend",
    ]);
    expect(names(claimsOf(dev), "ses-configuration-set")).toEqual(["keybuzz-dev"]);
    expect(names(claimsOf(dev), "sns-topic")).toEqual(["keybuzz-dev-mail-events"]);
  });
});

describe("What a file leaves out", () => {
  test("is filled in by defaults", () => {
    expect(staging.postgres).toMatchObject({ writePort: 5432, readPort: 5433 });
    expect(staging.postgres.databases.backend).toEqual({
      name: "keybuzz_backend_staging",
      connectionLimits: { database: 28, application: 10, migration: 3, reader: 5 },
      rotation: { generation: 1, idleSlot: "closed" },
      passwordGenerations: { migration: 1, reader: 1 },
    });
    expect(staging.vault).toMatchObject({
      mount: "secret",
      kubernetesAuthPath: "kubernetes",
      appRoleAuthPath: "approle",
    });
    expect(staging.kubernetes.podSecurity).toEqual({
      warn: "restricted",
      audit: "restricted",
      enforce: "baseline",
    });
    expect(staging.kubernetes.ingress).toEqual({
      className: "nginx",
      controllerNamespace: "ingress-nginx",
      clusterIssuer: "letsencrypt",
    });
    expect(staging.kubernetes.namespaces.client).toMatchObject({
      peers: [],
      extraEgress: [],
      containers: {},
    });
    expect(staging.registry.pullSecret).toEqual({
      name: "ghcr-cred",
      vaultEntry: "ghcr",
      vaultKey: ".dockerconfigjson",
    });
    expect(staging.workloads.api).toMatchObject({ replicas: 1, port: 3001, healthPath: "/health" });
    expect(staging.workloads.client).toMatchObject({ replicas: 1, healthPath: "/" });
    expect(prod.workloads.website).toMatchObject({ port: 3000, healthPath: "/" });
    expect(staging.workloads.api.image.buildScope).toBe("any");
    expect(staging.workloads.client.image.buildScope).toBe("environment");
    expect(staging.mail).toMatchObject({
      accessKeyRotation: { generation: 1, idleSlot: "closed" },
      smtp: {
        pool: { maxConnections: 5, maxMessagesPerConnection: 50 },
        rateLimit: { messages: 5, perSeconds: 1 },
        retries: { attempts: 4, initialDelayMs: 1000, maxDelayMs: 60_000 },
        forceFail: false,
      },
      fallback: { provider: "ses", enabled: false },
    });
  });

  test("of SMTP follows from the mode and the host", () => {
    expect(staging.mail.smtp).toMatchObject({ mode: "submission", port: 587, address: "10.0.0.160" });
    expect(dev.mail.smtp).toMatchObject({ mode: "relay", port: 25, address: "10.0.0.160" });
  });

  test("stays out where there is no default", () => {
    expect("enforce" in dev.kubernetes.podSecurity).toBe(false);
    expect("website" in dev.kubernetes.namespaces).toBe(false);
    expect("digest" in dev.workloads.api.image).toBe(false);
  });
});
