/**
 * An entry of Vault's KV version 2 store, for one consumer, below the environment's own prefix.
 *
 * - `VaultEntry` owns an entry and writes it. Deleting it deletes the latest version only, which Vault can
 *   undelete.
 * - `VaultEntryReference` reads an entry that somebody else keeps. What is read is never written back.
 * - Neither can name an entry outside the environment's prefix, and no value leaves them in clear.
 */
import * as pulumi from "@pulumi/pulumi";
import * as kv from "@pulumi/vault/kv";
import type { Environment } from "./handles";
import { Problems } from "./problems";

/** Where an entry stands. */
export interface VaultLocation {
  environment: Environment;
  /** Mount path of the KV version 2 engine. Changing it replaces the entry. */
  mount: string;
  /** The environment's own prefix below the mount: its last part is the environment's name. */
  prefix: string;
  /** Path of the entry below the prefix: `api/postgres`. Changing it replaces the entry. */
  path: string;
}

/** An entry that a policy may let its consumer read. */
export interface VaultEntryHandle {
  readonly mount: string;
  /** Full name below the mount: `keybuzz/dev/api/postgres`. */
  readonly entryName: string;
}

export interface VaultEntryArgs extends VaultLocation {
  /** Who reads it: a workload or a machine. Part of the entry's metadata. */
  consumer: string;
  /** Key to value; the values are treated as secret whether or not they are marked so. */
  values: Record<string, pulumi.Input<string>>;
  /**
   * What stands beside them and is no secret, such as the database that a password is for: a preview and rules see
   * it among the component's inputs, though the entry as a whole is secret. @default nothing
   */
  plain?: Record<string, string>;
  /** What must stand before anyone can use the values: a login and its grants. @default nothing */
  after?: pulumi.Resource[];
}

export class VaultEntry extends pulumi.ComponentResource implements VaultEntryHandle {
  readonly mount: string;
  readonly entryName: string;

  constructor(name: string, args: VaultEntryArgs, opts?: pulumi.ComponentResourceOptions) {
    validate(name, args);
    const { mount, consumer, plain } = args;
    const environment = args.environment.name;
    const entryName = entryNameOf(args);
    const values = { ...plain, ...args.values };
    const keys = Object.keys(values).sort();
    const inputs = { environment, mount, entryName, consumer, keys, ...(plain && { plain }) };
    super("keybuzz:vault:Entry", name, inputs, opts);
    this.mount = mount;
    this.entryName = entryName;
    new kv.SecretV2(
      `${name}-entry`,
      {
        mount,
        name: entryName,
        dataJson: jsonOf(values),
        deleteAllVersions: false,
        customMetadata: { data: { environment, consumer, "managed-by": "pulumi" } },
      },
      { parent: this, dependsOn: args.after ?? [] },
    );
    this.registerOutputs({ mount, entryName });
  }

  /** An entry that exists already and is kept by somebody else. */
  static read(location: VaultLocation, opts: pulumi.InvokeOutputOptions): VaultEntryReference {
    return new VaultEntryReference(location, opts);
  }
}

/** Which values to take: all, some under their own names, or some under new names (new name to key). */
export type Selection = string[] | Record<string, string>;

export class VaultEntryReference implements VaultEntryHandle {
  readonly mount: string;
  readonly entryName: string;
  /** Every value by its key: a secret, its keys too. */
  readonly values: pulumi.Output<Record<string, string>>;

  constructor(location: VaultLocation, opts: pulumi.InvokeOutputOptions) {
    const problems = new Problems(`Vault entry ${location.path}`);
    checkLocation(problems, location);
    problems.throwIfAny();
    this.mount = location.mount;
    this.entryName = entryNameOf(location);
    const read = kv.getSecretV2Output({ mount: this.mount, name: this.entryName }, opts);
    // A provider that is not configured answers with nothing; the keys are then reported as missing.
    this.values = pulumi.secret(read.apply(({ data }) => data ?? {}));
  }

  /** One value. Fails, without showing any, when the entry has no such key. */
  value(key: string): pulumi.Output<string> {
    return this.select({ value: key }).apply(({ value }) => value ?? "");
  }

  /** The chosen values under the chosen names. Fails, without showing any, when a key is missing. */
  select(selection: Selection): pulumi.Output<Record<string, string>> {
    const chosen = keyByName(selection);
    return this.values.apply((values) => {
      const missing = Object.values(chosen).filter((key) => values[key] === undefined);
      if (missing.length > 0) throw new pulumi.RunError(this.lacks(missing));
      return Object.fromEntries(Object.entries(chosen).map(([name, key]) => [name, values[key] ?? ""]));
    });
  }

  private lacks(keys: string[]): string {
    return `Vault entry ${this.mount}/${this.entryName} has no key ${keys.join(", ")}; add what is missing`;
  }
}

export function keyByName(selection: Selection): Record<string, string> {
  return Array.isArray(selection) ? Object.fromEntries(selection.map((key) => [key, key])) : selection;
}

/** Notes what is wrong with the place of an entry, each property under `at`. */
export function checkLocation(problems: Problems, location: VaultLocation, at = ""): void {
  const { environment, mount, prefix, path } = location;
  problems.require(
    isVaultPath(mount),
    `${at}mount`,
    mount,
    PATH_FORM,
    "give the mount's path, without slashes around",
  );
  problems.require(
    isVaultPath(prefix) && prefix.split("/").at(-1) === environment.name,
    `${at}prefix`,
    prefix,
    `a path that ends with the environment's name, such as keybuzz/${environment.name}`,
    "no environment may read or write below another one's prefix",
  );
  problems.require(isVaultPath(path), `${at}path`, path, PATH_FORM, "give the path below the prefix");
}

function entryNameOf({ prefix, path }: VaultLocation): string {
  return `${prefix}/${path}`;
}

const PATH_FORM = "parts of lower-case letters, digits, hyphens and underscores, with a slash between them";

/** Neither `..` nor a wildcard, so it cannot lead outside the prefix. */
export function isVaultPath(text: string): boolean {
  return /^[a-z0-9][a-z0-9_-]*(\/[a-z0-9][a-z0-9_-]*)*$/.test(text);
}

function validate(name: string, args: VaultEntryArgs): void {
  const problems = new Problems(`Vault entry ${name}`);
  checkLocation(problems, args);
  problems.objectName("consumer", args.consumer);
  const keys = Object.keys(args.values);
  problems.require(keys.length > 0, "values", keys, "at least one value", "add one, or leave the entry out");
  for (const key of Object.keys(args.plain ?? {})) {
    problems.require(!keys.includes(key), "plain: key", key, "in one of plain and values alone", "keep one");
  }
  for (const key of [...keys, ...Object.keys(args.plain ?? {})]) {
    const form = "letters, digits, dots, hyphens and underscores";
    problems.require(/^[A-Za-z0-9._-]+$/.test(key), "values: key", key, form, "rename the key");
  }
  problems.throwIfAny();
}

/** Sorted and compact, as the provider normalises it. */
function jsonOf(values: Record<string, pulumi.Input<string>>): pulumi.Output<string> {
  const entries = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return pulumi.secret(
    pulumi
      .all(entries.map(([, value]) => value))
      .apply((known) => JSON.stringify(Object.fromEntries(entries.map(([key], i) => [key, known[i]])))),
  );
}
