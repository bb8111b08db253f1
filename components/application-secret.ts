/**
 * What one application takes as environment variables: credentials in a Secret, plain facts in a ConfigMap of
 * the same name, and a checksum that rolls its pods when any value changes.
 *
 * - Credentials of this program's own stand in one Vault entry below the environment's prefix too.
 *   Credentials read from an existing entry are never written back.
 * - Plain facts (a host, a port, a user's name) stand in the ConfigMap: in the Secret alone a preview and a rule
 *   could not see them.
 * - Changing a value updates Secret and ConfigMap in place, given a Kubernetes provider with
 *   `enableSecretMutable` and `enableConfigMapMutable`. Without these it deletes them first.
 * - The checksum is no oracle for guessing a short secret: it is an HMAC whose key is random, secret and
 *   belongs to this secret alone.
 */
import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import {
  type Environment,
  type EnvironmentSource,
  environmentLabels,
  type NamespaceHandle,
  vaultSource,
} from "./handles";
import { Problems } from "./problems";
import {
  checkLocation,
  keyByName,
  type Selection,
  VaultEntry,
  type VaultEntryReference,
} from "./vault-entry";

type Values = Record<string, string>;

export interface ApplicationSecretArgs {
  environment: Environment;
  /** Physical name of Secret and ConfigMap. Changing it replaces both. */
  secretName: string;
  /** Where both stand; both wait for it to be ready. Changing it replaces both. */
  namespace: Pick<NamespaceHandle, "name" | "ready">;
  /** Variables that are no secret, for the ConfigMap. @default none */
  plain?: Values;
  /**
   * Names from `plain` that belong to a credential, such as its user: they stand in the Secret too, which wins
   * over the ConfigMap. The two objects change one after the other, and a pod that starts in between must not
   * take a new user with the former password. @default none
   */
  paired?: string[];
  /** Variables that this program knows and that are secret, for Secret and Vault entry. @default none */
  secret?: Record<string, pulumi.Input<string>>;
  /** Where the values of `secret` stand in Vault: given when, and only when, there are any. */
  vault?: {
    /** Mount path of the KV version 2 engine. */
    mount: string;
    /** The environment's own prefix. */
    prefix: string;
    /** Path below the prefix. */
    path: string;
    /** Who reads the entry. @default secretName */
    consumer?: string;
    /** What the entry holds, where its keys are not the variables' names. @default the values of `secret` */
    values?: Record<string, pulumi.Input<string>>;
    /** What the entry holds beside these and is no secret: previews and rules see it. @default nothing */
    plain?: Values;
  };
  /** Variables taken from a Vault entry that somebody else keeps. @default none */
  existing?: {
    entry: VaultEntryReference;
    /** Which of its keys, and under which variables' names. @default all, under their own */
    keys?: Selection;
  };
  /** What must stand before a pod may see the values: a login and its grants. @default nothing */
  after?: pulumi.Resource[];
}

export class ApplicationSecret extends pulumi.ComponentResource implements EnvironmentSource {
  readonly secretName?: string;
  readonly configMapName?: string;
  readonly namespace: string;
  readonly checksum: pulumi.Output<string>;
  readonly resources: pulumi.Resource[] = [];
  /** The entry that this program writes, for its consumer's policy. */
  readonly vaultEntry?: VaultEntry;

  private readonly args: ApplicationSecretArgs;

  constructor(name: string, args: ApplicationSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    validate(name, args);
    super("keybuzz:secrets:ApplicationSecret", name, plainInputs(args), opts);
    this.args = args;
    this.namespace = args.namespace.name;

    const { plain, secret, vault } = args;
    const values = secretValues(args);
    if (vault && secret) this.vaultEntry = this.writeToVault(name, vault, secret);
    if (values) {
      this.secretName = args.secretName;
      this.resources.push(this.declareSecret(name, values));
    }
    if (plain) {
      this.configMapName = args.secretName;
      this.resources.push(this.declareConfigMap(name, plain));
    }
    this.checksum = this.checksumOf(name, plain ?? {}, values);
    this.registerOutputs({ checksum: this.checksum });
  }

  private writeToVault(
    name: string,
    vault: NonNullable<ApplicationSecretArgs["vault"]>,
    secret: Record<string, pulumi.Input<string>>,
  ): VaultEntry {
    const { environment, secretName, after = [] } = this.args;
    const args = { environment, consumer: secretName, values: secret, after, ...vault };
    return new VaultEntry(`${name}-vault`, args, { parent: this });
  }

  private declareSecret(name: string, stringData: pulumi.Output<Values>): core.Secret {
    const { existing } = this.args;
    const source = existing && { annotations: vaultSource(existing.entry) };
    return new core.Secret(
      `${name}-secret`,
      { metadata: { ...this.metadata(), ...source }, type: "Opaque", stringData },
      this.childOptions(),
    );
  }

  private declareConfigMap(name: string, data: Values): core.ConfigMap {
    return new core.ConfigMap(`${name}-config`, { metadata: this.metadata(), data }, this.childOptions());
  }

