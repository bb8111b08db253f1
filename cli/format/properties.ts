/** Property values as a reader sees them. No secret is ever written. */
import {
  ARCHIVE_SIGNATURE,
  ASSET_SIGNATURE,
  isList,
  isMap,
  isSecret,
  isUnknown,
  mapEntries,
  type PropertyMap,
  type PropertyValue,
  RESOURCE_SIGNATURE,
  signatureOf,
} from "../../engine/property/values";

/** What stands for a secret, as in Pulumi's output. */
const SECRET = "[secret]";

/** The properties with every secret replaced; unknown values stay the sentinel, as in `pulumi preview --json`. */
export function withoutSecrets(properties: PropertyMap): PropertyMap {
  return mapEntries(properties, conceal);
}

function conceal(value: PropertyValue): PropertyValue {
  if (isSecret(value)) return SECRET;
  if (isList(value)) return value.map(conceal);
  return isMap(value) ? mapEntries(value, conceal) : value;
}

/** Lines that show properties one below the other, indented. */
export function propertyLines(properties: PropertyMap, indent: string): string[] {
  const width = Math.max(0, ...Object.keys(properties).map((key) => key.length));
  return Object.entries(properties).flatMap(([key, value]) =>
    labelled(`${indent}${key.padEnd(width)}: `, value, indent),
  );
}

function labelled(label: string, value: PropertyValue, indent: string): string[] {
  if (isList(value) && value.length > 0) {
    const items = value.flatMap((item, index) =>
      labelled(`${indent}    [${index}]: `, item, `${indent}    `),
    );
    return [`${label}[`, ...items, `${indent}]`];
  }
  if (isMap(value) && signatureOf(value) === undefined && Object.keys(value).length > 0) {
    return [`${label}{`, ...propertyLines(value, `${indent}    `), `${indent}}`];
  }
  if (typeof value === "string" && !isUnknown(value) && value.includes("\n"))
    return block(label, value, indent);
  return [label + inline(value)];
}

/** Text of several lines, as it is. */
function block(label: string, text: string, indent: string): string[] {
  return [
    `${label}|`,
    ...text
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => `${indent}    ${line}`),
  ];
}

/** A value on one line. */
export function inline(value: PropertyValue): string {
  if (isUnknown(value)) return "[unknown]";
  switch (signatureOf(value)) {
    case undefined:
      return inlineMembers(value);
    case ASSET_SIGNATURE:
      return describe("asset", value);
    case ARCHIVE_SIGNATURE:
      return describe("archive", value);
    case RESOURCE_SIGNATURE:
      return isMap(value) ? `resource(${String(value.urn)})` : "";
    default:
      return SECRET;
  }
}

/** What a list or a map holds may be secret or unknown too. */
function inlineMembers(value: PropertyValue): string {
  if (isList(value)) return `[${value.map(inline).join(",")}]`;
  if (!isMap(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${inline(member)}`);
  return `{${members.join(",")}}`;
}

function describe(kind: string, value: PropertyValue): string {
  if (!isMap(value)) return kind;
  const where = value.path ?? value.uri;
  return typeof where === "string" ? `${kind}(${where})` : kind;
}
