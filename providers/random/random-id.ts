/**
 * random:index/randomId:RandomId. Random bytes in four spellings, not secret, that stand in the state alone: nothing
 * can drift. Every change makes new bytes.
 */
import { randomBytes } from "node:crypto";
import { ProviderError } from "../../engine/provider/errors";
import type { PropertyMap } from "../../engine/provider/values";
import type { ResourceType } from "../table/resource-type";

const MOST_BYTES = 65_536;

export const randomId: ResourceType<undefined> = {
  noun: "random id",
  table: {
    fields: {
      byteLength: {
        type: "integer",
        required: true,
        replaces: true,
        refuse: (value) =>
          typeof value === "number" && value >= 1 && value <= MOST_BYTES
            ? undefined
            : `must be 1 to ${MOST_BYTES}, not ${JSON.stringify(value)}`,
      },
      keepers: { type: "map", replaces: true },
      prefix: { type: "text", replaces: true },
      b64Url: { type: "text", outputOnly: true },
      b64Std: { type: "text", outputOnly: true },
      hex: { type: "text", outputOnly: true },
      dec: { type: "text", outputOnly: true },
    },
    defaultsStandIn: "outputs",
    deleteBeforeReplace: "never",
  },
  async create(_server, inputs) {
    const bytes = randomBytes(inputs.integer("byteLength"));
    const { __defaults: _, ...given } = inputs.properties;
    return {
      id: bytes.toString("base64url"),
      outputs: { ...given, ...spellings(bytes, inputs.optionalText("prefix") ?? "") },
    };
  },
  async read(_server, id, known) {
    if (known?.has("hex")) return { id, properties: known.properties };
    return importId(id);
  },
  async delete() {},
};

/** An import names `[prefix,]id`, the id as base64url. */
function importId(text: string): { id: string; properties: PropertyMap } {
  const comma = text.lastIndexOf(",");
  const prefix = comma < 0 ? "" : text.slice(0, comma);
  const id = text.slice(comma + 1);
  const bytes = Buffer.from(id, "base64url");
  if (bytes.length === 0 || bytes.toString("base64url") !== id) {
    throw new ProviderError(
      `random id ${JSON.stringify(text)}: must be [prefix,]id with the id in base64url: take it from the output b64Url, without the prefix`,
    );
  }
  const given = { byteLength: bytes.length, ...(prefix !== "" && { prefix }) };
  return { id, properties: { ...given, ...spellings(bytes, prefix) } };
}

function spellings(bytes: Buffer, prefix: string): PropertyMap {
  const hex = bytes.toString("hex");
  return {
    b64Url: prefix + bytes.toString("base64url"),
    b64Std: prefix + bytes.toString("base64"),
    hex: prefix + hex,
    dec: prefix + BigInt(`0x${hex}`).toString(),
  };
}
