/**
 * Proves which roles of a database can log in and as member of what, and that a rotation leaves both of the
 * application's credentials usable and shows none of them.
 */
import { describe, expect, test } from "vitest";
import type { DatabaseArgs } from "../../components/database-args";
import { declare, dev, inputsByName, PASSWORD, ROLE, record } from "../support/databases";
import { clearStrings, recordProgram, resourceOf, resourcesOf, UNKNOWN, waitsFor } from "../support/mocks";

const secret = { secret: expect.stringMatching(/^[A-Za-z0-9]{40}$/) };

describe("roles", () => {
  test("nobody logs in as owner or group, and every login is a member of exactly one of them", async () => {
    const searchPaths = ["public"];
    expect(inputsByName(await record(), ROLE)).toEqual({
      owner: { name: "keybuzz_dev_owner", login: false, searchPaths },
      rw: { name: "keybuzz_dev_rw", login: false, searchPaths },
      ro: { name: "keybuzz_dev_ro", login: false, searchPaths },
      "app-a": {
        name: "keybuzz_dev_app_a",
        login: true,
        password: secret,
        roles: ["keybuzz_dev_rw"],
        searchPaths,
        connectionLimit: 40,
      },
      "app-b": {
        name: "keybuzz_dev_app_b",
        login: false,
        roles: ["keybuzz_dev_rw"],
        searchPaths,
        connectionLimit: 40,
      },
      migrate: {
        name: "keybuzz_dev_migrate",
        login: true,
        password: secret,
        roles: ["keybuzz_dev_owner"],
        assumeRole: "keybuzz_dev_owner",
        searchPaths,
        connectionLimit: 3,
      },
      read: {
        name: "keybuzz_dev_read",
        login: true,
        password: secret,
        roles: ["keybuzz_dev_ro"],
        searchPaths,
        connectionLimit: 5,
      },
    });
  });

  test("a login waits for the role that it is a member of", async () => {
    const resources = await record();
    for (const [login, group] of [
      ["app-a", "rw"],
      ["app-b", "rw"],
      ["migrate", "owner"],
      ["read", "ro"],
    ]) {
      const role = resourceOf(resources, ROLE, `api-${login}`);
      expect(waitsFor(resources, role, resourceOf(resources, ROLE, `api-${group}`)), login).toBe(true);
    }
  });

  test("timeouts bind the application and the reader, never a migration", async () => {
    const roles = inputsByName(
      await record({ timeouts: { statementMs: 30000, idleInTransactionMs: 60000 } }),
      ROLE,
    );
    const bound = { statementTimeout: 30000, idleInTransactionSessionTimeout: 60000 };
    expect(roles["app-a"]).toMatchObject(bound);
    expect(roles["app-b"]).toMatchObject(bound);
    expect(roles.read).toMatchObject(bound);
    expect(roles.migrate).not.toHaveProperty("statementTimeout");
    expect(roles.migrate).not.toHaveProperty("idleInTransactionSessionTimeout");
  });

  test("one timeout can stand without the other", async () => {
    const statement = inputsByName(await record({ timeouts: { statementMs: 5 } }), ROLE)["app-a"];
    expect(statement).toMatchObject({ statementTimeout: 5 });
    expect(statement).not.toHaveProperty("idleInTransactionSessionTimeout");
    const idle = inputsByName(await record({ timeouts: { idleInTransactionMs: 5 } }), ROLE)["app-a"];
    expect(idle).toMatchObject({ idleInTransactionSessionTimeout: 5 });
    expect(idle).not.toHaveProperty("statementTimeout");
  });
});

