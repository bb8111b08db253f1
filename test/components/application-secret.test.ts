/**
 * Proves how an application secret is cut: credentials into Secret and Vault, plain facts into a ConfigMap;
 * nothing that was read is written back, no credential is ever in clear, and any change of a value changes
 * the checksum that rolls the pods.
 */
import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { Provider as VaultProvider } from "@pulumi/vault/provider";
import { describe, expect, test } from "vitest";
import { ApplicationSecret, type ApplicationSecretArgs } from "../../components/application-secret";
import { VaultEntry, type VaultEntryReference } from "../../components/vault-entry";
import {
  clearStrings,
  nameOf,
  type RecordedResource,
  readOutput,
  recordProgram,
  resourceOf,
  resourcesOf,
  UNKNOWN,
} from "../support/mocks";

const SECRET = "kubernetes:core/v1:Secret";
const CONFIG = "kubernetes:core/v1:ConfigMap";
const ENTRY = "vault:kv/secretV2:SecretV2";
const KEY = "random:index/randomPassword:RandomPassword";

const environment = { name: "dev", production: false };
const vault = { mount: "secret", prefix: "keybuzz/dev", path: "api/postgres" };
const plain = { PGHOST: "10.0.0.10", PGPORT: "5432", PGDATABASE: "keybuzz_dev", PGUSER: "keybuzz_dev_app_a" };
const base = {
  environment,
  secretName: "keybuzz-api-postgres",
  namespace: { name: "keybuzz-api-dev", ready: [] },
};

type Given = Partial<ApplicationSecretArgs>;

async function record(
  given: Given | ((stripe: VaultEntryReference) => Given),
  { data = {}, preview = false }: { data?: Record<string, string>; preview?: boolean } = {},
) {
  return recordProgram(
    async () => {
      const vaultProvider = new VaultProvider("vault", { address: "https://10.0.0.150:8200" });
      const kubernetesProvider = new kubernetes.Provider("kubernetes", { enableSecretMutable: true });
      const reference = () =>
        VaultEntry.read({ environment, ...vault, path: "stripe" }, { provider: vaultProvider });
      const args = typeof given === "function" ? given(reference()) : given;
      const made = new ApplicationSecret(
        "api-postgres",
        { ...base, ...args },
        { providers: [vaultProvider, kubernetesProvider] },
      );
      const { secretName, configMapName, namespace, vaultEntry, resources } = made;
      const checksum = preview ? undefined : await readOutput(made.checksum);
      return { secretName, configMapName, namespace, entryName: vaultEntry?.entryName, resources, checksum };
    },
    { preview, invoke: (_token, inputs) => ({ ...inputs, data }) },
  );
}

const password = () => ({ PGPASSWORD: pulumi.secret("opensesame") });
const own = () => ({ plain, secret: password(), vault });

/** What stands in clear anywhere, component inputs and outputs included. */
function clearTexts(resources: RecordedResource[]): string[] {
  return clearStrings(resources.map(({ inputs, outputs }) => [inputs, outputs ?? {}])).map(
    ({ text }) => text,
  );
}

