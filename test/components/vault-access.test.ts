/**
 * Proves that a consumer can read its own entries and nothing else, from where it stands and for a bounded
 * time, and that no secret id is ever made by the program.
 */

import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/vault/provider";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AppRoleLogin,
  type KubernetesLogin,
  VaultAccess,
  type VaultAccessArgs,
} from "../../components/vault-access";
import { VaultEntry } from "../../components/vault-entry";
import {
  clearStrings,
  nameOf,
  type RecordedResource,
  recordProgram,
  recordResources,
  resourceOf,
  resourcesOf,
  UNKNOWN,
} from "../support/mocks";

const POLICY = "vault:index/policy:Policy";
const KUBERNETES = "vault:kubernetes/authBackendRole:AuthBackendRole";
const APPROLE = "vault:appRole/authBackendRole:AuthBackendRole";

const pod: KubernetesLogin = {
  method: "kubernetes",
  backend: "kubernetes",
  serviceAccount: "keybuzz-api",
  namespace: "keybuzz-api-dev",
};
const machine: AppRoleLogin = { method: "approle", backend: "approle", boundTo: ["10.0.0.250"] };
const args: VaultAccessArgs = {
  environment: { name: "dev", production: false },
  prefix: "keybuzz/dev",
  consumer: "backend",
  entries: [
    { mount: "secret", entryName: "keybuzz/dev/backend/postgres" },
    { mount: "secret", entryName: "keybuzz/dev/backend/ops-key" },
  ],
  login: machine,
};

function record(changed: Partial<VaultAccessArgs> = {}, preview = false): Promise<RecordedResource[]> {
  return recordResources(
    () => {
      const provider = new Provider("vault", { address: "https://10.0.0.150:8200" });
      return new VaultAccess("backend-vault", { ...args, ...changed }, { provider });
    },
    { preview },
  );
}

/** Path to capabilities, as Vault would read the policy. */
function parsed(policy: unknown): Record<string, string[]> {
  const statement = /path "([^"]+)" \{\s*capabilities = \[([^\]]*)\]\s*\}/g;
  const paths: Record<string, string[]> = {};
  let rest = `${policy}`;
  for (const [text, path = "", capabilities = ""] of `${policy}`.matchAll(statement)) {
    paths[path] = capabilities.split(",").map((word) => word.trim().replaceAll('"', ""));
    rest = rest.replace(text, "");
  }
  expect(rest.trim()).toBe("");
  return paths;
}

