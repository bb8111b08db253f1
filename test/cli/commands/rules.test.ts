/** kb rules as its users see it: the list, one rule, a mistyped id, and the document for programs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ruleList, ruleText } from "../../../cli/format/rules-text";
import type { CatalogueEntry } from "../../../policies/catalogue";
import { catalogue } from "../../../policies/catalogue";
import { kb } from "../../support/kb";
import { repository } from "../../support/project";

const entry = (id: string, more: Partial<CatalogueEntry["record"]> = {}): CatalogueEntry => ({
  record: {
    id,
    title: "Roles are those of their own environment",
    why: "PROD logged in as DEV.",
    prevents: ["F1", "F14"],
    fix: "Name a role of this environment.",
    severity: "critical",
    level: "mandatory",
    environments: "all",
    ...more,
  },
  family: id.slice(0, id.indexOf("/")),
  source: `policies/rules/${id}.ts`,
});
const plain = { paint: (_: unknown, text: string): string => text };

describe("what is printed", () => {
  it("is a list by family", () => {
    const entries = [
      entry("aws/own-region", { severity: "low", level: "advisory" }),
      entry("postgres/dedicated-role"),
      entry("postgres/no-superuser", { severity: "high" }),
    ];
    expect(ruleList(entries, plain)).toBe(`\
aws
  aws/own-region           low       advisory   Roles are those of their own environment

postgres
  postgres/dedicated-role  critical  mandatory  Roles are those of their own environment
  postgres/no-superuser    high      mandatory  Roles are those of their own environment

3 rules; kb rules <id> tells why, and what to do
`);
  });

  it("is all that is known of one rule", () => {
    expect(ruleText(entry("postgres/dedicated-role"), plain)).toBe(`\
postgres/dedicated-role
Roles are those of their own environment

  severity      critical
  level         mandatory: a finding fails the check
  environments  all
  source        policies/rules/postgres/dedicated-role.ts

Why:
  PROD logged in as DEV.

Fix:
  Name a role of this environment.

Prevents, of what the audit found:
  F1   PROD used DEV's database with DEV's user
  F14  DEV and PROD shared one path of Vault
`);
  });
});

describe("kb rules", () => {
  it("lists every rule", async () => {
    const { code, stdout, stderr } = await kb(["rules"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const listed = [...stdout.matchAll(/^ {2}(\S+\/\S+) /gm)].map(([, id]) => id);
    expect(listed).toEqual(catalogue.map(({ record }) => record.id));
  });

  it("tells of one rule where it is written", async () => {
    const { code, stdout } = await kb(["rules", "postgres/dedicated-role"]);
    expect(code).toBe(0);
    const source = /source +(\S+)/.exec(stdout)?.[1] ?? "";
    expect(existsSync(join(repository, source))).toBe(true);
    expect(stdout).toContain("F1   PROD used DEV's database with DEV's user");
  });

  it("gives one document with --json, for all rules or for one", async () => {
    const [all, one] = await Promise.all([
      kb(["rules", "--json"]),
      kb(["rules", "vault/own-prefix", "--json"]),
    ]);
    expect(JSON.parse(all.stdout)).toMatchObject({ version: 1, kind: "rules" });
    expect(JSON.parse(all.stdout).rules).toHaveLength(catalogue.length);
    expect(JSON.parse(one.stdout).rules).toMatchObject([
      { id: "vault/own-prefix", family: "vault", source: "policies/rules/vault/own-prefix.ts" },
    ]);
  });

  it("refuses an id that is no rule's, and says which was meant", async () => {
    const { code, stdout, stderr } = await kb(["rules", "postgres/dedicated-rol"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      'error: no rule "postgres/dedicated-rol": kb rules lists all of them; did you mean "postgres/dedicated-role"?\n',
    );
  });

  it("has colours only when it is asked for them", async () => {
    const [painted, bare] = await Promise.all([kb(["rules", "--color", "always"]), kb(["rules"])]);
    expect(painted.stdout).toContain("\u001b[31mmandatory\u001b[39m");
    expect(bare.stdout).not.toContain("\u001b");
  });
});