describe("own values", () => {
  const metadata = {
    name: "keybuzz-api-postgres",
    namespace: "keybuzz-api-dev",
    labels: { "keybuzz.io/environment": "dev", "app.kubernetes.io/managed-by": "pulumi" },
  };

  test("the credential alone goes into the Secret, the plain facts into a ConfigMap of the same name", async () => {
    const { resources, result } = await record(own());
    const secret = resourceOf(resources, SECRET, "api-postgres-secret");
    expect(secret.inputs).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      type: "Opaque",
      stringData: { secret: { PGPASSWORD: "opensesame" } },
    });
    const config = resourceOf(resources, CONFIG, "api-postgres-config");
    expect(config.inputs).toEqual({ apiVersion: "v1", kind: "ConfigMap", metadata, data: plain });
    for (const { parent, provider } of [secret, config]) {
      expect({ parent, provider }).toEqual({ parent: "api-postgres", provider: "kubernetes" });
    }
    expect(result).toMatchObject({
      secretName: "keybuzz-api-postgres",
      configMapName: "keybuzz-api-postgres",
      namespace: "keybuzz-api-dev",
      entryName: "keybuzz/dev/api/postgres",
    });
    expect(result.resources).toHaveLength(2);
  });

  test("a paired variable stands in the Secret too, so that no pod takes it with the former credential", async () => {
    const { resources } = await record({ ...own(), paired: ["PGUSER"] });
    expect(resourceOf(resources, SECRET).inputs.stringData).toEqual({
      secret: { PGPASSWORD: "opensesame", PGUSER: "keybuzz_dev_app_a" },
    });
    expect(resourceOf(resources, CONFIG).inputs.data).toEqual(plain);
    expect(resourceOf(resources, ENTRY).inputs.dataJson).toEqual({ secret: '{"PGPASSWORD":"opensesame"}' });
    const component = resourceOf(resources, "keybuzz:secrets:ApplicationSecret");
    expect(component.inputs.paired).toEqual(["PGUSER"]);
  });

  test("a paired variable stands beside values of an existing entry likewise", async () => {
    const { resources } = await record(
      (entry) => ({ plain: { USER: "mail" }, paired: ["USER"], existing: { entry } }),
      { data: { PASSWORD: "opensesame" } },
    );
    expect(resourceOf(resources, SECRET).inputs.stringData).toEqual({
      secret: { PASSWORD: "opensesame", USER: "mail" },
    });
  });

  test("what is paired is plain, and stands beside a credential", async () => {
    const unknown = record({ ...own(), paired: ["PGUSR"] });
    await expect(unknown).rejects.toThrow('paired: is "PGUSR", must be a name from plain');
    const alone = record({ plain, paired: ["PGUSER"] });
    await expect(alone).rejects.toThrow('paired: is "PGUSER", must be a name from plain');
  });

  test("the credential stands in a Vault entry of the secret's own", async () => {
    const { resources } = await record(own());
    const entry = resourceOf(resources, ENTRY, "api-postgres-vault-entry");
    expect(entry.inputs).toMatchObject({
      mount: "secret",
      name: "keybuzz/dev/api/postgres",
      dataJson: { secret: '{"PGPASSWORD":"opensesame"}' },
      customMetadata: { data: { consumer: "keybuzz-api-postgres" } },
    });
    expect(entry).toMatchObject({ parent: "api-postgres-vault", provider: "vault" });
    expect(resourceOf(resources, "keybuzz:vault:Entry").parent).toBe("api-postgres");
  });

  test("the entry may have keys and a consumer of its own", async () => {
    const values = { access_key: "AKIA1", secret_key: pulumi.secret("opensesame"), region: "eu-west-1" };
    const { resources } = await record({
      secret: { AWS_SES_SECRET_ACCESS_KEY: pulumi.secret("opensesame") },
      vault: { ...vault, path: "ses", consumer: "keybuzz-outbound-worker", values },
    });
    expect(resourceOf(resources, ENTRY).inputs).toMatchObject({
      dataJson: { secret: '{"access_key":"AKIA1","region":"eu-west-1","secret_key":"opensesame"}' },
      customMetadata: { data: { consumer: "keybuzz-outbound-worker" } },
    });
    expect(resourceOf(resources, SECRET).inputs.stringData).toEqual({
      secret: { AWS_SES_SECRET_ACCESS_KEY: "opensesame" },
    });
  });

  test("a value is secret even when nobody marked it so, and stands nowhere in clear", async () => {
    for (const secret of [password(), { PGPASSWORD: "opensesame" }]) {
      const { resources } = await record({ ...own(), secret });
      for (const text of clearTexts(resources)) expect(text).not.toContain("opensesame");
    }
  });

  test("without plain facts there is no ConfigMap, without credentials no Secret, entry or key", async () => {
    const credentials = await record({ secret: password(), vault });
    expect(resourcesOf(credentials.resources, CONFIG)).toEqual([]);
    expect(credentials.result.configMapName).toBeUndefined();
    expect(credentials.result.resources).toHaveLength(1);
    const facts = await record({ plain });
    for (const type of [SECRET, ENTRY, KEY]) expect(resourcesOf(facts.resources, type)).toEqual([]);
    expect(facts.result.secretName).toBeUndefined();
    expect(facts.result.entryName).toBeUndefined();
    expect(facts.result.resources).toHaveLength(1);
  });

  test("both objects wait for the namespace to be ready, and with the entry for the login", async () => {
    const { resources } = await recordProgram(() => {
      const ready = new VaultProvider("quota", { address: "https://127.0.0.1" });
      const login = new VaultProvider("login", { address: "https://127.0.0.1" });
      const namespace = { name: "keybuzz-api-dev", ready: [ready] };
      return new ApplicationSecret("api-postgres", { ...base, ...own(), namespace, after: [login] });
    });
    for (const type of [SECRET, CONFIG]) {
      expect(resourceOf(resources, type).dependencies.map(nameOf).sort()).toEqual(["login", "quota"]);
    }
    expect(resourceOf(resources, ENTRY).dependencies.map(nameOf)).toEqual(["login"]);
  });

  test("in a preview the ConfigMap and every name are known", async () => {
    const { resources } = await record(own(), { preview: true });
    for (const type of [CONFIG, ENTRY, SECRET]) {
      expect(clearStrings(resourceOf(resources, type).inputs).map(({ text }) => text)).not.toContain(UNKNOWN);
    }
  });
});

