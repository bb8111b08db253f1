/** docs/isolation.md tells what is seen and what is not: all of it, and nothing else. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judgeReferences } from "../../../policies/foreign";
import type { ReferenceKind } from "../../../policies/ownership";
import { LONGEST } from "../../../policies/references/text";
import { repository } from "../../support/project";
import { estate } from "../cases";
import { unseen } from "./unseen";
import { encodings, forms, places, settings, typedPlaces } from "./visible";

const page = readFileSync(join(repository, "docs", "isolation.md"), "utf8");

/** The first cells of the table below a heading. */
function rowsBelow(heading: string): string[] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const [table = ""] = section.split("\n## ");
  const rows = table.split("\n").filter((line) => line.startsWith("| "));
  return rows.slice(2).map((line) => line.split(" | ")[0]?.replace(/^\| /, "").trim() ?? "");
}

describe("docs/isolation.md", () => {
  it("lists every form of a name", () => {
    expect(rowsBelow("Forms of names in texts")).toEqual([
      ...new Set(forms.map(({ name }) => name.replace(/: host$/, ""))),
    ]);
  });

  it("lists every encoding, every place for texts, and every telling setting", () => {
    expect(rowsBelow("Encodings")).toEqual(encodings.map(({ name }) => name));
    expect(rowsBelow("Places for texts and settings")).toEqual(places.map(({ name }) => name));
    expect(rowsBelow("Settings that tell")).toEqual(Object.keys(settings));
    for (const name of Object.values(settings).flat()) expect(page).toContain(`\`${name}\``);
  });

  it("names every property that is a name by itself", () => {
    for (const { path } of typedPlaces) {
      expect(page).toContain(String(path.findLast((part) => typeof part === "string")));
    }
  });

  it("lists everything that is not seen", () => {
    expect(rowsBelow("What the rules cannot see")).toEqual(unseen.map(({ name }) => name));
  });
});

describe("the rules do not see", () => {
  it.each(unseen.map(({ name, given }) => [name, given] as const))("%s", (_, given) => {
    const verdict = judgeReferences(given, estate("prod"), Object.keys(settings) as ReferenceKind[]);
    expect(verdict.outcome === "findings" ? verdict.findings : []).toEqual([]);
  });

  it("and the page says from where on a text is too long", () => {
    expect(LONGEST).toBeGreaterThan(2_000_000);
    expect(LONGEST).toBeLessThan(2_100_000);
  });
});
