/** Proves when an exemption is itself a finding: expired, unknown or unused, and when nothing can be said. */
import { describe, expect, it } from "vitest";
import { auditExemptions, exemptionRules } from "../../../policies/exemptions/audit";
import type { Exemption } from "../../../policies/exemptions/schema";
import type { AuditSubject } from "../../../policies/exemptions/subject";
import { checked, exemption, subject, urnOf } from "./entries";

/** What is said of one exemption: the record and the key, or nothing. */
function said(entry: Exemption, of: AuditSubject = subject()): string[] {
  return auditExemptions([entry], of).map(({ rule, key = "entry", level }) =>
    [rule, key, ...(level === undefined ? [] : [level])].join(" "),
  );
}

const message = (entry: Exemption, of: AuditSubject = subject()): string =>
  auditExemptions([entry], of)
    .map((found) => found.message)
    .join("\n");

const found = { rule: "postgres/dedicated-role", environment: "prod", urn: urnOf("prod", "database") };
const ofDatabase = { environment: "prod", resource: "database" };
const devOnly = { checked: [checked("dev")] };
const prodOnly = { checked: [checked("prod")] };

it("Nothing is said of an exemption that a finding needs", () => {
  expect(said(exemption(ofDatabase), subject({ findings: [found] }))).toEqual([]);
  expect(said(exemption(ofDatabase), subject())).toEqual(["exemptions/unused entry"]);
});

describe("An expired exemption", () => {
  const over = exemption({ ...ofDatabase, expires: "2026-11-20" });

  it("is told from the day after its last one", () => {
    const findings = [found];
    expect(said(over, subject({ findings }))).toEqual(["exemptions/expired expires"]);
    expect(said(over, subject({ findings, today: "2026-11-20" }))).toEqual([]);
  });

  it("is told with what it was about, and who answers", () => {
    expect(message(over)).toBe(
      "was 2026-11-20: postgres/dedicated-role on database in prod is not exempted any more " +
        "(platform@keybuzz.io answers for it)",
    );
  });

  it("is told once, whether a finding would need it or not, and whether its names exist or not", () => {
    expect(said(over)).toEqual(["exemptions/expired expires"]);
    expect(said({ ...over, resource: "gone", rule: "postgres/gone" })).toEqual([
      "exemptions/expired expires",
    ]);
  });

  it("is told of a check that could not be made as a whole too", () => {
    expect(said(over, subject({ complete: false }))).toEqual(["exemptions/expired expires"]);
  });

  it("of PROD is no matter of a check of DEV", () => {
    expect(said(over, subject(devOnly))).toEqual([]);
    expect(said(over, subject(prodOnly))).toEqual(["exemptions/expired expires"]);
  });

  it("of all environments is told by a check of any", () => {
    const { environment, ...anywhere } = over;
    expect(said(anywhere, subject(devOnly))).toEqual(["exemptions/expired expires"]);
  });

  it("of an environment that does not exist is told by every check", () => {
    expect(said({ ...over, environment: "gone" }, subject(devOnly))).toEqual(["exemptions/expired expires"]);
  });
});

