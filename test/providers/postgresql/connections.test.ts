/** Where the provider's requests go: only to the server it was given, as the role it was given, and always to the same one. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect as dial, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type PropertyMap, secret, UNKNOWN } from "../../../engine/provider/values";
import { createPostgresqlProvider } from "../../../providers/postgresql";
import { MARKER, TestServer, useServer } from "../../support/postgres";
import { Life } from "../../support/providers";

const context = useServer();
const ROLE = "postgresql:index/role:Role";
const SCHEMA = "postgresql:index/schema:Schema";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A second server, which is stopped after the test. */
async function anotherServer(flags: readonly string[]): Promise<TestServer> {
  const server = await TestServer.start(flags);
  onTestFinished(() => server.dispose());
  return server;
}

/** A port that leads to a server, and to another one after a while, as a tunnel or a proxy does. */
async function redirect(): Promise<{ port: number; to(server: TestServer): void }> {
  let target = context.server.port;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = dial(target, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  const address = proxy.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    port: address.port,
    to: (server) => {
      target = server.port;
    },
  };
}

describe("the target", () => {
  it("is described by its address and the mark in its configuration", async () => {
    const provider = await context.server.provider();
    expect(await provider.target?.()).toEqual({
      description: `PostgreSQL at 127.0.0.1:${context.server.port}`,
      marker: MARKER,
    });
    const unmarked = await anotherServer(["-c", "keybuzz.sandbox="]);
    expect((await (await unmarked.provider()).target?.())?.marker).toBeUndefined();
  });

  it("may not become another server: a new connection to any database is refused then, naming both marks", async () => {
    const proxy = await redirect();
    await context.server.sql("CREATE DATABASE side");
    const provider = await context.server.provider({ port: `${proxy.port}` });
    await provider.target?.();
    const other = await anotherServer(["-c", "keybuzz.sandbox=production"]);
    await other.sql("CREATE DATABASE side");
    proxy.to(other);
    const refused = /keybuzz\.sandbox is "production", and was "a sandbox for tests": nothing was sent to it/;
    await expect(new Life(provider, SCHEMA).create({ name: "s", database: "side" })).rejects.toThrow(refused);
    // The connection that was open already is closed soon.
    await expect
      .poll(() => new Life(provider, ROLE).create({ name: "x" }).catch(String), { timeout: 10_000 })
      .toMatch(refused);
    expect(await other.sql("SELECT FROM pg_roles WHERE rolname = 'x'")).toEqual([]);
  });
});

describe("ambient credentials", () => {
  it("are not used, neither to connect nor as settings of a session", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kb-pgpass-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const passwords = join(folder, ".pgpass");
    writeFileSync(passwords, "*:*:*:*:from-pgpass\n", { mode: 0o600 });
    const ambient = {
      PGHOST: "192.0.2.1",
      PGPORT: "1",
      PGUSER: "nobody",
      PGPASSWORD: "from-environment",
      PGPASSFILE: passwords,
      HOME: folder,
      PGDATABASE: "nowhere",
      PGSSLMODE: "verify-full",
      PGSSLNEGOTIATION: "direct",
      PGOPTIONS: "-c default_transaction_read_only=on",
      PGREPLICATION: "true",
      PGAPPNAME: "ambient",
      PGCLIENT_ENCODING: "LATIN1",
      PGCONNECT_TIMEOUT: "1",
    };
    for (const [name, value] of Object.entries(ambient)) vi.stubEnv(name, value);
    const life = new Life(await context.server.provider(), ROLE);
    const made = await life.create({ name: "näme" });
    expect(await life.refresh(made)).toEqual(made);
    await life.delete(made);
  });

  it.each(["environment", "pgpass"])(
    "from the %s do not replace a password that is not given",
    async (source) => {
      const folder = mkdtempSync(join(tmpdir(), "kb-pgpass-"));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const passwords = join(folder, ".pgpass");
      writeFileSync(passwords, "*:*:*:*:rîght\n", { mode: 0o600 });
      await context.server.sql("DROP ROLE IF EXISTS ambient");
      await context.server.sql("CREATE ROLE ambient LOGIN PASSWORD 'rîght'");
      if (source === "environment") vi.stubEnv("PGPASSWORD", "rîght");
      else vi.stubEnv("PGPASSFILE", passwords);
      const provider = await context.server.provider({ username: "ambient", password: "" });
      await expect(new Life(provider, ROLE).import("postgres")).rejects.toThrow(/password/);
    },
  );

  it("do not stand in for a host", async () => {
    vi.stubEnv("PGHOST", "127.0.0.1");
    const provider = createPostgresqlProvider();
    await expect(provider.configure({ inputs: { port: "5432" } })).rejects.toMatchObject({
      name: "MissingConfigurationError",
      keys: [{ name: "postgresql:host" }],
    });
  });
});

