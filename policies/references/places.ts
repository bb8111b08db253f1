/**
 * Properties that are a name by themselves, by the type of their resource. Sources: the schemas of the providers'
 * packages, as @pulumi/postgresql, @pulumi/vault and @pulumi/aws publish them.
 */
import type { ReferenceKind } from "../ownership";
import type { Named } from "./named";
import { hostName, mailDomain, vaultPath } from "./names";

/** How a property's text is read. */
export type Reading = (text: string) => Named[];

function plain(kind: Exclude<ReferenceKind, "vault-path">): Reading {
  return (text) => (text === "" ? [] : [{ kind, name: text }]);
}

function folded(kind: "iam-user" | "vault-policy" | "vault-role"): Reading {
  return (text) => (text === "" ? [] : [{ kind, name: text.toLowerCase() }]);
}

const identity: Reading = (text) => {
  const domain = mailDomain(text) ?? hostName(text);
  return domain === undefined ? [] : [{ kind: "ses-identity", name: domain }];
};

const mailFrom: Reading = (text) => {
  const domain = hostName(text);
  return domain === undefined ? [] : [{ kind: "mail-from-domain", name: domain }];
};

const vault: Reading = (text) => {
  const path = vaultPath(text);
  return path === undefined ? [] : [{ kind: "vault-path", name: path }];
};

/** Names of another kind than a setting of that name would hold: Vault has namespaces of its own. */
const nothing: Reading = () => [];

const database = plain("database");
/** PUBLIC is everybody. */
const role: Reading = (text) => (text.toLowerCase() === "public" ? [] : plain("role")(text));

type Properties = Readonly<Record<string, Reading>>;

const SES: Properties = {
  emailIdentity: identity,
  identity,
  domain: identity,
  email: identity,
  mailFromDomain: mailFrom,
  configurationSetName: plain("ses-configuration-set"),
};

const IAM: Properties = { user: folded("iam-user"), users: folded("iam-user") };

/** Readings by type; a type that ends in `*` stands for all that begin so. The first that fits counts. */
const PLACES: readonly (readonly [string, Properties])[] = [
  ["postgresql:index/database:Database", { name: database, owner: role, template: database }],
  ["postgresql:index/role:Role", { name: role, roles: role, assumeRole: role }],
  ["postgresql:index/grantRole:GrantRole", { role, grantRole: role }],
  ["postgresql:*", { database, role, owner: role, username: role, assumeRole: role }],
  ["pulumi:providers:postgresql", { database, username: role }],
  ["vault:index/policy:Policy", { name: folded("vault-policy") }],
  ["vault:kv/*", { name: nothing, path: vault, namespace: nothing }],
  ["vault:generic/*", { path: vault, namespace: nothing }],
  // A connection that Vault keeps is called as its operator likes.
  ["vault:database/*", { dbName: nothing, namespace: nothing }],
  ["pulumi:providers:vault", { namespace: nothing }],
  [
    "vault:*",
    {
      roleName: folded("vault-role"),
      tokenPolicies: folded("vault-policy"),
      policies: folded("vault-policy"),
      allowedPolicies: folded("vault-policy"),
      boundServiceAccountNamespaces: plain("namespace"),
      path: vault,
      namespace: nothing,
    },
  ],
  ["aws:iam/user:User", { name: folded("iam-user") }],
  ["aws:iam/*", IAM],
  ["aws:sesv2/configurationSet:ConfigurationSet", { configurationSetName: plain("ses-configuration-set") }],
  ["aws:ses/configurationSet:ConfigurationSet", { name: plain("ses-configuration-set") }],
  ["aws:ses*", SES],
  ["aws:sns/topic:Topic", { name: plain("sns-topic") }],
];

const found = new Map<string, Properties | undefined>();

/** The readings of a type's properties; nothing for types without. */
export function placesOf(type: string): Properties | undefined {
  if (!found.has(type)) {
    const fits = ([pattern]: readonly [string, Properties]): boolean =>
      pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
    found.set(type, PLACES.find(fits)?.[1]);
  }
  return found.get(type);
}
