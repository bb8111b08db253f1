/**
 * The rules on PostgreSQL for projects of others: nothing says where the cluster is, but claims may be known; or the
 * cluster has one port for everything.
 */
import { describe, expect, it } from "vitest";
import { type Estate, estateOf } from "../../../../policies/estate";
import { dedicatedDatabase } from "../../../../policies/rules/postgres/dedicated-database";
import { writeAddress } from "../../../../policies/rules/postgres/write-address";
import { object } from "../../cases";

const claims = (name: string) => [{ kind: "database" as const, name, place: "", path: [] }];
const known = estateOf("two", [
  { name: "one", claims: claims("shop_one") },
  { name: "two", claims: claims("shop_two") },
]);
const nothingKnown = estateOf("two", [{ name: "two", claims: [] }]);

const connection = (database: string) =>
  object("core/v1:ConfigMap", { data: { PGHOST: "10.0.0.121", PGPORT: "5433", PGDATABASE: database } });

describe("without a configuration", () => {
  it.each<[string, Estate, string]>([
    ["shop_one", known, "findings"],
    ["shop_two", known, "compliant"],
    ["shop_three", known, "findings"],
    ["shop_three", nothingKnown, "compliant"],
  ])("the database %s is judged by the claims alone", (database, estate, want) => {
    expect(dedicatedDatabase.check(connection(database), estate).outcome).toBe(want);
  });

  it("no address is right or wrong", () => {
    expect(writeAddress.check(connection("shop_two"), known).outcome).toBe("not-applicable");
  });
});

it("a cluster with one port for everything has no read port to keep away from", () => {
  const postgres = { host: "10.0.0.121", writePort: 5433, readPort: 5433 };
  const single = estateOf("two", [{ name: "two", claims: [], configuration: { postgres } }]);
  expect(writeAddress.check(connection("shop_two"), single).outcome).toBe("compliant");
});