describe("the configuration", () => {
  const check = async (newInputs: PropertyMap) => {
    const request = { urn: "u", type: "pulumi:providers:postgresql", name: "p", oldInputs: undefined };
    const provider = createPostgresqlProvider();
    return provider.checkConfig?.({ ...request, newInputs, randomSeed: new Uint8Array(32) });
  };

  it("arrives as texts, and its password leaves as a secret", async () => {
    const inputs = { host: "h", port: "5432", superuser: "false", sslmode: "require", password: "canary" };
    const checked = await check({
      ...inputs,
      version: "3.18.1",
      connectTimeout: "",
      azureIdentityAuth: "false",
    });
    expect(checked?.failures).toEqual([]);
    expect(checked?.inputs.password).toEqual(secret("canary"));
  });

  it("is refused with every mistake at once, and never quotes the password", async () => {
    const wrong = {
      host: "a b",
      port: "0",
      superuser: "yes",
      sslmode: "on",
      password: "can\0ary",
      awsRdsIamAuth: "true",
    };
    const failures = (await check(wrong))?.failures ?? [];
    expect(failures.map(({ property }) => property).sort()).toEqual(Object.keys(wrong).sort());
    expect(JSON.stringify(failures)).not.toContain("ary");
  });

  it("is not quoted where the stack's configuration marks it as secret", async () => {
    const failures = (await check({ host: secret("can ary"), port: secret("canary") }))?.failures ?? [];
    expect(failures.map(({ property }) => property)).toEqual(["host", "port"]);
    expect(JSON.stringify(failures)).not.toContain("ary");
  });

  it("that is not known yet is not judged", async () => {
    expect((await check({ host: UNKNOWN, port: UNKNOWN }))?.failures).toEqual([]);
  });
});

describe("many requests at once", () => {
  it("decide on what they see after they waited, whatever isolation the login is set to", async () => {
    const { server } = context;
    await server.sql(
      `CREATE ROLE snapshot SUPERUSER LOGIN PASSWORD 'pw'; CREATE ROLE stale_reader; CREATE TABLE public.waited_for ();
       ALTER ROLE snapshot SET default_transaction_isolation = 'repeatable read'`,
    );
    const provider = await server.provider({ username: "snapshot", password: "pw" });
    const life = new Life(provider, "postgresql:index/grant:Grant");
    const given = {
      role: "stale_reader",
      database: "postgres",
      schema: "public",
      objectType: "table",
      objects: ["waited_for"],
      privileges: ["SELECT"],
    };
    const made = await life.create(given);
    const other = await server.session();
    await other.query(
      "BEGIN; SELECT pg_advisory_xact_lock(27490, 1); REVOKE SELECT ON public.waited_for FROM stale_reader",
    );
    const updating = life.update(made, given);
    const waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    await expect.poll(() => server.sql(waiting)).toHaveLength(1);
    await other.query("COMMIT");
    await updating;
    expect(
      await server.sql("SELECT has_table_privilege('stale_reader', 'waited_for', 'SELECT') AS may"),
    ).toEqual([{ may: true }]);
  });

  it("on the same objects all succeed, from two providers and beside other tools", async () => {
    await context.server.sql("CREATE DATABASE busy");
    await context.server.sql("CREATE TABLE t (); CREATE TABLE u ()", "busy");
    const providers = [
      await context.server.provider(),
      await context.server.provider({ maxConnections: "3" }),
    ];
    const names = Array.from({ length: 12 }, (_, index) => `busy_${index}`);
    const each = <T>(work: (life: (type: string) => Life, name: string) => Promise<T>): Promise<T[]> =>
      Promise.all(
        names.map((name, index) => {
          const provider = providers[index % 2];
          if (provider === undefined) throw new Error("no provider");
          return work((type) => new Life(provider, `postgresql:index/${type}`), name);
        }),
      );
    await each((life, name) => life("role:Role").create({ name }));
    let stop = false;
    const others = (async () => {
      while (!stop) await context.server.sql("GRANT CONNECT ON DATABASE busy TO busy_0").catch(() => {});
    })();
    const about = { database: "busy", schema: "public" };
    const made = await each(async (life, role) => [
      await life("grant:Grant").create({ ...about, role, objectType: "table", privileges: ["SELECT"] }),
      await life("grant:Grant").create({
        role,
        database: "busy",
        objectType: "database",
        privileges: ["CONNECT"],
      }),
      await life("grantRole:GrantRole").create({ role, grantRole: "pg_monitor" }),
    ]);
    stop = true;
    await others;
    const query = `SELECT count(*)::int AS count FROM pg_roles r
      WHERE r.rolname LIKE 'busy%' AND has_table_privilege(r.oid, 't'::regclass, 'SELECT') AND has_table_privilege(r.oid, 'u'::regclass, 'SELECT')`;
    expect(made).toHaveLength(names.length);
    expect(await context.server.sql(query, "busy")).toEqual([{ count: names.length }]);
  });
});
