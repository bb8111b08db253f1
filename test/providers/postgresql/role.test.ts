/** Roles on a real server: made, changed in place, found drifted, imported and dropped. */
import { describe, expect, it } from "vitest";
import { isSecret, type PropertyMap, secret } from "../../../engine/provider/values";
import { useServer } from "../../support/postgres";
import { Life, present, revealed } from "../../support/providers";

const context = useServer();

async function roles(settings: Readonly<Record<string, string>> = {}): Promise<Life> {
  return new Life(await context.server.provider(settings), "postgresql:index/role:Role");
}

/** Every property that can be changed, once this way and once that way. */
const BEFORE: PropertyMap = { name: "changing" };
const AFTER: PropertyMap = {
  name: "changing",
  superuser: true,
  createDatabase: true,
  createRole: true,
  inherit: false,
  login: true,
  replication: true,
  bypassRowLevelSecurity: true,
  connectionLimit: 7,
  password: secret("new ' password"),
  roles: ["pg_monitor", "pg_read_all_data"],
  searchPaths: ["$user", 'with "quotes", and commas', "Upper"],
  statementTimeout: 5_000,
  idleInTransactionSessionTimeout: 60_000,
  assumeRole: "pg_monitor",
  validUntil: "2031-05-06",
};

describe("a role", () => {
  it("is made with all it is given, found unchanged, and dropped", async () => {
    const life = await roles();
    const given = { ...AFTER, name: "made" };
    const made = await life.create(given);
    expect(made.id).toBe("made");
    expect(revealed(made.outputs)).toMatchObject({ ...given, password: "new ' password" });
    expect(await life.diff(made, given)).toMatchObject({ changes: "none", detailedDiff: {} });
    expect(await life.refresh(made)).toEqual(made);
    await life.delete(made);
    expect(await life.refresh(made)).toBeUndefined();
    await life.delete(made);
  });

  it.each(Object.keys(AFTER).filter((key) => key !== "name"))(
    "has its %s changed in place, and changed back",
    async (property) => {
      const life = await roles();
      const value = AFTER[property] ?? null;
      const changed = { ...BEFORE, [property]: value };
      const made = await life.create(BEFORE);
      const diff = await life.diff(made, changed);
      expect([diff.diffs, diff.replaces]).toEqual([[property], []]);
      const updated = await life.update(made, changed);
      expect(revealed(updated.outputs[property])).toEqual(revealed(value));
      expect(await life.refresh(updated)).toEqual(updated);
      expect((await life.diff(updated, changed)).changes).toBe("none");
      const back = await life.update(updated, BEFORE);
      // A password that the program no longer gives stays, and is no longer compared.
      expect((await life.diff(present(await life.refresh(back)), BEFORE)).changes).toBe("none");
      await life.delete(back);
    },
  );

  it("is renamed in place, keeps its password, and is found by its new name", async () => {
    const life = await roles();
    const made = await life.create({ name: "old name", login: true, password: secret("pw") });
    const given = { name: "new name", login: true, password: secret("pw") };
    expect((await life.diff(made, given)).replaces).toEqual([]);
    const renamed = await life.update(made, given);
    expect(present(await life.refresh(renamed)).id).toBe("new name");
    expect(
      await context.server.sql("SELECT 1 AS one", "postgres", { user: "new name", password: "pw" }),
    ).toEqual([{ one: 1 }]);
    await life.delete(renamed);
    expect(await context.server.sql("SELECT FROM pg_roles WHERE rolname = 'new name'")).toEqual([]);
  });

  it("that exists already is refused, with the way to import it; then it is imported and differs in nothing", async () => {
    const life = await roles();
    await context.server.sql(
      'CREATE ROLE found LOGIN CONNECTION LIMIT 3; GRANT pg_monitor TO found; ALTER ROLE found SET search_path TO a, "B"',
    );
    await expect(life.create({ name: "found" })).rejects.toThrow(
      /role "found" exists already.*pulumi import postgresql:index\/role:Role <name> found/,
    );
    const imported = present(await life.import("found"));
    expect(imported.inputs).toMatchObject({
      name: "found",
      login: true,
      connectionLimit: 3,
      roles: ["pg_monitor"],
      searchPaths: ["a", "B"],
    });
    const { __defaults: _, ...given } = imported.inputs;
    expect((await life.diff(imported, given)).changes).toBe("none");
    expect(await life.import("nobody")).toBeUndefined();
  });

  it("shows what was changed by SQL as differences, also where the program says nothing", async () => {
    const life = await roles();
    const given = { name: "drifting", roles: ["pg_monitor"], validUntil: "2030-01-01" };
    const made = await life.create(given);
    await context.server.sql(`ALTER ROLE drifting CREATEDB CONNECTION LIMIT 9 VALID UNTIL '2029-01-01';
      ALTER ROLE drifting SET statement_timeout = '5s'; ALTER ROLE drifting SET search_path = x;
      GRANT pg_read_all_data TO drifting; REVOKE pg_monitor FROM drifting`);
    const drifted = present(await life.refresh(made));
    const diff = await life.diff(drifted, given);
    expect([...diff.diffs].sort()).toEqual(
      ["connectionLimit", "createDatabase", "roles", "searchPaths", "statementTimeout", "validUntil"].sort(),
    );
    const mended = await life.update(drifted, given);
    expect((await life.diff(present(await life.refresh(mended)), given)).changes).toBe("none");
  });

  it("is not updated when it is gone, but says so", async () => {
    const life = await roles();
    const made = await life.create({ name: "gone" });
    await context.server.sql("DROP ROLE gone");
    await expect(life.update(made, { name: "gone", login: true })).rejects.toThrow('role "gone" is gone');
  });

  it.each([
    ["a time of which the server reads another spelling", "2030-01-01", "2030-01-01T00:00:00Z"],
    ["no time at all", "infinity", "NULL"],
    ["a time in another zone", "2030-01-01 02:00+02", "2030-01-01T00:00:00Z"],
  ])("differs in nothing when its validity is %s", async (_reason, first, second) => {
    const life = await roles();
    const made = await life.create({ name: "valid", validUntil: first });
    expect((await life.diff(made, { name: "valid", validUntil: second })).changes).toBe("none");
    expect(await life.refresh(made)).toEqual(made);
    await life.delete(made);
  });

  it.each([
    ["validUntil", "2030-02-30"],
    ["validUntil", "2030-04-31T10:00:00.000Z"],
    ["validUntil", "2030-13-01"],
    ["name", "none"],
    ["name", "public"],
    ["name", "PUBLIC"],
    ["name", "pg_mine"],
  ])(
    "is refused with the %s %s, which the server would refuse or take for something else",
    async (property, value) => {
      const failures = await (await roles()).failures({ name: "wrong", [property]: value });
      expect(failures.map((failure) => failure.property)).toEqual([property]);
    },
  );

  it("is refused with every mistake at once", async () => {
    const failures = await (await roles()).failures({
      name: "n".repeat(64),
      connectionLimit: -2,
      encryptedPassword: false,
      encrypted: "true",
      validUntil: "tomorrow",
      passwort: "secret",
    });
    expect(failures.map(({ property }) => property).sort()).toEqual(
      ["connectionLimit", "encrypted", "encryptedPassword", "name", "passwort", "validUntil"].sort(),
    );
    expect(failures.find(({ property }) => property === "passwort")?.reason).toContain(
      "did you mean password",
    );
    expect(JSON.stringify(failures)).not.toContain("secret");
  });
});

