/** JSON Schema as far as policies may use it. */
import { describe, expect, it } from "vitest";
import { seconds } from "../../../engine/duration";
import type { Json } from "../../../engine/policy/judgement";
import { schemaProblems } from "../../../engine/policy/schema";

/** Schema, values that are as it says, and values that are not with what is told. */
const cases: readonly (readonly [Json, readonly Json[], readonly (readonly [Json, ...string[]])[]])[] = [
  [{ type: "string" }, ["", "a"], [[1, ": has to be of type string, found number"]]],
  [
    { type: ["integer", "null"] },
    [1, null, -3],
    [
      [1.5, ": has to be of type integer or null, found number"],
      [[], ": has to be of type integer or null, found array"],
    ],
  ],
  [{ type: "number" }, [1, 1.5], [["1", ": has to be of type number, found string"]]],
  [{ type: "boolean" }, [true], [[null, ": has to be of type boolean, found null"]]],
  [{ type: "object" }, [{}], [[[], ": has to be of type object, found array"]]],
  [{ enum: ["a", 1, { b: [2] }] }, ["a", 1, { b: [2] }], [["c", ': has to be one of "a", 1, {"b":[2]}']]],
  [{ const: [1] }, [[1]], [[[2], ": has to be [1]"]]],
  [
    { minimum: 1, maximum: 3 },
    [1, 3, "text"],
    [
      [0, ": has to be at least 1"],
      [4, ": has to be at most 3"],
    ],
  ],
  [
    { exclusiveMinimum: 1, exclusiveMaximum: 3 },
    [2],
    [
      [1, ": has to be greater than 1"],
      [3, ": has to be less than 3"],
    ],
  ],
  [{ multipleOf: 0.1 }, [0.3, 2], [[0.35, ": has to be a multiple of 0.1"]]],
  [
    { minLength: 2, maxLength: 3 },
    ["ab", "\u{1F600}\u{1F600}\u{1F600}", 1],
    [
      ["a", ": has to have at least 2 characters"],
      ["abcd", ": has to have at most 3 characters"],
    ],
  ],
  [{ pattern: "^a\\-b$" }, ["a-b", 5], [["a", ": has to match ^a\\-b$"]]],
  [{ pattern: "(" }, [1], [["(", ": has to match ("]]],
  [{ format: "ipv4" }, ["10.0.0.1", 1], [["10.0.0", ": has to be of the format ipv4"]]],
  [{ format: "ipv6" }, ["::1"], [["10.0.0.1", ": has to be of the format ipv6"]]],
  [{ format: "uri" }, ["https://a.b/c"], [["a b", ": has to be of the format uri"]]],
  [{ format: "email" }, ["a@b"], [["a@b@c", ": has to be of the format email"]]],
  [{ format: "hostname" }, ["a-b.example"], [["-a.b", ": has to be of the format hostname"]]],
  [{ format: "date" }, ["2024-02-29"], [["2024-13-01", ": has to be of the format date"]]],
  [
    { format: "date-time" },
    ["2024-02-29T10:00:00Z"],
    [["2024-02-29", ": has to be of the format date-time"]],
  ],
  [
    { format: "uuid" },
    ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
    [["04da", ": has to be of the format uuid"]],
  ],
  [{ format: "regex" }, ["^a$"], [["(", ": has to be of the format regex"]]],
  [{ format: "unheard-of" }, ["anything"], []],
  [
    { items: { type: "string" }, minItems: 1, maxItems: 2 },
    [["a"], "no list"],
    [
      [[], ": has to have at least 1 items"],
      [["a", "b", 3], ": has to have at most 2 items", "[2]: has to be of type string, found number"],
    ],
  ],
  [{ items: [{ type: "string" }], additionalItems: false }, [["a"], []], [[["a", 1], "[1]: is not allowed"]]],
  [{ uniqueItems: true }, [[1, 2, { a: 1 }]], [[[{ a: 1 }, { a: 1 }], ": has to have no item twice"]]],
  [{ contains: { const: 1 } }, [[2, 1]], [[[2], ": has no item that its schema asks for (contains)"]]],
  [
    { required: ["a", "b"], properties: { a: { type: "string" } } },
    [{ a: "x", b: 1, c: 2 }],
    [[{ a: 1 }, "b: is required", "a: has to be of type string, found number"]],
  ],
  [
    {
      properties: { a: true },
      patternProperties: { "^x-": { type: "number" } },
      additionalProperties: false,
    },
    [{ a: 1, "x-b": 2 }],
    [[{ "x-b": "2", c: 3 }, "x-b: has to be of type number, found string", "c: is not allowed"]],
  ],
  [
    { minProperties: 1, maxProperties: 2 },
    [{ a: 1 }],
    [
      [{}, ": has to have at least 1 properties"],
      [{ a: 1, b: 2, c: 3 }, ": has to have at most 2 properties"],
    ],
  ],
  [{ propertyNames: { pattern: "^a" } }, [{ ab: 1 }], [[{ b: 1 }, "b: has to match ^a"]]],
  [
    { dependencies: { a: ["b"], c: { required: ["d"] } } },
    [{ b: 1 }, { a: 1, b: 2 }, { c: 1, d: 2 }],
    [[{ a: 1, c: 1 }, "b: is required beside a", "d: is required"]],
  ],
  [
    { properties: { list: { items: { properties: { size: { maximum: 1 } } } } } },
    [{ list: [{ size: 1 }] }],
    [[{ list: [{}, { size: 2 }] }, "list[1].size: has to be at most 1"]],
  ],
  [true, [1], []],
  [{ type: "object", properties: { toString: { type: "string" } } }, [{}], []],
];

describe("a schema", () => {
  it.each(cases)("%j takes what it allows, and tells where the rest is wrong", (schema, good, bad) => {
    for (const value of good) expect(schemaProblems(schema, value), JSON.stringify(value)).toEqual([]);
    for (const [value, ...told] of bad) {
      expect(schemaProblems(schema, value).map(({ path, message }) => `${path}: ${message}`)).toEqual(told);
    }
  });
});

describe("a duration", () => {
  it.each([
    ["10m", 600],
    ["1h30m", 5400],
    ["1.5s", 1.5],
    ["250ms", 0.25],
  ])("%j is %d seconds", (text, expected) => {
    expect(seconds(text)).toBeCloseTo(expected, 9);
  });

  it.each(["", "10", "m10", "10m junk"])("is none as %j", (text) => {
    expect(seconds(text)).toBeUndefined();
  });
});