describe("values of an existing entry", () => {
  const data = { STRIPE_SECRET_KEY: "sk_1", STRIPE_WEBHOOK_SECRET: "whsec_1" };

  test("all of them go into the Secret when no keys are named, and none back into Vault", async () => {
    const { resources, invokes } = await record((entry) => ({ existing: { entry } }), { data });
    expect(resourceOf(resources, SECRET).inputs.stringData).toEqual({ secret: data });
    expect(resourcesOf(resources, ENTRY)).toEqual([]);
    expect(invokes.map(({ inputs }) => inputs.name)).toEqual(["keybuzz/dev/stripe"]);
    for (const text of clearTexts(resources)) expect(Object.values(data)).not.toContain(text);
  });

  test("the Secret says which entry they come from, and a Secret of own values says nothing", async () => {
    const source = { "keybuzz.io/vault-entry": "secret/keybuzz/dev/stripe" };
    const taken = await record((entry) => ({ existing: { entry } }), { data });
    expect(resourceOf(taken.resources, SECRET).inputs.metadata).toMatchObject({ annotations: source });
    const own = await record(() => ({ secret: { NEXTAUTH_SECRET: "opensesame" }, vault }), { data });
    expect(resourceOf(own.resources, SECRET).inputs.metadata).not.toHaveProperty("annotations");
  });

  test("only the named ones go in, under the names given", async () => {
    const some = await record((entry) => ({ existing: { entry, keys: ["STRIPE_SECRET_KEY"] } }), { data });
    expect(resourceOf(some.resources, SECRET).inputs.stringData).toEqual({
      secret: { STRIPE_SECRET_KEY: "sk_1" },
    });
    const renamed = await record((entry) => ({ existing: { entry, keys: { SMTP_USER: "user" } } }), {
      data: { user: "mailer" },
    });
    expect(resourceOf(renamed.resources, SECRET).inputs.stringData).toEqual({
      secret: { SMTP_USER: "mailer" },
    });
  });

  test("own values stand beside them, and only own values go into the own entry", async () => {
    const { resources } = await record(
      (entry) => ({ existing: { entry }, secret: { NEXTAUTH_SECRET: "opensesame" }, vault }),
      { data },
    );
    expect(resourceOf(resources, SECRET).inputs.stringData).toEqual({
      secret: { ...data, NEXTAUTH_SECRET: "opensesame" },
    });
    expect(resourceOf(resources, ENTRY).inputs.dataJson).toEqual({
      secret: '{"NEXTAUTH_SECRET":"opensesame"}',
    });
  });

  test("in a preview they are unknown, and fail no check", async () => {
    const { resources } = await recordProgram(
      () => {
        const entry = VaultEntry.read({ environment, ...vault, path: "stripe" }, {});
        new ApplicationSecret("all", { ...base, plain, existing: { entry } });
        new ApplicationSecret("some", { ...base, existing: { entry, keys: ["STRIPE_SECRET_KEY"] } });
      },
      { preview: true },
    );
    for (const { inputs } of resourcesOf(resources, SECRET)) expect(inputs.stringData).toBe(UNKNOWN);
    expect(resourceOf(resources, CONFIG).inputs.data).toEqual(plain);
  });

  test("the component names entry and keys where rules see them", async () => {
    const type = "keybuzz:secrets:ApplicationSecret";
    const all = await record((entry) => ({ existing: { entry } }), { data });
    expect(resourceOf(all.resources, type).inputs).toEqual({
      environment: "dev",
      secretName: "keybuzz-api-postgres",
      namespace: "keybuzz-api-dev",
      plain: {},
      secretKeys: [],
      existingEntry: "secret/keybuzz/dev/stripe",
    });
    const some = await record(
      (entry) => ({ ...own(), existing: { entry, keys: { A: "STRIPE_SECRET_KEY" } } }),
      {
        data,
      },
    );
    expect(resourceOf(some.resources, type).inputs).toMatchObject({
      plain,
      secretKeys: ["PGPASSWORD"],
      vaultEntry: "secret/keybuzz/dev/api/postgres",
      existingKeys: { A: "STRIPE_SECRET_KEY" },
    });
  });
});

