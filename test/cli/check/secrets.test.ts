/** Equal secrets are found wherever two environments keep them; what both may have in common is left alone. */
import { describe, expect, it } from "vitest";
import { secretDigests } from "../../../cli/check/secrets";
import type { DeclaredResource } from "../../../engine/monitor/declaration";
import {
  ASSET_SIGNATURE,
  type PropertyMap,
  type PropertyValue,
  SIGNATURE_KEY,
  secret,
  UNKNOWN,
} from "../../../engine/property/values";

const VALUE = "made-up-7d0c2b9e4f61a835";

function declared(type: string, inputs: PropertyMap, more: Partial<DeclaredResource> = {}): DeclaredResource {
  return {
    urn: `urn:pulumi:dev::shop::${type}::a`,
    type,
    name: "a",
    custom: true,
    remote: false,
    external: false,
    defaultProvider: false,
    inputs,
    outputs: inputs,
    dependencies: [],
    propertyDependencies: {},
    options: {},
    ...more,
  };
}

const kubernetesSecret = (stringData: PropertyMap) =>
  declared("kubernetes:core/v1:Secret", { stringData: secret(stringData) });
const encoded = (data: Readonly<Record<string, string>>) =>
  declared("kubernetes:core/v1:Secret", {
    data: secret(
      Object.fromEntries(
        Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
      ),
    ),
  });
const entry = (data: object) =>
  declared("vault:kv/secretV2:SecretV2", { dataJson: secret(JSON.stringify(data)) });
const setting = (name: string, value: PropertyValue) =>
  declared("kubernetes:apps/v1:Deployment", {
    spec: { template: { spec: { containers: [{ name: "a", env: [{ name, value }] }] } } },
  });
const role = (password: PropertyValue) => declared("postgresql:index/role:Role", { name: "a", password });

const digests = (resource: DeclaredResource) => secretDigests([resource]).map(({ digest }) => digest);
const places = (resource: DeclaredResource) => secretDigests([resource]).map(({ property }) => property);

describe("a secret", () => {
  const reference = digests(role(secret(VALUE)));

  const WAYS: Readonly<Record<string, readonly [resource: DeclaredResource, property: string]>> = {
    "a Secret's stringData": [kubernetesSecret({ PGPASSWORD: VALUE }), "stringData.PGPASSWORD"],
    "a Secret's data": [encoded({ PGPASSWORD: VALUE }), "data.PGPASSWORD"],
    "a Secret's value with the end of its line": [encoded({ PGPASSWORD: `${VALUE}\n` }), "data.PGPASSWORD"],
    "a Secret's value under a name that says nothing": [kubernetesSecret({ a: VALUE }), "stringData.a"],
    "JSON in an entry": [entry({ password: VALUE, host: "10.0.0.10" }), "dataJson"],
    "JSON below JSON": [entry({ settings: JSON.stringify({ token: VALUE }) }), "dataJson"],
    "a role's password": [role(VALUE), "password"],
    "a variable": [setting("API_TOKEN", VALUE), "spec.template.spec.containers[0].env[0].value"],
    "a URL": [
      kubernetesSecret({ DATABASE_URL: `postgres://a:${VALUE}@10.0.0.10/shop` }),
      "stringData.DATABASE_URL",
    ],
    "a file of settings": [
      kubernetesSecret({ ".env": `PGHOST=10.0.0.10\nPGPASSWORD=${VALUE}\n` }),
      'stringData[".env"]',
    ],
    "the keywords of a connection": [
      kubernetesSecret({ dsn: `host=10.0.0.10 user=a password=${VALUE}` }),
      "stringData.dsn",
    ],
    "an argument": [
      declared("kubernetes:core/v1:Pod", { spec: { containers: [{ args: [`--password=${VALUE}`] }] } }),
      "spec.containers[0].args[0]",
    ],
    "a provider's settings": [declared("pulumi:providers:vault", { token: secret(VALUE) }), "token"],
  };

  it.each(Object.entries(WAYS))("is the same in %s", (_, [resource, property]) => {
    expect(digests(resource)).toEqual(reference);
    expect(places(resource)).toEqual([property]);
  });

  it("is the same as it stands escaped in a URL", () => {
    const url = kubernetesSecret({ DATABASE_URL: "postgres://a:made%2Dup%40%2Fb8d1@10.0.0.10/shop" });
    expect(digests(url)).toEqual(digests(role("made-up@/b8d1")));
  });

  it("is another one when a sign differs", () => {
    expect(digests(role(`${VALUE}x`))).toHaveLength(1);
    expect(digests(role(`${VALUE}x`))).not.toEqual(reference);
  });

  it("is told by nothing of its value", () => {
    expect(JSON.stringify(secretDigests([role(secret(VALUE))]))).not.toContain("made-up");
    expect(reference[0]).toHaveLength(44);
  });

  it("is a private key beside its certificate", () => {
    const pem = (kind: string) =>
      `-----BEGIN ${kind}-----\nMIIBmadeup0123456789abcdef\n-----END ${kind}-----\n`;
    const tls = encoded({ "tls.crt": pem("CERTIFICATE"), "tls.key": pem("PRIVATE KEY") });
    expect(places(tls)).toEqual(['data["tls.key"]']);
  });

  it("is in binary data compared as it stands", () => {
    const binary = (sign: number) =>
      declared("kubernetes:core/v1:Secret", {
        data: secret({
          key: Buffer.from(Array.from({ length: 32 }, (_, index) => index * 37 + sign)).toString("base64"),
        }),
      });
    expect(digests(binary(1))).toHaveLength(1);
    expect(digests(binary(1))).not.toEqual(digests(binary(2)));
  });
});

