/**
 * Proves that a name claimed twice is found, within an environment and between two, that claims are compared by
 * kind and as a whole, and which names follow from a configuration.
 */
import { describe, expect, test } from "vitest";
import {
  type Claim,
  type ClaimKind,
  claimKinds,
  claimsOf,
  duplicateClaims,
  type EnvironmentConfig,
  isLegacyDatabase,
  isLegacyRole,
  LONGEST_DATABASE,
  legacyReason,
  roleNames,
  sharedClaims,
  validateEnvironmentFile,
  vaultEndpoint,
  vaultEntryPath,
} from "../../config";
import { type Case, environmentText, outcome } from "./edited-environment";

function configured(environment: string): EnvironmentConfig {
  const validation = validateEnvironmentFile(environmentText(environment), { stack: environment });
  if (!validation.valid) throw new Error(JSON.stringify(validation.mistakes));
  return validation.config;
}

const dev = configured("dev");
const prod = configured("prod");

function named(kind: ClaimKind, name: string): Claim {
  return { kind, name, place: `keybuzz:${kind}`, path: [kind] };
}

/** PROD with one setting of DEV's, as a copied line would leave it, and the kinds of names that they then share. */
const copied: readonly { name: string; prod: EnvironmentConfig; want: readonly ClaimKind[] }[] = [
  {
    name: "DEV's database",
    prod: { ...prod, postgres: dev.postgres },
    want: ["database", "role"],
  },
  {
    name: "DEV's namespace",
    prod: { ...prod, kubernetes: { ...prod.kubernetes, namespaces: dev.kubernetes.namespaces } },
    want: ["namespace"],
  },
  {
    name: "DEV's workloads",
    prod: { ...prod, workloads: dev.workloads },
    want: ["host", "environment-image"],
  },
  {
    name: "DEV's Vault prefix",
    prod: { ...prod, vault: dev.vault },
    want: ["vault-prefix", "vault-policy", "vault-role"],
  },
  {
    name: "DEV's name",
    prod: { ...prod, environment: dev.environment },
    want: ["ses-configuration-set", "sns-topic"],
  },
  {
    name: "DEV's mail",
    prod: { ...prod, mail: dev.mail },
    want: ["iam-user", "ses-identity", "mail-from-domain"],
  },
  { name: "DEV's backend", prod: { ...prod, backend: dev.backend }, want: ["host", "backend-address"] },
];

describe("Between environments", () => {
  test.each([...copied])("$name in PROD's file is found", ({ prod: mistaken, want }) => {
    const shared = sharedClaims(claimsOf(dev), claimsOf(mistaken));
    expect(new Set(shared.map(({ kind }) => kind))).toEqual(new Set(want));
  });

  test("every kind of claim is found shared in one of these cases", () => {
    expect(new Set(copied.flatMap(({ want }) => want))).toEqual(new Set(claimKinds));
  });

  test("a shared name is told with both its places", () => {
    const mistaken = { ...prod, backend: { ...prod.backend, host: dev.backend.host } };
    expect(sharedClaims(claimsOf(dev), claimsOf(mistaken))).toEqual([
      expect.objectContaining({
        kind: "host",
        name: "backend-dev.keybuzz.io",
        first: expect.objectContaining({ place: "keybuzz:backend.host" }),
        second: expect.objectContaining({ place: "keybuzz:backend.host" }),
      }),
    ]);
  });

  test("a prefix below another one is shared, a prefix that only begins like it is not", () => {
    const outer = [named("vault-prefix", "secret/keybuzz/dev")];
    expect(sharedClaims(outer, [named("vault-prefix", "secret/keybuzz/dev/prod")])).toHaveLength(1);
    expect(sharedClaims([named("vault-prefix", "secret/keybuzz/dev/prod")], outer)).toHaveLength(1);
    expect(sharedClaims(outer, [named("vault-prefix", "secret/keybuzz/dev2")])).toEqual([]);
  });

  test("a name of one kind is no name of another", () => {
    expect(sharedClaims([named("database", "keybuzz")], [named("namespace", "keybuzz")])).toEqual([]);
  });

  test("a name inside a longer one is not shared", () => {
    expect(sharedClaims([named("host", "keybuzz.io")], [named("host", "api.keybuzz.io")])).toEqual([]);
  });

  test("names that mean the same are equal: DNS and IAM do not tell upper case apart", () => {
    const shouted = {
      ...prod,
      backend: { ...prod.backend, host: "Backend-DEV.keybuzz.io." },
      mail: { ...prod.mail, iamUser: "KeyBuzz-SES-dev" },
    };
    expect(sharedClaims(claimsOf(dev), claimsOf(shouted)).map(({ kind }) => kind)).toEqual([
      "iam-user",
      "host",
    ]);
  });
});

