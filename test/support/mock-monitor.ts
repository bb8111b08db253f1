/** Listens to the SDK's mock monitor: every request becomes a record before the monitor answers it. */
import { nameOf, type RecordedOptions, type RecordedResource, UNKNOWN } from "./recorded";

/** The part of a registration or read request that is recorded. */
interface ResourceRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getObject?(): Struct;
  getProperties?(): Struct;
  getCustom?(): boolean;
  getProtect?(): boolean;
  hasProtect?(): boolean;
  getRetainondelete?(): boolean;
  hasRetainondelete?(): boolean;
  getDeletebeforereplace?(): boolean;
  getDeletebeforereplacedefined?(): boolean;
  getDeletedwith?(): string;
  getIgnorechangesList?(): string[];
  getReplaceonchangesList?(): string[];
  getAdditionalsecretoutputsList?(): string[];
  getAliasesList?(): { getUrn(): string; getSpec(): { getName(): string; getType(): string } | undefined }[];
  getImportid?(): string;
  getCustomtimeouts?(): { toObject(): Record<string, string> } | undefined;
  getPropertydependenciesMap?(): Iterable<[string, { getUrnsList(): string[] }]> & {
    entries(): Iterable<[string, { getUrnsList(): string[] }]>;
  };
}

interface Struct {
  toJavaScript(): Record<string, unknown>;
}

type Callback = (error: unknown, response: { getUrn(): string } | undefined) => void;

export interface Monitor {
  registerResource(request: ResourceRequest, callback: Callback): unknown;
  readResource(request: ResourceRequest, callback: Callback): unknown;
  registerResourceOutputs(
    request: { getUrn(): string; getOutputs(): Struct | undefined },
    callback: Callback,
  ): unknown;
}

export function tap(monitor: Monitor, resources: RecordedResource[]): void {
  const { registerResource, readResource, registerResourceOutputs } = monitor;
  const recorded =
    (original: Monitor["registerResource"], read: boolean): Monitor["registerResource"] =>
    (request, callback) => {
      const at = resources.length;
      // The URN comes with the answer; the place in the list is the order of the requests.
      resources.push(toRecord(request, "", read));
      return original.call(monitor, request, (error, response) => {
        resources[at] = toRecord(request, response?.getUrn() ?? "", read);
        callback(error, response);
      });
    };
  monitor.registerResource = recorded(registerResource, false);
  monitor.readResource = recorded(readResource, true);
  monitor.registerResourceOutputs = (request, callback) => {
    const resource = resources.find((r) => r.urn === request.getUrn());
    if (resource)
      resource.outputs = legible(request.getOutputs()?.toJavaScript() ?? {}) as typeof resource.outputs & {};
    return registerResourceOutputs.call(monitor, request, callback);
  };
}

function toRecord(request: ResourceRequest, urn: string, read: boolean): RecordedResource {
  const struct = request.getObject?.() ?? request.getProperties?.();
  const parentUrn = request.getParent();
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    inputs: legible(struct?.toJavaScript() ?? {}) as Record<string, unknown>,
    custom: request.getCustom?.() ?? true,
    read,
    ...(parentUrn && { parent: nameOf(parentUrn), parentUrn }),
    ...providerName(request.getProvider()),
    dependencies: [...request.getDependenciesList()].sort(),
    propertyDependencies: Object.fromEntries(
      [...(request.getPropertydependenciesMap?.().entries() ?? [])].map(([key, deps]) => [
        key,
        [...deps.getUrnsList()].sort(),
      ]),
    ),
    options: toOptions(request),
  };
}

function toOptions(request: ResourceRequest): RecordedOptions {
  const timeouts = Object.entries(request.getCustomtimeouts?.()?.toObject() ?? {}).filter(([, time]) => time);
  const importId = request.getImportid?.();
  const deletedWith = request.getDeletedwith?.();
  return {
    ...(request.hasProtect?.() && { protect: request.getProtect?.() ?? false }),
    ...(request.hasRetainondelete?.() && { retainOnDelete: request.getRetainondelete?.() ?? false }),
    ...(request.getDeletebeforereplacedefined?.() && {
      deleteBeforeReplace: request.getDeletebeforereplace?.() ?? false,
    }),
    ...(deletedWith && { deletedWith: nameOf(deletedWith) }),
    ignoreChanges: [...(request.getIgnorechangesList?.() ?? [])],
    replaceOnChanges: [...(request.getReplaceonchangesList?.() ?? [])],
    additionalSecretOutputs: [...(request.getAdditionalsecretoutputsList?.() ?? [])],
    aliases: (request.getAliasesList?.() ?? []).map(
      (alias) => alias.getUrn() || `name=${alias.getSpec()?.getName()}, type=${alias.getSpec()?.getType()}`,
    ),
    ...(importId && { importId }),
    ...(timeouts.length > 0 && { customTimeouts: Object.fromEntries(timeouts) }),
  };
}

/** `urn::id` of a provider, as it is sent with a request. */
export function providerName(reference: string | undefined): { provider?: string } {
  if (!reference) return {};
  return { provider: nameOf(reference.slice(0, reference.lastIndexOf("::"))) };
}

// How the SDK marks special values on the wire (runtime/rpc.ts).
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const UNKNOWN_MARKERS = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
]);

function legible(value: unknown): unknown {
  if (typeof value === "string") return UNKNOWN_MARKERS.has(value) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(legible);
  if (typeof value !== "object" || value === null) return value;
  const marked = value as Record<string, unknown>;
  if (marked[SIGNATURE] === SECRET) return { secret: legible(marked.value) };
  if (marked[SIGNATURE] === RESOURCE) return { resource: marked.urn };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, legible(item)]));
}
