/**
 * Lets property values pass between the program's SDK and the monitor of the same process as they are, instead of
 * as a tree of protobuf messages that each side makes and takes apart. Whoever reads a value gets a copy of its
 * own, in the form that the messages would have given it, so a later change of one side is never seen by the other.
 */
import { createRequire } from "node:module";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PropertyMap, PropertyValue } from "../property/values";

interface StructClass {
  new (): Struct;
  fromJavaScript(value: Parameters<typeof Struct.fromJavaScript>[0]): Struct;
}

/** What stands in no plain value; the messages themselves say what becomes of it. */
const UNUSUAL = Symbol("unusual");

/** From now on, structs made by the SDK that `sdk` resolves to carry plain values. Leaves an SDK without them alone. */
export function carryValues(sdk: string): void {
  const structs = structClassOf(sdk);
  if (structs === undefined) return;
  const { fromJavaScript } = structs;

  /** A struct whose messages are made when something asks for them. */
  class CarryingStruct extends structs {
    #values: PropertyMap | undefined;

    static carrying(values: PropertyMap): CarryingStruct {
      const struct = new CarryingStruct();
      struct.#values = values;
      return struct;
    }

    override toJavaScript() {
      if (this.#values === undefined) return super.toJavaScript();
      return copyOf(this.#values) as ReturnType<Struct["toJavaScript"]>;
    }

    /** Every other method of a struct goes through this one. */
    override getFieldsMap(): ReturnType<Struct["getFieldsMap"]> {
      const fields = super.getFieldsMap();
      const values = this.#values;
      if (values === undefined) return fields;
      // From here on the messages count: they may be changed.
      this.#values = undefined;
      const made = fromJavaScript(values as Parameters<StructClass["fromJavaScript"]>[0]);
      made.getFieldsMap().forEach((value, key) => {
        fields.set(key, value);
      });
      return fields;
    }
  }

  structs.fromJavaScript = (value) => {
    const plain = typeof value === "object" && value !== null && !Array.isArray(value);
    const values = plain ? copyOfMap(value as Record<string, unknown>) : UNUSUAL;
    return values === UNUSUAL ? fromJavaScript(value) : CarryingStruct.carrying(values);
  };
}

function structClassOf(sdk: string): StructClass | undefined {
  try {
    const module = createRequire(sdk)("google-protobuf/google/protobuf/struct_pb.js") as {
      Struct: StructClass;
    };
    return typeof module.Struct?.fromJavaScript === "function" ? module.Struct : undefined;
  } catch {
    return undefined;
  }
}

/** A copy as the messages make it: without prototypes, and with sorted keys. */
function copyOf(value: unknown): PropertyValue | typeof UNUSUAL {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "object":
      if (value === null) return null;
      return Array.isArray(value) ? copyOfList(value) : copyOfMap(value as Record<string, unknown>);
    default:
      return UNUSUAL;
  }
}

function copyOfList(list: readonly unknown[]): PropertyValue | typeof UNUSUAL {
  const copies: PropertyValue[] = [];
  // By index: a missing item counts, and is no plain value.
  for (let index = 0; index < list.length; index += 1) {
    const copy = copyOf(list[index]);
    if (copy === UNUSUAL) return UNUSUAL;
    copies.push(copy);
  }
  return copies;
}

function copyOfMap(map: Readonly<Record<string, unknown>>): PropertyMap | typeof UNUSUAL {
  const prototype: unknown = Object.getPrototypeOf(map);
  if (prototype !== null && prototype !== Object.prototype) return UNUSUAL;
  const copies: Record<string, PropertyValue> = {};
  for (const key of Object.keys(map).sort()) {
    const copy = key === "__proto__" ? UNUSUAL : copyOf(map[key]);
    if (copy === UNUSUAL) return UNUSUAL;
    copies[key] = copy;
  }
  return copies;
}