describe("memberships", () => {
  it("that a GrantRole made stay when the role declares none, and go when its list does not hold them", async () => {
    const life = await roles();
    const made = await life.create({ name: "member" });
    await context.server.sql("GRANT pg_monitor TO member");
    const updated = await life.update(made, { name: "member", connectionLimit: 4 });
    expect(present(await life.refresh(updated)).outputs.roles).toBeUndefined();
    const held = "SELECT 1 AS held FROM pg_auth_members WHERE member = 'member'::regrole";
    expect(await context.server.sql(held)).toEqual([{ held: 1 }]);
    await life.update(updated, { name: "member", connectionLimit: 4, roles: [] });
    expect(await context.server.sql(held)).toEqual([]);
  });

  it("that another role granted are ended too", async () => {
    const life = await roles();
    await context.server.sql(`CREATE ROLE grantor; GRANT pg_monitor TO grantor WITH ADMIN OPTION; CREATE ROLE "by other";
      GRANT pg_monitor TO "by other" GRANTED BY grantor`);
    const imported = present(await life.import("by other"));
    const updated = await life.update(imported, { name: "by other", roles: [] });
    expect(present(await life.refresh(updated)).outputs.roles).toEqual([]);
  });
});

describe("a password", () => {
  const given = { name: "keyed", login: true, password: secret("correct horse") };
  const login = { user: "keyed", password: "correct horse" };

  it("lets its role in, comes back as a secret, and is recognised in the form that the server keeps", async () => {
    const life = await roles();
    const made = await life.create(given);
    expect(isSecret(made.outputs.password ?? "")).toBe(true);
    expect(await context.server.sql("SELECT 1 AS one", "postgres", login)).toEqual([{ one: 1 }]);
    expect(await life.refresh(made)).toEqual(made);
    await life.delete(made);
  });

  it.each([
    ["set to another one", "ALTER ROLE keyed PASSWORD 'other'"],
    ["taken away", "ALTER ROLE keyed PASSWORD NULL"],
  ])("that was %s by SQL is a difference, and set again", async (_reason, sql) => {
    const life = await roles();
    const made = await life.create(given);
    await context.server.sql(sql);
    const drifted = present(await life.refresh(made));
    expect(revealed(drifted.inputs.password)).not.toBe("correct horse");
    expect((await life.diff(drifted, given)).diffs).toEqual(["password"]);
    const mended = await life.update(drifted, given);
    expect(await context.server.sql("SELECT 1 AS one", "postgres", login)).toEqual([{ one: 1 }]);
    expect((await life.diff(present(await life.refresh(mended)), given)).changes).toBe("none");
    await life.delete(mended);
  });

  it("kept as md5 by an older server is recognised", async () => {
    const life = await roles();
    const made = await life.create(given);
    await context.server.sql("SET password_encryption = md5; ALTER ROLE keyed PASSWORD 'correct horse'");
    expect(await life.refresh(made)).toEqual(made);
    await life.delete(made);
  });

  it("is not compared when the provider's login is no superuser", async () => {
    const life = await roles({ superuser: "false" });
    const made = await life.create(given);
    await context.server.sql("ALTER ROLE keyed PASSWORD 'other'");
    expect(await life.refresh(made)).toEqual(made);
    await life.delete(made);
  });

  it("that is write-only is sent with a new version, and stands in no output", async () => {
    const life = await roles();
    const first = { name: "keyed", login: true, passwordWo: secret("one"), passwordWoVersion: "1" };
    const made = await life.create(first);
    expect(made.outputs.passwordWo).toBeUndefined();
    expect((await life.diff(made, { ...first, passwordWo: secret("two") })).changes).toBe("none");
    const second = { ...first, passwordWo: secret("two"), passwordWoVersion: "2" };
    expect((await life.diff(made, second)).diffs).toEqual(["passwordWoVersion"]);
    const updated = await life.update(made, second);
    const rows = await context.server.sql("SELECT 1 AS one", "postgres", { user: "keyed", password: "two" });
    expect(rows).toEqual([{ one: 1 }]);
    expect(await life.refresh(updated)).toEqual(updated);
    await life.delete(updated);
  });
});

