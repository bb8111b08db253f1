/**
 * Stands for the provider of a package that nothing here serves, in a preview: every resource is taken as it is
 * declared, unchecked, and what it has differs when its inputs do. Nothing is known of what its functions answer.
 */
import { UNKNOWN_RESULT } from "../property/unknown-result";
import type { PropertyMap } from "../property/values";
import { ProviderError } from "../provider/errors";
import type { Provider } from "../provider/provider";

export function passThrough(name: string): Provider {
  const refuse = (): never => {
    throw new ProviderError(`there is no provider for package "${name}" here`);
  };
  return {
    name,
    version: "",
    features: { acceptsSecrets: true, supportsPreview: false },
    configure: async () => {},
    check: async ({ newInputs }) => ({ inputs: newInputs, failures: [] }),
    diff: async () => ({ changes: "unknown", replaces: [], diffs: [], deleteBeforeReplace: false }),
    create: async () => refuse(),
    // Read only by name: its state is what was seen last.
    read: async ({ id, inputs, outputs }) => ({ id, inputs, outputs: outputs ?? ({} as PropertyMap) }),
    update: async () => refuse(),
    delete: async () => refuse(),
    invoke: async () => ({ result: UNKNOWN_RESULT, failures: [] }),
    cancel: async () => {},
    close: async () => {},
  };
}
