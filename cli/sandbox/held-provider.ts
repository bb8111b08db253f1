/**
 * A provider for Pulumi's CLI that leads to one sandbox: default providers get the sandbox's connection, so that no
 * password has to be configured, and nothing is asked of a server that is not this sandbox.
 */
import type { Admission } from "../../engine/apply/loaded-provider";
import type { CheckRequest, Provider } from "../../engine/provider/provider";
import { type PropertyMap, secret } from "../../engine/provider/values";
import { parseUrn } from "../../engine/urn";

/** Configuration of a sandbox's stacks, by `<package>:<key>`. */
export interface Settings {
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/** The provider, held to the server that is admitted. Previews are answered without one. */
export function heldProvider(provider: Provider, admission: Admission, settings: Settings): Provider {
  const { checkConfig, diffConfig, target } = provider;
  const own = ownInputs(provider.name, settings);
  let admitted: Promise<void> | undefined;
  const admit = (): Promise<void> => {
    if (target === undefined) return Promise.resolve();
    admitted ??= target.call(provider).then((found) => admission(provider.name, found));
    return admitted;
  };
  const connected = (request: CheckRequest): CheckRequest =>
    isDefault(request.urn) ? { ...request, newInputs: { ...request.newInputs, ...own } } : request;
  return {
    name: provider.name,
    version: provider.version,
    features: provider.features,
    checkConfig: async (request) =>
      checkConfig?.call(provider, connected(request)) ?? {
        inputs: connected(request).newInputs,
        failures: [],
      },
    ...(diffConfig && { diffConfig: (request) => diffConfig.call(provider, request) }),
    configure: async (request) => {
      await provider.configure(request);
      // Another configuration may lead elsewhere.
      admitted = undefined;
    },
    ...(target && { target: () => target.call(provider) }),
    check: (request) => provider.check(request),
    diff: (request) => provider.diff(request),
    create: async (request) => {
      if (!request.preview) await admit();
      return provider.create(request);
    },
    read: async (request) => {
      await admit();
      return provider.read(request);
    },
    update: async (request) => {
      if (!request.preview) await admit();
      return provider.update(request);
    },
    delete: async (request) => {
      await admit();
      return provider.delete(request);
    },
    invoke: async (request) => {
      await admit();
      return provider.invoke(request);
    },
    cancel: () => provider.cancel(),
    close: () => provider.close(),
  };
}

/** Names that the engine gives to providers that no program declares. */
function isDefault(urn: string): boolean {
  return /^default(?:_|$)/.test(parseUrn(urn).name);
}

function ownInputs(packageName: string, { values, secretKeys }: Settings): PropertyMap {
  const prefix = `${packageName}:`;
  return Object.fromEntries(
    Object.entries(values)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), secretKeys.includes(key) ? secret(value) : value]),
  );
}
