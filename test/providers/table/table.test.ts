/** What all providers that are made of tables have in common: names, defaults, unknown values, secrets, ignored paths. */
import { describe, expect, it } from "vitest";
import { isSecret, secret, UNKNOWN } from "../../../engine/provider/values";
import { createPostgresqlProvider } from "../../../providers/postgresql";
import { Life, revealed } from "../../support/providers";

/** Nothing here connects: the provider is not even configured. */
const provider = createPostgresqlProvider();
const role = new Life(provider, "postgresql:index/role:Role", "logical");
const grant = new Life(provider, "postgresql:index/grant:Grant");
const database = new Life(provider, "postgresql:index/database:Database");

describe("a check", () => {
  it("makes up a name where none is given, keeps it, and says which inputs it filled in", async () => {
    const first = await role.check({ login: true });
    expect(first.name).toMatch(/^logical-[0-9a-f]{7}$/);
    expect(first.__defaults).toContain("name");
    expect(first).toMatchObject({ connectionLimit: -1, inherit: true, validUntil: "infinity" });
    expect((await role.check({ login: true }, first)).name).toBe(first.name);
    expect((await role.check({ login: true, name: "given" }, first)).__defaults).not.toContain("name");
  });

  it.each([["n".repeat(100)], ["\u00fc\u{1f418}".repeat(20)]])(
    "makes up a name that a server keeps whole, and another one each time, of %s",
    async (logical) => {
      const long = new Life(provider, "postgresql:index/role:Role", logical);
      const names = [(await long.check({})).name, (await long.check({})).name].map(String);
      for (const name of names) {
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
        expect(Buffer.byteLength(name)).toBeGreaterThan(59);
        const [, stem = "?"] = /^(.*)-[0-9a-f]{7}$/u.exec(name) ?? [];
        expect(logical.startsWith(stem)).toBe(true);
      }
      expect(names[0]).not.toBe(names[1]);
    },
  );

  it("marks secrets, and does not judge what is not known", async () => {
    const inputs = await role.check({
      name: UNKNOWN,
      password: "pw",
      connectionLimit: UNKNOWN,
      roles: ["a", UNKNOWN],
    });
    expect(inputs.password).toEqual(secret("pw"));
    expect(
      await grant.failures({ role: UNKNOWN, database: "d", objectType: UNKNOWN, privileges: UNKNOWN }),
    ).toEqual([]);
  });

  it.each([
    ["database:Database", { name: "e" }, ["owner", "template", "tablespaceName", "encoding", "lcCollate"]],
    ["schema:Schema", { name: "e" }, ["owner", "database"]],
    ["extension:Extension", { name: "e" }, ["database", "schema", "version"]],
    ["role:Role", { name: "e" }, ["assumeRole", "validUntil"]],
    ["grant:Grant", { role: "r", database: "d", objectType: "database", privileges: [] }, ["schema"]],
    [
      "defaultPrivileges:DefaultPrivileges",
      { role: "r", owner: "o", database: "d", objectType: "table", privileges: [] },
      ["schema"],
    ],
  ])("takes texts of a %s that are empty for left out", async (type, given, names) => {
    const life = new Life(provider, `postgresql:index/${type}`);
    const empty = Object.fromEntries(names.map((name) => [name, ""]));
    expect(await life.check({ ...given, ...empty })).toEqual(await life.check(given));
  });

  it.each([
    ["role:Role", { name: "" }, "name"],
    ["grantRole:GrantRole", { role: "r", grantRole: "" }, "grantRole"],
    ["grant:Grant", { role: "r", database: "d", schema: "", objectType: "table", privileges: [] }, "schema"],
  ])("refuses a text of a %s that is empty where one is needed: %j", async (type, given, property) => {
    const failures = await new Life(provider, `postgresql:index/${type}`).failures(given);
    expect(failures.map((failure) => failure.property)).toEqual([property]);
  });

  it("refuses values of a wrong type, without quoting secrets", async () => {
    const failures = await role.failures({
      name: 1,
      login: "yes",
      connectionLimit: 1.5,
      roles: "a",
      password: ["canary"],
    });
    expect(failures.map(({ property }) => property).sort()).toEqual([
      "connectionLimit",
      "login",
      "name",
      "password",
      "roles",
    ]);
    expect(JSON.stringify(failures)).not.toContain("canary");
  });

  it("refuses what the program marks as secret by its name alone, also where another property's rule would quote it", async () => {
    const long = "canary".repeat(11);
    const failures = [
      ...(await role.failures({
        name: secret(long),
        validUntil: secret("canary"),
        connectionLimit: secret(-77_123),
        roles: ["a", secret(`${long}2`)],
        login: secret("canary"),
      })),
      ...(await role.failures({ name: secret("canary"), roles: ["canary"] })),
      ...(await grant.failures({
        role: "r",
        database: "d",
        schema: "s",
        objectType: "table",
        privileges: [secret("canary"), "DROP"],
      })),
    ];
    expect(failures.map(({ property }) => property)).toEqual([
      ...["name", "login", "connectionLimit", "roles", "validUntil"],
      "roles",
      ...["privileges", "privileges"],
    ]);
    expect(JSON.stringify(failures)).not.toMatch(/canary|77123/);
    expect(failures.at(-1)?.reason).toContain("marks as secret: see what privileges may be");
  });
});

