/**
 * Where a value that is not known yet could name something. What could name nothing is left out: a rule that cannot
 * decide has to say so, and saying it of passwords and counters would hide where it matters.
 */
import type { ReferenceKind } from "../ownership";
import type { Path } from "../value";
import { type Possible, possibleInObject } from "./kubernetes";
import { type SettingKind, settingKind } from "./settings";

/** What IAM and SNS policies name. */
const IN_AWS_POLICIES: readonly ReferenceKind[] = [
  "iam-user",
  "ses-identity",
  "ses-configuration-set",
  "sns-topic",
  "mail-from-domain",
];

/** @param kind the Kubernetes kind, of Kubernetes objects */
export function possibleAt(kind: string | undefined, type: string, path: Path): Possible {
  if (kind !== undefined) return possibleInObject(kind, path);
  const [property] = path;
  if (/^vault:(?:kv|generic)\//.test(type))
    return isEntryContent(property) ? "anything" : entryName(property);
  if (type.startsWith("vault:") && property === "policy") return ["vault-path"];
  if (type.startsWith("aws:") && /polic(?:y|ies)$/i.test(String(property))) return IN_AWS_POLICIES;
  return kindsOf(settingKind(String(path.findLast((part) => typeof part === "string") ?? "")));
}

function isEntryContent(property: string | number | undefined): boolean {
  return ["dataJson", "dataJsonWo", "data", "customMetadata"].includes(String(property));
}

function entryName(property: string | number | undefined): readonly ReferenceKind[] {
  return property === "mount" || property === "name" ? ["vault-path"] : [];
}

/** The kinds of names that a setting's value can hold. */
function kindsOf(setting: SettingKind | undefined): readonly ReferenceKind[] {
  switch (setting) {
    case undefined:
    case "port":
    case "user":
    case "file":
      return [];
    case "host":
      return ["host", "backend-address", "namespace"];
    case "sender":
    case "mail-domain":
      return ["ses-identity", "mail-from-domain"];
    case "session-options":
      return ["role"];
    default:
      return [setting];
  }
}