describe("the policy", () => {
  test("a pod may read each of its entries, and nothing else", async () => {
    const policy = resourceOf(await record({ login: pod }), POLICY);
    expect(policy).toMatchObject({
      name: "backend-vault-policy",
      parent: "backend-vault",
      provider: "vault",
    });
    expect(policy.inputs.name).toBe("keybuzz-dev-backend");
    expect(policy.inputs.policy).toBe(
      [
        'path "secret/data/keybuzz/dev/backend/ops-key" {\n  capabilities = ["read"]\n}\n',
        'path "secret/data/keybuzz/dev/backend/postgres" {\n  capabilities = ["read"]\n}\n',
        'path "secret/metadata/keybuzz/dev/backend/ops-key" {\n  capabilities = ["read"]\n}\n',
        'path "secret/metadata/keybuzz/dev/backend/postgres" {\n  capabilities = ["read"]\n}\n',
      ].join("\n"),
    );
  });

  test("a machine may renew its own token too", async () => {
    const paths = parsed(resourceOf(await record(), POLICY).inputs.policy);
    expect(paths["auth/token/renew-self"]).toEqual(["update"]);
    expect(Object.keys(paths)).toHaveLength(5);
  });

  test("for any set of entries, exactly these can be read, and every path stands below the prefix", async () => {
    const part = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const sets = fc.uniqueArray(fc.array(part, { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 5,
      selector: (parts) => parts.join("/"),
    });
    await fc.assert(
      fc.asyncProperty(sets, async (chosen) => {
        const names = chosen.map((parts) => `keybuzz/dev/${parts.join("/")}`);
        const entries = names.map((entryName) => ({ mount: "secret", entryName }));
        const paths = parsed(resourceOf(await record({ entries, login: pod }), POLICY).inputs.policy);
        const want = names.flatMap((name) => [`secret/data/${name}`, `secret/metadata/${name}`]);
        expect(Object.keys(paths).sort()).toEqual(want.sort());
        expect(Object.values(paths).every((words) => words.join() === "read")).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test("an entry given twice stands in it once", async () => {
    const [entry] = args.entries;
    const paths = parsed(
      resourceOf(await record({ entries: entry ? [entry, entry] : [] }), POLICY).inputs.policy,
    );
    expect(Object.keys(paths)).toHaveLength(3);
  });

  test("entries of the program's own and of others are taken alike", async () => {
    const { resources } = await recordProgram(() => {
      const place = { environment: args.environment, mount: "secret", prefix: "keybuzz/dev" };
      const own = new VaultEntry("own", { ...place, path: "own", consumer: "backend", values: { a: "b" } });
      const other = VaultEntry.read({ ...place, path: "other" }, {});
      return new VaultAccess("backend-vault", { ...args, login: pod, entries: [own, other] });
    });
    expect(Object.keys(parsed(resourceOf(resources, POLICY).inputs.policy))).toEqual([
      "secret/data/keybuzz/dev/other",
      "secret/data/keybuzz/dev/own",
      "secret/metadata/keybuzz/dev/other",
      "secret/metadata/keybuzz/dev/own",
    ]);
  });
});

describe("a role in Kubernetes", () => {
  test("it is bound to one service account, and its tokens are short-lived and hold the one policy", async () => {
    const resources = await record({ login: pod });
    const role = resourceOf(resources, KUBERNETES, "backend-vault-role");
    expect(role.inputs).toEqual({
      backend: "kubernetes",
      roleName: "keybuzz-dev-backend",
      boundServiceAccountNames: ["keybuzz-api"],
      boundServiceAccountNamespaces: ["keybuzz-api-dev"],
      audience: "vault",
      tokenPolicies: ["keybuzz-dev-backend"],
      tokenNoDefaultPolicy: true,
      tokenTtl: 1200,
      tokenMaxTtl: 3600,
    });
    expect(role.dependencies.map(nameOf)).toEqual(["backend-vault-policy"]);
    expect(resourcesOf(resources, APPROLE)).toEqual([]);
  });

  test("lifetimes can be given", async () => {
    const role = resourceOf(await record({ login: { ...pod, tokenTtl: 600, tokenMaxTtl: 900 } }), KUBERNETES);
    expect(role.inputs).toMatchObject({ tokenTtl: 600, tokenMaxTtl: 900 });
  });
});

describe("a role on a machine", () => {
  test("secret id and token work from its address alone, and both expire", async () => {
    const resources = await record();
    const role = resourceOf(resources, APPROLE, "backend-vault-role");
    expect(role.inputs).toEqual({
      backend: "approle",
      roleName: "keybuzz-dev-backend",
      bindSecretId: true,
      secretIdTtl: 2592000,
      secretIdNumUses: 100,
      secretIdBoundCidrs: ["10.0.0.250/32"],
      tokenBoundCidrs: ["10.0.0.250"],
      tokenPolicies: ["keybuzz-dev-backend"],
      tokenNoDefaultPolicy: true,
      tokenTtl: 3600,
      tokenMaxTtl: 86400,
    });
    expect(role.dependencies.map(nameOf)).toEqual(["backend-vault-policy"]);
    expect(resourcesOf(resources, KUBERNETES)).toEqual([]);
  });

  test("a single address is spelt as Vault gives it back, however it was given", async () => {
    const login = { ...machine, boundTo: ["10.0.0.250/32", "10.0.1.0/24"] };
    expect(resourceOf(await record({ login }), APPROLE).inputs).toMatchObject({
      secretIdBoundCidrs: ["10.0.0.250/32", "10.0.1.0/24"],
      tokenBoundCidrs: ["10.0.0.250", "10.0.1.0/24"],
    });
  });

  test("lifetimes and uses can be given", async () => {
    const bounds = { tokenTtl: 600, tokenMaxTtl: 900, secretIdTtl: 86400, secretIdUses: 1 };
    const role = resourceOf(await record({ login: { ...machine, ...bounds } }), APPROLE);
    expect(role.inputs).toMatchObject({
      tokenTtl: 600,
      tokenMaxTtl: 900,
      secretIdTtl: 86400,
      secretIdNumUses: 1,
    });
  });

  test("no secret id is made by the program", async () => {
    const types = (await record()).map(({ type }) => type);
    expect(types.filter((type) => /secretid/i.test(type))).toEqual([]);
  });
});

describe("the component", () => {
  test("its arguments are recorded where rules see them, and its outputs name policy and role", async () => {
    const component = resourceOf(await record(), "keybuzz:vault:Access", "backend-vault");
    expect(component.inputs).toEqual({
      environment: "dev",
      prefix: "keybuzz/dev",
      consumer: "backend",
      entries: ["secret/keybuzz/dev/backend/ops-key", "secret/keybuzz/dev/backend/postgres"],
      login: machine,
    });
    expect(component.outputs).toEqual({ policyName: "keybuzz-dev-backend", roleName: "keybuzz-dev-backend" });
    const { result } = await recordProgram(() => new VaultAccess("backend-vault", args));
    expect(result.policyName).toBe("keybuzz-dev-backend");
    expect(result.roleName).toBe("keybuzz-dev-backend");
  });

  test("a preview shows all of it", async () => {
    for (const login of [pod, machine]) {
      const clear = clearStrings((await record({ login }, true)).map(({ inputs }) => inputs));
      expect(clear.filter(({ text }) => text === UNKNOWN)).toEqual([]);
    }
  });

  test("two environments share no policy, role or entry", async () => {
    const prod = {
      environment: { name: "prod", production: true },
      prefix: "keybuzz/prod",
      entries: [{ mount: "secret", entryName: "keybuzz/prod/backend/postgres" }],
    };
    const claims = (resources: RecordedResource[]) => [
      ...resourcesOf(resources, POLICY).flatMap(({ inputs }) => [
        inputs.name,
        ...Object.keys(parsed(inputs.policy)),
      ]),
      ...resourcesOf(resources, APPROLE).map(({ inputs }) => inputs.roleName),
    ];
    const others = claims(await record(prod));
    expect(claims(await record()).filter((claim) => others.includes(claim))).toEqual([
      "auth/token/renew-self",
    ]);
  });
});

describe("validation", () => {
  const entry = (entryName: string) => ({ entries: [{ mount: "secret", entryName }] });
  const cases: { why: string; given: Partial<VaultAccessArgs>; want: string }[] = [
    { why: "a consumer is a name", given: { consumer: "*" }, want: "consumer: is" },
    { why: "another environment's prefix", given: { prefix: "keybuzz/prod" }, want: "prefix: is" },
    { why: "nothing to read", given: { entries: [] }, want: "at least one entry" },
    { why: "another environment's entry", given: entry("keybuzz/prod/ses"), want: "entries[0]: is" },
    { why: "a prefix that only begins alike", given: entry("keybuzz/dev2/ses"), want: "entries[0]: is" },
    { why: "a wildcard", given: entry("keybuzz/dev/*"), want: "entries[0]: is" },
    { why: "a wildcard for one part", given: entry("keybuzz/dev/+/ses"), want: "entries[0]: is" },
    { why: "a path that climbs", given: entry("keybuzz/dev/../prod/ses"), want: "entries[0]: is" },
    {
      why: "the auth method's path",
      given: { login: { ...pod, backend: "auth/kubernetes/" } },
      want: "login.backend",
    },
    {
      why: "any service account",
      given: { login: { ...pod, serviceAccount: "*" } },
      want: "login.serviceAccount",
    },
    { why: "any namespace", given: { login: { ...pod, namespace: "*" } }, want: "login.namespace" },
    {
      why: "a token without an end",
      given: { login: { ...pod, tokenTtl: 0 } },
      want: "login.tokenTtl: is 0",
    },
    {
      why: "a token for a week",
      given: { login: { ...pod, tokenMaxTtl: 604800 } },
      want: "login.tokenMaxTtl",
    },
    {
      why: "it could never be renewed",
      given: { login: { ...pod, tokenTtl: 7200 } },
      want: "at most tokenMaxTtl, 3600",
    },
    { why: "bound to nothing", given: { login: { ...machine, boundTo: [] } }, want: "login.boundTo: is []" },
    {
      why: "no address",
      given: { login: { ...machine, boundTo: ["backend-01"] } },
      want: "login.boundTo[0]",
    },
    {
      why: "the whole network",
      given: { login: { ...machine, boundTo: ["10.0.0.0/16"] } },
      want: "no wider than /24",
    },
    { why: "anywhere", given: { login: { ...machine, boundTo: ["0.0.0.0/0"] } }, want: "no wider than /24" },
    {
      why: "a secret id without an end",
      given: { login: { ...machine, secretIdTtl: 0 } },
      want: "login.secretIdTtl",
    },
    {
      why: "a secret id for a year",
      given: { login: { ...machine, secretIdTtl: 31536000 } },
      want: "login.secretIdTtl",
    },
    {
      why: "logins without an end",
      given: { login: { ...machine, secretIdUses: 0 } },
      want: "login.secretIdUses",
    },
    {
      why: "too many logins",
      given: { login: { ...machine, secretIdUses: 1001 } },
      want: "login.secretIdUses",
    },
  ];
  test.each(cases)("$want is refused: $why", async ({ given, want }) => {
    await expect(record(given)).rejects.toThrow(want);
    await expect(record(given)).rejects.toBeInstanceOf(pulumi.RunError);
  });

  test("every problem is reported at once", async () => {
    const given = { consumer: "", prefix: "x", entries: [], login: { ...machine, boundTo: [] } };
    await expect(record(given)).rejects.toThrow("Vault access backend-vault has 4 problems");
  });
});
