/**
 * Proves that a Vault entry stands below its environment's prefix and nowhere else, that no value is ever in
 * clear, and that what is read from an existing entry is secret and never written back.
 */
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/vault/provider";
import { describe, expect, test } from "vitest";
import { VaultEntry, type VaultEntryArgs, type VaultLocation } from "../../components/vault-entry";
import {
  clearStrings,
  nameOf,
  type RecordedResource,
  readOutput,
  recordProgram,
  recordResources,
  resourceOf,
  resourcesOf,
  UNKNOWN,
} from "../support/mocks";

const SECRET = "vault:kv/secretV2:SecretV2";

const location: VaultLocation = {
  environment: { name: "dev", production: false },
  mount: "secret",
  prefix: "keybuzz/dev",
  path: "backend/postgres",
};
const args: VaultEntryArgs = {
  ...location,
  consumer: "backend",
  values: { PGUSER: "keybuzz_dev_app_a", PGPASSWORD: pulumi.secret("opensesame") },
};

function record(changed: Partial<VaultEntryArgs> = {}, preview = false): Promise<RecordedResource[]> {
  return recordResources(
    () => {
      const vault = new Provider("vault", { address: "https://10.0.0.150:8200" });
      return new VaultEntry("backend-postgres", { ...args, ...changed }, { provider: vault });
    },
    { preview },
  );
}

/** Runs `read` against an entry that holds `data`. */
function recordRead<T>(read: (entry: ReturnType<typeof VaultEntry.read>) => T, data: Record<string, string>) {
  return recordProgram(
    async () => {
      const provider = new Provider("vault", { address: "https://10.0.0.150:8200" });
      return await read(VaultEntry.read({ ...location, path: "stripe" }, { provider }));
    },
    { invoke: (_token, inputs) => ({ ...inputs, data }) },
  );
}

describe("an entry of the program's own", () => {
  test("it is written below the prefix, with its values secret and its keys sorted", async () => {
    const entry = resourceOf(await record(), SECRET);
    expect(entry).toMatchObject({
      name: "backend-postgres-entry",
      parent: "backend-postgres",
      provider: "vault",
    });
    expect(entry.inputs).toEqual({
      mount: "secret",
      name: "keybuzz/dev/backend/postgres",
      dataJson: { secret: '{"PGPASSWORD":"opensesame","PGUSER":"keybuzz_dev_app_a"}' },
      deleteAllVersions: false,
      customMetadata: { data: { environment: "dev", consumer: "backend", "managed-by": "pulumi" } },
    });
  });

  test("values are secret even when nobody marked them so", async () => {
    const entry = resourceOf(await record({ values: { token: "plain text" } }), SECRET);
    expect(entry.inputs.dataJson).toEqual({ secret: '{"token":"plain text"}' });
  });

  test("what is plain is written beside the values, and shows on the component even in a preview", async () => {
    const changed = { plain: { PGDATABASE: "keybuzz_dev" }, values: { PGPASSWORD: "opensesame" } };
    expect(resourceOf(await record(changed), SECRET).inputs.dataJson).toEqual({
      secret: '{"PGDATABASE":"keybuzz_dev","PGPASSWORD":"opensesame"}',
    });
    const component = resourceOf(await record(changed, true), "keybuzz:vault:Entry");
    expect(component.inputs).toMatchObject({
      keys: ["PGDATABASE", "PGPASSWORD"],
      plain: { PGDATABASE: "keybuzz_dev" },
    });
  });

  test("a key is plain or secret, not both, and has the same form in either", async () => {
    const twice = record({ plain: { PGPASSWORD: "x" } });
    await expect(twice).rejects.toThrow('plain: key: is "PGPASSWORD", must be in one of plain and values');
    await expect(record({ plain: { "a b": "x" } })).rejects.toThrow("letters, digits, dots");
  });

  test("the component shows keys and place, and no value", async () => {
    const resources = await record();
    const component = resourceOf(resources, "keybuzz:vault:Entry", "backend-postgres");
    expect(component.inputs).toEqual({
      environment: "dev",
      mount: "secret",
      entryName: "keybuzz/dev/backend/postgres",
      consumer: "backend",
      keys: ["PGPASSWORD", "PGUSER"],
    });
    expect(component.outputs).toEqual({ mount: "secret", entryName: "keybuzz/dev/backend/postgres" });
    for (const { text } of clearStrings(resources.map(({ inputs, outputs }) => [inputs, outputs ?? {}]))) {
      expect(text).not.toContain("opensesame");
    }
  });

  test("it waits for what makes its values usable", async () => {
    const resources = await recordResources(() => {
      const login = new pulumi.ComponentResource("test:index:Login", "login");
      const role = new Provider("role", { address: "https://127.0.0.1" }, { parent: login });
      return new VaultEntry("backend-postgres", { ...args, after: [role] });
    });
    expect(resourceOf(resources, SECRET).dependencies.map(nameOf)).toEqual(["role"]);
    expect(resourceOf(await record(), SECRET).dependencies).toEqual([]);
  });

  test("in a preview only a value that is not known yet hides it", async () => {
    const known = resourceOf(await record({}, true), SECRET);
    expect(clearStrings(known.inputs).map(({ text }) => text)).not.toContain(UNKNOWN);
    expect(known.inputs.name).toBe("keybuzz/dev/backend/postgres");
  });
});

