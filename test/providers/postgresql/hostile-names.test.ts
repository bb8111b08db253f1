/** Names and passwords that try to be something else: whatever they hold, they are stored as they are, and nothing else happens. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { secret } from "../../../engine/provider/values";
import { isStoredForm, verifierOf } from "../../../providers/postgresql/scram";
import { MARKER, useServer } from "../../support/postgres";
import { Life, present, revealed } from "../../support/providers";
import { seed } from "../../support/seed";

const context = useServer();

const nasty = fc.constantFrom(
  "'",
  '"',
  "\\",
  "%",
  "$1",
  ";",
  "--",
  "/*",
  "*/",
  " ",
  "\n",
  "\t",
  "é",
  "\u00a0",
  "😀",
  "Ａ",
  "ß",
  "E'",
  "$$",
  "public",
  ".",
  "_",
);
const text = fc
  .array(fc.oneof(nasty, fc.string({ maxLength: 4 })), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join("").replaceAll("\0", ""))
  .filter((name) => name !== "");
const name = text.filter(
  (candidate) =>
    Buffer.byteLength(candidate) <= 63 &&
    candidate.toLowerCase() !== "public" &&
    !candidate.startsWith("pg_"),
);

/** Where `pg` takes a password as the server does; with these characters in it, it normalises what the server leaves. */
function isForPg(password: string): boolean {
  return !/[\p{Cc}\u{1F600}]/u.test(password) || password.normalize("NFKC") === password;
}

beforeAll(async () => {
  await context.server.sql("CREATE TABLE canary (); CREATE ROLE canary");
});

describe("a name or password of any characters", () => {
  it("makes a role that logs in with exactly that password, and is found and dropped again", async () => {
    const life = new Life(await context.server.provider(), "postgresql:index/role:Role");
    await fc.assert(
      fc.asyncProperty(name, text, name, async (role, password, path) => {
        fc.pre(role !== "canary" && role !== "postgres" && password !== "NULL");
        const given = { name: role, login: true, password: secret(password), searchPaths: [path, "public"] };
        const made = await life.create(given);
        try {
          expect(await life.refresh(made)).toEqual(made);
          expect((await life.diff(made, given)).changes).toBe("none");
          if (!isForPg(password)) return;
          const login = { user: role, password };
          expect(await context.server.sql("SELECT current_user AS who", "postgres", login)).toEqual([
            { who: role },
          ]);
        } finally {
          await life.delete(made);
        }
      }),
      { seed: seed(), numRuns: 40 },
    );
    expect(await context.server.sql("SELECT to_regclass('canary') IS NOT NULL AS there")).toEqual([
      { there: true },
    ]);
  });

  it("makes databases, schemas and grants that are read back as they are", async () => {
    const provider = await context.server.provider();
    const of = (type: string): Life => new Life(provider, `postgresql:index/${type}`);
    const [databases, schemas, grants, defaults] = [
      of("database:Database"),
      of("schema:Schema"),
      of("grant:Grant"),
      of("defaultPrivileges:DefaultPrivileges"),
    ];
    await fc.assert(
      fc.asyncProperty(name, name, async (database, schema) => {
        fc.pre(!["postgres", "template0", "template1"].includes(database));
        const base = await databases.create({ name: database });
        const about = { role: "canary", database, schema };
        const made = [
          [schemas, await schemas.create({ name: schema, database, owner: "canary" })],
          [grants, await grants.create({ ...about, objectType: "schema", privileges: ["USAGE", "CREATE"] })],
          [
            grants,
            await grants.create({ role: "canary", database, objectType: "database", privileges: ["ALL"] }),
          ],
          [
            defaults,
            await defaults.create({
              ...about,
              owner: "postgres",
              objectType: "table",
              privileges: ["SELECT"],
            }),
          ],
        ] as const;
        for (const [life, one] of made) expect(await life.refresh(one)).toEqual(one);
        expect(present(await schemas.import(`${database}.${schema}`)).outputs.owner).toBe("canary");
        for (const [life, one] of [...made].reverse()) await life.delete(one);
        await databases.delete(base);
      }),
      { seed: seed(), numRuns: 10 },
    );
  });

  it("with a zero byte, or longer than PostgreSQL keeps, is refused", async () => {
    const life = new Life(await context.server.provider(), "postgresql:index/role:Role");
    for (const wrong of ["a\0b", "é".repeat(32), ""]) {
      expect((await life.failures({ name: wrong })).map(({ property }) => property)).toEqual(["name"]);
    }
    const failures = await life.failures({ name: "x", password: "canary\0" });
    expect(failures).toEqual([{ property: "password", reason: "must not contain a zero byte" }]);
  });
});

describe("the stored form of a password", () => {
  it("is recognised for that password alone, and is a new one every time", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (password, other) => {
        const [one, two] = [await verifierOf(password), await verifierOf(password)];
        expect(one).not.toBe(two);
        expect(await isStoredForm(one, password, "r")).toBe(true);
        if (other.normalize("NFKC") !== password.normalize("NFKC")) {
          expect(await isStoredForm(one, other, "r")).toBe(false);
        }
      }),
      { seed: seed(), numRuns: 20 },
    );
  });

  it("that the server itself made is recognised, whatever characters it was made from", async () => {
    const session = await context.server.session();
    await session.query("SET scram_iterations = 5000");
    await fc.assert(
      fc.asyncProperty(text, async (password) => {
        await session.query(`ALTER ROLE canary PASSWORD ${session.escapeLiteral(password)}`);
        const { rows } = await session.query(
          "SELECT rolpassword AS form FROM pg_authid WHERE rolname = 'canary'",
        );
        expect(await isStoredForm(rows[0].form, password, "canary")).toBe(true);
        expect(await isStoredForm(rows[0].form, `${password}x`, "canary")).toBe(false);
      }),
      { seed: seed(), numRuns: 60 },
    );
    expect(await isStoredForm("SCRAM-SHA-256$999999999:c2FsdA==$a:b", "any", "r")).toBe(false);
  });

  it("given instead of a password is stored as it is, and compared as it is", async () => {
    const life = new Life(await context.server.provider(), "postgresql:index/role:Role");
    const given = { name: "verified", login: true, password: await verifierOf("the password") };
    const made = await life.create(given);
    expect(revealed(present(await life.refresh(made)).outputs.password)).toBe(given.password);
    const login = { user: "verified", password: "the password" };
    expect(
      await context.server.sql("SELECT current_setting('keybuzz.sandbox') AS is", "postgres", login),
    ).toEqual([{ is: MARKER }]);
    await life.delete(made);
  });
});
