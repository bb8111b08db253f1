/**
 * Lets one consumer read its own Vault entries, and nothing else: one policy that names each entry, and one
 * role that the consumer logs in with.
 *
 * - In Kubernetes the role is bound to one service account in one namespace, and its tokens are short-lived.
 * - On a machine it is an AppRole, bound to the machine's address. Secret ids are issued by an operator,
 *   response-wrapped, and expire; none is made here, so none stands in Pulumi's state.
 *
 * The policy is built from names alone, so a preview shows it whole.
 */
import { isIPv4 } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import * as approle from "@pulumi/vault/approle";
import * as kubernetes from "@pulumi/vault/kubernetes";
import { Policy } from "@pulumi/vault/policy";
import type { Environment } from "./handles";
import { Problems } from "./problems";
import { isVaultPath, type VaultEntryHandle } from "./vault-entry";
import { VAULT_AUDIENCE } from "./vault-login";

export interface VaultAccessArgs {
  environment: Environment;
  /** The environment's own prefix: every entry stands below it. Policy and role are named after it. */
  prefix: string;
  /** Who reads: a workload or a machine. Changing it replaces policy and role. */
  consumer: string;
  /** What it may read, and all of it. */
  entries: VaultEntryHandle[];
  /** How it logs in. Changing the method replaces the role. */
  login: KubernetesLogin | AppRoleLogin;
}

interface TokenLifetime {
  /** Seconds until a token must be renewed. @default 1200 in Kubernetes, 3600 on a machine */
  tokenTtl?: number;
  /** Seconds after which it cannot be renewed any more, at most a day. @default 3600 and 86400 */
  tokenMaxTtl?: number;
}

export interface KubernetesLogin extends TokenLifetime {
  method: "kubernetes";
  /** Path of the auth method. Changing it replaces the role. */
  backend: string;
  /** The one service account that may log in. */
  serviceAccount: string;
  /** Name of the namespace that it stands in. */
  namespace: string;
}

export interface AppRoleLogin extends TokenLifetime {
  method: "approle";
  /** Path of the auth method. Changing it replaces the role. */
  backend: string;
  /** Addresses or ranges, none wider than /24, from which secret id and token work. */
  boundTo: string[];
  /** Seconds until a secret id expires, at most 90 days. @default 2592000 (30 days) */
  secretIdTtl?: number;
  /** How many logins a secret id is good for, at most 1000. @default 100 */
  secretIdUses?: number;
}

const DAY = 24 * 60 * 60;
const LIFETIMES = {
  kubernetes: { tokenTtl: 20 * 60, tokenMaxTtl: 60 * 60 },
  approle: { tokenTtl: 60 * 60, tokenMaxTtl: DAY },
};
const SECRET_ID = { secretIdTtl: 30 * DAY, secretIdUses: 100 };

export class VaultAccess extends pulumi.ComponentResource {
  readonly policyName: string;
  /** Name of the role to log in with. */
  readonly roleName: string;

  private readonly args: VaultAccessArgs;

  constructor(name: string, args: VaultAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    validate(name, args);
    const { environment, entries, prefix, ...rest } = args;
    const places = entries.map(({ mount, entryName }) => `${mount}/${entryName}`).sort();
    const inputs = { ...rest, environment: environment.name, prefix, entries: places };
    super("keybuzz:vault:Access", name, inputs, opts);
    this.args = args;
    this.policyName = `${prefix.replaceAll("/", "-")}-${args.consumer}`;
    this.roleName = this.policyName;

    const policy = this.declarePolicy(name);
    this.declareRole(name, policy);
    this.registerOutputs({ policyName: this.policyName, roleName: this.roleName });
  }

  private declarePolicy(name: string): Policy {
    const { entries, login } = this.args;
    const paths = [...new Set(entries.flatMap(({ mount, entryName }) => pathsOf(mount, entryName)))].sort();
    const statements = paths.map((path) => statement(path, "read"));
    // A machine renews its token, since every login uses up its secret id. Pods log in again instead.
    if (login.method === "approle") statements.push(statement("auth/token/renew-self", "update"));
    return new Policy(
      `${name}-policy`,
      { name: this.policyName, policy: statements.join("\n") },
      { parent: this },
    );
  }

