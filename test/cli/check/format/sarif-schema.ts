/** SARIF's own schema, as a question about a document. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";

const schema = JSON.parse(readFileSync(join(__dirname, "../sarif-2.1.0.schema.fixture.json"), "utf8"));
// The schema has keywords without the type that they are for, and a pattern with a bracket too many.
const ajv = addFormats(new Ajv({ strict: false, unicodeRegExp: false, allErrors: true }));
const validate = ajv.compile(schema);

/** What is wrong with a document; nothing for one that is valid. */
export function sarifMistakes(document: unknown): string[] {
  if (validate(document)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