describe("An unknown", () => {
  it("rule of a family that was run is told, with what was meant", () => {
    const entry = exemption({ ...ofDatabase, rule: "postgres/dedicated-rol" });
    expect(said(entry)).toEqual(["exemptions/unknown rule"]);
    expect(message(entry)).toBe(
      'names the rule postgres/dedicated-rol, which does not exist; did you mean "postgres/dedicated-role"?',
    );
  });

  it("policy of a pack that was run is told", () => {
    expect(said(exemption({ ...ofDatabase, rule: "cis/no-such-policy" }))).toEqual([
      "exemptions/unknown rule",
    ]);
  });

  it("rule of nothing that was run is told, and does not refuse: another check may run its pack", () => {
    const entry = exemption({ ...ofDatabase, rule: "postgre/dedicated-role" });
    expect(said(entry)).toEqual(["exemptions/unknown rule advisory"]);
    expect(message(entry)).toBe(
      "names the rule postgre/dedicated-role, and no rule of postgre was run: if it is of another pack, check " +
        'with --policy-pack; did you mean "postgres/dedicated-role"?',
    );
  });

  it("environment is told, with what was meant, beside an unknown rule", () => {
    expect(said(exemption({ environment: "prd" }))).toEqual(["exemptions/unknown environment"]);
    expect(message(exemption({ environment: "prd" }))).toContain('did you mean "prod"?');
    expect(said(exemption({ environment: "prd", rule: "postgres/x" }))).toEqual([
      "exemptions/unknown rule",
      "exemptions/unknown environment",
    ]);
  });

  it("rule or environment is told by a check of any environment", () => {
    expect(said(exemption({ environment: "gone" }), subject(devOnly))).toEqual([
      "exemptions/unknown environment",
    ]);
    expect(said(exemption({ ...ofDatabase, rule: "postgres/x" }), subject(devOnly))).toEqual([
      "exemptions/unknown rule",
    ]);
  });

  it("environment is not one that exists and was not checked", () => {
    expect(said(exemption({ environment: "prod" }), subject(devOnly))).toEqual([]);
  });

  it("resource is told when every environment that could declare it is known", () => {
    const entry = exemption({ environment: "prod", resource: "databse" });
    expect(said(entry)).toEqual(["exemptions/unknown resource"]);
    expect(message(entry)).toBe("names databse, which prod does not declare");
    expect(said(entry, subject(prodOnly))).toEqual(["exemptions/unknown resource"]);
    expect(said(entry, subject(devOnly))).toEqual([]);
  });

  it("resource of no environment in particular is told when all were evaluated", () => {
    const entry = exemption({ resource: "databse" });
    expect(message(entry)).toBe("names databse, which dev, prod do not declare");
    expect(said(entry, subject(prodOnly))).toEqual([]);
  });

  it("resource is not one that another of the environments declares", () => {
    const checkedBoth = [checked("dev", { urns: [] }), checked("prod")];
    expect(
      said(exemption({ resource: "database" }), subject({ checked: checkedBoth, findings: [found] })),
    ).toEqual([]);
    expect(said(exemption({ ...ofDatabase, environment: "dev" }), subject({ checked: checkedBoth }))).toEqual(
      ["exemptions/unknown resource"],
    );
  });

  it("resource is not told of a program that failed: it may be declared behind the failure", () => {
    const broken = subject({ checked: [checked("prod", { whole: false, urns: [] })], complete: false });
    expect(said(exemption(ofDatabase), broken)).toEqual([]);
  });
});

describe("An unused exemption", () => {
  it("is told with what it is about", () => {
    expect(message(exemption({ ...ofDatabase, property: "data.PGUSER" }))).toBe(
      "exempts nothing: there is no finding of postgres/dedicated-role at data.PGUSER on database in prod",
    );
    expect(message(exemption())).toBe(
      "exempts nothing: there is no finding of postgres/dedicated-role in any environment",
    );
  });

  it("of PROD is not told by a check of DEV", () => {
    expect(said(exemption(ofDatabase), subject(devOnly))).toEqual([]);
    expect(said(exemption(ofDatabase), subject(prodOnly))).toEqual(["exemptions/unused entry"]);
  });

  it("of all environments is told only when all were evaluated", () => {
    expect(said(exemption(), subject(devOnly))).toEqual([]);
    expect(said(exemption(), subject(prodOnly))).toEqual([]);
    expect(said(exemption())).toEqual(["exemptions/unused entry"]);
  });

  it("of a rule that compares is told only when all environments were evaluated", () => {
    const comparing = exemption({ ...ofDatabase, rule: "isolation/distinct-secrets" });
    expect(said(comparing, subject(prodOnly))).toEqual([]);
    expect(said(comparing)).toEqual(["exemptions/unused entry"]);
  });

  it("is not told when something kept the check from being made", () => {
    expect(said(exemption(ofDatabase), subject({ complete: false }))).toEqual([]);
  });

  it("is not told when its environment was not evaluated to the end", () => {
    expect(
      said(exemption(ofDatabase), subject({ checked: [checked("dev"), checked("prod", { whole: false })] })),
    ).toEqual([]);
  });

  it("is not one that another exemption of the same finding makes superfluous", () => {
    const both = [exemption(ofDatabase), exemption({ resource: urnOf("prod", "database"), index: 1 })];
    expect(auditExemptions(both, subject({ findings: [found] }))).toEqual([]);
  });
});

it("What is told has a record, and every record is mandatory", () => {
  expect(exemptionRules.map(({ id, level }) => `${id} ${level}`)).toEqual([
    "exemptions/expired mandatory",
    "exemptions/unknown mandatory",
    "exemptions/unused mandatory",
  ]);
});
