/** What a recording holds, and how a test reads it. */

/** Stands for a value that only a real deployment would know. */
export const UNKNOWN = "<unknown>";

/** What the monitor saw of one resource. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** As sent: secrets as `{ secret: value }`, unknown values as `UNKNOWN`. */
  readonly inputs: Record<string, unknown>;
  /** Whether it is a resource of a provider, rather than a component. */
  readonly custom: boolean;
  /** Whether it was read (`Type.get`) and not registered. */
  readonly read: boolean;
  /** Logical name of the parent. */
  readonly parent?: string;
  readonly parentUrn?: string;
  /** Logical name of the explicit provider. */
  readonly provider?: string;
  /** URNs of everything it waits for, by `dependsOn` or through a value. */
  readonly dependencies: string[];
  /** URNs behind each input. */
  readonly propertyDependencies: Record<string, string[]>;
  readonly options: RecordedOptions;
  /** What a component registered as its outputs; undefined when it never did. */
  outputs?: Record<string, unknown>;
}

export interface RecordedOptions {
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deleteBeforeReplace?: boolean;
  /** Logical name of the resource whose deletion takes this one along. */
  readonly deletedWith?: string;
  readonly ignoreChanges: string[];
  readonly replaceOnChanges: string[];
  readonly additionalSecretOutputs: string[];
  /** As sent: URNs, or `name=…, type=…` of the old place. */
  readonly aliases: string[];
  readonly importId?: string;
  readonly customTimeouts?: Record<string, string>;
}

/** A call of a provider function: `vault:kv/getSecretV2:getSecretV2` and the like. */
export interface RecordedInvoke {
  readonly token: string;
  readonly inputs: Record<string, unknown>;
  readonly provider?: string;
}

/** The only resource of that type and, when given, that logical name. Throws with what there is instead. */
export function resourceOf(resources: RecordedResource[], type: string, name?: string): RecordedResource {
  const found = resources.filter((r) => r.type === type && (name === undefined || r.name === name));
  const [only] = found;
  if (only === undefined || found.length > 1) {
    const seen = resources.map((r) => `${r.type} ${r.name}`).join("\n  ");
    throw new Error(`wanted one ${type} ${name ?? ""}, found ${found.length} among\n  ${seen}`);
  }
  return only;
}

export function resourcesOf(resources: RecordedResource[], type: string): RecordedResource[] {
  return resources.filter((r) => r.type === type);
}

/** Whether `resource` waits for `other`, directly or through something else that it waits for. */
export function waitsFor(
  resources: RecordedResource[],
  resource: RecordedResource,
  other: RecordedResource,
): boolean {
  const byUrn = new Map(resources.map((r) => [r.urn, r]));
  const seen = new Set<string>();
  const open = [...resource.dependencies];
  for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
    if (urn === other.urn) return true;
    if (seen.has(urn)) continue;
    seen.add(urn);
    open.push(...(byUrn.get(urn)?.dependencies ?? []));
  }
  return false;
}

/** Every string that stands outside a secret wrapper, with its path; for "no secret in clear" tests. */
export function clearStrings(value: unknown, path = ""): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, i) => clearStrings(item, `${path}[${i}]`));
  if (typeof value !== "object" || value === null || isSecretWrapper(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => clearStrings(item, path ? `${path}.${key}` : key));
}

function isSecretWrapper(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === "secret";
}

/** Logical name at the end of a URN. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
