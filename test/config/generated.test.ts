/**
 * Proves that the editors' schema and the reference in the repository are the ones that the definition gives, and
 * that the schema takes the environments' files and refuses mistaken ones.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { formatMistakes } from "../../config";
import { environmentSchema } from "../../config/schema";
import * as structure from "../../config/schema/introspect";
import { referenceFile, renderReference } from "../../scripts/generate-configuration-reference";
import { renderSchema, schemaFile } from "../../scripts/generate-schema";
import { edit, environmentText, mistakesIn } from "./edited-environment";

const stale = "is stale: run `npm run generate`";

describe("The file", () => {
  test("config/environment.schema.json is what the definition gives", () => {
    expect(readFileSync(schemaFile, "utf8") === renderSchema(), stale).toBe(true);
  });

  test("docs/configuration.md is what the definition gives", () => {
    expect(readFileSync(referenceFile, "utf8") === renderReference(), stale).toBe(true);
  });
});

describe("The editors' schema", () => {
  const schema = z.fromJSONSchema(JSON.parse(renderSchema()));

  test.each(["dev", "prod", "staging"])("takes the file of %s", (environment) => {
    expect(schema.safeParse(parse(environmentText(environment)))).toMatchObject({ success: true });
  });

  test("is named in the first line of the environments' files", () => {
    for (const environment of ["dev", "prod"]) {
      const text = readFileSync(join(__dirname, `../../Pulumi.${environment}.yaml`), "utf8");
      expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=config/environment.schema.json");
    }
  });

  test.each<[string, string, string]>([
    ["a misspelt section", "keybuzz:aws:", "keybuzz:awz:"],
    ["a misspelt key", "region: eu-west-1", "regoin: eu-west-1"],
    ["a wrong type", "writePort: 5432", "writePort: five"],
    ["a text of the wrong form", "region: eu-west-1", "region: ireland"],
    ["a secret in clear", "  keybuzz:aws:", "  keybuzz:opsKey: hunter2\n  keybuzz:aws:"],
    ["a key beside `config`", "config:\n", "confg: {}\nconfig:\n"],
  ])("refuses %s", (_, from, to) => {
    expect(schema.safeParse(parse(edit(environmentText("dev"), [[from, to]])))).toMatchObject({
      success: false,
    });
  });

  test("takes what Pulumi keeps in the file, and other namespaces", () => {
    const text = `encryptionsalt: v1:a:b\n${environmentText("dev")}  aws:region: eu-west-1\n`;
    expect(schema.safeParse(parse(text))).toMatchObject({ success: true });
  });
});

describe("The reference", () => {
  const reference = renderReference();

  test("shows a report as it really is", () => {
    const source = edit(environmentText("dev"), [
      ["replicas: 1\n      host: api-dev", "replicas: two\n      host: api-dev"],
      ["region: eu-west-1", "regoin: eu-west-1"],
    ]);
    const withoutPlaces = (report: string) => report.replace(/:\d+:\d+:/g, ":");
    expect(withoutPlaces(reference)).toContain(withoutPlaces(formatMistakes(mistakesIn(source))));
  });

  test("describes every field", () => {
    const undescribed = fields(environmentSchema, "").filter(([, field]) => !structure.descriptionOf(field));
    expect(undescribed.map(([name]) => name)).toEqual([]);
  });

  test("says of every field what it is called and what is allowed", () => {
    const unexplained = fields(environmentSchema, "").filter(
      ([, field]) => !structure.factsOf(field)?.allowed,
    );
    expect(unexplained.map(([name]) => name)).toEqual([]);
  });
});

/** Every field of the schema with its path. */
function fields(schema: structure.Schema, path: string): [string, structure.Schema][] {
  return structure.forms(schema).flatMap((form) => {
    if (form instanceof z.ZodArray)
      return [[`${path}[]`, form.element], ...fields(form.element, `${path}[]`)];
    if (!(form instanceof z.ZodObject)) return [];
    const children = Object.entries(form.shape);
    return children.flatMap(([name, field]): [string, structure.Schema][] => [
      [`${path}.${name}`, field],
      ...fields(field, `${path}.${name}`),
    ]);
  });
}
