/** What the rules on PostgreSQL say, where one word decides what somebody does about it. */
import { describe, expect, it } from "vitest";
import type { Rule } from "../../../../policies/rule";
import { postgresRules } from "../../../../policies/rules/postgres";
import type { Value } from "../../../../policies/value";
import { estate, object, resource } from "../../cases";

function messages(id: string, type: string, properties: Readonly<Record<string, Value>>): string[] {
  const rule = postgresRules.find((each): each is Extract<Rule, { scope: "resource" }> => each.id === id);
  const subject =
    type === "ConfigMap" ? object("core/v1:ConfigMap", { data: properties }) : resource(type, properties);
  const verdict = rule?.check(subject, estate());
  return verdict?.outcome === "findings" ? verdict.findings.map(({ message }) => message) : [];
}

describe("postgres/write-address", () => {
  it.each<[Readonly<Record<string, Value>>, string]>([
    [
      { PGHOST: "10.0.0.121" },
      "leads to 10.0.0.121, a node of the cluster that need not be its leader; use 10.0.0.10:5432",
    ],
    [{ PGHOST: "DB.example.org" }, "leads to db.example.org; the address of the cluster is 10.0.0.10:5432"],
    [
      { PGHOST: "/var/run/postgresql" },
      "leads to another host; the address of the cluster is 10.0.0.10:5432",
    ],
    [{ PGPORT: "5433" }, "leads to port 5433, behind which nothing can be written; use 10.0.0.10:5432"],
    [
      { PGHOST: "10.0.0.10", PGPORT: "1" },
      "leads to port 1 of 10.0.0.10, behind which no database is; use 10.0.0.10:5432",
    ],
    [
      { PGHOST: "10.0.0.10", PGPORT: "x" },
      "leads to no port of 10.0.0.10, behind which no database is; use 10.0.0.10:5432",
    ],
  ])("says of %j what is wrong with it", (data, message) => {
    expect(messages("postgres/write-address", "ConfigMap", data)).toEqual([message]);
  });
});

it("postgres/write-address shows what the provider's configuration names", () => {
  const host = { host: "db.example.org", port: "5432" };
  expect(messages("postgres/write-address", "pulumi:providers:postgresql", host)).toEqual([
    "leads to db.example.org; the address of the cluster is 10.0.0.10:5432",
  ]);
});

describe("postgres/dedicated-database", () => {
  it("names a stranger, unless it may be a part of a password", () => {
    const id = "postgres/dedicated-database";
    expect(messages(id, "ConfigMap", { PGDATABASE: "shop" })).toEqual([
      "names the database shop, which is none of prod",
    ]);
    expect(messages(id, "ConfigMap", { DATABASE_URL: "postgres://u:a/b/c@h/shop" })).toContain(
      "names the database [not shown], which is none of prod",
    );
    expect(messages(id, "postgresql:index/grant:Grant", { database: "shop" })).toEqual([
      "names the database shop, which is none of prod",
    ]);
  });
});

describe("postgres/bounded-connections", () => {
  it.each<[Value, string]>([
    [null, "is left out, and then unlimited"],
    [0, "is 0, so nobody can connect; give a number from 1"],
    [-1, "is unlimited or no number; give a number from 1"],
  ])("says of %j what is wrong with it", (connectionLimit, message) => {
    const type = "postgresql:index/database:Database";
    expect(messages("postgres/bounded-connections", type, { connectionLimit })).toEqual([message]);
  });
});