  private checksumOf(
    name: string,
    plain: Values,
    secret: pulumi.Output<Values> | undefined,
  ): pulumi.Output<string> {
    if (!secret) return pulumi.output(digest(createHash("sha256"), [plain]));
    const { result: key } = new random.RandomPassword(
      `${name}-checksum-key`,
      { length: 40, special: false },
      { parent: this },
    );
    return pulumi.unsecret(
      pulumi
        .all([key, secret])
        .apply(([known, values]) => digest(createHmac("sha256", known), [plain, values])),
    );
  }

  private metadata() {
    const { environment, secretName, namespace } = this.args;
    return { name: secretName, namespace: namespace.name, labels: environmentLabels(environment) };
  }

  private childOptions(): pulumi.CustomResourceOptions {
    return { parent: this, dependsOn: [...this.args.namespace.ready, ...(this.args.after ?? [])] };
  }
}

/** Own values and existing ones together; undefined when there are none at all. */
function secretValues(args: ApplicationSecretArgs): pulumi.Output<Values> | undefined {
  const { secret, existing, plain = {} } = args;
  const beside = pairedValues(args);
  if (!existing) return secret && pulumi.secret({ ...beside, ...secret });
  const { entry, keys } = existing;
  const taken = keys ? entry.select(keys) : entry.values;
  return pulumi.secret(
    pulumi.all([taken, secret ?? {}]).apply(([theirs, own]) => {
      const twice = Object.keys(theirs).filter((key) => key in own || key in plain);
      if (twice.length === 0) return { ...beside, ...theirs, ...own };
      const place = `${entry.mount}/${entry.entryName}`;
      throw new pulumi.RunError(
        `${twice.join(", ")}: given, and in Vault entry ${place} too; keep one of them`,
      );
    }),
  );
}

function pairedValues({ plain = {}, paired = [] }: ApplicationSecretArgs): Values {
  return Object.fromEntries(Object.entries(plain).filter(([key]) => paired.includes(key)));
}

/** The same for the same values, whatever the order in which they are given. */
function digest(hash: Hash | Hmac, parts: Values[]): string {
  const sorted = parts.map((part) => Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  return hash.update(JSON.stringify(sorted)).digest("hex");
}

/** What rules and a preview can see of the arguments: names of secrets, never their values. */
function plainInputs({ environment, secretName, namespace, ...args }: ApplicationSecretArgs): pulumi.Inputs {
  const { plain = {}, paired, secret = {}, vault, existing } = args;
  return {
    environment: environment.name,
    secretName,
    namespace: namespace.name,
    plain,
    ...(paired && { paired }),
    secretKeys: Object.keys(secret).sort(),
    ...(vault && { vaultEntry: `${vault.mount}/${vault.prefix}/${vault.path}` }),
    ...(existing && {
      existingEntry: `${existing.entry.mount}/${existing.entry.entryName}`,
      ...(existing.keys && { existingKeys: keyByName(existing.keys) }),
    }),
  };
}

function validate(name: string, args: ApplicationSecretArgs): void {
  const { environment, secretName, namespace, plain, secret, vault, existing } = args;
  const problems = new Problems(`Application secret ${name}`);
  problems.objectName("secretName", secretName);
  problems.objectName("namespace", namespace.name);
  const own = Object.keys(secret ?? {});
  const taken = Object.keys(keyByName(existing?.keys ?? []));
  const given = { plain: Object.keys(plain ?? {}), secret: own, "existing.keys": taken };
  for (const [property, keys] of Object.entries(given)) checkVariables(problems, property, keys);
  const all = Object.values(given).flat();
  for (const key of new Set(all.filter((one, i) => all.indexOf(one) !== i))) {
    problems.require(
      false,
      "variable",
      key,
      "in one of plain, secret and existing alone",
      "keep one of them",
    );
  }
  for (const key of args.paired ?? []) {
    const allowed = "a name from plain, beside a credential";
    const holds = plain?.[key] !== undefined && (secret ?? existing) !== undefined;
    problems.require(holds, "paired", key, allowed, "name a plain variable, or leave it out");
  }
  const none = !plain && !secret && !existing;
  problems.require(
    !none,
    "plain, secret and existing",
    undefined,
    "given, one of them at least",
    "add a value",
  );
  for (const property of ["plain", "secret"] as const) {
    const empty = args[property] !== undefined && given[property].length === 0;
    problems.require(!empty, property, {}, "left out when there is nothing in it", "leave it out");
  }
  const nothing = existing?.keys !== undefined && taken.length === 0;
  problems.require(
    !nothing,
    "existing.keys",
    existing?.keys,
    "left out for all keys",
    "name some, or leave it out",
  );
  problems.require(
    (vault === undefined) === (secret === undefined),
    "vault",
    vault?.path,
    "given when there are values in `secret`, and only then",
    vault ? "leave it out: values that are read are never written back" : "say where in Vault they stand",
  );
  if (vault) checkLocation(problems, { environment, ...vault }, "vault.");
  problems.throwIfAny();
}

function checkVariables(problems: Problems, property: string, keys: string[]): void {
  for (const key of keys) {
    const form = "a variable's name: letters, digits and underscores, not beginning with a digit";
    problems.require(/^[A-Za-z_][A-Za-z0-9_]*$/.test(key), `${property}: name`, key, form, "rename it");
  }
}
