/**
 * The resource monitor of a preview on empty state. It gives every registration its URN, provider and
 * dependencies, and answers what is known before a deployment: a resource's inputs, no ids, no results of
 * provider functions. It calls no provider and changes nothing.
 */
import type { Diagnostic } from "../diagnostic";
import type { EnvironmentConfiguration } from "../project/environment";
import { UNKNOWN_RESULT } from "../property/unknown-result";
import { isUnknown, lowerOutputs, type PropertyMap, type PropertyValue } from "../property/values";
import { plannedReference, referencedUrn } from "../provider-reference";
import { RegistrationError } from "../registration-error";
import { isProviderType, makeUrn } from "../urn";
import type { DeclaredResource } from "./declaration";
import {
  defaultProvider,
  defaultProviderName,
  isDefaultProviderDisabled,
  packageInputs,
} from "./default-providers";
import type { InvokeAnswer, Monitor } from "./monitor";
import { isServed, namedProvider, Packages } from "./packages";
import { inherit, inOrder, plannedOutputs, positionIn, propertyDependencies } from "./planned";
import type { InvokeRequest, PackageDescriptor, ReadRequest, Registration, ResourceAnswer } from "./requests";

/** Follows an evaluation while it runs. */
export interface MonitorEvents {
  resource?(resource: DeclaredResource): void;
}

/** A registered resource, what its children inherit from it, and what the program knows of its outputs. */
interface Registered {
  resource: DeclaredResource;
  outputs: PropertyMap;
  readonly providers: Readonly<Record<string, string>>;
}

export class PreviewMonitor implements Monitor {
  readonly preview = true;
  readonly #registered = new Map<string, Registered>();
  readonly #packages = new Packages();
  readonly #invokes = new Map<string, number>();
  readonly #diagnostics: Diagnostic[] = [];
  #stackUrn = "";

  readonly project: string;

  constructor(
    private readonly program: { readonly project: string; readonly root: string },
    readonly configuration: EnvironmentConfiguration,
    private readonly events: MonitorEvents = {},
  ) {
    this.project = program.project;
  }

  get resources(): DeclaredResource[] {
    return [...this.#registered.values()].map(({ resource }) => resource);
  }

  /** Stack outputs, once the program registered them. */
  get outputs(): PropertyMap {
    return this.#registered.get(this.#stackUrn)?.resource.outputs ?? {};
  }

  get invokes(): Record<string, number> {
    return Object.fromEntries(this.#invokes);
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics;
  }

  get stackUrn(): string {
    return this.#stackUrn;
  }

  setRootResource(urn: string): void {
    this.#stackUrn = urn;
  }

  /** Keeps a message of the program. Locked secrets in it are blanked. */
  log(diagnostic: Diagnostic): void {
    if (diagnostic.severity === "debug") return;
    const message = this.configuration.locked.redact(diagnostic.message);
    this.#diagnostics.push({ ...diagnostic, message });
  }

  /** Registers a resource. Throws RegistrationError when it breaks a rule. */
  register(request: Registration): ResourceAnswer {
    return this.#declare(request, false);
  }

  #declare(request: Registration, isDefault: boolean): ResourceAnswer {
    const { type, name, custom, remote } = request;
    const parent = this.#parentOf(request.parent, name);
    if ((custom || remote) && type.split(":").length !== 3) {
      throw new RegistrationError(
        `resource ${name}: type ${JSON.stringify(type)} is not of the form package:module:name`,
      );
    }
    const urn = this.#newUrn(request.parent, type, name);
    const descriptor = this.#packages.of(type, request.packageRef, request.options);
    const provider = this.#providerFor(request, descriptor, parent);
    const added = isProviderType(type) && !isDefault ? packageInputs(descriptor) : {};
    const inputs = { ...added, ...lowerOutputs(request.inputs) };
    const outputs = custom || remote ? plannedOutputs(type, inputs, request.options) : {};
    const resource: DeclaredResource = {
      urn,
      type,
      name,
      custom,
      remote,
      external: false,
      defaultProvider: isDefault,
      ...(request.parent === "" ? {} : { parent: request.parent }),
      ...(provider === "" ? {} : { provider }),
      ...this.#concealed(inputs, outputs),
      dependencies: inOrder(request.dependencies),
      propertyDependencies: propertyDependencies(request),
      options: inherit(request.options, parent?.resource.options),
      ...this.#trigger(request.replacementTrigger),
      ...positionIn(this.program.root, request.sourcePosition),
    };
    this.#keep({ resource, outputs, providers: { ...parent?.providers, ...request.providers } });
    return { urn, id: "", outputs };
  }

  /** Records a resource that the program reads. Only its id and what the program passed are known. */
  read(request: ReadRequest): ResourceAnswer {
    const parent = this.#parentOf(request.parent, request.name);
    const urn = this.#newUrn(request.parent, request.type, request.name);
    const registration = { ...request, custom: true, remote: false };
    const descriptor = this.#packages.of(request.type, request.packageRef, request.options);
    const provider = this.#providerFor(registration, descriptor, parent);
    const inputs = lowerOutputs(request.properties);
    // What has no known id cannot be read, not even its own properties.
    const outputs = isUnknown(request.id) ? {} : plannedOutputs(request.type, inputs, request.options);
    const resource: DeclaredResource = {
      urn,
      type: request.type,
      name: request.name,
      custom: true,
      remote: false,
      external: true,
      defaultProvider: false,
      ...(request.parent === "" ? {} : { parent: request.parent }),
      ...(provider === "" ? {} : { provider }),
      id: request.id,
      ...this.#concealed(inputs, outputs),
      dependencies: inOrder(request.dependencies),
      propertyDependencies: {},
      options: request.options,
      ...positionIn(this.program.root, request.sourcePosition),
    };
    this.#keep({ resource, outputs, providers: parent?.providers ?? {} });
    return { urn, id: request.id, outputs };
  }

  /** Takes a component's outputs; those of the stack are the program's results. */
  registerOutputs(urn: string, outputs: PropertyMap): void {
    const registered = this.#registered.get(urn);
    if (registered === undefined) {
      throw new RegistrationError(`cannot complete a resource that was not registered: ${urn}`);
    }
    registered.outputs = lowerOutputs(outputs);
    registered.resource = { ...registered.resource, outputs: this.#conceal(registered.outputs) };
  }

  /**
   * Answers a provider function: unknown, since no provider is asked. host/unknown-results.cjs makes the answer
   * one of which every member is unknown.
   */
  invoke(request: InvokeRequest): InvokeAnswer {
    const { token, packageRef, provider } = request;
    if (provider === "") this.#defaultProvider(this.#packages.of(token, packageRef, request), token);
    const known = request.token === "pulumi:pulumi:getResource";
    const result = known ? this.#getResource(request.arguments.urn) : this.call(request.token);
    return { result, failures: [] };
  }

  /** Answers a resource's method, which would be a function of its provider: unknown. */
  call(token: string): PropertyMap {
    this.#invokes.set(token, (this.#invokes.get(token) ?? 0) + 1);
    return UNKNOWN_RESULT;
  }

  /** Nothing follows from the end of a program that changes nothing. */
  finish(): void {}

  /** Hooks belong to operations, and none takes place. */
  registerHook(): void {}

  registerPackage(descriptor: PackageDescriptor): string {
    return this.#packages.register(descriptor);
  }

  #getResource(urn: PropertyValue | undefined): PropertyMap {
    const found = typeof urn === "string" ? this.#registered.get(urn) : undefined;
    if (found === undefined) throw new RegistrationError(`unknown resource ${JSON.stringify(urn)}`);
    return { urn: found.resource.urn, id: found.resource.id ?? "", state: found.outputs };
  }

  /** What is recorded of a resource's properties. Outputs that are the inputs are one object with them. */
  #concealed(inputs: PropertyMap, outputs: PropertyMap): Pick<DeclaredResource, "inputs" | "outputs"> {
    const recorded = this.#conceal(inputs);
    return { inputs: recorded, outputs: outputs === inputs ? recorded : this.#conceal(outputs) };
  }

  /** What is recorded of values; the program goes on with the markers that it got, as with any other text. */
  #conceal(values: PropertyMap): PropertyMap {
    return this.configuration.locked.conceal(values);
  }

