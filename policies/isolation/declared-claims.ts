/** The names that an environment claims by declaring what bears them, whatever its configuration says. */
import type { ClaimKind } from "../../config";
import { kubernetesObjects } from "../kubernetes/objects";
import { isPatch } from "../kubernetes/pods";
import { hostName, mailDomain, vaultPath } from "../references/names";
import { isPhysical, type Resource } from "../resource";
import { itemsOf, type Path, pathText, type Value, valueAt } from "../value";
import { serverOf } from "./servers";

/** A name, and the resource that bears it. */
export interface DeclaredClaim {
  readonly kind: ClaimKind;
  readonly name: string;
  readonly urn: string;
  readonly property: string;
  /** What holds the thing, if the program says so: two servers may each have one of that name. */
  readonly server?: string;
}

/** A name as claims of its kind are compared; undefined for text that cannot be one. */
type Form = (text: string) => string | undefined;

/** The property that names the thing itself, by type. */
const NAMING: Readonly<Record<string, readonly [ClaimKind, string, Form?]>> = {
  "postgresql:index/database:Database": ["database", "name"],
  "postgresql:index/role:Role": ["role", "name"],
  "vault:index/policy:Policy": ["vault-policy", "name", lowerCase],
  "vault:kubernetes/authBackendRole:AuthBackendRole": ["vault-role", "roleName", lowerCase],
  "vault:appRole/authBackendRole:AuthBackendRole": ["vault-role", "roleName", lowerCase],
  "aws:iam/user:User": ["iam-user", "name", lowerCase],
  "aws:ses/emailIdentity:EmailIdentity": ["ses-identity", "email", identity],
  "aws:ses/domainIdentity:DomainIdentity": ["ses-identity", "domain", identity],
  "aws:sesv2/emailIdentity:EmailIdentity": ["ses-identity", "emailIdentity", identity],
  "aws:ses/mailFrom:MailFrom": ["mail-from-domain", "mailFromDomain", hostName],
  "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": [
    "mail-from-domain",
    "mailFromDomain",
    hostName,
  ],
  "aws:ses/configurationSet:ConfigurationSet": ["ses-configuration-set", "name"],
  "aws:sesv2/configurationSet:ConfigurationSet": ["ses-configuration-set", "configurationSetName"],
  "aws:sns/topic:Topic": ["sns-topic", "name"],
};

function lowerCase(text: string): string {
  return text.toLowerCase();
}

/** A single address is an identity of its own: two of one domain are two. */
function identity(text: string): string | undefined {
  return mailDomain(text) === undefined ? hostName(text) : text.trim().toLowerCase();
}

/** What every cluster, database server and Vault has belongs to nobody, whoever declares something about it. */
const COMMON: Readonly<Partial<Record<ClaimKind, RegExp>>> = {
  namespace: /^(?:default|kube-system|kube-public|kube-node-lease)$/,
  database: /^(?:postgres|template0|template1)$/,
  role: /^(?:postgres|public|pg_.*)$/i,
  "vault-policy": /^(?:default|root)$/,
  host: /^(?:localhost|\*)$/,
};

/** What a resource claims; references to it, and patches of what others declare, claim nothing. */
export function claimsOfResource(resource: Resource): DeclaredClaim[] {
  if (!isPhysical(resource) || isPatch(resource)) return [];
  const { type, properties } = resource;
  const claim = (
    kind: ClaimKind,
    text: Value | undefined,
    path: Path,
    form: Form = same,
  ): DeclaredClaim[] => {
    const name = typeof text === "string" && text !== "" ? form(text) : undefined;
    if (name === undefined || COMMON[kind]?.test(name)) return [];
    const server = serverOf(kind, resource);
    const claimed = { kind, name, urn: resource.urn, property: pathText(path) };
    return [server === undefined ? claimed : { ...claimed, server }];
  };
  const naming = NAMING[type];
  if (naming !== undefined) {
    const [kind, property, form] = naming;
    return claim(kind, properties[property], [property], form);
  }
  if (type.startsWith("vault:kv/secretV2:") || type.startsWith("vault:kv/secret:")) {
    const { mount, name, path } = properties;
    const entry = typeof mount === "string" && typeof name === "string" ? `${mount}/${name}` : path;
    return claim("vault-prefix", entry, [typeof name === "string" ? "name" : "path"], vaultPath);
  }
  return kubernetesObjects(resource).objects.flatMap(({ kind, path, body }) => {
    if (kind === "Namespace") {
      return claim("namespace", valueAt(body, "metadata", "name"), [...path, "metadata", "name"]);
    }
    if (kind === "Ingress") {
      return itemsOf(valueAt(body, "spec", "rules")).flatMap(([index, rule]) =>
        claim("host", valueAt(rule, "host"), [...path, "spec", "rules", index, "host"], hostName),
      );
    }
    // Source: Gateway API, HTTPRoute, GRPCRoute and TLSRoute.
    if (!/^(?:HTTP|GRPC|TLS)Route$/.test(kind)) return [];
    return itemsOf(valueAt(body, "spec", "hostnames")).flatMap(([index, host]) =>
      claim("host", host, [...path, "spec", "hostnames", index], hostName),
    );
  });
}

/** The property that names the thing that a resource of the type stands for, if the type is one that claims. */
export function namingProperty(type: string): string | undefined {
  return NAMING[type]?.[1];
}

function same(text: string): string {
  return text;
}
