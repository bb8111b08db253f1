/**
 * Holds configuration and components together: what the one accepts the other must take. Environments at the bounds
 * of what may be configured are previewed, all of them in one process, and none ends with an error or a warning.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { validateEnvironmentFile } from "../../config";
import type { Declaration } from "../../engine/monitor/declaration";
import { CERTIFICATE } from "../components/kubernetes-fixtures";
import { copyProject, repository, trial } from "../support/project";

/** Values by their path below `keybuzz:`; undefined takes a key out. */
type Changes = Readonly<Record<string, unknown>>;

interface Variant {
  /** Name of the environment. */
  readonly name: string;
  /** What is at its bound. */
  readonly about: string;
  /** The environment that it is a copy of. */
  readonly base: "dev" | "prod";
  readonly changes: Changes;
}

const LONGEST = "abcdefghijklmno9";
/** A text of a length that begins with `start` and ends with `end`. */
const filled = (length: number, start: string, end = "") =>
  start + "x".repeat(length - start.length - end.length) + end;
const label = (letter: string) => letter.repeat(63);
const longHost = (letter: string) => [label(letter), label("b"), label("c"), filled(61, "d")].join(".");
const longIdentity = [LONGEST, label("a"), label("b"), label("c"), filled(42, "d")].join(".");
const SECURE = { secure: "v1:bm90LWEtc2VjcmV0:bm90LWEtc2VjcmV0" };
const SMALLEST = { requests: { cpu: "1m", memory: "1Ki" }, limits: { cpu: "1m", memory: "2Mi" } };
const LARGEST = { requests: { cpu: "0.001", memory: "1" }, limits: { cpu: "63.999", memory: "1.5Ti" } };
const HUGE = { cpu: "9999", memory: "9999Ti", pods: 500 };

