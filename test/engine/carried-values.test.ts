/**
 * Values that pass between the SDK and the monitor of one process come out as the protocol's messages would have
 * carried them, and nobody can change afterwards what was passed.
 */
import { createRequire } from "node:module";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { beforeAll, describe, expect, it } from "vitest";
import { carryValues } from "../../engine/host/carried-values";
import { declare, makeProject, named } from "../support/project";
import { seed } from "../support/seed";

type Values = Parameters<typeof Struct.fromJavaScript>[0];

const asMessages = Struct.fromJavaScript;

beforeAll(() => {
  carryValues(createRequire(__filename).resolve("@pulumi/pulumi"));
  expect(Struct.fromJavaScript).not.toBe(asMessages);
  return () => {
    Struct.fromJavaScript = asMessages;
  };
});

const maps = fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false })) as fc.Arbitrary<Values>;

describe("a struct that carries values", () => {
  it("gives the values that messages give, in the same order, as often as it is asked", () => {
    fc.assert(
      fc.property(maps, (values) => {
        const carried = Struct.fromJavaScript(values);
        const wanted = JSON.stringify(asMessages(values).toJavaScript());
        expect(JSON.stringify(carried.toJavaScript())).toBe(wanted);
        expect(JSON.stringify(carried.toJavaScript())).toBe(wanted);
      }),
      { seed: seed() },
    );
  });

  it("has the same bytes and the same objects as messages", () => {
    fc.assert(
      fc.property(maps, (values) => {
        expect(Struct.fromJavaScript(values).serializeBinary()).toEqual(asMessages(values).serializeBinary());
        expect(Struct.fromJavaScript(values).toObject()).toEqual(asMessages(values).toObject());
      }),
      { seed: seed() },
    );
  });

  it("is changed by nothing but itself", () => {
    const values = { list: [{ name: "given" }] };
    const carried = Struct.fromJavaScript(values);
    values.list.push({ name: "later" });
    const read = carried.toJavaScript() as typeof values;
    read.list.push({ name: "reader's" });
    expect(carried.toJavaScript()).toEqual({ list: [{ name: "given" }] });
  });

  it("shows what is changed in its messages", () => {
    const carried = Struct.fromJavaScript({ kept: 1, gone: 2 });
    carried.getFieldsMap().del("gone");
    expect(carried.toJavaScript()).toEqual({ kept: 1 });
  });

  class Named {
    constructor(readonly name: string) {}
  }
  const unusual = [
    { name: "an object of a class", value: new Named("n") },
    { name: "a date", value: new Date(0) },
    { name: "an object with inherited keys", value: Object.create({ inherited: 1 }) as object },
    { name: "an own key __proto__", value: JSON.parse('{ "__proto__": { "a": 1 }, "b": 2 }') as object },
    { name: "undefined", value: undefined },
    { name: "a missing item", value: new Array<string>(1) },
    { name: "a function", value: () => {} },
    { name: "a bigint", value: 1n },
  ];
  for (const { name, value } of unusual) {
    it(`leaves ${name} to the messages`, () => {
      const outcome = (make: typeof asMessages): unknown => {
        try {
          return make({ value } as unknown as Values).toJavaScript();
        } catch (error) {
          return (error as Error).message;
        }
      };
      expect(outcome(Struct.fromJavaScript)).toEqual(outcome(asMessages));
    });
  }
});

describe("what is no map at all", () => {
  for (const value of [undefined, null, "text", ["item"], 1]) {
    it(`becomes what messages make of it: ${JSON.stringify(value)}`, () => {
      const given = value as unknown as Values;
      expect(Struct.fromJavaScript(given).toJavaScript()).toEqual(asMessages(given).toJavaScript());
    });
  }
});

describe("what was declared", () => {
  it("is not changed by a program that changes its objects after they were registered", async () => {
    const root = makeProject({
      "index.ts": `import * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";
export = async () => {
  const data: Record<string, string> = { key: "given" };
  const map = new k8s.core.v1.ConfigMap("map", { data });
  await new Promise((resolve) => map.data.apply((known) => {
    data.key = "changed";
    known.key = "changed";
    known.more = "added";
    resolve(undefined);
  }));
  return { seen: map.data };
};`,
    });
    const [shared, official] = [await declare(root), await declare(root, { officialRunner: true })];
    expect(named(shared, "map").inputs.data).toEqual({ key: "given" });
    expect(named(shared, "map").outputs.data).toEqual({ key: "given" });
    expect(shared.outputs).toEqual(official.outputs);
    expect(named(shared, "map").inputs).toEqual(named(official, "map").inputs);
  });
});