describe("the checksum", () => {
  const checksum = async (given: Parameters<typeof record>[0], data = {}) =>
    (await record(given, { data })).result.checksum;

  test("it is known to everybody, and is no plain hash of the values", async () => {
    const seen = await checksum(own());
    expect(seen).toEqual({ value: expect.stringMatching(/^[0-9a-f]{64}$/), secret: false });
    for (const text of [
      "opensesame",
      JSON.stringify(["PGPASSWORD", "opensesame"]),
      '{"PGPASSWORD":"opensesame"}',
    ]) {
      expect(seen?.value).not.toBe(createHash("sha256").update(text).digest("hex"));
    }
    const { resources } = await record(own());
    const key = resourceOf(resources, KEY, "api-postgres-checksum-key");
    expect(key.inputs).toEqual({ length: 40, special: false });
    expect(resourceOf(resources, "keybuzz:secrets:ApplicationSecret").outputs).toEqual({
      checksum: seen?.value,
    });
  });

  test("it changes with every value and every name, and not with their order", async () => {
    const before = await checksum(own());
    expect(await checksum(own())).toEqual(before);
    const reversed = Object.fromEntries(Object.entries(plain).reverse());
    expect(await checksum({ ...own(), plain: reversed })).toEqual(before);
    for (const changed of [
      { ...own(), secret: { PGPASSWORD: "other" } },
      { ...own(), secret: { PGPASS: "opensesame" } },
      { ...own(), plain: { ...plain, PGUSER: "keybuzz_dev_app_b" } },
      { ...own(), plain: { PGHOST: "10.0.0.10" } },
    ]) {
      expect(await checksum(changed)).not.toEqual(before);
    }
  });

  test("it changes with a value of an existing entry", async () => {
    const given = (entry: VaultEntryReference) => ({ existing: { entry } });
    expect(await checksum(given, { A: "1" })).not.toEqual(await checksum(given, { A: "2" }));
  });

  test("plain facts alone give one that a preview knows", async () => {
    const one = await checksum({ plain });
    expect(one?.secret).toBe(false);
    expect(await checksum({ plain: { ...plain, PGPORT: "5433" } })).not.toEqual(one);
  });
});

