/** Outputs of other stacks of the same backend, for references to them. */

import type { StackOutputs } from "../apply/builtin-provider";
import type { StackLocation } from "../checkpoint/backend";
import type { StackSecrets } from "../checkpoint/keyring";
import { readStack } from "../checkpoint/open-stack";
import { ProviderError } from "../provider/errors";
import { isStack } from "../urn";

/** Names are `<stack>`, `<organization>/<stack>` or `<organization>/<project>/<stack>`; the organization is `organization`. */
export function stackOutputsOf(here: StackLocation, secrets: StackSecrets): StackOutputs {
  return async (name) => {
    const location = locationOf(name, here);
    // Every stack has a salt of its own.
    const { passphrase } = secrets;
    const { resources } = await readStack(location, { passphrase });
    const stack = resources.find(isStack);
    if (stack === undefined) {
      throw new ProviderError(
        `unknown stack "${name}": there is no stack ${location.project}/${location.stack} in ${here.backend}`,
      );
    }
    return stack.outputs;
  };
}

function locationOf(name: string, here: StackLocation): StackLocation {
  const parts = name.split("/");
  const [organization, project, stack] =
    parts.length === 3
      ? parts
      : parts.length === 2
        ? [parts[0], here.project, parts[1]]
        : ["organization", here.project, name];
  if (organization !== "organization" || project === undefined || stack === undefined || stack === "") {
    throw new ProviderError(
      `stack reference "${name}": expected organization/<project>/<stack>; a file backend has the one organization "organization"`,
    );
  }
  return { ...here, project, stack };
}
