/**
 * DEV and PROD of KeyBuzz as the audit found them, as a plain Pulumi program: the components of this repository cannot
 * express it. What is wrong is wrong on purpose, and nothing else is. All credentials are made up.
 */
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import * as kv from "@pulumi/vault/kv";
import { deployment, labels } from "./workload";

interface Image {
  readonly name: string;
  readonly tag: string;
}

const config = new pulumi.Config("keybuzz");
const environment = config.requireObject<{ name: string; production: boolean }>("environment");
const workloads = config.requireObject<Record<string, { readonly image: Image }>>("workloads");
const { production } = environment;
const suffix = environment.name;
const api = `keybuzz-api-${suffix}`;
const client = `keybuzz-client-${suffix}`;

function imageOf(workload: string): string {
  const image = workloads[workload]?.image;
  if (image === undefined) throw new pulumi.RunError(`keybuzz:workloads.${workload} is missing`);
  return `ghcr.io/keybuzzio/${image.name}:${image.tag}`;
}

function secret(name: string, namespace: string, stringData: Record<string, string>): core.Secret {
  const metadata = { name, namespace, labels: labels(environment.name) };
  return new core.Secret(`${namespace}-${name}`.replace(`-${suffix}`, ""), {
    metadata,
    type: "Opaque",
    stringData: pulumi.secret(stringData),
  });
}

for (const namespace of [api, client]) {
  const name = namespace.replace(`-${suffix}`, "");
  new core.Namespace(
    name,
    { metadata: { name: namespace, labels: labels(environment.name) } },
    { protect: production },
  );
  new core.ServiceAccount(name, {
    metadata: { name: "workloads", namespace, labels: labels(environment.name) },
    automountServiceAccountToken: false,
  });
}

// F1: both environments on one database, with one user. F8: DEV's address is a node of the cluster.
secret("keybuzz-api-postgres", api, {
  PGHOST: production ? "10.0.0.10" : "10.0.0.121",
  PGPORT: "5432",
  PGDATABASE: "keybuzz",
  PGUSER: "keybuzz_api_dev",
  PGPASSWORD: "made-up-8c1f4e7a90d2",
});

// F10: PROD has no credentials for SES.
if (!production) {
  secret("keybuzz-ses", api, {
    AWS_SES_ACCESS_KEY_ID: "made-up-key-id",
    AWS_SES_SECRET_ACCESS_KEY: "made-up-51b07d3c6e8f",
    AWS_SES_REGION: "eu-west-1",
    AWS_SES_FROM_EMAIL: "noreply@dev.keybuzz.io",
  });
}

// F6: a root token of Vault beside the API.
if (!production) secret("vault-root-token", api, { token: "made-up-root-f30a9d5b21c4" });

// F14: one entry for both environments.
new kv.SecretV2("ses", {
  mount: "secret",
  name: "keybuzz/ses",
  dataJson: pulumi.secret(JSON.stringify({ region: "eu-west-1", access_key: `made-up-${suffix}-5c11` })),
  customMetadata: { data: { environment: environment.name } },
});

deployment("api", {
  environment: environment.name,
  namespace: api,
  name: "keybuzz-api",
  image: imageOf("api"),
  port: 3001,
  env: { NODE_ENV: "production" },
  secrets: ["keybuzz-api-postgres"],
});

// F10: PROD's worker takes no credentials for SES. F11: its flag makes mail fail on purpose. F16: its tag is DEV's.
deployment("outbound-worker", {
  environment: environment.name,
  namespace: api,
  name: "keybuzz-outbound-worker",
  component: "outbound-worker",
  image: imageOf("outboundWorker"),
  env: {
    NODE_ENV: "production",
    SMTP_HOST: "10.0.0.160",
    SMTP_PORT: "25",
    ...(production ? { SMTP_FORCE_FAIL: "true" } : {}),
  },
  secrets: production ? ["keybuzz-api-postgres"] : ["keybuzz-api-postgres", "keybuzz-ses"],
});

// F2: PROD's client calls DEV's backend. F5: its secret stands in clear.
deployment("client", {
  environment: environment.name,
  namespace: client,
  name: "keybuzz-client",
  image: imageOf("client"),
  port: 3000,
  env: {
    NODE_ENV: "production",
    NEXTAUTH_URL: production ? "https://client.keybuzz.io" : "https://client-dev.keybuzz.io",
    NEXT_PUBLIC_BACKEND_URL: "https://backend-dev.keybuzz.io",
    ...(production ? { NEXTAUTH_SECRET: "made-up-d07c2b9e4f61a835" } : {}),
  },
  secrets: ["keybuzz-client-auth"],
});
secret("keybuzz-client-auth", client, { AZURE_AD_CLIENT_SECRET: `made-up-${suffix}-b84e6a0f3d59c217` });

// F3: which images run where is in the environments' files.
export const images = Object.fromEntries(Object.keys(workloads).map((name) => [name, imageOf(name)]));
