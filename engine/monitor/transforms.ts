/**
 * Transforms: functions of the program that may change a registration before the engine sees it. The engine
 * calls them back in the program's process. Order: the resource's own, then its ancestors', then the stack's.
 */
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import * as ResourcePb from "@pulumi/pulumi/proto/resource_pb";
import type { CallBack } from "./callbacks";
import { attachDependencies, tellDependencies } from "./transform-dependencies";

/** Collects transforms and applies them. */
export class Transforms {
  readonly #stack: Callback[] = [];
  readonly #invokes: Callback[] = [];
  /** The transforms that hold for the children of a resource, nearest first, by URN. */
  readonly #inherited = new Map<string, readonly Callback[]>();

  constructor(private readonly callBack: CallBack) {}

  addStackTransform(callback: Callback): void {
    this.#stack.push(callback);
  }

  addInvokeTransform(callback: Callback): void {
    this.#invokes.push(callback);
  }

  /**
   * The registration as the transforms leave it. As in Pulumi's engine, what a resource depends on is told anew
   * when it has transforms of its own, and stays as it was told otherwise.
   */
  async apply(message: ResourcePb.RegisterResourceRequest): Promise<ResourcePb.RegisterResourceRequest> {
    const chain = [...this.#chainOf(message), ...this.#stack];
    if (chain.length === 0) return message;
    const dependencies = message.getDependenciesList();
    const own = message.getTransformsList().length > 0;
    if (own) attachDependencies(message);
    let current = message;
    for (const callback of chain) {
      const request = new ResourcePb.TransformRequest();
      request.setType(current.getType());
      request.setName(current.getName());
      request.setCustom(current.getCustom());
      request.setParent(current.getParent());
      request.setProperties(current.getObject());
      request.setOptions(optionsOf(current));
      const answer = ResourcePb.TransformResponse.deserializeBinary(
        await this.callBack(callback, request.serializeBinary()),
      );
      current = withTransformed(current, answer);
    }
    if (own) tellDependencies(current);
    else current.setDependenciesList(dependencies);
    return current;
  }

  /** Remembers what holds for the children of a registered resource. */
  keep(urn: string, message: ResourcePb.RegisterResourceRequest): void {
    const chain = this.#chainOf(message);
    if (chain.length > 0) this.#inherited.set(urn, chain);
  }

  /** A function call as the transforms leave it. */
  async applyToInvoke(message: ResourcePb.ResourceInvokeRequest): Promise<ResourcePb.ResourceInvokeRequest> {
    if (this.#invokes.length === 0) return message;
    for (const callback of this.#invokes) {
      const request = new ResourcePb.TransformInvokeRequest();
      request.setToken(message.getTok());
      request.setArgs(message.getArgs());
      const options = new ResourcePb.TransformInvokeOptions();
      options.setProvider(message.getProvider());
      options.setVersion(message.getVersion());
      options.setPluginDownloadUrl(message.getPlugindownloadurl());
      request.setOptions(options);
      const answer = ResourcePb.TransformInvokeResponse.deserializeBinary(
        await this.callBack(callback, request.serializeBinary()),
      );
      message.setArgs(answer.getArgs());
      const changed = answer.getOptions();
      if (changed !== undefined) {
        message.setProvider(changed.getProvider());
        message.setVersion(changed.getVersion());
        message.setPlugindownloadurl(changed.getPluginDownloadUrl());
      }
    }
    return message;
  }

  #chainOf(message: ResourcePb.RegisterResourceRequest): readonly Callback[] {
    return [...message.getTransformsList(), ...(this.#inherited.get(message.getParent()) ?? [])];
  }
}

function optionsOf(message: ResourcePb.RegisterResourceRequest): ResourcePb.TransformResourceOptions {
  const options = new ResourcePb.TransformResourceOptions();
  options.setDependsOnList(message.getDependenciesList());
  if (message.hasProtect()) options.setProtect(message.getProtect() ?? false);
  options.setIgnoreChangesList(message.getIgnorechangesList());
  options.setReplaceOnChangesList(message.getReplaceonchangesList());
  options.setVersion(message.getVersion());
  options.setAliasesList(message.getAliasesList());
  options.setProvider(message.getProvider());
  options.setCustomTimeouts(message.getCustomtimeouts());
  options.setPluginDownloadUrl(message.getPlugindownloadurl());
  if (message.hasRetainondelete()) options.setRetainOnDelete(message.getRetainondelete() ?? false);
  options.setDeletedWith(message.getDeletedwith());
  if (message.getDeletebeforereplacedefined())
    options.setDeleteBeforeReplace(message.getDeletebeforereplace());
  options.setAdditionalSecretOutputsList(message.getAdditionalsecretoutputsList());
  message.getProvidersMap().forEach((reference, name) => {
    options.getProvidersMap().set(name, reference);
  });
  options.setImport(message.getImportid());
  options.setHideDiffList(message.getHidediffsList());
  options.setReplaceWithList(message.getReplaceWithList());
  options.setReplacementTrigger(message.getReplacementTrigger());
  return options;
}

function withTransformed(
  message: ResourcePb.RegisterResourceRequest,
  answer: ResourcePb.TransformResponse,
): ResourcePb.RegisterResourceRequest {
  message.setObject(answer.getProperties());
  const options = answer.getOptions();
  if (options === undefined) return message;
  message.setDependenciesList(options.getDependsOnList());
  if (options.hasProtect()) message.setProtect(options.getProtect() ?? false);
  message.setIgnorechangesList(options.getIgnoreChangesList());
  message.setReplaceonchangesList(options.getReplaceOnChangesList());
  message.setVersion(options.getVersion());
  message.setAliasesList(options.getAliasesList());
  message.setProvider(options.getProvider());
  message.setCustomtimeouts(options.getCustomTimeouts());
  message.setPlugindownloadurl(options.getPluginDownloadUrl());
  if (options.hasRetainOnDelete()) message.setRetainondelete(options.getRetainOnDelete() ?? false);
  message.setDeletedwith(options.getDeletedWith());
  message.setDeletebeforereplacedefined(options.hasDeleteBeforeReplace());
  message.setDeletebeforereplace(options.getDeleteBeforeReplace() ?? false);
  message.setAdditionalsecretoutputsList(options.getAdditionalSecretOutputsList());
  options.getProvidersMap().forEach((reference, name) => {
    message.getProvidersMap().set(name, reference);
  });
  message.setImportid(options.getImport());
  message.setHidediffsList(options.getHideDiffList());
  message.setReplaceWithList(options.getReplaceWithList());
  message.setReplacementTrigger(options.getReplacementTrigger());
  return message;
}
