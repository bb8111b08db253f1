/**
 * Pulumi's ResourceMonitor and Engine services over a monitor: one implementation that serves a program
 * in the same process and one behind gRPC alike.
 */
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import * as enginePb from "@pulumi/pulumi/proto/engine_pb";
import { CallResponse, CheckFailure, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import * as resourcePb from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Severity } from "../diagnostic";
import { RegistrationError } from "../registration-error";
import { StoppedError } from "../stopped-error";
import { type CallBack, callRemotely } from "./callbacks";
import type { Monitor } from "./monitor";
import { Transforms } from "./transforms";
import { SPOKEN_VERSION, satisfiesPulumiVersion } from "./version";
import { propertiesFrom, readRequestFrom, registrationFrom, structFrom } from "./wire";

/** gRPC's numbers for what can go wrong here. */
export const STATUS = {
  INVALID_ARGUMENT: 3,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
} as const;

/** An error with the fields that gRPC sends. */
export class ServiceError extends Error {
  readonly details: string;
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.details = message;
  }
}

const SEVERITIES: readonly Severity[] = ["debug", "info", "warning", "error"];

/**
 * What this engine can do, by the names that SDKs ask for. Hooks belong to an operation: a preview of a declaration
 * takes them, and runs none; a deployment refuses them.
 */
const FEATURES: Readonly<Record<string, number>> = {
  secrets: 0,
  resourceReferences: 1,
  outputValues: 2,
  aliasSpecs: 3,
  replacementTrigger: 4,
  deletedWith: 5,
  replaceWith: 6,
  transforms: 7,
  invokeTransforms: 8,
  parameterization: 9,
  resourceHooks: 10,
  errorHooks: 11,
};

/** Both services of one evaluation. */
export class MonitorService {
  readonly #transforms = new Transforms((callback, payload) => this.callBack(callback, payload));
  /** How functions of the program are called. */
  callBack: CallBack = callRemotely;
  /** The rule that the program broke; from then on every call is refused, as by an engine that shut down. */
  #failure: RegistrationError | undefined;
  /** Called when the program broke a rule. */
  onFailure: (error: RegistrationError) => void = () => {};
  /** Called when the program says that it registers no more. */
  onFinished: () => void = () => {};

  constructor(readonly monitor: Monitor) {}

  get failure(): RegistrationError | undefined {
    return this.#failure;
  }

