/** JSON values, and the stable form in which they are compared and written. */
import { z } from "zod";

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object. */
export type JsonObject = { [key: string]: JsonValue };

/** Reads a JSON object; refuses arrays and scalars. */
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** Orders strings by their code units, the same on every machine. */
export function compareStrings(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** Applies a function to every string value of a JSON value and puts the keys of its objects in order. */
export function mapStrings(value: JsonValue, map: (text: string) => string): JsonValue {
  if (typeof value === "string") {
    return map(value);
  }
  if (Array.isArray(value)) {
    return value.map((element) => mapStrings(element, map));
  }
  if (value !== null && typeof value === "object") {
    return mapObject(value, map);
  }
  return value;
}

/** Like {@link mapStrings}, of an object. */
export function mapObject(value: JsonObject, map: (text: string) => string): JsonObject {
  const entries = Object.entries(value).sort(([left], [right]) => compareStrings(left, right));
  return Object.fromEntries(entries.map(([key, element]) => [key, mapStrings(element, map)]));
}