const twice: readonly Case[] = [
  {
    name: "Two databases of one name, told once for the database and all its roles",
    given: [["name: keybuzz_backend_dev", "«name: keybuzz_dev"]],
    want: [
      "keybuzz:postgres.databases.backend.name: claims the database keybuzz_dev, which keybuzz:postgres.databases.api.name claims already; allowed: a name of its own",
    ],
  },
  {
    name: "Two namespaces of one name",
    given: [["name: keybuzz-client-dev", "«name: keybuzz-api-dev"]],
    want: [
      "keybuzz:kubernetes.namespaces.client.name: claims the namespace keybuzz-api-dev, which keybuzz:kubernetes.namespaces.api.name claims already; allowed: a name of its own",
    ],
  },
  {
    name: "Two hosts of one name in different sections",
    given: [["host: backend-dev.keybuzz.io", "«host: api-dev.keybuzz.io"]],
    want: [
      "keybuzz:backend.host: claims the host api-dev.keybuzz.io, which keybuzz:workloads.api.host claims already; allowed: a name of its own",
    ],
  },
];

describe("Within an environment", () => {
  test.each([...twice])("$name are a mistake that names both places", (row) => {
    const { got, wanted } = outcome(row);
    expect(got).toEqual(wanted);
  });

  test("nothing is claimed twice in DEV and in PROD", () => {
    expect(duplicateClaims(claimsOf(dev))).toEqual([]);
    expect(duplicateClaims(claimsOf(prod))).toEqual([]);
  });

  test("what is not there claims nothing", () => {
    expect(claimsOf({})).toEqual([]);
  });
});

describe("Names", () => {
  test("of the longest database's roles are as long as PostgreSQL allows", () => {
    const lengths = Object.values(roleNames("d".repeat(LONGEST_DATABASE))).map((role) => role.length);
    expect(Math.max(...lengths)).toBe(63);
  });

  test("of Vault entries begin with the environment's prefix", () => {
    expect(vaultEntryPath(dev.vault, "stripe")).toBe("keybuzz/dev/stripe");
  });

  test("of Vault's server are a host and a port, also the port that its protocol has anyway", () => {
    expect(vaultEndpoint(dev.vault)).toEqual({ host: "10.0.0.150", port: 8200 });
    expect(vaultEndpoint({ address: "https://10.0.0.150:443" })).toEqual({ host: "10.0.0.150", port: 443 });
    expect(vaultEndpoint({ address: "http://127.0.0.1:80" })).toEqual({ host: "127.0.0.1", port: 80 });
  });

  test("that PROD is live on are legacy, and names that only contain them are not", () => {
    expect(["keybuzz", "keybuzz_backend", "keybuzz_prod"].filter(isLegacyDatabase)).toEqual([
      "keybuzz",
      "keybuzz_backend",
    ]);
    const roles = ["keybuzz_api_dev", "kb_backend", "v-kubernet-keybuzz-x", "keybuzz_prod_app_a"];
    expect(roles.filter(isLegacyRole)).toEqual(roles.slice(0, 3));
    expect(legacyReason("keybuzz_prod")).toBeUndefined();
  });
});
