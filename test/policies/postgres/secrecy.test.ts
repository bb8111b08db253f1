/** No message of a rule on connections shows a password, however a connection string is broken. */
import { expect, it } from "vitest";
import type { Verdict } from "../../../policies/rule";
import { postgresRules } from "../../../policies/rules/postgres";
import { estate, object } from "../cases";

const PASSWORD = "hunter2";

it.each([
  ["DATABASE_URL", `postgres://u:${PASSWORD}@10.0.0.121/shop`],
  ["DATABASE_URL", `postgres://u:a/${PASSWORD}@10.0.0.121/shop`],
  ["DATABASE_URL", `postgres://u:a/${PASSWORD}/b@10.0.0.121/shop`],
  ["DATABASE_URL", `postgres://u:a@${PASSWORD}@10.0.0.121/shop`],
  ["DATABASE_URL", `postgres://u:a?${PASSWORD}@10.0.0.121/shop`],
  ["DATABASE_URL", `postgres://u:a#${PASSWORD}@10.0.0.121/shop`],
  ["DATABASE_URL", `postgres://${PASSWORD}/a@10.0.0.121/shop`],
  ["PGHOST", `postgres://u:${PASSWORD}@10.0.0.121/shop`],
  ["PGHOST", `u:${PASSWORD}@10.0.0.121`],
  ["PGDATABASE", `postgres://u:${PASSWORD}@10.0.0.121/shop`],
  ["PGDATABASE", `u:${PASSWORD}@shop`],
  ["DSN", `host=10.0.0.121 password=${PASSWORD} dbname=shop`],
  ["PGPORT", `${PASSWORD}`],
  ["POSTGRES_DB_PASSWORD", PASSWORD],
])("%s=%s is told of without its password", (name, value) => {
  const resource = object("core/v1:ConfigMap", {
    data: { PGHOST: "10.0.0.10", PGDATABASE: "shop", [name]: value },
  });
  const verdicts = postgresRules.flatMap((rule): Verdict[] =>
    rule.scope === "resource" ? [rule.check(resource, estate())] : [],
  );
  expect(verdicts.some(({ outcome }) => outcome === "findings")).toBe(true);
  expect(JSON.stringify(verdicts)).not.toContain(PASSWORD);
});
