/**
 * The resource monitor of a preview on empty state. It gives every registration its URN, provider and
 * dependencies, and answers what is known before a deployment: a resource's inputs, no ids, no results of
 * provider functions. It calls no provider and changes nothing.
 */
import { pathToFileURL } from "node:url";
import type { Diagnostic } from "../diagnostic";
import type { EnvironmentConfiguration } from "../project/environment";
import {
  lowerOutputs,
  outputDependencies,
  type PropertyMap,
  type PropertyValue,
  secret,
  UNKNOWN,
} from "../property/values";
import { isProviderType, makeUrn, packageOf } from "../urn";
import type { DeclaredResource, ResourceOptions } from "./declaration";
import {
  defaultProvider,
  defaultProviderName,
  isDefaultProviderDisabled,
  packageInputs,
  plannedReference,
  referencedUrn,
} from "./default-providers";
import type { InvokeRequest, PackageDescriptor, ReadRequest, Registration, ResourceAnswer } from "./requests";

/** The program broke a rule of the protocol; the run fails, and the message says which. */
export class RegistrationError extends Error {}

/** Follows an evaluation while it runs. */
export interface MonitorEvents {
  resource?(resource: DeclaredResource): void;
}

/** A registered resource and what its children inherit from it. */
interface Registered {
  resource: DeclaredResource;
  readonly providers: Readonly<Record<string, string>>;
}

/** Key of an answer of which nothing is known; no provider function has a result of this name. */
export const UNKNOWN_RESULT = "keybuzz:unknown-result";

/** Options that children inherit when they set none. */
const INHERITED = ["protect", "retainOnDelete", "deletedWith"] as const;

