/**
 * A provider whose resource types are tables. It answers Check, Diff, previews and traces without a server, and
 * gives each type the plain values that it works with; nothing leaves it without the marks of its secrets.
 */
import { InitFailedError, ProviderError, UnimplementedError } from "../../engine/provider/errors";
import type {
  CheckRequest,
  CheckResponse,
  ConfigureRequest,
  CreateRequest,
  CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  InvokeRequest,
  InvokeResponse,
  Provider,
  ReadRequest,
  ReadResponse,
  Subject,
  Trace,
  TraceRequest,
  UpdateRequest,
  UpdateResponse,
} from "../../engine/provider/provider";
import type { PropertyMap } from "../../engine/provider/values";
import { checkInputs } from "./check";
import { diffResource } from "./diff";
import { expectedOutputs, importedInputs, observedOutputs, refreshedInputs } from "./observed";
import { marked, Plain, plainMap } from "./plain";
import type { ResourceType } from "./resource-type";

export abstract class TableProvider<Server> implements Provider {
  readonly features = { acceptsSecrets: true, supportsPreview: true };

  /** @param types by type token */
  constructor(
    readonly name: string,
    readonly version: string,
    private readonly types: Readonly<Record<string, ResourceType<Server>>>,
  ) {}

  abstract configure(request: ConfigureRequest): Promise<void>;
  abstract cancel(): Promise<void>;
  abstract close(): Promise<void>;

  /**
   * The way to the server, for one request.
   * @param timeout seconds until the request fails; 0 leaves it to the provider
   */
  protected abstract serve<Result>(
    timeout: number,
    work: (server: Server) => Promise<Result>,
  ): Promise<Result>;

  async check(request: CheckRequest): Promise<CheckResponse> {
    return checkInputs(this.typeOf(request).table, request);
  }

  async diff(request: DiffRequest): Promise<DiffResponse> {
    return diffResource(this.typeOf(request).table, request);
  }

  async create(request: CreateRequest): Promise<CreateResponse> {
    const type = this.typeOf(request);
    const inputs = plainMap(request.inputs);
    const { table } = type;
    if (request.preview) {
      return { id: "", outputs: marked(table, expectedOutputs(table, inputs, undefined), request.inputs) };
    }
    return this.serve(request.timeout, async (server) => {
      const { id, outputs: known, unfinished } = await type.create(server, new Plain(inputs));
      const outputs =
        known === undefined
          ? await this.afterwards(server, type, id, request.inputs)
          : marked(table, known, request.inputs);
      if (unfinished === undefined) return { id, outputs };
      throw new InitFailedError(`${type.noun} ${id}: ${unfinished}`, { id, outputs, reasons: [unfinished] });
    });
  }

  async read(request: ReadRequest): Promise<ReadResponse> {
    const type = this.typeOf(request);
    const { table } = type;
    const last = request.outputs ?? request.inputs;
    const known = last && plainMap(last);
    const found = await this.serve(0, (server) => type.read(server, request.id, known && new Plain(known)));
    if (found === undefined) return undefined;
    const outputs = observedOutputs(table, found.properties, known);
    const inputs =
      request.inputs === undefined
        ? importedInputs(table, outputs)
        : refreshedInputs(table, request.inputs, outputs);
    return {
      id: found.id,
      inputs: marked(table, inputs, request.inputs),
      outputs: marked(table, outputs, request.outputs, request.inputs),
    };
  }

  async update(request: UpdateRequest): Promise<UpdateResponse> {
    const type = this.typeOf(request);
    const { table } = type;
    const inputs = plainMap(request.newInputs);
    const old = plainMap(request.oldOutputs);
    if (request.preview)
      return { outputs: marked(table, expectedOutputs(table, inputs, old), request.newInputs) };
    const { update } = type;
    if (update === undefined) {
      throw new ProviderError(
        `${type.noun} ${request.id} cannot be changed in place: replace ${request.urn}`,
      );
    }
    return this.serve(request.timeout, async (server) => {
      await update(server, { id: request.id, old: new Plain(old) }, new Plain(inputs));
      // What is not observed is as the new inputs say; what the server chose, it will tell.
      const id = type.identify?.(server, new Plain(inputs)) ?? request.id;
      return { outputs: await this.afterwards(server, type, id, request.newInputs) };
    });
  }

  async delete(request: DeleteRequest): Promise<void> {
    const type = this.typeOf(request);
    const old = new Plain(plainMap(request.outputs));
    await this.serve(request.timeout, (server) => type.delete(server, { id: request.id, old }));
  }

  async invoke({ token }: InvokeRequest): Promise<InvokeResponse> {
    throw new UnimplementedError(
      `${this.name}: the local engine has no function ${token}; only resources of this package can be used`,
    );
  }

  async trace(request: TraceRequest): Promise<Trace> {
    const { identify, repeatable } = this.typeOf(request);
    const inputs = new Plain(plainMap(request.inputs));
    if (identify === undefined || repeatable?.(inputs)) return { kind: "nothing" };
    return this.serve(0, async (server) => ({ kind: "named", id: identify(server, inputs) }));
  }

  private typeOf({ type, urn }: Subject): ResourceType<Server> {
    const found = this.types[type];
    if (found === undefined) {
      const known = Object.keys(this.types).join(", ");
      throw new UnimplementedError(
        `${urn}: the local engine has no type ${type}; of ${this.name} it has ${known}`,
      );
    }
    return found;
  }

  /** The outputs of an object that was just made or changed. If it cannot be read, it exists nonetheless. */
  private async afterwards(
    server: Server,
    type: ResourceType<Server>,
    id: string,
    given: PropertyMap,
  ): Promise<PropertyMap> {
    const { table } = type;
    const inputs = plainMap(given);
    try {
      const found = await type.read(server, id, new Plain(inputs));
      if (found === undefined) throw new ProviderError(`${type.noun} ${id} is gone again: refresh`);
      return marked(table, observedOutputs(table, found.properties, inputs), given);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const known = Object.entries(inputs).filter(([name]) => table.fields[name]?.writeOnly !== true);
      const outputs = Object.fromEntries(known.filter(([name]) => table.fields[name] !== undefined));
      const reason = `${type.noun} ${id} was made or changed, but cannot be read: ${error.message}`;
      throw new InitFailedError(reason, { id, outputs: marked(table, outputs, given), reasons: [reason] });
    }
  }
}
