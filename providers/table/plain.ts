/**
 * Properties without their marks, for work inside a provider, and the marks put on again before anything leaves.
 * A field is secret when its table says so or when what the program gave for it was.
 */
import {
  isSecret,
  mapEntries,
  mapValue,
  type PropertyMap,
  type PropertyValue,
  secret,
  some,
} from "../../engine/provider/values";
import type { ResourceTable } from "./table";

/** A value with every secret's mark taken off. */
export function plain(value: PropertyValue): PropertyValue {
  return mapValue(value, (part) => (isSecret(part) ? part.value : part));
}

/** Properties with every secret's mark taken off, and without those that are null. */
export function plainMap(properties: PropertyMap): PropertyMap {
  const entries = Object.entries(properties).map(([key, value]) => [key, plain(value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

/** Marks what the table, or one of `given`, marks. */
export function marked(
  table: ResourceTable,
  properties: PropertyMap,
  ...given: readonly (PropertyMap | undefined)[]
): PropertyMap {
  return mapEntries(properties, (value, key) => {
    const hidden =
      table.fields[key]?.secret === true || given.some((map) => map?.[key] && some(map[key], isSecret));
    return hidden ? secret(value) : value;
  });
}

/** Typed access to plain properties that Check let through. */
export class Plain {
  constructor(readonly properties: PropertyMap) {}

  /** Throws when it is missing: Check fills in or demands whatever is read this way. */
  text(key: string): string {
    const value = this.optionalText(key);
    if (value === undefined) throw new Error(`${key} is not there although it was checked`);
    return value;
  }

  /** Undefined when absent or empty. */
  optionalText(key: string): string | undefined {
    const value = this.properties[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  /** False when absent. */
  flag(key: string): boolean {
    return this.properties[key] === true;
  }

  /** 0 when absent. */
  integer(key: string): number {
    const value = this.properties[key];
    return typeof value === "number" ? value : 0;
  }

  /** Empty when absent. */
  list(key: string): string[] {
    const value = this.properties[key];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  }

  has(key: string): boolean {
    return this.properties[key] !== undefined;
  }
}
