/** Proves what a policy pack is told of exemptions, which judges one environment alone. */
import { describe, expect, it } from "vitest";
import { EXEMPTIONS_FILE, exemptedToday } from "../../../policies/exemptions";
import { dayOf } from "../../../policies/exemptions/days";
import { makeProject } from "../../support/project";
import { ENTRY, fileOf, TODAY, urnOf } from "./entries";

const project = (text: string): string => makeProject({ [EXEMPTIONS_FILE]: text });
const finding = { rule: ENTRY.rule, urn: urnOf("prod", "database"), property: "data.PGUSER" };
const file = fileOf({ ...ENTRY, environment: "prod", resource: "database" });

describe("A pack", () => {
  it("is told which exemption accepts a finding of its environment", () => {
    expect(exemptedToday(project(file), "prod", TODAY)(finding)).toMatchObject(ENTRY);
  });

  it("is not told of exemptions of another environment, nor of those that are over", () => {
    const root = project(file);
    expect(exemptedToday(root, "dev", TODAY)({ ...finding, urn: urnOf("dev", "database") })).toBeUndefined();
    expect(exemptedToday(root, "prod", "2027-03-31")(finding)).toBeDefined();
    expect(exemptedToday(root, "prod", "2027-04-01")(finding)).toBeUndefined();
  });

  it("goes by the day in UTC when it names none", () => {
    const tomorrow = dayOf(new Date(Date.now() + 86_400_000));
    const yesterday = dayOf(new Date(Date.now() - 86_400_000));
    const until = (expires: string) => project(fileOf({ ...ENTRY, resource: "database", expires }));
    expect(exemptedToday(until(tomorrow), "prod")(finding)).toBeDefined();
    expect(exemptedToday(until(yesterday), "prod")(finding)).toBeUndefined();
  });

  it("exempts nothing in a project without such a file", () => {
    expect(exemptedToday(makeProject({}), "prod", TODAY)(finding)).toBeUndefined();
  });

  it("cannot judge by a file with mistakes, and is told all of them", () => {
    const { owner, ...rest } = ENTRY;
    const root = project(fileOf({ ...rest, expires: "never" }));
    expect(() => exemptedToday(root, "prod", TODAY)).toThrow(
      /policy-exemptions\.yaml cannot be used\n.*owner: is missing.*\n.*expires: "never" is not a day/,
    );
  });
});
