/**
 * What the engine asks of a provider: the meaning of pulumirpc.ResourceProvider (proto/pulumi/provider.proto), as
 * plain data. A provider is called in this process, or behind gRPC in one of its own; the engine sees no
 * difference.
 *
 * Properties are in wire form (property/values.ts). A provider that accepts secrets gets and returns them as marked
 * values; in a preview, values that are not known yet stand as UNKNOWN. Numbers are doubles.
 *
 * Errors: a request that cannot be done throws ProviderError, whose message names the subject, the value seen (never
 * a secret), and the next step. A resource that was made or changed, but is not in order, throws InitFailedError:
 * its id and state are kept. Anything else that is thrown counts as a mistake of the provider.
 */
import type { PropertyDiff } from "../property/compare";
import type { PropertyMap } from "../property/values";

export type { PropertyDiff, PropertyDiffKind } from "../property/compare";

/** Which resource a request is about. */
export interface Subject {
  readonly urn: string;
  /** Type token, `postgresql:index/role:Role`. */
  readonly type: string;
  /** The resource's name in the program, not a physical one. */
  readonly name: string;
}

/** What of an input a provider refuses. */
export interface CheckFailure {
  /** Path of the property; empty for the whole resource. */
  readonly property: string;
  readonly reason: string;
}

export interface CheckRequest extends Subject {
  /** Inputs of the last deployment; undefined when the resource is new, or is made anew. */
  readonly oldInputs: PropertyMap | undefined;
  readonly newInputs: PropertyMap;
  /** 32 bytes; the same for the same resource in one deployment. For names that a provider makes up. */
  readonly randomSeed: Uint8Array;
}

export interface CheckResponse {
  /** The inputs with defaults filled in. */
  readonly inputs: PropertyMap;
  readonly failures: readonly CheckFailure[];
}

export interface DiffRequest extends Subject {
  readonly id: string;
  readonly oldInputs: PropertyMap;
  /** The state as it was last seen. */
  readonly oldOutputs: PropertyMap;
  /** Checked inputs. */
  readonly newInputs: PropertyMap;
  /** Property paths whose changes do not count. The engine has put the old values into newInputs already. */
  readonly ignoreChanges: readonly string[];
}

export interface DiffResponse {
  /** `unknown` leaves the decision to the engine, which compares old and new inputs. */
  readonly changes: "none" | "some" | "unknown";
  /** Properties that cannot be changed in place. */
  readonly replaces: readonly string[];
  /** Properties that differ. */
  readonly diffs: readonly string[];
  /** By property path; where it is given, it says more than `diffs`. */
  readonly detailedDiff?: Readonly<Record<string, PropertyDiff>>;
  /** Whether a replacement must delete the old resource first. */
  readonly deleteBeforeReplace: boolean;
}

export interface ConfigureRequest {
  /** Checked inputs of the provider resource: strings, as SDKs write them; JSON text for anything else. */
  readonly inputs: PropertyMap;
}

export interface CreateRequest extends Subject {
  /** Checked inputs. */
  readonly inputs: PropertyMap;
  /** Seconds after which the provider gives up; 0 leaves it to the provider. */
  readonly timeout: number;
  /** Whether this only asks what would be: no I/O that changes anything, and outputs may be UNKNOWN. */
  readonly preview: boolean;
}

export interface CreateResponse {
  /** Never empty outside a preview. */
  readonly id: string;
  readonly outputs: PropertyMap;
}

export interface ReadRequest extends Subject {
  readonly id: string;
  /** Inputs and state as they were last seen; undefined when only the id is known (import, `.get`). */
  readonly inputs: PropertyMap | undefined;
  readonly outputs: PropertyMap | undefined;
}

/** The resource as it is now; undefined when it is gone. A resource that cannot be read is an error, never gone. */
export type ReadResponse =
  | {
      readonly id: string;
      /** As a program would have written them; undefined when the provider cannot tell. */
      readonly inputs: PropertyMap | undefined;
      readonly outputs: PropertyMap;
      /** What is not in order with the resource; empty when all is. */
      readonly initErrors?: readonly string[];
    }
  | undefined;

export interface UpdateRequest extends Subject {
  readonly id: string;
  readonly oldInputs: PropertyMap;
  readonly oldOutputs: PropertyMap;
  readonly newInputs: PropertyMap;
  readonly timeout: number;
  readonly ignoreChanges: readonly string[];
  readonly preview: boolean;
}

export interface UpdateResponse {
  readonly outputs: PropertyMap;
}

export interface DeleteRequest extends Subject {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
  readonly timeout: number;
}

export interface InvokeRequest {
  readonly token: string;
  readonly arguments: PropertyMap;
  readonly preview: boolean;
}

export interface InvokeResponse {
  readonly result: PropertyMap;
  readonly failures: readonly CheckFailure[];
}

/**
 * What a create that was interrupted may have left behind. `named`: an object that nobody had before, and that Read
 * finds under this id; `nothing`: nothing that another create would not find or make again, as with a grant, or a
 * value that is kept in the state alone.
 */
export type Trace = { readonly kind: "named"; readonly id: string } | { readonly kind: "nothing" };

export interface TraceRequest extends Subject {
  readonly inputs: PropertyMap;
}

/** Where a provider's requests go, as the server there says of itself. */
export interface Target {
  /** For messages: `PostgreSQL at 127.0.0.1:5432`. */
  readonly description: string;
  /** The mark that a sandbox left in its server; undefined where there is none. */
  readonly marker: string | undefined;
}

/** What a provider understands, as its handshake and its answer to Configure say. */
export interface ProviderFeatures {
  /** Otherwise the engine takes marks off, and puts them on the answers. */
  readonly acceptsSecrets: boolean;
  /** Otherwise the engine answers previews by itself, with the inputs. */
  readonly supportsPreview: boolean;
}

export interface Provider {
  /** Package: `postgresql`. */
  readonly name: string;
  /** The version of the official provider whose resources these are. */
  readonly version: string;
  readonly features: ProviderFeatures;

  /** Absent: the inputs are taken as they are. */
  checkConfig?(request: CheckRequest): Promise<CheckResponse>;
  /** Absent: a changed configuration replaces nothing. */
  diffConfig?(request: DiffRequest): Promise<DiffResponse>;
  /** Called once, before anything but checkConfig and diffConfig. Connects to nothing. */
  configure(request: ConfigureRequest): Promise<void>;
  /**
   * Asks the configured server what it is. Absent for a provider that talks to none. The provider holds every later
   * connection to the same answer.
   */
  target?(): Promise<Target>;

  check(request: CheckRequest): Promise<CheckResponse>;
  /** Without I/O. */
  diff(request: DiffRequest): Promise<DiffResponse>;
  /** Refuses an object that exists, and says how to import it. */
  create(request: CreateRequest): Promise<CreateResponse>;
  read(request: ReadRequest): Promise<ReadResponse>;
  update(request: UpdateRequest): Promise<UpdateResponse>;
  /** An object that is gone already is deleted. */
  delete(request: DeleteRequest): Promise<void>;
  invoke(request: InvokeRequest): Promise<InvokeResponse>;
  /** Absent, or undefined: it cannot tell what an interrupted create left behind. */
  trace?(request: TraceRequest): Promise<Trace | undefined>;
  /** Makes requests under way fail soon. Called at most once, in the middle of anything. */
  cancel(): Promise<void>;
  /** Lets go of connections and processes. No request follows. */
  close(): Promise<void>;
}

/** Makes an unconfigured provider. One for every provider resource of a program. */
export type ProviderFactory = () => Provider | Promise<Provider>;
