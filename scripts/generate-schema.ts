/**
 * Writes the schemas by which editors check files while they are written: config/environment.schema.json for
 * Pulumi.<env>.yaml, policies/exemptions/exemptions.schema.json for policy-exemptions.yaml. They are made from the
 * definitions that validation uses: change those, and run `npx tsx scripts/generate-schema.ts`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { PROJECT } from "../config/names";
import { environmentSchema, sectionNames } from "../config/schema";
import { EXEMPTIONS_FILE, exemptionsSchema } from "../policies/exemptions/schema";

export const schemaFile = join(__dirname, "../config/environment.schema.json");
export const exemptionsSchemaFile = join(__dirname, "../policies/exemptions/exemptions.schema.json");

export function renderSchema(): string {
  const { properties, required } = z.toJSONSchema(environmentSchema, { io: "input", target: "draft-7" });
  const sections = Object.entries(properties ?? {}).map(([name, section]) => [`${PROJECT}:${name}`, section]);
  const otherKey = `^${PROJECT}:(?!(?:${sectionNames.join("|")})$)`;
  const document = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Pulumi.<env>.yaml",
    description: "The configuration of one environment. docs/configuration.md describes it.",
    type: "object",
    properties: {
      config: {
        description: "Settings and encrypted secrets. Keys of other namespaces are left alone.",
        type: "object",
        properties: Object.fromEntries(sections),
        patternProperties: { [otherKey]: secret },
        required: (required ?? []).map((name) => `${PROJECT}:${name}`),
      },
      ...pulumiKeys,
    },
    required: ["config"],
    additionalProperties: false,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const secret = {
  description: "A secret that `keybuzz:secrets` names. Written by `pulumi config set --secret`.",
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

/** What Pulumi itself keeps in the file. */
const pulumiKeys = {
  encryptionsalt: { description: "Written by Pulumi: salt of the stack's passphrase.", type: "string" },
  encryptedkey: { description: "Written by Pulumi: the stack's key, encrypted.", type: "string" },
  secretsprovider: { description: "Written by Pulumi: what encrypts the stack's secrets.", type: "string" },
  environment: { description: "Pulumi ESC environments that the stack takes values from." },
};

export function renderExemptionsSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(exemptionsSchema, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ $schema, title: EXEMPTIONS_FILE, ...schema }, null, 2)}\n`;
}

if (require.main === module) {
  writeFileSync(schemaFile, renderSchema());
  writeFileSync(exemptionsSchemaFile, renderExemptionsSchema());
}
