/**
 * The names that an environment owns, as they follow from its configuration. No two environments may claim the
 * same one, and nothing may claim one twice. A claim is compared with claims of its kind alone, and as a whole:
 * `keybuzz` is part of every name.
 */
import { pathText } from "./mistakes";
import { configurationSetName, mailEventsTopicName, roleNames, type VaultConsumer, vaultName } from "./names";
import type { Draft } from "./schema";
import type { Path } from "./schema/introspect";

export const claimKinds = [
  "database",
  "role",
  "namespace",
  "host",
  "vault-prefix",
  "vault-policy",
  "vault-role",
  "iam-user",
  "ses-identity",
  "ses-configuration-set",
  "sns-topic",
  "mail-from-domain",
  "backend-address",
  "environment-image",
] as const;

export type ClaimKind = (typeof claimKinds)[number];

export interface Claim {
  readonly kind: ClaimKind;
  /** The name in the form in which claims are compared. */
  readonly name: string;
  /** Where the configuration says so: `keybuzz:postgres.databases.api.name`. */
  readonly place: string;
  readonly path: Path;
}

/** Two claims that cannot both hold. */
export interface Conflict {
  readonly kind: ClaimKind;
  readonly name: string;
  readonly first: Claim;
  readonly second: Claim;
}

/** All claims of an environment. Of a configuration with mistakes, those of the parts without. */
export function claimsOf(config: Draft): Claim[] {
  return [
    ...databaseClaims(config),
    ...clusterClaims(config),
    ...vaultClaims(config),
    ...mailClaims(config),
    ...backendClaims(config),
  ];
}

/** Names claimed twice within one environment. Each pair of places is told once. */
export function duplicateClaims(claims: readonly Claim[]): Conflict[] {
  const pairs = claims.flatMap((second, index) =>
    claims.slice(0, index).flatMap((first) => conflictOf(first, second)),
  );
  const places = pairs.map(({ first, second }) => `${first.place} ${second.place}`);
  return pairs.filter((_, index) => places.indexOf(places[index] ?? "") === index);
}

/** Names that two environments both claim. */
export function sharedClaims(one: readonly Claim[], other: readonly Claim[]): Conflict[] {
  return one.flatMap((first) => other.flatMap((second) => conflictOf(first, second)));
}

function conflictOf(first: Claim, second: Claim): Conflict[] {
  if (first.kind !== second.kind) return [];
  const same = first.name === second.name;
  // Everything below a prefix belongs to who claims it.
  const inside =
    first.kind === "vault-prefix" &&
    (`${first.name}/`.startsWith(`${second.name}/`) || `${second.name}/`.startsWith(`${first.name}/`));
  return same || inside ? [{ kind: first.kind, name: second.name, first, second }] : [];
}

function claim(kind: ClaimKind, name: string | undefined, path: Path): Claim[] {
  return name === undefined ? [] : [{ kind, name: comparable(kind, name), place: pathText(path), path }];
}

const FOLDED: readonly ClaimKind[] = [
  "host",
  "ses-identity",
  "mail-from-domain",
  "iam-user",
  "vault-policy",
  "vault-role",
];

/** The form in which names that mean the same are equal: AWS, Vault and DNS do not tell upper case apart. */
function comparable(kind: ClaimKind, name: string): string {
  const trimmed = kind === "vault-prefix" ? name.replace(/^\/+|\/+$/g, "") : name.replace(/\.$/, "");
  return FOLDED.includes(kind) ? trimmed.toLowerCase() : trimmed;
}

function databaseClaims({ postgres }: Draft): Claim[] {
  return (["api", "backend"] as const).flatMap((key) => {
    const name = postgres?.databases?.[key]?.name;
    const path = ["postgres", "databases", key, "name"];
    const roles = name === undefined ? [] : Object.values(roleNames(name));
    return [...claim("database", name, path), ...roles.flatMap((role) => claim("role", role, path))];
  });
}

function clusterClaims({ kubernetes, workloads, registry }: Draft): Claim[] {
  const spaces = (["api", "client", "website"] as const).flatMap((key) =>
    claim("namespace", kubernetes?.namespaces?.[key]?.name, ["kubernetes", "namespaces", key, "name"]),
  );
  const hosts = (["api", "client", "website"] as const).flatMap((key) =>
    claim("host", workloads?.[key]?.host, ["workloads", key, "host"]),
  );
  const images = (["api", "outboundWorker", "client", "website"] as const).flatMap((key) => {
    const image = workloads?.[key]?.image;
    if (image?.buildScope !== "environment" || !image.name || !image.tag) return [];
    const reference = `${registry?.repository ?? ""}/${image.name}:${image.tag}`;
    return claim("environment-image", reference, ["workloads", key, "image"]);
  });
  return [...spaces, ...hosts, ...images];
}

function vaultClaims({ vault, kubernetes }: Draft): Claim[] {
  const { mount, prefix } = vault ?? {};
  if (mount === undefined || prefix === undefined) return [];
  const path = ["vault", "prefix"];
  const names = vaultConsumers({ kubernetes }).map((consumer) => vaultName({ prefix }, consumer));
  return [
    ...claim("vault-prefix", `${mount}/${prefix}`, path),
    ...names.flatMap((name) => claim("vault-policy", name, path)),
    ...names.flatMap((name) => claim("vault-role", name, path)),
  ];
}

/** Who reads Vault by itself: workloads whose namespace is let out to it, and the backend machine. */
export function vaultConsumers({ kubernetes }: Pick<Draft, "kubernetes">): VaultConsumer[] {
  // The website is given no secret, so it has nothing to read.
  const workloads = { api: ["api", "outbound-worker"], client: ["client"] } as const;
  const readers = (["api", "client"] as const).flatMap((key) =>
    kubernetes?.namespaces?.[key]?.egress?.includes("vault") ? workloads[key] : [],
  );
  return [...readers, "backend"];
}

function mailClaims({ environment, mail }: Draft): Claim[] {
  const name = environment?.name;
  const named = (derive: (environment: string) => string) => (name === undefined ? undefined : derive(name));
  return [
    ...claim("iam-user", mail?.iamUser, ["mail", "iamUser"]),
    ...claim("ses-identity", mail?.identity, ["mail", "identity"]),
    ...claim("mail-from-domain", mail?.mailFromDomain, ["mail", "mailFromDomain"]),
    ...claim("ses-configuration-set", named(configurationSetName), ["environment", "name"]),
    ...claim("sns-topic", named(mailEventsTopicName), ["environment", "name"]),
  ];
}

function backendClaims({ backend }: Draft): Claim[] {
  const { address, port } = backend ?? {};
  const listens = address !== undefined && port !== undefined ? `${address}:${port}` : undefined;
  return [
    ...claim("host", backend?.host, ["backend", "host"]),
    ...claim("backend-address", listens, ["backend", "address"]),
  ];
}
