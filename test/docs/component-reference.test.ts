/** Proves that docs/components.md is what the comments in components/ give, that it is whole, and that its links lead somewhere. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { docOf, readSources } from "../../scripts/component-source";
import { referenceFile, renderReference } from "../../scripts/generate-component-reference";
import { dev, recordMail } from "../components/mail-fixtures";

const folder = join(__dirname, "../../components");
const reference = renderReference();
const stale = "run `npx tsx scripts/generate-component-reference.ts`";

test("docs/components.md is what the comments give", () => {
  expect(readFileSync(referenceFile, "utf8") === reference, stale).toBe(true);
});

test("the reference comes out the same each time", () => {
  expect(renderReference() === reference).toBe(true);
});

describe("every component", () => {
  const files = readdirSync(folder)
    .map((file) => [file, readFileSync(join(folder, file), "utf8")] as const)
    .filter(([, text]) => text.includes("extends pulumi.ComponentResource"));

  test.each(files.map(([file]) => file))("%s is described with its type token and its guarantee", (file) => {
    const text = files.find(([name]) => name === file)?.[1] ?? "";
    const token = /super\(\s*"([^"]+)"/.exec(text)?.[1] ?? "no token";
    const source = readSources(folder).get(file.replace(".ts", ""));
    expect(reference).toContain(`\`${token}\`, in \`components/${file}\``);
    expect(source?.header.length).toBeGreaterThan(40);
    expect(reference).toContain(source?.header);
  });
});

test("every link leads to a heading", () => {
  const headings = [...reference.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => title.toLowerCase());
  const links = [...reference.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = ""]) => anchor);
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter((anchor) => !headings.includes(anchor))).toEqual([]);
});

test("what a component declares is named in its section", async () => {
  const { resources } = await recordMail(dev);
  const start = reference.indexOf("## MailEvents");
  const sections = reference.slice(start, reference.indexOf("## Namespace", start));
  const custom = resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
  expect(custom.filter(({ type }) => !sections.includes(`\`${type}\``))).toEqual([]);
});

test("a default is taken out of the comment that says it", () => {
  const source = readSources(folder).get("generated-secret");
  const docs: ReturnType<typeof docOf>[] = [];
  source?.tree.forEachChild(function visit(node) {
    docs.push(docOf(node));
    node.forEachChild(visit);
  });
  const [withDefault] = docs.filter((doc) => doc.fallback !== undefined);
  expect(withDefault?.fallback).toMatch(/^\S/);
  expect(docs.every((doc) => !doc.text.includes("@default"))).toBe(true);
});