describe("validation", () => {
  const cases: { why: string; given: Given; want: string }[] = [
    { why: "a name that Kubernetes takes", given: { secretName: "Keybuzz_API" }, want: "secretName: is" },
    {
      why: "a name that Kubernetes takes",
      given: { namespace: { name: "", ready: [] } },
      want: "namespace: is",
    },
    {
      why: "a shell could not set it",
      given: { plain: { "PG-HOST": "x" } },
      want: 'plain: name: is "PG-HOST"',
    },
    { why: "a shell could not set it", given: { secret: { "1PG": "x" }, vault }, want: "secret: name" },
    {
      why: "one variable has one value",
      given: { plain: { A: "1" }, secret: { A: "2" }, vault },
      want: 'variable: is "A"',
    },
    { why: "nothing to declare", given: {}, want: "one of them at least" },
    { why: "an empty map says nothing", given: { plain: {} }, want: "plain: is {}" },
    { why: "an empty map says nothing", given: { secret: {}, vault }, want: "secret: is {}" },
    {
      why: "own credentials stand in Vault",
      given: { secret: { A: "1" } },
      want: "say where in Vault they stand",
    },
    { why: "there is nothing to write", given: { plain, vault }, want: "never written back" },
    {
      why: "another environment's prefix",
      given: { secret: { A: "1" }, vault: { ...vault, prefix: "keybuzz/prod" } },
      want: "vault.prefix: is",
    },
    {
      why: "a path cannot climb",
      given: { secret: { A: "1" }, vault: { ...vault, path: "../x" } },
      want: "vault.path",
    },
  ];
  test.each(cases)("$want is refused: $why", async ({ given, want }) => {
    await expect(record(given)).rejects.toThrow(want);
    await expect(record(given)).rejects.toBeInstanceOf(pulumi.RunError);
  });

  const existingCases: { why: string; given: (entry: VaultEntryReference) => Given; want: string }[] = [
    {
      why: "what is read is not written",
      given: (entry) => ({ existing: { entry }, vault }),
      want: "never written back",
    },
    {
      why: "no keys would mean no values",
      given: (entry) => ({ existing: { entry, keys: [] } }),
      want: "existing.keys: is []",
    },
    {
      why: "a shell could not set it",
      given: (entry) => ({ existing: { entry, keys: { "a-b": "x" } } }),
      want: 'existing.keys: name: is "a-b"',
    },
    {
      why: "one variable has one value",
      given: (entry) => ({ plain: { A: "1" }, existing: { entry, keys: ["A"] } }),
      want: 'variable: is "A"',
    },
  ];
  test.each(existingCases)("$want is refused: $why", async ({ given, want }) => {
    await expect(record(given, { data: { A: "1" } })).rejects.toThrow(want);
  });

  test("a variable that an unnamed key of an existing entry sets too is found when it is read", async () => {
    const both = record((entry) => ({ plain: { A: "1" }, existing: { entry } }), {
      data: { A: "opensesame" },
    });
    await expect(both).rejects.toThrow(
      /(?<!opensesame.*)A: given, and in Vault entry secret\/keybuzz\/dev\/stripe too; keep one of them$/,
    );
    const own = { secret: { A: "1" }, vault };
    const again = record((entry) => ({ ...own, existing: { entry } }), { data: { A: "2" } });
    await expect(again).rejects.toThrow("A: given");
  });

  test("every problem is reported at once, and never a value", async () => {
    const given = { secretName: "", secret: { "a b": "opensesame" }, plain: { "c d": "x" } };
    const message = await record(given).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(message).toContain("Application secret api-postgres has 4 problems");
    expect(message).not.toContain("opensesame");
  });
});