const VARIANTS: readonly Variant[] = [
  {
    name: LONGEST,
    about: "the longest names",
    base: "dev",
    changes: {
      "postgres.databases.api.name": filled(55, "api_", `_${LONGEST}`),
      "postgres.databases.backend.name": filled(55, "backend_", `_${LONGEST}`),
      "kubernetes.context": filled(253, "context"),
      "kubernetes.namespaces.api.name": filled(63, "api-", `-${LONGEST}`),
      "kubernetes.namespaces.client.name": filled(63, "client-", `-${LONGEST}`),
      "kubernetes.namespaces.api.peers": ["client"],
      "kubernetes.namespaces.api.extraEgress": [
        { description: filled(60, "! metrics gateway ", " ?"), cidr: "10.0.0.170/32", ports: [9091] },
      ],
      "kubernetes.ingress": {
        className: filled(63, "class"),
        controllerNamespace: filled(63, "controller"),
        clusterIssuer: filled(63, "issuer"),
      },
      "registry.repository": `registry.example.com:65535/${filled(100, "path")}/a.b_c-d`,
      "registry.pullSecret.name": filled(63, "pull"),
      "registry.pullSecret.vaultKey": filled(253, "."),
      "workloads.api.host": longHost("e"),
      "workloads.client.host": longHost("f"),
      "workloads.api.image": {
        name: filled(100, "a.b_c-d"),
        tag: filled(128, "_"),
        digest: `sha256:${"0a".repeat(32)}`,
        buildScope: "environment",
      },
      "workloads.api.healthPath": filled(300, "/a.b/_-"),
      "backend.host": longHost("g"),
      "mail.identity": longIdentity,
      "mail.mailFromDomain": `${filled(63, "m")}.${longIdentity}`.slice(-253),
      "mail.sender": `${filled(64, "s.")}@${longIdentity}`,
      "mail.iamUser": filled(64, "ses=", `+${LONGEST}`),
    },
  },
  {
    name: "least",
    about: "the smallest quantities",
    base: "dev",
    changes: {
      "postgres.writePort": 1,
      "postgres.readPort": 2,
      "postgres.databases.api.connectionLimits": { database: 4, application: 1, migration: 1, reader: 1 },
      "kubernetes.namespaces.api.quota": { cpu: "4m", memory: "8Mi", pods: 4 },
      "kubernetes.namespaces.client.quota": { cpu: "0.002", memory: "4Mi", pods: 2 },
      "kubernetes.namespaces.api.egress": ["postgres", "relay"],
      "kubernetes.privateNetwork": "10.0.0.0/24",
      "workloads.api.resources": SMALLEST,
      "workloads.outboundWorker.resources": SMALLEST,
      "workloads.client.resources": SMALLEST,
      "workloads.api.port": 1,
      "workloads.api.healthPath": "/",
      "workloads.outboundWorker.command": ["x"],
      "vault.address": "http://127.0.0.1:1",
      "mail.smtp.pool": { maxConnections: 1, maxMessagesPerConnection: 1 },
      "mail.smtp.rateLimit": { messages: 1, perSeconds: 1 },
      "mail.smtp.retries": { attempts: 1, initialDelayMs: 10, maxDelayMs: 10 },
    },
  },
  {
    name: "most",
    about: "the largest quantities",
    base: "dev",
    changes: {
      "postgres.writePort": 65_534,
      "postgres.readPort": 65_535,
      "postgres.databases.api.connectionLimits": {
        database: 10_000,
        application: 4450,
        migration: 100,
        reader: 1000,
      },
      "postgres.databases.api.rotation": { generation: 100_000, idleSlot: "open" },
      "postgres.databases.api.passwordGenerations": { migration: 100_000, reader: 100_000 },
      "kubernetes.namespaces.api.quota": HUGE,
      "kubernetes.namespaces.client.quota": HUGE,
      "workloads.api.resources": LARGEST,
      "workloads.outboundWorker.resources": LARGEST,
      "workloads.client.resources": LARGEST,
      "workloads.api.replicas": 50,
      "workloads.client.replicas": 50,
      "workloads.api.port": 65_535,
      "backend.port": 65_535,
      "vault.address": "https://255.255.255.255:65535",
      "mail.accessKeyRotation": { generation: 100_000, idleSlot: "open" },
      "mail.smtp.pool": { maxConnections: 100, maxMessagesPerConnection: 10_000 },
      "mail.smtp.rateLimit": { messages: 10_000, perSeconds: 3600 },
      "mail.smtp.retries": { attempts: 20, initialDelayMs: 3_600_000, maxDelayMs: 3_600_000 },
      "mail.fallback.enabled": true,
    },
  },
  {
    name: "vaultpaths",
    about: "Vault at other places, with a CA, open to every workload that may read it",
    base: "prod",
    changes: {
      "vault.caCertificate": `\n${CERTIFICATE}\n${CERTIFICATE}`,
      "vault.mount": "teams/key-buzz_2",
      "vault.prefix": "0/a_b/c-d/vaultpaths",
      "vault.kubernetesAuthPath": "clusters/main",
      "vault.appRoleAuthPath": "machines/approle_2",
      "kubernetes.namespaces.client.egress": ["relay", "https", "vault"],
      "kubernetes.namespaces.website.egress": ["vault"],
      "registry.pullSecret.vaultEntry": "shared/registry/ghcr_2",
    },
  },
  {
    name: "fromvault",
    about: "every secret from Vault, and submission by name",
    base: "dev",
    changes: {
      "mail.smtp.mode": "submission",
      "mail.smtp.host": "mail.keybuzz.io",
      "mail.smtp.address": "192.0.2.25",
      "mail.smtp.port": 465,
      "secrets.smtp": { source: "vault", entry: "mail/smtp", keys: ["SMTP_USER", "SMTP_PASSWORD"] },
      "secrets.clientAuth": { source: "vault", entry: "client-auth-providers" },
      "secrets.opsKey": { source: "vault", entry: "ops", key: "a.b-c_D" },
      "secrets.nextAuthSecret": { source: "vault", entry: "client-auth-providers", key: "SESSION" },
    },
  },
  {
    name: "fromconfig",
    about: "every secret from the configuration, and submission by address",
    base: "dev",
    changes: {
      "mail.smtp.mode": "submission",
      "mail.smtp.port": undefined,
      "secrets.smtp": { source: "config", keys: { SMTP_USER: "smtpUser", SMTP_PASSWORD: "smtpPassword" } },
      "secrets.stripe": { source: "config", keys: { STRIPE_SECRET_KEY: "stripe-key_2" } },
      "secrets.clientAuth": { source: "config", keys: { EMAIL_SERVER: "emailServer" } },
      "secrets.opsKey": { source: "config", key: "opsKey" },
      "secrets.nextAuthSecret": { source: "config", key: "nextAuthSecret" },
      ...Object.fromEntries(
        ["smtpUser", "smtpPassword", "stripe-key_2", "emailServer", "opsKey", "nextAuthSecret"].map((key) => [
          key,
          SECURE,
        ]),
      ),
    },
  },
  {
    name: "generated",
    about: "secrets made here in a later generation, and amounts written in every way",
    base: "dev",
    changes: {
      "secrets.opsKey": { source: "generated", generation: 100_000 },
      "secrets.nextAuthSecret": { source: "generated" },
      "workloads.api.resources": {
        requests: { cpu: "0.1", memory: "1048576k" },
        limits: { cpu: "1", memory: "1.5G" },
      },
      "kubernetes.namespaces.api.quota": { cpu: "4", memory: "8000000000", pods: 20 },
    },
  },
  {
    name: "peers",
    about: "calls between all namespaces, further destinations, and the website",
    base: "prod",
    changes: {
      "kubernetes.namespaces.api.peers": ["client", "website"],
      "kubernetes.namespaces.client.peers": ["api", "website"],
      "kubernetes.namespaces.website.peers": ["api", "client"],
      "kubernetes.namespaces.website.egress": [],
      "kubernetes.namespaces.client.extraEgress": [
        { description: "a", cidr: "128.0.0.0/1", ports: [1, 65_535] },
        { description: "A 2", cidr: "203.0.113.255/32", ports: [443] },
      ],
      "workloads.website.port": 65_535,
    },
  },
  {
    name: "nosite",
    about: "production without a website, with enforced pod security",
    base: "prod",
    changes: {
      "kubernetes.namespaces.website": undefined,
      "workloads.website": undefined,
      "kubernetes.podSecurity": { warn: "privileged", audit: "baseline", enforce: "restricted" },
    },
  },
  {
    name: "bounds",
    about: "bounds of containers that are given in part, below and above what follows without them",
    base: "prod",
    changes: {
      "kubernetes.namespaces.api.containers": {
        defaultRequests: { cpu: "250m", memory: "0.25Gi" },
        max: { cpu: "2", memory: "2Gi" },
      },
      "kubernetes.namespaces.client.containers": { defaultLimits: { cpu: "1m", memory: "1" } },
      "kubernetes.namespaces.website.quota": { cpu: "60m", memory: "60Mi", pods: 6 },
      "kubernetes.namespaces.website.containers": { max: { cpu: "10m", memory: "10Mi" } },
      "workloads.website.replicas": 5,
      "workloads.website.resources": {
        requests: { cpu: "10m", memory: "10Mi" },
        limits: { cpu: "0.010", memory: "10240Ki" },
      },
    },
  },
  {
    name: "domains",
    about: "domains that end in other ways",
    base: "dev",
    changes: {
      "workloads.api.host": "a.b",
      "workloads.client.host": "0-0.xn--p1ai",
      "backend.host": "1.a2",
      "mail.identity": "domains.x.c2",
      "mail.mailFromDomain": "b.domains.x.c2",
      "mail.sender": "0@domains.x.c2",
      "mail.iamUser": "domains",
    },
  },
];

