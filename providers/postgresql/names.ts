/** Names and texts inside SQL, and what PostgreSQL takes as a name. */
import { escapeIdentifier, escapeLiteral } from "pg";
import { ProviderError } from "../../engine/provider/errors";
import type { PropertyValue } from "../../engine/provider/values";
import type { Field } from "../table/table";

/** PostgreSQL cuts longer names off without an error. */
const LONGEST_NAME_BYTES = 63;

export function identifier(name: string): string {
  return escapeIdentifier(withoutNul(name));
}

export function identifiers(names: readonly string[]): string {
  return names.map(identifier).join(", ");
}

/** A text; one with backslashes means the same whatever standard_conforming_strings says. */
export function literal(text: string): string {
  return escapeLiteral(withoutNul(text));
}

/** A role that is granted something, or every role. */
export function grantee(role: string): string {
  return isPublic(role) ? "PUBLIC" : identifier(role);
}

/** Whether every role is meant. No role can be named `public`; one may be named `Public`, and is one role. */
export function isPublic(role: string): boolean {
  return role === "public" || role === "PUBLIC";
}

/** How messages name an object. */
export function quoted(name: string): string {
  return JSON.stringify(name);
}

/** For a field that names an object. */
export const refuseName: NonNullable<Field["refuse"]> = (value) => {
  const wrong = [value].flat().find((name) => !isName(name));
  if (wrong === undefined) return undefined;
  return `must be 1 to ${LONGEST_NAME_BYTES} bytes without a zero byte, not ${JSON.stringify(wrong)}: PostgreSQL cuts longer names off`;
};

/** `DEFAULT` and the empty text leave the choice to the server. */
export function chosenByServer(value: PropertyValue): PropertyValue {
  return value === "" || value === "DEFAULT" ? null : value;
}

function isName(value: PropertyValue): boolean {
  return (
    typeof value === "string" &&
    value !== "" &&
    !value.includes("\0") &&
    Buffer.byteLength(value) <= LONGEST_NAME_BYTES
  );
}

function withoutNul(text: string): string {
  // The protocol ends a statement at a zero byte.
  if (text.includes("\0"))
    throw new ProviderError("a zero byte cannot stand in a name or text of PostgreSQL");
  return text;
}
