/** Proves that PUBLIC may do nothing in a database, and each group exactly what its members need. */
import { describe, expect, test } from "vitest";
import { DEFAULTS, GRANT, inputsByName, record } from "../support/databases";
import { nameOf, resourceOf, resourcesOf, waitsFor } from "../support/mocks";

describe("privileges", () => {
  test("PUBLIC loses everything, the groups get data and no structure", async () => {
    const database = "keybuzz_dev";
    const [rw, ro] = ["keybuzz_dev_rw", "keybuzz_dev_ro"];
    const schema = "public";
    const write = ["SELECT", "INSERT", "UPDATE", "DELETE"];
    const count = ["USAGE", "SELECT", "UPDATE"];
    expect(inputsByName(await record(), GRANT)).toEqual({
      "grant-public-database": { database, role: "public", objectType: "database", privileges: [] },
      "grant-public-schema": { database, role: "public", schema, objectType: "schema", privileges: [] },
      "grant-rw-database": { database, role: rw, objectType: "database", privileges: ["CONNECT"] },
      "grant-rw-schema-public": { database, role: rw, schema, objectType: "schema", privileges: ["USAGE"] },
      "grant-rw-table-public": { database, role: rw, schema, objectType: "table", privileges: write },
      "grant-rw-sequence-public": { database, role: rw, schema, objectType: "sequence", privileges: count },
      "grant-rw-function-public": {
        database,
        role: rw,
        schema,
        objectType: "function",
        privileges: ["EXECUTE"],
      },
      "grant-ro-database": { database, role: ro, objectType: "database", privileges: ["CONNECT"] },
      "grant-ro-schema-public": { database, role: ro, schema, objectType: "schema", privileges: ["USAGE"] },
      "grant-ro-table-public": { database, role: ro, schema, objectType: "table", privileges: ["SELECT"] },
      "grant-ro-sequence-public": {
        database,
        role: ro,
        schema,
        objectType: "sequence",
        privileges: ["SELECT"],
      },
    });
  });

  test("what the owner creates later is granted alike, and PUBLIC may not execute it", async () => {
    const resources = await record();
    const defaults = inputsByName(resources, DEFAULTS);
    const { "default-public-function": ofPublic, ...ofGroups } = defaults;
    expect(ofPublic).toEqual({
      database: "keybuzz_dev",
      owner: "keybuzz_dev_owner",
      role: "public",
      objectType: "function",
      privileges: [],
    });
    expect(Object.keys(ofGroups)).toHaveLength(5);
    for (const [name, inputs] of Object.entries(ofGroups)) {
      const grant = resourceOf(resources, GRANT, `api-${name.replace("default", "grant")}`);
      expect(inputs).toEqual({ ...grant.inputs, owner: "keybuzz_dev_owner" });
    }
  });

  test("every schema gets them, and schema public is closed to PUBLIC even when it is not used", async () => {
    const grants = Object.keys(inputsByName(await record({ schemas: ["app", "audit"] }), GRANT));
    expect(grants).toContain("grant-public-schema");
    for (const schema of ["app", "audit"]) {
      expect(grants.filter((name) => name.endsWith(`-${schema}`))).toHaveLength(7);
    }
    expect(grants.filter((name) => name.endsWith("-public"))).toEqual([]);
  });

  test("no two run at a time: each waits for the one before", async () => {
    const resources = await record({ schemas: ["public", "audit"] });
    const privileges = [...resourcesOf(resources, GRANT), ...resourcesOf(resources, DEFAULTS)];
    for (const one of privileges) {
      for (const other of privileges) {
        if (one === other) continue;
        const ordered = waitsFor(resources, one, other) || waitsFor(resources, other, one);
        expect(ordered, `${one.name} and ${other.name}`).toBe(true);
      }
    }
  });

  test("they wait for database, schemas and groups", async () => {
    const resources = await record();
    const first = resourceOf(resources, GRANT, "api-grant-public-database");
    expect(first.dependencies.map(nameOf).sort()).toEqual([
      "api-database",
      "api-owner",
      "api-ro",
      "api-rw",
      "api-schema-public",
    ]);
  });
});
