/**
 * What a provider says of one resource type: a table with a row for each property. Check, Diff and Read follow the
 * table, so they cannot disagree about it.
 */
import type { CheckFailure } from "../../engine/provider/provider";
import type { PropertyMap, PropertyValue } from "../../engine/provider/values";

/** `list` keeps its order, `set` has none; both hold texts, as `map` does. */
export type FieldType = "text" | "flag" | "integer" | "list" | "set" | "map";

export interface Field {
  readonly type: FieldType;
  /** Must be given. @default false */
  readonly required?: boolean;
  /** What stands when the program gives nothing. */
  readonly default?: PropertyValue;
  /** The property whose value stands here when the program gives only that one: an older name of the same. */
  readonly follows?: string;
  /** Without a value from the program the server chooses one, which is then no difference. @default false */
  readonly computed?: boolean;
  /** Only the server gives it; a program cannot. @default false */
  readonly outputOnly?: boolean;
  /** A change makes the resource anew. @default false */
  readonly replaces?: boolean;
  /** Never leaves the provider unmarked. @default false */
  readonly secret?: boolean;
  /** Sent, never kept as an output nor compared. @default false */
  readonly writeOnly?: boolean;
  /** The server cannot be asked for it: Read keeps what is known. @default false */
  readonly unobserved?: boolean;
  /** One spelling for all spellings of the same value; values are compared in it. */
  readonly normalise?: (value: PropertyValue) => PropertyValue;
  /** What is wrong with a known value of the right type: "must be …". Never quotes a secret. */
  readonly refuse?: (value: PropertyValue) => string | undefined;
}

export interface ResourceTable {
  readonly fields: Readonly<Record<string, Field>>;
  /** Properties of the official provider that are refused here, with what to do instead. */
  readonly refused?: Readonly<Record<string, string>>;
  /**
   * Where defaults are written: bridged providers put them into the inputs, providers of the newer plugin
   * framework (random) into the outputs alone.
   */
  readonly defaultsStandIn: "inputs" | "outputs";
  /** When a replacement deletes first. `named`: when the program gave the name, which two objects cannot share. */
  readonly deleteBeforeReplace: "never" | "always" | "named";
  /** What only shows in several properties together. Sees plain inputs; unknown ones are UNKNOWN. */
  readonly refuse?: (inputs: PropertyMap) => readonly CheckFailure[];
}

/** Name of the input that lists the inputs which the provider filled in. */
export const DEFAULTS = "__defaults";

/** Whether a value says nothing. Bridged providers cannot tell an absent value from an empty one. */
export function isEmpty(value: PropertyValue | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** The properties that a program may give. */
export function inputFields(table: ResourceTable): [string, Field][] {
  return Object.entries(table.fields).filter(([, field]) => field.outputOnly !== true);
}
