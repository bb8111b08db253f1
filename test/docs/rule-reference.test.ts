/** Proves that docs/rules.md is what the rules' records give, that it is whole, and that its links lead somewhere. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { auditFindings } from "../../policies/audit";
import { catalogue } from "../../policies/catalogue";
import { exemptionRules } from "../../policies/exemptions/audit";
import { determined } from "../../policies/general/determined";
import { isolationRules } from "../../policies/isolation";
import { rules } from "../../policies/rules";
import { referenceFile, renderReference } from "../../scripts/generate-rule-reference";
import { repository } from "../support/project";

const reference = renderReference();
const ids = catalogue.map(({ record }) => record.id);

it("docs/rules.md is what the records give", () => {
  expect(readFileSync(referenceFile, "utf8") === reference, "is stale: run `npm run generate`").toBe(true);
});

describe("the catalogue", () => {
  it("has every rule that is run, once, in order", () => {
    const all = [...rules, ...isolationRules, ...exemptionRules, determined].map(({ id }) => id);
    expect(all.length).toBeGreaterThan(2);
    expect(ids).toEqual([...new Set(all)].sort());
  });

  it("names a file for each rule, which says the rule's id", () => {
    const wrong = catalogue.filter(({ record, source }) => {
      const path = join(repository, source);
      return !existsSync(path) || !readFileSync(path, "utf8").includes(`"${record.id}"`);
    });
    expect(wrong.map(({ record, source }) => `${record.id}: ${source}`)).toEqual([]);
  });
});

describe("the reference", () => {
  it.each(catalogue)("describes $record.id with why, fix and source", ({ record, source }) => {
    const start = reference.indexOf(`\n### ${record.id}\n`);
    expect(start).toBeGreaterThan(0);
    const end = reference.indexOf("\n### ", start + 1);
    const plain = reference.slice(start, end < 0 ? undefined : end).replace(/\\(.)/g, "$1");
    for (const part of [record.title, record.why, record.fix, record.severity, record.level, source]) {
      expect(plain).toContain(part);
    }
  });

  it("tells of every finding of the audit", () => {
    for (const [finding, what] of Object.entries(auditFindings)) {
      expect(reference).toContain(`| ${finding} | ${what} |`);
    }
  });

  it("has links that lead to its own headings, and to files", () => {
    const anchor = (title: string): string =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-");
    const headings = [...reference.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => anchor(title));
    const links = [...reference.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target);
    expect(links.length).toBeGreaterThan(2 * catalogue.length);
    expect(new Set(headings).size, "no two headings share an anchor").toBe(headings.length);
    const dead = links.filter((target) =>
      target.startsWith("#")
        ? !headings.includes(target.slice(1))
        : !existsSync(join(repository, "docs", target)),
    );
    expect(dead).toEqual([]);
  });

  it("has no HTML that a reader would not see", () => {
    const markup = reference
      .replace(/<!--.*?-->/g, "")
      .replace(/`[^`]*`/g, "")
      .replace(/\\./g, "");
    expect(markup).not.toMatch(/[<>]/);
  });
});