  /** The ResourceMonitor service, by method name. */
  readonly resourceMonitor = {
    getDeploymentInfo: async () => this.#deploymentInfo(),
    supportsFeature: async (request: resourcePb.SupportsFeatureRequest) =>
      new resourcePb.SupportsFeatureResponse().setHassupport(Object.hasOwn(FEATURES, request.getId())),
    registerResource: (request: resourcePb.RegisterResourceRequest) =>
      this.#guarded(() => this.#register(request)),
    readResource: (request: resourcePb.ReadResourceRequest) =>
      this.#guarded(async () => {
        const { urn, outputs } = await this.monitor.read(readRequestFrom(request));
        return new resourcePb.ReadResourceResponse().setUrn(urn).setProperties(structFrom(outputs));
      }),
    registerResourceOutputs: (request: resourcePb.RegisterResourceOutputsRequest) =>
      this.#guarded(async () => {
        await this.monitor.registerOutputs(request.getUrn(), propertiesFrom(request.getOutputs()));
        return new Empty();
      }),
    invoke: (request: resourcePb.ResourceInvokeRequest) => this.#guarded(() => this.#invoke(request)),
    call: (request: resourcePb.ResourceCallRequest) =>
      this.#guarded(async () => {
        const result = await this.monitor.call(request.getTok());
        return new CallResponse().setReturn(structFrom(result));
      }),
    registerStackTransform: async (callback: Callback) => {
      this.#transforms.addStackTransform(callback);
      return new Empty();
    },
    registerStackInvokeTransform: async (callback: Callback) => {
      this.#transforms.addInvokeTransform(callback);
      return new Empty();
    },
    registerResourceHook: (_: resourcePb.RegisterResourceHookRequest) => this.#hook(),
    registerErrorHook: (_: resourcePb.RegisterErrorHookRequest) => this.#hook(),
    registerPackage: async (request: resourcePb.RegisterPackageRequest) => {
      const reference = this.monitor.registerPackage({
        name: request.getParameterization()?.getName() ?? request.getName(),
        version: request.getParameterization()?.getVersion() ?? request.getVersion(),
        pluginDownloadUrl: request.getDownloadUrl(),
      });
      return new resourcePb.RegisterPackageResponse().setRef(reference);
    },
    signalAndWaitForShutdown: () =>
      this.#guarded(async () => {
        this.onFinished();
        await this.monitor.finish();
        return new Empty();
      }),
  };

  /** The Engine service, by method name. */
  readonly engine = {
    log: async (request: enginePb.LogRequest) => {
      // After a failure the SDK tells only that nobody answers it any more.
      if (this.#failure !== undefined) return new Empty();
      const severity = SEVERITIES[request.getSeverity()] ?? "info";
      const urn = request.getUrn();
      this.monitor.log({ severity, message: request.getMessage(), ...(urn === "" ? {} : { urn }) });
      return new Empty();
    },
    getRootResource: async () => new enginePb.GetRootResourceResponse().setUrn(this.monitor.stackUrn),
    setRootResource: async (request: enginePb.SetRootResourceRequest) => {
      this.monitor.setRootResource(request.getUrn());
      return new enginePb.SetRootResourceResponse();
    },
    requirePulumiVersion: async (request: enginePb.RequirePulumiVersionRequest) => {
      const range = request.getPulumiVersionRange();
      if (!satisfiesPulumiVersion(range)) {
        throw new ServiceError(
          STATUS.FAILED_PRECONDITION,
          `Pulumi CLI version ${SPOKEN_VERSION} does not satisfy the version range "${range}"`,
        );
      }
      return new enginePb.RequirePulumiVersionResponse();
    },
  };

  async #register(request: resourcePb.RegisterResourceRequest): Promise<resourcePb.RegisterResourceResponse> {
    const transformed = await this.#transforms.apply(request);
    const registration = registrationFrom(transformed);
    const answering = this.monitor.register(registration);
    const { urn, id, outputs, result } = answering instanceof Promise ? await answering : answering;
    this.#transforms.keep(urn, transformed);
    const response = new resourcePb.RegisterResourceResponse().setUrn(urn).setId(id);
    if (result !== undefined) response.setResult(resourcePb.Result[result === "failed" ? "FAIL" : "SKIP"]);
    // A local component sets its own outputs; an answer would overwrite them.
    response.setObject(structFrom(registration.custom || registration.remote ? outputs : {}));
    return response;
  }

  async #invoke(request: resourcePb.ResourceInvokeRequest): Promise<InvokeResponse> {
    const message = await this.#transforms.applyToInvoke(request);
    const { result, failures } = await this.monitor.invoke({
      token: message.getTok(),
      arguments: propertiesFrom(message.getArgs()),
      provider: message.getProvider(),
      packageRef: message.getPackageref(),
      version: message.getVersion(),
      pluginDownloadUrl: message.getPlugindownloadurl(),
    });
    const response = new InvokeResponse().setReturn(structFrom(result));
    for (const { property, reason } of failures) {
      response.addFailures(new CheckFailure().setProperty(property).setReason(reason));
    }
    return response;
  }

  #hook(): Promise<Empty> {
    return this.#guarded(async () => {
      this.monitor.registerHook();
      return new Empty();
    });
  }

  /** Refuses whatever is asked from now on, as an engine that shut down. */
  shutDown(reason: RegistrationError): void {
    this.#failure ??= reason;
  }

  #deploymentInfo(): resourcePb.DeploymentInfo {
    const { environment, values, secretKeys } = this.monitor.configuration;
    const info = new resourcePb.DeploymentInfo()
      .setProject(this.monitor.project)
      .setStack(environment)
      .setOrganization("organization")
      .setConfigsecretkeysList([...secretKeys])
      .setDryrun(this.monitor.preview)
      .setSupportedfeaturesList(Object.values(FEATURES));
    for (const [key, value] of Object.entries(values)) info.getConfigMap().set(key, value);
    return info;
  }

  /** A broken rule ends the run once; whatever is asked after it is told that the engine is gone. */
  async #guarded<T>(answer: () => Promise<T>): Promise<T> {
    if (this.#failure) throw new ServiceError(STATUS.UNAVAILABLE, "the resource monitor has shut down");
    try {
      return await answer();
    } catch (error) {
      if (!(error instanceof RegistrationError)) throw error;
      this.#failure ??= error;
      // Why the run was stopped has been said.
      if (!(error instanceof StoppedError)) this.onFailure(error);
      throw new ServiceError(STATUS.UNAVAILABLE, "the resource monitor has shut down");
    }
  }
}