describe("passwords", () => {
  test("they are forty letters and digits, made anew for another generation only", async () => {
    const made = inputsByName(await record({ passwordGenerations: { reader: 3 } }), PASSWORD);
    expect(made).toEqual({
      "app-a-password": { length: 40, special: false, keepers: { generation: "1" } },
      "migrate-password": { length: 40, special: false, keepers: { generation: "1" } },
      "read-password": { length: 40, special: false, keepers: { generation: "3" } },
    });
    const migration = inputsByName(await record({ passwordGenerations: { migration: 2 } }), PASSWORD);
    expect(migration["migrate-password"]).toMatchObject({ keepers: { generation: "2" } });
    expect(migration["read-password"]).toMatchObject({ keepers: { generation: "1" } });
  });

  test("none stands anywhere outside a secret wrapper", async () => {
    const resources = await record({ rotation: { generation: 2, idleSlot: "open" } });
    const passwords = resourcesOf(resources, ROLE).flatMap(({ inputs }) =>
      inputs.password === undefined ? [] : [(inputs.password as { secret: string }).secret],
    );
    expect(passwords).toHaveLength(4);
    const clear = clearStrings(resources.map(({ inputs, outputs }) => [inputs, outputs ?? {}]));
    for (const { path, text } of clear) {
      for (const password of passwords) expect(text.includes(password), path).toBe(false);
    }
  });

  test("in a preview they are all that is unknown", async () => {
    const resources = await record({ extensions: ["pg_trgm"] }, { preview: true });
    const unknown = resources.flatMap(({ name, inputs }) =>
      clearStrings(inputs)
        .filter(({ text }) => text === UNKNOWN)
        .map(({ path }) => `${name} ${path}`),
    );
    expect(unknown.sort()).toEqual(["api-app-a password", "api-migrate password", "api-read password"]);
  });
});

describe("rotation of the application's login", () => {
  const cases: {
    why: string;
    rotation: DatabaseArgs["rotation"];
    a: { login: boolean; generation?: string };
    b: { login: boolean; generation?: string };
    active: "a" | "b";
  }[] = [
    {
      why: "slot b was never used and has no password",
      rotation: { generation: 1, idleSlot: "closed" },
      a: { login: true, generation: "1" },
      b: { login: false },
      active: "a",
    },
    {
      why: "both work while clients move to slot b",
      rotation: { generation: 2, idleSlot: "open" },
      a: { login: true, generation: "1" },
      b: { login: true, generation: "2" },
      active: "b",
    },
    {
      why: "slot a is closed once clients have moved, and keeps its password",
      rotation: { generation: 2, idleSlot: "closed" },
      a: { login: false, generation: "1" },
      b: { login: true, generation: "2" },
      active: "b",
    },
    {
      why: "the next rotation gives slot a a new password",
      rotation: { generation: 3, idleSlot: "open" },
      a: { login: true, generation: "3" },
      b: { login: true, generation: "2" },
      active: "a",
    },
  ];
  test.each(cases)("generation $rotation.generation, idle slot $rotation.idleSlot: $why", async (c) => {
    const { resources, result } = await recordProgram(() => declare({ ...dev, rotation: c.rotation }));
    for (const slot of ["a", "b"] as const) {
      const role = resourceOf(resources, ROLE, `api-app-${slot}`);
      expect(role.inputs.login).toBe(c[slot].login);
      const made = resources.find(({ name }) => name === `api-app-${slot}-password`);
      const generation = c[slot].generation;
      expect(made?.inputs.keepers).toEqual(generation && { generation });
      expect(role.inputs.password).toEqual(generation && secret);
    }
    expect(result.applicationLogin.role).toBe(`keybuzz_dev_app_${c.active}`);
  });

  test("a rotation changes neither the password of the slot left behind nor any other login", async () => {
    const passwords = async (generation: number, idleSlot: "open" | "closed") => {
      const roles = inputsByName(await record({ rotation: { generation, idleSlot } }), ROLE);
      return Object.fromEntries(
        Object.entries(roles).map(([name, inputs]) => [name, (inputs as { password?: unknown }).password]),
      );
    };
    const before = await passwords(2, "closed");
    const after = await passwords(3, "open");
    expect(after["app-b"]).toEqual(before["app-b"]);
    expect(after.migrate).toEqual(before.migrate);
    expect(after.read).toEqual(before.read);
    expect(after["app-a"]).not.toEqual(before["app-a"]);
  });
});
