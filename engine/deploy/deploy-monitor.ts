/**
 * The resource monitor of a deployment: gives every registration its URN and provider, has it deployed, and answers
 * with what it came to. In a preview the same happens, but that nothing is changed.
 */
import type { ProviderRegistry } from "../apply/registry";
import type { ResourceState } from "../checkpoint/state";
import type { Diagnostic } from "../diagnostic";
import { withAssetHashes } from "../monitor/asset-hashes";
import {
  defaultProvider,
  defaultProviderName,
  isDefaultProviderDisabled,
  packageInputs,
} from "../monitor/default-providers";
import type { InvokeAnswer, Monitor } from "../monitor/monitor";
import { isServed, namedProvider, Packages, type Parent } from "../monitor/packages";
import { allPropertyDependencies, inherit, positionIn } from "../monitor/planned";
import type {
  InvokeRequest,
  PackageDescriptor,
  ReadRequest,
  Registration,
  ResourceAnswer,
} from "../monitor/requests";
import type { Goal } from "../plan/goal";
import type { EnvironmentConfiguration } from "../project/environment";
import { withoutRevealed } from "../property/revealed-secrets";
import { UNKNOWN_RESULT } from "../property/unknown-result";
import { lowerOutputs, type PropertyMap, UNKNOWN } from "../property/values";
import { providerReference } from "../provider-reference";
import { RegistrationError, UnsupportedError } from "../registration-error";
import { isProviderType, makeUrn } from "../urn";
import type { Deployment, Registered } from "./deployment";

export interface DeployMonitorOptions {
  readonly project: string;
  /** Folder of the project; source positions are told relative to it. */
  readonly root: string;
  /** Folder in which the program runs; paths of assets are relative to it. */
  readonly programFolder: string;
  readonly configuration: EnvironmentConfiguration;
  readonly deployment: Deployment;
  readonly registry: ProviderRegistry;
  readonly preview: boolean;
}

/** What children of a resource inherit. */
interface Ancestor extends Parent {
  readonly options: Goal["options"];
}

export class DeployMonitor implements Monitor {
  readonly #packages = new Packages();
  readonly #ancestors = new Map<string, Ancestor>();
  readonly #defaults = new Map<string, Promise<string>>();
  #stackUrn = "";
  #finished: Promise<void> | undefined;
  readonly project: string;
  readonly configuration: EnvironmentConfiguration;
  readonly preview: boolean;

  constructor(private readonly options: DeployMonitorOptions) {
    this.project = options.project;
    this.configuration = options.configuration;
    this.preview = options.preview;
  }

  get stackUrn(): string {
    return this.#stackUrn;
  }

  setRootResource(urn: string): void {
    this.#stackUrn = urn;
  }

  log(diagnostic: Diagnostic): void {
    if (diagnostic.severity === "debug") return;
    this.options.deployment.report(withoutRevealed(diagnostic, this.configuration.revealed));
  }

