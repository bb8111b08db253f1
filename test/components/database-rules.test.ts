/** Proves that every mistake in a database's arguments is refused, all of them together, with the reason. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { DatabaseArgs } from "../../components/database-args";
import { dev, record } from "../support/databases";

describe("validation", () => {
  async function problems(args: Partial<DatabaseArgs>): Promise<string> {
    try {
      await record(args);
    } catch (error) {
      expect(error).toBeInstanceOf(pulumi.RunError);
      return (error as Error).message;
    }
    return "";
  }

  const limits = dev.connectionLimits;
  const cases: { why: string; given: Partial<DatabaseArgs>; want: string }[] = [
    { why: "an upper-case name needs quoting", given: { databaseName: "Keybuzz" }, want: "databaseName: is" },
    {
      why: "a name with a hyphen needs quoting",
      given: { databaseName: "keybuzz-dev" },
      want: "databaseName",
    },
    { why: "a name cannot begin with a digit", given: { databaseName: "1keybuzz" }, want: "databaseName" },
    { why: "an empty name", given: { databaseName: "" }, want: "databaseName" },
    { why: "a name must leave room for _migrate", given: { databaseName: "k".repeat(56) }, want: "1 to 55" },
    { why: "pg_ is the server's", given: { databaseName: "pg_keybuzz" }, want: "databaseName" },
    {
      why: "template1 is the server's",
      given: { databaseName: "template1" },
      want: "of the environment's own",
    },
    {
      why: "postgres is the server's",
      given: { databaseName: "postgres" },
      want: "of the environment's own",
    },
    { why: "a host, not a URL", given: { host: "http://10.0.0.10" }, want: "host: is" },
    { why: "ports are bounded", given: { writePort: 0 }, want: "writePort: is 0" },
    { why: "ports are bounded", given: { readPort: 70000 }, want: "readPort: is 70000" },
    { why: "reads go elsewhere than writes", given: { readPort: 5432 }, want: "another port than writePort" },
    {
      why: "no limit of zero",
      given: { connectionLimits: { ...limits, reader: 0 } },
      want: "connectionLimits.reader",
    },
    {
      why: "no fraction of a connection",
      given: { connectionLimits: { ...limits, application: 1.5 } },
      want: "connectionLimits.application",
    },
    {
      why: "the application could lock a migration out",
      given: { connectionLimits: { ...limits, database: 47 } },
      want: "connectionLimits.database: is 47, must be at least 48",
    },
    {
      why: "generations begin at 1",
      given: { rotation: { generation: 0, idleSlot: "closed" } },
      want: "rotation.generation",
    },
    {
      why: "nothing to keep open",
      given: { rotation: { generation: 1, idleSlot: "open" } },
      want: "rotation.idleSlot",
    },
    {
      why: "generations begin at 1",
      given: { passwordGenerations: { reader: 0 } },
      want: "passwordGenerations.reader",
    },
    {
      why: "generations are whole",
      given: { passwordGenerations: { migration: 1.5 } },
      want: "passwordGenerations.migration",
    },
    { why: "a timeout of nothing", given: { timeouts: { statementMs: 0 } }, want: "timeouts.statementMs" },
    {
      why: "a negative timeout",
      given: { timeouts: { idleInTransactionMs: -1 } },
      want: "timeouts.idleInTransactionMs",
    },
    { why: "no schema at all", given: { schemas: [] }, want: "at least one schema" },
    { why: "a schema that needs quoting", given: { schemas: ["My"] }, want: "schemas[0]" },
    { why: "a schema of the server", given: { schemas: ["pg_catalog"] }, want: "schemas[0]" },
    { why: "a schema too long", given: { schemas: ["s".repeat(64)] }, want: "schemas[0]" },
    {
      why: "a schema twice",
      given: { schemas: ["app", "app"] },
      want: 'schemas[1]: is "app", must be listed once',
    },
    { why: "an extension that is none", given: { extensions: ["pg trgm"] }, want: "extensions[0]" },
    { why: "an extension twice", given: { extensions: ["pg_trgm", "pg_trgm"] }, want: "extensions[1]" },
    {
      why: "the server reads another locale back",
      given: { locale: "DEFAULT" },
      want: 'locale: is "DEFAULT"',
    },
    { why: "a locale that is none", given: { locale: "" }, want: "locale" },
  ];
  test.each(cases)("$want is refused: $why", async ({ given, want }) => {
    expect(await problems(given)).toContain(want);
  });

  test("the longest name that leaves room is taken", async () => {
    expect(await problems({ databaseName: "k".repeat(55) })).toBe("");
  });

  test("every problem is reported at once, and nothing is declared", async () => {
    const message = await problems({ databaseName: "Keybuzz", readPort: 5432, host: "", schemas: [] });
    for (const part of ["Database api has 4 problems", "databaseName", "readPort", "host", "schemas"]) {
      expect(message).toContain(part);
    }
  });
});