export class PreviewMonitor {
  readonly #registered = new Map<string, Registered>();
  readonly #packages = new Map<string, PackageDescriptor>();
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
    const descriptor = this.#descriptor(type, request.packageRef, request.options);
    const provider = this.#providerFor(request, descriptor, parent);
    const added = isProviderType(type) && !isDefault ? packageInputs(descriptor) : {};
    const inputs = { ...added, ...this.configuration.locked.conceal(lowerOutputs(request.inputs)) };
    const dependencies = withOutputDependencies(request);
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
      inputs,
      outputs: custom || remote ? plannedOutputs(inputs, request.options) : {},
      dependencies,
      propertyDependencies: propertyDependencies(request, inputs, dependencies),
      options: inherit(request.options, parent?.resource.options),
      ...this.#position(request.sourcePosition),
    };
    this.#keep(resource, { ...parent?.providers, ...request.providers });
    return { urn, id: "", outputs: resource.outputs };
  }

  /** Records a resource that the program reads. Only its id and what the program passed are known. */
  read(request: ReadRequest): ResourceAnswer {
    const parent = this.#parentOf(request.parent, request.name);
    const urn = this.#newUrn(request.parent, request.type, request.name);
    const registration = { ...request, custom: true, remote: false };
    const descriptor = this.#descriptor(request.type, request.packageRef, request.options);
    const provider = this.#providerFor(registration, descriptor, parent);
    const inputs = this.configuration.locked.conceal(lowerOutputs(request.properties));
    this.#keep(
      {
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
        inputs,
        outputs: plannedOutputs(inputs, request.options),
        dependencies: request.dependencies,
        propertyDependencies: {},
        options: request.options,
        ...this.#position(request.sourcePosition),
      },
      parent?.providers ?? {},
    );
    return { urn, id: request.id, outputs: plannedOutputs(inputs, request.options) };
  }

  /** Takes a component's outputs; those of the stack are the program's results. */
  registerOutputs(urn: string, outputs: PropertyMap): void {
    const registered = this.#registered.get(urn);
    if (registered === undefined) {
      throw new RegistrationError(`cannot complete a resource that was not registered: ${urn}`);
    }
    registered.resource = {
      ...registered.resource,
      outputs: this.configuration.locked.conceal(lowerOutputs(outputs)),
    };
  }

  /**
   * Answers a provider function: unknown, since no provider is asked. host/unknown-results.cjs makes the answer
   * one of which every member is unknown.
   */
  invoke(request: InvokeRequest): PropertyMap {
    if (request.token === "pulumi:pulumi:getResource") return this.#getResource(request.arguments.urn);
    this.#invokes.set(request.token, (this.#invokes.get(request.token) ?? 0) + 1);
    return { [UNKNOWN_RESULT]: UNKNOWN };
  }

  /** Remembers a package; the same package always gets the same reference. */
  registerPackage(descriptor: PackageDescriptor): string {
    const reference = [descriptor.name, descriptor.version, descriptor.pluginDownloadUrl].join("@");
    this.#packages.set(reference, descriptor);
    return reference;
  }

  #getResource(urn: PropertyValue | undefined): PropertyMap {
    const found = typeof urn === "string" ? this.#registered.get(urn)?.resource : undefined;
    if (found === undefined) throw new RegistrationError(`unknown resource ${JSON.stringify(urn)}`);
    return { urn: found.urn, id: found.id ?? "", state: found.outputs };
  }

  /** Positions are told relative to the project, as Pulumi keeps them; those outside of it are of no use. */
  #position(position: string | undefined): { sourcePosition?: string } {
    const root = `${pathToFileURL(this.program.root).href}/`;
    if (position === undefined || !position.startsWith(root) || position.includes("/node_modules/"))
      return {};
    return { sourcePosition: `project:///${position.slice(root.length)}` };
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

  #descriptor(type: string, packageRef: string, options: ResourceOptions): PackageDescriptor {
    return (
      this.#packages.get(packageRef) ?? {
        name: packageOf(type),
        version: options.version ?? "",
        pluginDownloadUrl: options.pluginDownloadUrl ?? "",
      }
    );
  }

  /** The provider of a resource: named, inherited, or the package's default one, made when first needed. */
  #providerFor(
    request: Pick<Registration, "type" | "name" | "custom" | "remote" | "provider">,
    descriptor: PackageDescriptor,
    parent: Registered | undefined,
  ): string {
    if (isProviderType(request.type) || !(request.custom || request.remote)) return "";
    const chosen =
      request.provider || parent?.providers[descriptor.name] || this.#sibling(descriptor.name, parent);
    if (chosen) {
      if (!this.#registered.has(referencedUrn(chosen))) {
        throw new RegistrationError(`resource ${request.name}: its provider ${chosen} was not registered`);
      }
      return chosen;
    }
    if (isDefaultProviderDisabled(descriptor.name, this.configuration.values)) {
      throw new RegistrationError(
        `Default provider for '${descriptor.name}' disabled. '${request.name}' must use an explicit provider.`,
      );
    }
    const { values, secretKeys, environment } = this.configuration;
    const registration = defaultProvider(descriptor, values, secretKeys);
    const urn = makeUrn(environment, this.project, "", registration.type, defaultProviderName(descriptor));
    if (!this.#registered.has(urn)) this.#declare(registration, true);
    return plannedReference(urn);
  }

  /** A custom parent's provider serves its children of the same package. */
  #sibling(packageName: string, parent: Registered | undefined): string | undefined {
    const { type, provider, custom } = parent?.resource ?? {};
    return custom === true && type !== undefined && packageOf(type) === packageName ? provider : undefined;
  }

  #keep(resource: DeclaredResource, providers: Readonly<Record<string, string>>): void {
    this.#registered.set(resource.urn, { resource, providers });
    this.events.resource?.(resource);
  }
}

/** Inputs are echoed, so that names taken from another resource are known; declared secrets stay secret. */
function plannedOutputs(inputs: PropertyMap, options: ResourceOptions): PropertyMap {
  const secrets = (options.additionalSecretOutputs ?? []).filter((key) => key !== "id");
  return { ...inputs, ...Object.fromEntries(secrets.map((key) => [key, secret(inputs[key] ?? UNKNOWN)])) };
}

function inherit(own: ResourceOptions, parent: ResourceOptions | undefined): ResourceOptions {
  const inherited = INHERITED.filter((key) => own[key] === undefined && parent?.[key] !== undefined);
  return { ...own, ...Object.fromEntries(inherited.map((key) => [key, parent?.[key]])) };
}

function withOutputDependencies(request: Registration): string[] {
  const inside = Object.values(request.inputs).flatMap((value) => [...outputDependencies(value)]);
  return [...new Set([...request.dependencies, ...inside])].sort();
}

/** An SDK that says nothing of single properties means that each depends on all. */
function propertyDependencies(
  request: Registration,
  inputs: PropertyMap,
  dependencies: readonly string[],
): Record<string, readonly string[]> {
  const silent = Object.keys(request.propertyDependencies).length === 0 && !request.remote;
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([key, value]) => {
      const told = silent ? dependencies : (request.propertyDependencies[key] ?? []);
      const urns = new Set([...told, ...outputDependencies(request.inputs[key] ?? value)]);
      return urns.size === 0 ? [] : [[key, [...urns].sort()]];
    }),
  );
}