  async register(request: Registration): Promise<ResourceAnswer> {
    const { type, name, custom, remote } = request;
    if (remote) throw new UnsupportedError("components that a provider constructs (Construct)", name);
    if (custom && type.split(":").length !== 3) {
      throw new RegistrationError(
        `resource ${name}: type ${JSON.stringify(type)} is not of the form package:module:name`,
      );
    }
    const parent = this.#parentOf(request);
    const descriptor = this.#packages.of(type, request.packageRef, request.options);
    const own = isProviderType(type) ? { ...packageInputs(descriptor), __internal: {} } : {};
    const goal: Goal = {
      ...(await this.#goalOf(request, descriptor, parent)),
      inputs: { ...own, ...withAssetHashes(lowerOutputs(request.inputs), this.options.programFolder) },
      custom,
      propertyDependencies: allPropertyDependencies(request),
      options: inherit(request.options, parent?.options),
      aliases: request.aliases,
      ...(request.replacementTrigger === undefined
        ? {}
        : lowerOutputs({ replacementTrigger: request.replacementTrigger })),
    };
    const registered = await this.options.deployment.register(goal);
    this.#ancestors.set(goal.urn, {
      type,
      custom,
      ...(goal.provider === undefined ? {} : { provider: goal.provider }),
      providers: { ...parent?.providers, ...request.providers },
      options: goal.options,
    });
    return answer(goal, registered);
  }

  async read(request: ReadRequest): Promise<ResourceAnswer> {
    const parent = this.#parentOf(request);
    const descriptor = this.#packages.of(request.type, request.packageRef, request.options);
    const goal = {
      ...(await this.#goalOf({ ...request, custom: true, remote: false }, descriptor, parent)),
      id: request.id,
      inputs: lowerOutputs(request.properties),
      custom: true,
      propertyDependencies: {},
      options: request.options,
      aliases: [],
    };
    const registered = await this.options.deployment.read(goal);
    this.#ancestors.set(goal.urn, {
      type: request.type,
      custom: true,
      ...(goal.provider === undefined ? {} : { provider: goal.provider }),
      providers: parent?.providers ?? {},
      options: {},
    });
    return answer(goal, registered);
  }

  async registerOutputs(urn: string, outputs: PropertyMap): Promise<void> {
    const hashed = withAssetHashes(lowerOutputs(outputs), this.options.programFolder);
    await this.options.deployment.registerOutputs(urn, hashed);
  }

  async invoke(request: InvokeRequest): Promise<InvokeAnswer> {
    const { token, packageRef } = request;
    if (token === "pulumi:pulumi:getResource") return { result: this.#getResource(request), failures: [] };
    const descriptor = this.#packages.of(token, packageRef, request);
    const reference = request.provider || (await this.#defaultProvider(descriptor, token));
    const provider = await this.options.registry.get(reference);
    const answer = await provider.invoke({
      token,
      arguments: withAssetHashes(lowerOutputs(request.arguments), this.options.programFolder),
      preview: this.preview,
    });
    return answer ?? { result: UNKNOWN_RESULT, failures: [] };
  }

  call(token: string): PropertyMap {
    throw new UnsupportedError(`methods of resources (Call, here ${token})`);
  }

  registerPackage(descriptor: PackageDescriptor): string {
    return this.#packages.register(descriptor);
  }

  registerHook(): void {
    throw new UnsupportedError("resource hooks");
  }

  /** Deletes once, however often it is said that the program has registered all: by the program, and at its end. */
  finish(): Promise<void> {
    this.#finished ??= this.options.deployment.finish();
    return this.#finished;
  }

  async #goalOf(
    request: Pick<Registration, "type" | "name" | "parent" | "dependencies" | "sourcePosition"> &
      Pick<Registration, "custom" | "remote" | "provider">,
    descriptor: PackageDescriptor,
    parent: Ancestor | undefined,
  ) {
    const { type, name } = request;
    const provider = isServed(request)
      ? (namedProvider(request, descriptor.name, parent) ?? (await this.#defaultProvider(descriptor, name)))
      : undefined;
    return {
      urn: makeUrn(this.configuration.environment, this.project, request.parent, type, name),
      type,
      name,
      dependencies: [...new Set(request.dependencies)],
      ...(request.parent === "" ? {} : { parent: request.parent }),
      ...(provider === undefined ? {} : { provider }),
      ...positionIn(this.options.root, request.sourcePosition),
    };
  }

  /** The default provider of a package, deployed when first needed. Its reference. */
  #defaultProvider(descriptor: PackageDescriptor, subject: string): Promise<string> {
    const { values, secretKeys, environment } = this.configuration;
    if (isDefaultProviderDisabled(descriptor.name, values)) {
      throw new RegistrationError(
        `Default provider for '${descriptor.name}' disabled. '${subject}' must use an explicit provider.`,
      );
    }
    const name = defaultProviderName(descriptor);
    const registration = defaultProvider(descriptor, values, secretKeys);
    const urn = makeUrn(environment, this.project, "", registration.type, name);
    const known = this.#defaults.get(urn);
    if (known !== undefined) return known;
    const reference = this.#deployDefault(urn, registration, descriptor);
    this.#defaults.set(urn, reference);
    return reference;
  }

  async #deployDefault(
    urn: string,
    registration: Registration,
    descriptor: PackageDescriptor,
  ): Promise<string> {
    const inputs = { ...registration.inputs, ...(descriptor.version === "" ? {} : { __internal: {} }) };
    const goal = { ...registration, urn, inputs };
    const { state } = await this.options.deployment.register(withoutParent(goal), true);
    if (state?.id === undefined) {
      throw new RegistrationError(
        `the default provider of package ${descriptor.name} could not be made`,
        urn,
      );
    }
    return providerReference(urn, state.id);
  }

  #parentOf({ parent, name }: Pick<Registration, "parent" | "name">): Ancestor | undefined {
    const found = this.#ancestors.get(parent);
    if (parent !== "" && found === undefined) {
      throw new RegistrationError(`resource ${name}: its parent ${parent} was not registered`);
    }
    return found;
  }

  #getResource({ arguments: { urn } }: InvokeRequest): PropertyMap {
    const state = typeof urn === "string" ? this.options.deployment.state(urn) : undefined;
    if (state === undefined) throw new RegistrationError(`unknown resource ${JSON.stringify(urn)}`);
    return { urn: state.urn, id: idOf(state), state: state.outputs };
  }
}

function withoutParent({ parent: _parent, provider: _provider, ...goal }: Goal): Goal {
  return goal;
}

/** What the program is told. A component sets its own outputs; an id that is not known yet is empty. */
function answer(goal: Pick<Goal, "urn">, registered: Registered): ResourceAnswer {
  if (registered.state === undefined) {
    return { urn: goal.urn, id: "", outputs: {}, result: registered.result };
  }
  const { state } = registered;
  return { urn: state.urn, id: idOf(state), outputs: state.outputs };
}

function idOf({ id = "" }: ResourceState): string {
  return id === UNKNOWN ? "" : id;
}
