/** Proves that the JSON document keeps the form that docs/check-json.md describes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkJson } from "../../../../cli/check/format/json";
import { repository } from "../../../support/project";
import { finding, incomplete, refused, report } from "./reports";

describe("the document", () => {
  it("carries the report whole, under a version and a kind", () => {
    const document = JSON.parse(checkJson(refused));
    const { environments, ...same } = refused;
    expect(document).toEqual({
      ...same,
      version: 1,
      kind: "check",
      verdict: "refused",
      counts: { mandatory: 2, advisory: 1, exempted: 1, undetermined: 1, failures: 0 },
      environments: environments.map(({ name, ...rest }) => ({ environment: name, ...rest })),
    });
  });

  it("has a record for every rule that it names", () => {
    const document = JSON.parse(checkJson(report({ rules: [], findings: [finding()] })));
    expect(document.rules).toMatchObject([{ id: "postgres/dedicated-role", level: "mandatory" }]);
  });

  it("holds no field that a report does not promise", () => {
    const leaky = { ...finding(), value: "canary" };
    const rules = [{ ...refused.rules[0], secret: "canary" }] as unknown as typeof refused.rules;
    expect(checkJson(report({ rules, findings: [leaky] }))).not.toContain("canary");
  });

  it("is described field by field", () => {
    const page = readFileSync(join(repository, "docs/check-json.md"), "utf8");
    const names = new Set<string>();
    const collect = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(collect);
      else if (typeof value === "object" && value !== null) {
        for (const [name, inner] of Object.entries(value)) {
          names.add(name);
          collect(inner);
        }
      }
    };
    for (const each of [refused, incomplete]) collect(JSON.parse(checkJson(each)));
    expect(names.size).toBeGreaterThan(30);
    expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("the verdict", () => {
  const undetermined = [{ rule: "r", environment: "dev", urn: "u", properties: [] }];
  it.each([
    ["passed", report()],
    ["passed", report({ findings: [finding({ level: "advisory" })] })],
    [
      "passed",
      report({ findings: [finding({ exemption: { reason: "r", owner: "o", expires: "2026-12-31" } })] }),
    ],
    ["passed", report({ undetermined })],
    ["refused", report({ undetermined, strict: true })],
    ["refused", report({ findings: [finding()] })],
    ["incomplete", report({ findings: [finding()], failures: [{ message: "m" }] })],
  ] as const)("is %s", (verdict, checked) => {
    expect(JSON.parse(checkJson(checked)).verdict).toBe(verdict);
  });
});
