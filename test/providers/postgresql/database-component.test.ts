/**
 * This project's own databases, as DEV declares them, made on a real server by this provider: who may do what there,
 * that nothing is left to do afterwards, and that everything goes again.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { DeclaredResource } from "../../../engine/monitor/declaration";
import type { Provider } from "../../../engine/provider/provider";
import { mapValue, type PropertyMap, UNKNOWN } from "../../../engine/provider/values";
import { useServer } from "../../support/postgres";
import { repository, trial } from "../../support/project";
import { Life, type Made, present } from "../../support/providers";

const context = useServer();
const PASSWORD = "the same for all of them";

let declared: readonly DeclaredResource[] = [];
const made: { life: Life; given: PropertyMap; state: Made; resource: DeclaredResource }[] = [];

/** The inputs, with a password where a random one is not known yet. */
function inputsOf({ inputs }: DeclaredResource): PropertyMap {
  return mapValue(inputs, (value) => (value === UNKNOWN ? PASSWORD : value)) as PropertyMap;
}

async function createAll(provider: Provider): Promise<void> {
  for (const resource of declared) {
    const life = new Life(provider, resource.type, resource.name);
    const given = inputsOf(resource);
    made.push({ life, given, state: await life.create(given), resource });
  }
}

/** Runs SQL as a login of a database; what went wrong, if anything did. */
async function as(login: string, sql: string, database = "keybuzz_dev"): Promise<string> {
  const [user, password] = [`keybuzz_dev_${login}`, PASSWORD];
  return context.server.sql(sql, database, { user, password }).then(
    () => "done",
    (error: Error) => error.message,
  );
}

function isOnObjects({ objectType, owner }: PropertyMap): boolean {
  return ["table", "sequence", "function"].includes(String(objectType)) && owner === undefined;
}

beforeAll(async () => {
  const { declarations } = await trial(repository, { environments: ["dev"] });
  const resources = declarations.flatMap((declaration) => declaration.resources);
  declared = resources.filter(({ type }) => type.startsWith("postgresql:"));
  expect(declared.length).toBeGreaterThan(50);
  await createAll(await context.server.provider());
});

describe("the databases of DEV", () => {
  it("are made in full, and leave nothing to do, also after a refresh", async () => {
    for (const { life, given, state, resource } of made) {
      expect((await life.diff(state, given)).detailedDiff, resource.name).toEqual({});
      const refreshed = present(await life.refresh(state));
      expect(refreshed, resource.name).toEqual(state);
    }
  });

  it("can be imported, each resource by its id, with nothing to do then", async () => {
    for (const { life, given, state, resource } of made) {
      const imported = present(await life.import(state.id));
      const { diffs } = await life.diff(imported, given);
      // What a server cannot tell: a password, how to go about later changes, what is held on objects not yet there.
      const untold = ["password", "alterObjectOwnership", ...(isOnObjects(given) ? ["privileges"] : [])];
      expect(
        diffs.filter((property) => !untold.includes(property)),
        resource.name,
      ).toEqual([]);
    }
  });

  it("let the migration login create and alter, the application use data only, the reader read only", async () => {
    expect(
      await as(
        "migrate",
        "CREATE TABLE t (a int); ALTER TABLE t ADD b int; CREATE SEQUENCE s; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      ),
    ).toBe("done");
    const owner = "SELECT tableowner AS owner FROM pg_tables WHERE tablename = 't'";
    expect(await context.server.sql(owner, "keybuzz_dev")).toEqual([{ owner: "keybuzz_dev_owner" }]);
    expect(
      await as(
        "app_a",
        "INSERT INTO t VALUES (1); UPDATE t SET b = 2; SELECT nextval('s'), f(); DELETE FROM t",
      ),
    ).toBe("done");
    expect(await as("app_a", "CREATE TABLE mine ()")).toMatch(/permission denied/);
    expect(await as("app_a", "ALTER TABLE t ADD c int")).toMatch(/must be owner/);
    expect(await as("app_a", "TRUNCATE t")).toMatch(/permission denied/);
    expect(await as("read", "SELECT * FROM t")).toBe("done");
    expect(await as("read", "SELECT f()")).toMatch(/permission denied/);
    expect(await as("read", "INSERT INTO t VALUES (1)")).toMatch(/permission denied/);
  });

  it("refuse the slot that was never used, and logins of the other database", async () => {
    expect(await as("app_b", "SELECT 1")).toMatch(/password authentication failed/);
    expect(await as("app_a", "SELECT 1", "keybuzz_backend_dev")).toMatch(/permission denied for database/);
  });

  it("see tables of someone else as drift, which an update then covers", async () => {
    await context.server.sql("CREATE TABLE foreign_owned (a int)", "keybuzz_dev");
    const grant = made.find(
      ({ resource, given }) =>
        resource.type.endsWith("Grant") && given.objectType === "table" && given.role === "keybuzz_dev_ro",
    );
    const { life, given, state } = present(grant);
    const drifted = present(await life.refresh(state));
    expect((await life.diff(drifted, given)).diffs).toEqual(["privileges"]);
    await life.update(drifted, given);
    expect(await as("read", "SELECT * FROM foreign_owned")).toBe("done");
  });

  it("go again, in reverse, with what goes by itself left out", async () => {
    const withDatabase = (resource: DeclaredResource): boolean => resource.options.deletedWith !== undefined;
    for (const { life, state, resource } of [...made].reverse()) {
      if (!withDatabase(resource)) await life.delete(state);
    }
    for (const { life, state, resource } of made)
      expect(await life.refresh(state), resource.name).toBeUndefined();
    const left = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'keybuzz%'";
    expect(await context.server.sql(left)).toEqual([]);
  });
});
