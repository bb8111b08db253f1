/** Names in ARNs: `arn:partition:service:region:account:resource`. */

import type { Named } from "./named";
import { hostName } from "./names";

/** What an ARN names; nothing when it is of a service that no environment claims names in. */
export function arnReferences(text: string): Named[] {
  const [, , service, , , ...rest] = text.split(":");
  const resource = rest.join(":");
  const [type = "", ...names] = resource.split("/");
  const name = names.at(-1);
  if (service === "sns")
    return resource === "" ? [] : [{ kind: "sns-topic", name: resource.split(":")[0] ?? "" }];
  if (name === undefined || name === "") return [];
  if (service === "iam" && type === "user") return [{ kind: "iam-user", name: name.toLowerCase() }];
  if (service !== "ses") return [];
  if (type === "configuration-set") return [{ kind: "ses-configuration-set", name }];
  if (type !== "identity") return [];
  // An identity is a domain, or an address below one.
  const domain = hostName(name.slice(name.lastIndexOf("@") + 1));
  return domain === undefined ? [] : [{ kind: "ses-identity", name: domain }];
}