describe("dropping a role", () => {
  it("gives what it owns in the provider's database to the provider's login", async () => {
    const life = await roles();
    const made = await life.create({ name: "leaving" });
    await context.server.sql("CREATE TABLE kept (); ALTER TABLE kept OWNER TO leaving");
    await context.server.sql("CREATE DATABASE kept OWNER leaving");
    await life.delete(made);
    const owners = "SELECT tableowner AS owner FROM pg_tables WHERE tablename = 'kept'";
    expect(await context.server.sql(owners)).toEqual([{ owner: "postgres" }]);
  });

  it("is refused, naming the databases that need it, and changes nothing then", async () => {
    const life = await roles();
    const made = await life.create({ name: "needed" });
    await context.server.sql("CREATE DATABASE elsewhere");
    await context.server.sql(
      "CREATE TABLE t (); ALTER TABLE t OWNER TO needed; GRANT USAGE ON SCHEMA public TO needed",
      "elsewhere",
    );
    await context.server.sql("CREATE TABLE needed_here (); ALTER TABLE needed_here OWNER TO needed");
    await expect(life.delete(made)).rejects.toThrow(
      /"needed" cannot be dropped.*"elsewhere": it owns 1 objects.*of 1/,
    );
    const owners = "SELECT tableowner AS owner FROM pg_tables WHERE tablename = 'needed_here'";
    expect(await context.server.sql(owners)).toEqual([{ owner: "needed" }]);
    await context.server.sql("DROP DATABASE elsewhere");
    await life.delete(made);
  });
});