describe("an entry that somebody else keeps", () => {
  const data = { STRIPE_SECRET_KEY: "sk_test_1", STRIPE_WEBHOOK_SECRET: "whsec_1" };

  test("all of its values are read as secrets, through the given provider, and nothing is written", async () => {
    const { result, resources, invokes } = await recordRead((entry) => readOutput(entry.values), data);
    expect(result).toEqual({ value: data, secret: true });
    expect(resourcesOf(resources, SECRET)).toEqual([]);
    expect(invokes).toEqual([
      {
        token: "vault:kv/getSecretV2:getSecretV2",
        inputs: { mount: "secret", name: "keybuzz/dev/stripe" },
        provider: "vault",
      },
    ]);
  });

  test("some can be taken under their own names, or under others", async () => {
    const own = await recordRead((entry) => readOutput(entry.select(["STRIPE_SECRET_KEY"])), data);
    expect(own.result).toEqual({ value: { STRIPE_SECRET_KEY: "sk_test_1" }, secret: true });
    const renamed = await recordRead((entry) => readOutput(entry.select({ KEY: "STRIPE_SECRET_KEY" })), data);
    expect(renamed.result).toEqual({ value: { KEY: "sk_test_1" }, secret: true });
  });

  test("one value can be taken alone", async () => {
    const { result } = await recordRead((entry) => readOutput(entry.value("STRIPE_WEBHOOK_SECRET")), data);
    expect(result).toEqual({ value: "whsec_1", secret: true });
  });

  test("an empty value counts as present", async () => {
    const { result } = await recordRead((entry) => readOutput(entry.value("EMPTY")), { EMPTY: "" });
    expect(result).toEqual({ value: "", secret: true });
  });

  test("a missing key fails with its name and place, and shows no value", async () => {
    const read = recordRead((entry) => {
      const keys = ["STRIPE_SECRET_KEY", "NOT_THERE", "NOR_THIS"];
      return readOutput(entry.select(keys));
    }, data);
    await expect(read).rejects.toThrow(
      /^Vault entry secret\/keybuzz\/dev\/stripe has no key NOT_THERE, NOR_THIS; add what is missing$/,
    );
  });

  test("it cannot be read outside the environment's prefix", async () => {
    const read = recordProgram(() => VaultEntry.read({ ...location, path: "../prod/stripe" }, {}));
    await expect(read).rejects.toThrow('path: is "../prod/stripe"');
  });
});

describe("validation", () => {
  const cases: { why: string; given: Partial<VaultEntryArgs>; want: string }[] = [
    { why: "a path cannot climb", given: { path: "../prod/ses" }, want: "path: is" },
    { why: "a path cannot climb inside", given: { path: "ses/../../prod" }, want: "path: is" },
    { why: "a path is relative", given: { path: "/ses" }, want: "path: is" },
    { why: "a path has no empty part", given: { path: "ses//a" }, want: "path: is" },
    { why: "a path is not empty", given: { path: "" }, want: "path: is" },
    { why: "a policy would take it for a wildcard", given: { path: "ses/*" }, want: "path: is" },
    {
      why: "another environment's prefix",
      given: { prefix: "keybuzz/prod" },
      want: "ends with the environment's",
    },
    { why: "a prefix that only sounds like it", given: { prefix: "keybuzz/xdev" }, want: "prefix: is" },
    { why: "a prefix without an environment", given: { prefix: "keybuzz" }, want: "prefix: is" },
    { why: "a prefix with slashes around", given: { prefix: "keybuzz/dev/" }, want: "prefix: is" },
    { why: "a mount with slashes around", given: { mount: "secret/" }, want: "mount: is" },
    { why: "a consumer is a name", given: { consumer: "Back End" }, want: "consumer: is" },
    { why: "nothing to keep", given: { values: {} }, want: "values: is []" },
    { why: "a key that is none", given: { values: { "a b": "x" } }, want: 'values: key: is "a b"' },
  ];
  test.each(cases)("$want is refused: $why", async ({ given, want }) => {
    await expect(record(given)).rejects.toThrow(want);
    await expect(record(given)).rejects.toBeInstanceOf(pulumi.RunError);
  });

  test("a key of a registry credential is taken", async () => {
    const entry = resourceOf(await record({ values: { ".dockerconfigjson": "{}" } }), SECRET);
    expect(entry.inputs.dataJson).toEqual({ secret: '{".dockerconfigjson":"{}"}' });
  });

  test("every problem is reported at once, and never a value", async () => {
    const message = await record({
      path: "",
      prefix: "x",
      consumer: "",
      values: { "a b": "opensesame" },
    }).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(message).toContain("Vault entry backend-postgres has 4 problems");
    expect(message).not.toContain("opensesame");
  });
});