describe("a preview", () => {
  it("tells what is known, and marks the rest unknown and secrets secret", async () => {
    const outputs = await database.previewCreate({ name: "d", owner: UNKNOWN });
    expect(outputs).toMatchObject({ name: "d", owner: UNKNOWN, lcCollate: UNKNOWN, connectionLimit: -1 });
    expect(outputs).not.toHaveProperty("__defaults");
    const { password = "" } = await role.previewCreate({ name: "r", password: secret(UNKNOWN) });
    expect([isSecret(password), revealed(password)]).toEqual([true, UNKNOWN]);
  });
});

describe("a diff", () => {
  const made = {
    id: "i",
    inputs: {},
    outputs: {
      role: "r",
      database: "d",
      objectType: "table",
      schema: "s",
      privileges: ["A", "B"],
      withGrantOption: false,
    },
  };
  const given = { role: "r", database: "d", objectType: "table", schema: "s", privileges: ["INSERT"] };

  it("compares lists without order where order means nothing, item by item", async () => {
    const outputs = { ...made.outputs, privileges: ["SELECT", "INSERT"] };
    const diff = (privileges: string[]) => grant.diff({ ...made, outputs }, { ...given, privileges });
    expect((await diff(["INSERT", "SELECT"])).changes).toBe("none");
    expect((await diff(["INSERT"])).detailedDiff).toEqual({
      "privileges[0]": { kind: "delete", inputDiff: false },
    });
    expect((await diff(["SELECT", "INSERT", "UPDATE"])).detailedDiff).toEqual({
      "privileges[2]": { kind: "add", inputDiff: false },
    });
  });

  it("takes a value that is not known for another one, so it replaces where that would", async () => {
    const diff = await grant.diff(
      { ...made, outputs: { ...made.outputs, privileges: ["INSERT"] } },
      { ...given, role: UNKNOWN },
    );
    expect(diff).toMatchObject({ changes: "some", replaces: ["role"], deleteBeforeReplace: true });
    expect(diff.detailedDiff).toEqual({ role: { kind: "update-replace", inputDiff: false } });
  });

  it.each([["privileges"], ["privileges[*]"]])(
    "does not see what ignoreChanges covers with %s",
    async (path) => {
      expect((await grant.diff(made, given, [path])).changes).toBe("none");
      expect((await grant.diff(made, given, ["privilege"])).changes).toBe("some");
    },
  );

  it("deletes first only when the program gave the name", async () => {
    const inputs = await database.check({ encoding: "UTF8" });
    const old = { id: "d", inputs, outputs: { ...inputs, encoding: "LATIN1" } };
    expect(await database.diff(old, { encoding: "UTF8" })).toMatchObject({
      replaces: ["encoding"],
      deleteBeforeReplace: false,
    });
    const named = { name: inputs.name ?? "", encoding: "UTF8" };
    expect(await database.diff(old, named)).toMatchObject({
      replaces: ["encoding"],
      deleteBeforeReplace: true,
    });
  });
});

describe("what a provider does not have", () => {
  it("is named: a type, a function", async () => {
    const other = new Life(provider, "postgresql:index/server:Server");
    await expect(other.check({})).rejects.toThrow(
      /no type postgresql:index\/server:Server; of postgresql it has .*role:Role/,
    );
    await expect(
      provider.invoke({ token: "postgresql:index/getSchemas:getSchemas", arguments: {}, preview: false }),
    ).rejects.toMatchObject({ name: "UnimplementedError" });
  });
});