describe("no secret", () => {
  const HARMLESS: Readonly<Record<string, string>> = {
    PGHOST: "haproxy-01.internal.example.org",
    PGPORT: "5432",
    PGUSER: "shop_application_2",
    DB_USERNAME: "Xk29dj_application",
    AWS_REGION: "eu-west-1",
    AWS_SES_FROM_EMAIL: "noreply@example.org",
    GOOGLE_CLIENT_ID: "602418-k29dm3xq8vbn.apps.googleusercontent.com",
    AZURE_AD_TENANT_ID: "0b7f2a5e-5f0a-4d3e-9c5e-2f8b1f2f7c11",
    NODE_ENV: "production",
    LOG: "information",
    CHANNEL: "#ops-alerts",
    SCHEDULE: "*/15 * * * *",
    JAVA_OPTS: "-Xmx512m -XX:+UseG1GC",
    "config.yaml": "server:\n  port: 8080\n  mode: production\n",
    CORS: "https://a.example.org,https://b.example.org",
    FEATURE_FLAGS: "new-checkout,dark-mode-2",
    TIMEOUT: "30000ms",
    SINCE: "2026-01-31",
    URL: "https://api.example.org/v1/hooks",
    STRIPE_PUBLISHABLE_KEY: "pk_test_51madeup0123456789",
    VAPID_PUBLIC_KEY: "BMadeUp0123456789abcdefABCDEF0123456789",
    "ca.crt": "-----BEGIN CERTIFICATE-----\nMIIBmadeup0123456789abcdef\n-----END CERTIFICATE-----\n",
    "id.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAImadeup0123456789abcdef ops@example.org",
    EMPTY_PASSWORD: "",
    SHORT_PASSWORD: "abc123",
    USE_SECRET: "disabled",
    VAULT_PASSWORD: "vault:secret/data/shop#password",
  };

  it.each(Object.entries(HARMLESS))("%s of a Secret", (name, value) => {
    expect(places(kubernetesSecret({ [name]: value, password: VALUE }))).toEqual(["stringData.password"]);
    expect(places(encoded({ [name]: value, password: VALUE }))).toEqual(["data.password"]);
    expect(places(entry({ [name]: value }))).toEqual([]);
    expect(places(declared("test:index:Thing", { [name]: secret(value) }))).toEqual([]);
  });

  it("is what is not known, an image's digest or a checksum", () => {
    expect(places(kubernetesSecret({ PASSWORD: UNKNOWN }))).toEqual([]);
    expect(places(setting("IMAGE", `ghcr.io/shop/api@sha256:${"0123456789abcdef".repeat(4)}`))).toEqual([]);
    const checksum = {
      "checksum/config": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    };
    expect(places(declared("kubernetes:core/v1:ConfigMap", { metadata: { annotations: checksum } }))).toEqual(
      [],
    );
  });

  it("is what marks a file's content, while its text may hold one", () => {
    const asset = (text: string) =>
      declared("test:index:Thing", {
        file: { [SIGNATURE_KEY]: ASSET_SIGNATURE, hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", text },
      });
    expect(places(asset("hello world"))).toEqual([]);
    expect(places(asset(`PASSWORD=${VALUE}`))).toEqual(["file.text"]);
  });

  it("is what components repeat and what is read", () => {
    const password = { password: secret(VALUE) };
    expect(places(declared("shop:index:Web", password, { custom: false }))).toEqual([]);
    expect(places(declared("postgresql:index/role:Role", password, { external: true }))).toEqual([]);
  });
});
