/**
 * A provider for Pulumi's CLI that leads to one sandbox: default providers get the sandbox's connection, so that no
 * password has to be configured or is told, and nothing is asked of a server that is not this sandbox.
 */
import type { Admission } from "../../engine/apply/loaded-provider";
import type { CheckRequest, Provider } from "../../engine/provider/provider";
import { parseUrn } from "../../engine/urn";
import { keepingPassword, ownInputs, type Settings } from "./kept-password";

/** The provider, held to the server that is admitted. Previews are answered without one. */
export function heldProvider(provider: Provider, admission: Admission, settings: Settings): Provider {
  const kept = keepingPassword(provider, settings);
  const { target } = kept;
  const own = ownInputs(provider.name, settings);
  let admitted: Promise<void> | undefined;
  const admit = async (): Promise<void> => {
    if (target === undefined) return;
    admitted ??= target().then((found) => admission(provider.name, found));
    const asked = admitted;
    try {
      await asked;
    } catch (error) {
      // It may be admitted yet: the server was not up, or had no connection left.
      if (admitted === asked) admitted = undefined;
      throw error;
    }
  };
  const connected = (request: CheckRequest): CheckRequest =>
    isDefault(request.urn) ? { ...request, newInputs: { ...request.newInputs, ...own } } : request;
  return {
    ...kept,
    checkConfig: async (request) =>
      kept.checkConfig?.(connected(request)) ?? { inputs: connected(request).newInputs, failures: [] },
    configure: async (request) => {
      await kept.configure(request);
      // Another configuration may lead elsewhere.
      admitted = undefined;
    },
    create: async (request) => {
      if (!request.preview) await admit();
      return kept.create(request);
    },
    read: async (request) => {
      await admit();
      return kept.read(request);
    },
    update: async (request) => {
      if (!request.preview) await admit();
      return kept.update(request);
    },
    delete: async (request) => {
      await admit();
      return kept.delete(request);
    },
    invoke: async (request) => {
      await admit();
      return kept.invoke(request);
    },
  };
}

/**
 * Names that the engine gives to providers that no program declares: alone, or with a version. A program's own of such
 * a name cannot be told from them.
 */
function isDefault(urn: string): boolean {
  return /^default(?:_\d+_\d+_\d+.*)?$/.test(parseUrn(urn).name);
}