  #trigger(value: PropertyValue | undefined): { replacementTrigger?: PropertyValue } {
    return value === undefined ? {} : this.#conceal(lowerOutputs({ replacementTrigger: value }));
  }

  #newUrn(parent: string, type: string, name: string): string {
    const urn = makeUrn(this.configuration.environment, this.project, parent, type, name);
    if (this.#registered.has(urn)) {
      throw new RegistrationError(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    }
    return urn;
  }

  #parentOf(urn: string, name: string): Registered | undefined {
    const parent = this.#registered.get(urn);
    if (urn !== "" && parent === undefined) {
      throw new RegistrationError(`resource ${name}: its parent ${urn} was not registered`);
    }
    return parent;
  }

  /** The provider of a resource: named, inherited, or the package's default one. */
  #providerFor(
    request: Pick<Registration, "type" | "name" | "custom" | "remote" | "provider">,
    descriptor: PackageDescriptor,
    parent: Registered | undefined,
  ): string {
    if (!isServed(request)) return "";
    const chosen = namedProvider(request, descriptor.name, parent && { ...parent.resource, ...parent });
    if (chosen !== undefined) {
      if (!this.#registered.has(referencedUrn(chosen))) {
        throw new RegistrationError(`resource ${request.name}: its provider ${chosen} was not registered`);
      }
      return chosen;
    }
    return this.#defaultProvider(descriptor, request.name);
  }

  /** The default provider of a package, made when first needed. */
  #defaultProvider(descriptor: PackageDescriptor, subject: string): string {
    if (isDefaultProviderDisabled(descriptor.name, this.configuration.values)) {
      throw new RegistrationError(
        `Default provider for '${descriptor.name}' disabled. '${subject}' must use an explicit provider.`,
      );
    }
    const { values, secretKeys, environment } = this.configuration;
    const registration = defaultProvider(descriptor, values, secretKeys);
    const urn = makeUrn(environment, this.project, "", registration.type, defaultProviderName(descriptor));
    if (!this.#registered.has(urn)) this.#declare(registration, true);
    return plannedReference(urn);
  }

  #keep(registered: Registered): void {
    this.#registered.set(registered.resource.urn, registered);
    this.events.resource?.(registered.resource);
  }
}
