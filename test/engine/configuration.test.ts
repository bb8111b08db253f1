/** An environment's configuration reaches the program as the official CLI hands it over; secrets stay secret. */
import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { EngineError } from "../../engine/diagnostic";
import { applyOverride, parseOverride } from "../../engine/project/overrides";
import { decrypterFor } from "../../engine/project/passphrase";
import { secret, UNKNOWN } from "../../engine/property/values";
import { declare, makeProject, named, trial } from "../support/project";

/** Pulumi's own test vector (pkg/secrets/passphrase), for the passphrase "password". */
const SALT = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==";

/** Encrypts as Pulumi does, so that a test can make a file of its own. */
function encrypter(passphrase: string): { salt: string; encrypt: (text: string) => string } {
  const salt = randomBytes(8);
  const key = pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256");
  const encrypt = (text: string): string => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  };
  return { salt: `v1:${salt.toString("base64")}:${encrypt("pulumi")}`, encrypt };
}

const program = `
import * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";
const config = new pulumi.Config();
export = () => {
  const token = config.requireSecret("token");
  new k8s.core.v1.ConfigMap("map", { data: {
    token,
    header: pulumi.interpolate\`Bearer \${token}\`,
    base64: token.apply((t) => Buffer.from("user:" + t).toString("base64")),
    plain: config.require("plain"),
  } });
};`;

describe("secrets of a configuration file", () => {
  const { salt, encrypt } = encrypter("correct horse");
  const root = (): string =>
    makeProject({
      "index.ts": program,
      "Pulumi.dev.yaml": `encryptionsalt: ${salt}\nconfig:\n  trial:token: { secure: "${encrypt("canary-4711")}" }\n  plain: seen\n`,
    });

  it("are unknown secrets without a passphrase, wherever the program puts them", async () => {
    const declaration = await declare(root());
    expect(declaration.outcome).toBe("succeeded");
    expect(declaration.diagnostics).toEqual([]);
    expect(named(declaration, "map").inputs.data).toEqual({
      token: secret(UNKNOWN),
      header: secret(UNKNOWN),
      base64: secret(UNKNOWN),
      plain: "seen",
    });
  });

  it("are decrypted with the passphrase, and stay wrapped", async () => {
    const declaration = await declare(root(), {
      processEnvironment: { PULUMI_CONFIG_PASSPHRASE: "correct horse" },
    });
    expect(named(declaration, "map").inputs.data).toMatchObject({
      token: secret("canary-4711"),
      header: secret("Bearer canary-4711"),
    });
  });

  const careless = `
import * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";
const token = new pulumi.Config().require("token");
console.log("printed", token);
new k8s.core.v1.ConfigMap(\`map-\${token}\`, { data: {
  [token]: "x", plain: token, json: JSON.stringify({ token }), base64: Buffer.from("u:" + token).toString("base64"),
} });
k8s.core.v1.Secret.get("read", token);
export const output = token;
if (pulumi.getStack() === "prod") throw new Error(token);`;

  it("are blanked where the program uses them as plain text, with and without a passphrase", async () => {
    const file = `encryptionsalt: ${salt}\nconfig:\n  trial:token: { secure: "${encrypt("canary-4711")}" }\n`;
    const files = { "index.ts": careless, "Pulumi.dev.yaml": file, "Pulumi.prod.yaml": file };
    for (const processEnvironment of [{}, { PULUMI_CONFIG_PASSPHRASE: "correct horse" }]) {
      const { declarations } = await trial(makeProject(files), { processEnvironment });
      const text = JSON.stringify(declarations);
      expect(text).toContain("::map-[secret]");
      expect(text).toContain("printed [secret]");
      expect(text).toContain("Error: [secret]");
      expect(text).not.toMatch(/canary|locked-|Y2FuYXJ5|NhbmFye|jYW5hcn/);
    }
  });

  it("stay locked with a wrong passphrase, and a warning says so", async () => {
    const declaration = await declare(root(), { processEnvironment: { PULUMI_CONFIG_PASSPHRASE: "wrong" } });
    expect(declaration.outcome).toBe("succeeded");
    expect(declaration.diagnostics).toEqual([
      {
        severity: "warning",
        message: expect.stringContaining("Pulumi.dev.yaml: the passphrase is not the one"),
      },
    ]);
  });

  for (const officialRunner of [false, true]) {
    it(`are unknown as numbers, truth values and structures too (${officialRunner ? "official" : "shared"})`, async () => {
      const locked = `{ secure: "${encrypt("5432")}" }`;
      const root = makeProject({
        "Pulumi.dev.yaml": `encryptionsalt: ${salt}\nconfig:\n  port: ${locked}\n  on: ${locked}\n  map: ${locked}\n`,
        "index.ts": `
import * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";
const config = new pulumi.Config();
export = () => {
  const port = config.requireSecretNumber("port");
  new k8s.core.v1.ConfigMap("map", { data: {
    port: port.apply((n) => String(n + 1)),
    on: pulumi.interpolate\`\${config.getSecretBoolean("on")}\`,
    deep: config.requireSecretObject<{ a: { b: string } }>("map").a.b,
    plain: config.requireObject<{ a: string }>("map").a,
  } });
};`,
      });
      const declaration = await declare(root, { officialRunner });
      expect(declaration.diagnostics).toEqual([]);
      const unknown = { port: UNKNOWN, on: UNKNOWN, deep: UNKNOWN, plain: UNKNOWN };
      expect(named(declaration, "map").inputs.data).toEqual(unknown);
    });
  }

  it("are reported by key, not by value, when one of them cannot be decrypted", async () => {
    const broken = makeProject({
      "index.ts": program,
      "Pulumi.dev.yaml": `encryptionsalt: ${salt}\nconfig:\n  trial:token: { secure: "v1:AAAA:BBBB" }\n`,
    });
    const options = { processEnvironment: { PULUMI_CONFIG_PASSPHRASE: "correct horse" } };
    await expect(declare(broken, options)).rejects.toThrow(
      "Pulumi.dev.yaml: trial:token: the secret cannot be decrypted",
    );
  });
});

