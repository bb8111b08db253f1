/** Proves what an exemption covers, until when, and that it never reaches beyond what it names. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aYearAfter, dayOf, isDay } from "../../../policies/exemptions/days";
import { covers, type ExemptibleFinding, exemptionOf } from "../../../policies/exemptions/match";
import { seed } from "../../support/seed";
import { exemption, SECRET_TYPE, TODAY, urnOf } from "./entries";

const finding: ExemptibleFinding = {
  rule: "postgres/dedicated-role",
  environment: "prod",
  urn: urnOf("prod", "database"),
  property: "stringData.PGUSER",
};

describe("An exemption covers a finding", () => {
  it.each<[string, Parameters<typeof exemption>[0]]>([
    ["by its resource's URN", { resource: urnOf("prod", "database") }],
    ["by its resource's logical name", { resource: "database" }],
    ["by type and name", { resource: `${SECRET_TYPE}::database` }],
    [
      "by the type with its parents', and the name",
      { resource: `keybuzz:k8s:Group$${SECRET_TYPE}::database` },
    ],
    ["in one environment", { resource: "database", environment: "prod" }],
    ["at one property", { resource: "database", property: "stringData.PGUSER" }],
  ])("%s", (_, scope) => {
    expect(covers(exemption(scope), finding)).toBe(true);
  });

  it("by the type as reports show it", () => {
    const urn = "urn:pulumi:prod::keybuzz::aws:iam/user:User::sender";
    for (const resource of ["aws:iam:User::sender", "aws:iam/user:User::sender"]) {
      expect(covers(exemption({ resource }), { ...finding, urn })).toBe(true);
    }
  });

  it("whose resource has colons in its name, by type and name", () => {
    const urn = urnOf("prod", "a::b");
    expect(covers(exemption({ resource: `${SECRET_TYPE}::a::b` }), { ...finding, urn })).toBe(true);
  });

  it("that is about no resource, when it names none", () => {
    const { urn, ...ofFiles } = finding;
    expect(covers(exemption(), ofFiles)).toBe(true);
  });

  it("about the resource as a whole, when it names no property", () => {
    const { property, ...whole } = finding;
    expect(covers(exemption({ resource: "database" }), whole)).toBe(true);
  });
});

describe("An exemption does not cover a finding", () => {
  it.each<[string, Parameters<typeof exemption>[0]]>([
    ["of another rule", { rule: "postgres/dedicated-database", resource: "database" }],
    ["of another environment", { environment: "dev", resource: "database" }],
    ["of another resource", { resource: "databases" }],
    ["of a resource whose name only begins so", { resource: "data" }],
    ["of a resource of another type", { resource: "kubernetes:core/v1:ConfigMap::database" }],
    ["of a resource of another environment", { resource: urnOf("dev", "database") }],
    ["of another property", { resource: "database", property: "stringData.PGHOST" }],
    ["of a property below", { resource: "database", property: "stringData" }],
    ["of a resource, when it names none", {}],
  ])("%s", (_, scope) => {
    expect(covers(exemption(scope), finding)).toBe(false);
  });

  it("that is about no resource, when it names one", () => {
    const { urn, ...ofFiles } = finding;
    expect(covers(exemption({ resource: "database" }), ofFiles)).toBe(false);
  });

  it("about the resource as a whole, when it names a property", () => {
    expect(
      covers(exemption({ resource: "database", property: "stringData" }), { ...finding, property: "" }),
    ).toBe(false);
  });
});

describe("An exemption holds", () => {
  const until = (expires: string, today: string): boolean =>
    exemptionOf([exemption({ resource: "database", expires })], finding, today) !== undefined;

  it.each<[string, string, boolean]>([
    ["2026-12-31", "2026-12-30", true],
    ["2026-12-31", "2026-12-31", true],
    ["2026-12-31", "2027-01-01", false],
    ["2028-02-29", "2028-02-29", true],
    ["2028-02-29", "2028-03-01", false],
    ["2026-09-30", "2026-10-01", false],
  ])("until %s, on %s: %s", (expires, today, want) => {
    expect(until(expires, today)).toBe(want);
  });

  it("by the day in UTC, wherever somebody is", () => {
    // One moment: the evening of the last day in New York, the next morning in Paris.
    const moment = new Date("2026-12-31T23:30:00Z");
    expect(new Date("2026-12-31T18:30:00-05:00")).toEqual(moment);
    expect(new Date("2027-01-01T00:30:00+01:00")).toEqual(moment);
    expect(until("2026-12-31", dayOf(moment))).toBe(true);
    expect(until("2026-12-31", dayOf(new Date(moment.getTime() + 30 * 60_000)))).toBe(false);
  });

  it("gives way to a later one that covers the same, once it is over", () => {
    const over = exemption({ resource: "database", expires: "2026-01-31" });
    const wide = exemption({ resource: urnOf("prod", "database"), index: 1 });
    expect(exemptionOf([over, wide], finding, TODAY)).toBe(wide);
  });
});

describe("A day", () => {
  it("is one of the calendar", () => {
    expect(["2026-02-28", "2028-02-29", "2026-12-31"].filter(isDay)).toHaveLength(3);
    expect(
      ["2026-02-29", "2026-13-01", "2026-1-1", "2026-12-31T00:00", "26-12-31", ""].filter(isDay),
    ).toEqual([]);
  });

  it("comes again after a year, or on the next day where there is none", () => {
    expect([aYearAfter("2026-11-21"), aYearAfter("2028-02-29"), aYearAfter("2027-12-31")]).toEqual([
      "2027-11-21",
      "2029-03-01",
      "2028-12-31",
    ]);
  });
});

/** Names that one takes for each other. */
const name = fc.constantFrom(
  "a",
  "A",
  "a-b",
  "a::b",
  "a.b",
  "ab",
  "*",
  "b",
  "a::a",
  "kubernetes:core/v1:Secret",
  "a b",
);
const type = fc.constantFrom(
  SECRET_TYPE,
  "kubernetes:core/v1:ConfigMap",
  "aws:iam/user:User",
  "aws:iam:User",
  "t:m:T",
);
const property = fc.constantFrom(
  "",
  "data",
  "data.a",
  'data["a"]',
  "data.a[0]",
  "data.a[1]",
  "Data",
  "data.*",
);