  private declareRole(name: string, policy: Policy): void {
    const { login } = this.args;
    const common = {
      backend: login.backend,
      roleName: this.roleName,
      tokenPolicies: [this.policyName],
      // `default` would let the token look around: at itself, its cubbyhole, its entity.
      tokenNoDefaultPolicy: true,
      tokenTtl: login.tokenTtl ?? LIFETIMES[login.method].tokenTtl,
      tokenMaxTtl: login.tokenMaxTtl ?? LIFETIMES[login.method].tokenMaxTtl,
    };
    const options = { parent: this, dependsOn: [policy] };
    if (login.method === "kubernetes") {
      const bound = {
        boundServiceAccountNames: [login.serviceAccount],
        boundServiceAccountNamespaces: [login.namespace],
        audience: VAULT_AUDIENCE,
      };
      new kubernetes.AuthBackendRole(`${name}-role`, { ...common, ...bound }, options);
      return;
    }
    const bound = {
      bindSecretId: true,
      secretIdTtl: login.secretIdTtl ?? SECRET_ID.secretIdTtl,
      secretIdNumUses: login.secretIdUses ?? SECRET_ID.secretIdUses,
      secretIdBoundCidrs: login.boundTo.map(asRange),
      // Vault gives a single host back without /32 here, and only here: with it every preview would show a
      // change (hashicorp/vault#11961).
      tokenBoundCidrs: login.boundTo.map((range) => range.replace(/\/32$/, "")),
    };
    new approle.AuthBackendRole(`${name}-role`, { ...common, ...bound }, options);
  }
}

/** Where KV version 2 keeps the values of an entry, and what it knows about it. */
function pathsOf(mount: string, entryName: string): string[] {
  return [`${mount}/data/${entryName}`, `${mount}/metadata/${entryName}`];
}

function statement(path: string, capability: string): string {
  return `path "${path}" {\n  capabilities = ["${capability}"]\n}\n`;
}

function asRange(addressOrRange: string): string {
  return isIPv4(addressOrRange) ? `${addressOrRange}/32` : addressOrRange;
}

function validate(name: string, args: VaultAccessArgs): void {
  const { environment, prefix, consumer, entries, login } = args;
  const problems = new Problems(`Vault access ${name}`);
  problems.objectName("consumer", consumer);
  problems.require(
    prefix.split("/").at(-1) === environment.name,
    "prefix",
    prefix,
    `the environment's own, ending with ${environment.name}`,
    "no environment may read below another one's prefix",
  );
  const next = "a consumer without entries needs no access";
  problems.require(entries.length > 0, "entries", [], "at least one entry", next);
  entries.forEach(({ mount, entryName }, i) => {
    // A policy takes wildcards: no name may hold one.
    const holds = entryName.startsWith(`${prefix}/`) && isVaultPath(`${mount}/${entryName}`);
    problems.require(
      holds,
      `entries[${i}]`,
      entryName,
      `below ${prefix}/`,
      "read the environment's own entry",
    );
  });
  problems.require(
    isVaultPath(login.backend),
    "login.backend",
    login.backend,
    "the path of an auth method",
    "give it without auth/",
  );
  checkLifetimes(problems, login);
  if (login.method === "kubernetes") {
    problems.objectName("login.serviceAccount", login.serviceAccount);
    problems.objectName("login.namespace", login.namespace);
  } else {
    checkAppRole(problems, login);
  }
  problems.throwIfAny();
}

function checkLifetimes(problems: Problems, login: VaultAccessArgs["login"]): void {
  const { tokenTtl, tokenMaxTtl } = { ...LIFETIMES[login.method], ...login };
  problems.wholeNumber("login.tokenTtl", tokenTtl, 60, DAY);
  problems.wholeNumber("login.tokenMaxTtl", tokenMaxTtl, 60, DAY);
  problems.require(
    !(tokenTtl > tokenMaxTtl),
    "login.tokenTtl",
    tokenTtl,
    `at most tokenMaxTtl, ${tokenMaxTtl}`,
    "shorten it, or lengthen tokenMaxTtl",
  );
}

function checkAppRole(problems: Problems, login: AppRoleLogin): void {
  const { boundTo, secretIdTtl, secretIdUses } = { ...SECRET_ID, ...login };
  const unbound = "an AppRole that is bound to no address works from anywhere";
  problems.require(boundTo.length > 0, "login.boundTo", boundTo, "at least one address", unbound);
  boundTo.forEach((range, i) => {
    const at = `login.boundTo[${i}]`;
    problems.cidr(at, asRange(range));
    const length = Number(asRange(range).split("/")[1]);
    problems.require(!(length < 24), at, range, "no wider than /24", "name the machine's own address");
  });
  problems.wholeNumber("login.secretIdTtl", secretIdTtl, 60 * 60, 90 * DAY);
  problems.wholeNumber("login.secretIdUses", secretIdUses, 1, 1000);
}