it("reads Pulumi's own test vector", async () => {
  expect(await decrypterFor(SALT, "password")).toBeDefined();
  expect(await decrypterFor(SALT, "Password")).toBeUndefined();
  expect(await decrypterFor("nonsense", "password")).toBeUndefined();
});

it("takes defaults from Pulumi.yaml, and lays the environment's file over them", async () => {
  const declaration = await declare(
    makeProject({
      "Pulumi.yaml":
        "name: trial\nruntime: nodejs\nconfig:\n  a: { default: 1 }\n  b: two\n  aws:region: { value: eu-west-1 }\n",
      "Pulumi.dev.yaml": "config:\n  trial:b: { deep: [true] }\n",
      "index.ts": 'import { runtime } from "@pulumi/pulumi"; export = () => runtime.allConfig();',
    }),
  );
  expect(declaration.outputs).toEqual({
    "trial:a": "1",
    "trial:b": '{"deep":[true]}',
    "aws:region": "eu-west-1",
  });
});

it("reads numbers and empty entries as Pulumi's CLI does", async () => {
  const declaration = await declare(
    makeProject({
      "Pulumi.dev.yaml":
        "config:\n  octal: 0123\n  binary: 0b11\n  long: 12345678901234567890\n  grouped: 1_000\n  none:\n",
      "index.ts": 'import { runtime } from "@pulumi/pulumi"; export = () => runtime.allConfig();',
    }),
  );
  expect(declaration.outputs).toEqual({
    "trial:octal": "83",
    "trial:binary": "3",
    "trial:long": "12345678901234567890",
    "trial:grouped": "1000",
    "trial:none": "",
  });
});

describe("--config", () => {
  const before = { "trial:w": { api: { replicas: 1, hosts: ["a"] } }, "trial:plain": "x" };
  const lay = (text: string): Record<string, unknown> => applyOverride(before, parseOverride(text, "trial"));
  const cases = [
    { name: "a top-level text", given: "plain=y=z", want: { ...before, "trial:plain": "y=z" } },
    {
      name: "another namespace",
      given: "aws:region=eu-west-1",
      want: { ...before, "aws:region": "eu-west-1" },
    },
    {
      name: "a key in the long form",
      given: "trial:config:plain=y",
      want: { ...before, "trial:plain": "y" },
    },
    {
      name: "a number at a path",
      given: "trial:w.api.replicas=3",
      want: { ...before, "trial:w": { api: { replicas: 3, hosts: ["a"] } } },
    },
    {
      name: "an entry of a list",
      given: "w.api.hosts[1]=b",
      want: { ...before, "trial:w": { api: { replicas: 1, hosts: ["a", "b"] } } },
    },
    {
      name: "a quoted key, and JSON",
      given: 'w.api["a.b"]={"c":[true]}',
      want: { ...before, "trial:w": { api: { replicas: 1, hosts: ["a"], "a.b": { c: [true] } } } },
    },
    {
      name: "a path that makes its maps",
      given: "new.a.b=true",
      want: { ...before, "trial:new": { a: { b: true } } },
    },
  ];
  for (const { name, given, want } of cases) {
    it(`lays ${name} over the file, and leaves the rest`, () => {
      const copy = structuredClone(before);
      expect(lay(given)).toEqual(want);
      expect(before).toEqual(copy);
    });
  }

  const refused = ["plain", "=x", "w.api.replicas.deep=1", "w.api.hosts[7]=x", "w.[=x", "w.api[0]=x"];
  for (const text of refused) {
    it(`refuses ${text}`, () => {
      expect(() => lay(text)).toThrow(EngineError);
    });
  }

  it("keeps a laid-over secret secret", async () => {
    const root = makeProject({
      "index.ts": program,
      "Pulumi.dev.yaml": 'config:\n  trial:token: { secure: "v1:AAAA:BBBB" }\n  plain: x\n',
    });
    const declaration = await declare(root, { overrides: ["token=from-the-command-line"] });
    expect(named(declaration, "map").inputs.data).toMatchObject({ token: secret("from-the-command-line") });
  });
});