let copy: string;
let fallbacks: Record<string, string>;
let declarations: Declaration[];
const texts = new Map(VARIANTS.map((variant) => [variant.name, textOf(variant)]));

beforeAll(async () => {
  copy = copyProject();
  for (const [name, text] of texts) writeFileSync(join(copy, `Pulumi.${name}.yaml`), text);
  ({ declarations, fallbacks } = await trial(copy));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** A copy of an environment under another name, with the changes made. */
function textOf({ name, base, changes }: Variant): string {
  const source = readFileSync(join(repository, `Pulumi.${base}.yaml`), "utf8");
  const own = base === "dev" ? /dev/g : /prod(?!uction)/g;
  const document = parse(source.replace(own, name)) as { config: Record<string, unknown> };
  for (const [path, value] of Object.entries(changes)) set(document.config, `keybuzz:${path}`, value);
  return stringify(document);
}

function set(group: Record<string, unknown>, path: string, value: unknown): void {
  const [key = "", ...rest] = path.split(".");
  if (rest.length > 0) {
    group[key] ??= {};
    set(group[key] as Record<string, unknown>, rest.join("."), value);
  } else if (value === undefined) delete group[key];
  else group[key] = value;
}

function declared(name: string): Declaration {
  const found = declarations.find(({ environment }) => environment === name);
  if (found === undefined) throw new Error(`${name} was not previewed`);
  return found;
}

describe.each(VARIANTS.map(({ name, about }) => [about, name] as const))("%s", (_about, name) => {
  it("are accepted by the configuration", () => {
    const validation = validateEnvironmentFile(texts.get(name) ?? "", { stack: name });
    expect(validation.valid ? [] : validation.mistakes).toEqual([]);
  });

  it("are taken by every component", () => {
    const { diagnostics, outcome } = declared(name);
    expect(diagnostics).toEqual([]);
    expect(outcome).toBe("succeeded");
  });

  it("give no name that is longer than its system takes", () => {
    expect(tooLong(declared(name))).toEqual([]);
  });
});

it("all of them share a process", () => {
  expect(fallbacks).toEqual({});
});

/** Names in Kubernetes, PostgreSQL and AWS that would be refused or cut off. */
function tooLong({ resources }: Declaration): string[] {
  return resources.flatMap(({ type, inputs, urn }) => {
    const { metadata, name } = inputs as {
      metadata?: {
        name: string;
        labels?: Record<string, string>;
        annotations?: Record<string, string>;
      };
      name?: string;
    };
    const long = (text: string | undefined, most: number) => (text ?? "").length > most;
    const short = /:(Service|Namespace|Deployment)$/.test(type);
    const found = [
      type.startsWith("kubernetes:") && long(metadata?.name, short ? 63 : 253),
      Object.values(metadata?.labels ?? {}).some((value) => long(value, 63)),
      Object.keys(metadata?.annotations ?? {}).some((key) => long(key.split("/").at(-1), 63)),
      type.startsWith("postgresql:") && long(name, 63),
      type.startsWith("aws:iam/user") && long(name, 64),
    ];
    return found.includes(true) ? [urn] : [];
  });
}
