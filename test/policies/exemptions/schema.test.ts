/** Proves that the editors' schema is what the definition gives, and refuses what the definition refuses. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { EXEMPTIONS_FILE, exemptionSchema } from "../../../policies/exemptions/schema";
import { exemptionsSchemaFile, renderExemptionsSchema } from "../../../scripts/generate-schema";
import { repository } from "../../support/project";
import { ENTRY, fileOf } from "./entries";

const schema = z.fromJSONSchema(JSON.parse(renderExemptionsSchema()));
const takes = (text: string): boolean => schema.safeParse(parse(text)).success;

it("exemptions.schema.json is what the definition gives", () => {
  const stale = "is stale: run `npm run generate`";
  expect(readFileSync(exemptionsSchemaFile, "utf8") === renderExemptionsSchema(), stale).toBe(true);
});

it("is named in the first line of the repository's file, which it takes", () => {
  const text = readFileSync(join(repository, EXEMPTIONS_FILE), "utf8");
  expect(text.split("\n")[0]).toBe(
    "# yaml-language-server: $schema=policies/exemptions/exemptions.schema.json",
  );
  expect(takes(text)).toBe(true);
});

it("takes an entry with everything that it may have", () => {
  const all = {
    environment: "prod",
    resource: "kubernetes:core/v1:Secret::database",
    property: "\"data['a']\"",
  };
  expect(takes(fileOf({ ...ENTRY, ...all }))).toBe(true);
});

describe("The schema refuses", () => {
  it.each<[string, Record<string, string>]>([
    ["a pattern of rules", { rule: "postgres/*" }],
    ["a reason of one word", { reason: "temporarily" }],
    ["an owner that is no name", { owner: '"?"' }],
    ["a day of another form", { expires: "31.12.2026" }],
    ["a misspelt key", { enviroment: "prod" }],
  ])("%s", (_, change) => {
    expect(takes(fileOf(ENTRY))).toBe(true);
    expect(takes(fileOf({ ...ENTRY, ...change }))).toBe(false);
  });

  it.each(["rule", "reason", "owner", "expires"])("an entry without %s", (key) => {
    const { [key as keyof typeof ENTRY]: _, ...rest } = ENTRY;
    expect(takes(fileOf(rest))).toBe(false);
  });
});

it("describes every key", () => {
  const undescribed = Object.entries(exemptionSchema.shape).filter(
    ([, field]) =>
      !z.globalRegistry.get(field instanceof z.ZodExactOptional ? field.unwrap() : field)?.description,
  );
  expect(undescribed.map(([key]) => key)).toEqual([]);
});
