/**
 * The sandbox's password, kept between this process and the server: what a provider answers about its configuration,
 * and with it every state that is written, goes without. A connection to the sandbox's own address in the sandbox's own
 * name gets it back when it is configured; no other does.
 */
import { withoutSecrets } from "../../engine/property/secretness";
import type { Provider } from "../../engine/provider/provider";
import { type PropertyMap, secret } from "../../engine/provider/values";

/** Configuration of a sandbox's stacks, by `<package>:<key>`. */
export interface Settings {
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/** What must be the sandbox's for the password to be. */
const ADDRESS = ["host", "port", "username"] as const;

/** The provider, which answers without the sandbox's password, and is configured with it. */
export function keepingPassword(provider: Provider, settings: Settings): Provider {
  const own = ownInputs(provider.name, settings);
  const kept = forwarding(provider);
  const { password } = own;
  if (password === undefined) return kept;
  return {
    ...kept,
    checkConfig: async (request) => {
      const { inputs, failures } = (await kept.checkConfig?.(request)) ?? {
        inputs: request.newInputs,
        failures: [],
      };
      return { inputs: leadsToOwn(inputs, own, "password") ? without(inputs, "password") : inputs, failures };
    },
    configure: ({ inputs }) => {
      const lacks = inputs.password === undefined && leadsToOwn(inputs, own);
      return provider.configure({ inputs: lacks ? { ...inputs, password } : inputs });
    },
  };
}

/** What the settings say to a package's provider, as its inputs. */
export function ownInputs(packageName: string, { values, secretKeys }: Settings): PropertyMap {
  const prefix = `${packageName}:`;
  return Object.fromEntries(
    Object.entries(values)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), secretKeys.includes(key) ? secret(value) : value]),
  );
}

function leadsToOwn(inputs: PropertyMap, own: PropertyMap, ...more: readonly string[]): boolean {
  const [given, wanted] = [withoutSecrets(inputs), withoutSecrets(own)];
  return [...ADDRESS, ...more].every((key) => given[key] === wanted[key]);
}

function without(inputs: PropertyMap, left: string): PropertyMap {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== left));
}

/** The provider as an object whose requests can be replaced one by one. */
function forwarding(provider: Provider): Provider {
  const { checkConfig, diffConfig, target, trace } = provider;
  return {
    name: provider.name,
    version: provider.version,
    features: provider.features,
    ...(checkConfig && { checkConfig: (request) => checkConfig.call(provider, request) }),
    ...(diffConfig && { diffConfig: (request) => diffConfig.call(provider, request) }),
    configure: (request) => provider.configure(request),
    ...(target && { target: () => target.call(provider) }),
    check: (request) => provider.check(request),
    diff: (request) => provider.diff(request),
    create: (request) => provider.create(request),
    read: (request) => provider.read(request),
    update: (request) => provider.update(request),
    delete: (request) => provider.delete(request),
    invoke: (request) => provider.invoke(request),
    ...(trace && { trace: (request) => trace.call(provider, request) }),
    cancel: () => provider.cancel(),
    close: () => provider.close(),
  };
}