const findings: fc.Arbitrary<ExemptibleFinding> = fc
  .record({
    rule: fc.constantFrom("postgres/role", "postgres/roles", "postgres/Role", "cis/role", "postgres/role/x"),
    environment: fc.constantFrom("dev", "prod", "prod2", "Prod", ""),
    resource: fc.option(fc.record({ stack: fc.constantFrom("dev", "prod"), name, type })),
    property: fc.option(property, { nil: undefined }),
  })
  .map(({ rule, environment, resource, property }) => ({
    rule,
    environment,
    ...(resource === null ? {} : { urn: urnOf(resource.stack, resource.name, resource.type) }),
    ...(property === undefined ? {} : { property }),
  }));

/** The parts of a resource, read by hand. */
function partsOf(urn: string): { name: string; types: string[] } {
  const [, , qualified = "", ...rest] = urn.split("::");
  const own = qualified.split("$").at(-1) ?? "";
  const shown = own === "aws:iam/user:User" ? ["aws:iam:User"] : [];
  return { name: rest.join("::"), types: [qualified, own, ...shown] };
}

it("An exemption made for one finding never hides one of another rule, environment, resource or property", () => {
  let [hidden, told] = [0, 0];
  const made = fc.record({
    of: findings,
    naming: fc.constantFrom("urn", "name", "type"),
    anywhere: fc.boolean(),
    anything: fc.boolean(),
  });
  fc.assert(
    fc.property(made, findings, ({ of, naming, anywhere, anything }, other) => {
      const { urn } = of;
      const parts = urn === undefined ? undefined : partsOf(urn);
      // A logical name with colons reads as a type and a name: such a resource is named otherwise.
      fc.pre(naming !== "name" || parts?.name.includes("::") !== true);
      const resource =
        parts === undefined || naming === "urn"
          ? urn
          : naming === "name"
            ? parts.name
            : `${parts.types[1]}::${parts.name}`;
      const made = exemption({
        rule: of.rule,
        ...(anywhere ? {} : { environment: of.environment }),
        ...(resource === undefined ? {} : { resource }),
        ...(anything || !of.property ? {} : { property: of.property }),
      });
      expect(exemptionOf([made], of, TODAY)).toBe(made);
      const theirs = other.urn === undefined ? undefined : partsOf(other.urn);
      const sameResource =
        naming === "urn" || parts === undefined || theirs === undefined
          ? urn === other.urn
          : parts.name === theirs.name && (naming === "name" || theirs.types.includes(parts.types[1] ?? ""));
      const same =
        other.rule === of.rule &&
        (anywhere || other.environment === of.environment) &&
        sameResource &&
        (anything || !of.property || other.property === of.property);
      if (same) hidden += 1;
      else told += 1;
      expect(exemptionOf([made], other, TODAY) !== undefined).toBe(same);
    }),
    { seed: seed(), numRuns: 5000 },
  );
  expect(hidden).toBeGreaterThan(0);
  expect(told).toBeGreaterThan(1000);
});
