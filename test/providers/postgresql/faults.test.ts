/** What can go wrong between the provider and a server: each ends soon, and says what to do. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { secret } from "../../../engine/provider/values";
import { freePort, TestServer, useServer } from "../../support/postgres";
import { Life, present } from "../../support/providers";

const context = useServer();
const ROLE = "postgresql:index/role:Role";
const started: TestServer[] = [];
afterAll(async () => {
  for (const server of started) await server.dispose();
});

async function ownServer(flags?: readonly string[]): Promise<TestServer> {
  const server = await TestServer.start(flags);
  started.push(server);
  return server;
}

/** The message of what must fail, and the seconds until it did. */
async function failure(work: Promise<unknown>): Promise<{ message: string; seconds: number }> {
  const begin = Date.now();
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error("it did not fail");
  expect(error.name).toMatch(/^(?:ProviderError|PostgresProblem|InitFailedError)$/);
  return { message: error.message, seconds: (Date.now() - begin) / 1000 };
}

describe("a server that cannot be used", () => {
  it("because the password is wrong is an error at once that names role and server, not the password", async () => {
    const provider = await context.server.provider({ password: "wrong-canary" });
    const { message, seconds } = await failure(new Life(provider, ROLE).create({ name: "x" }));
    expect(message).toContain(
      `PostgreSQL at 127.0.0.1:${context.server.port} refuses the password of role "postgres"`,
    );
    expect(message).not.toContain("wrong-canary");
    // Not tried again, which would take longer.
    expect(seconds).toBeLessThan(4);
  });

  it("because nothing listens is an error after a few tries", async () => {
    const provider = await context.server.provider({ port: `${await freePort()}` });
    const { message, seconds } = await failure(new Life(provider, ROLE).create({ name: "x" }));
    expect(message).toMatch(
      /role "x": PostgreSQL at 127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED.*is it running\?/,
    );
    expect(seconds).toBeLessThan(15);
  });

  it("because it is read-only is an error that points to the leader, and to the setting", async () => {
    const server = await ownServer(["-c", "default_transaction_read_only=on"]);
    const { message } = await failure(new Life(await server.provider(), ROLE).create({ name: "x" }));
    expect(message).toMatch(
      /read-only transaction.*not the leader, point host and port to the leader.*else default_transaction_read_only is on/,
    );
  });

  it("because its login has as many connections as it may is an error that points to its limit", async () => {
    await context.server.sql("CREATE ROLE lonely LOGIN CONNECTION LIMIT 0 PASSWORD 'lonely'");
    const provider = await context.server.provider({
      username: "lonely",
      password: "lonely",
      superuser: "false",
    });
    const { message } = await failure(new Life(provider, ROLE).import("postgres"));
    expect(message).toMatch(
      /too many connections for role "lonely".*its connection limit is reached: raise it/,
    );
  });

  it("because its certificate is demanded and it has none is an error; with prefer it is used without", async () => {
    const demanding = await context.server.provider({ sslmode: "require" });
    const { message } = await failure(new Life(demanding, ROLE).import("postgres"));
    expect(message).toContain("does not support SSL");
    for (const sslmode of ["prefer", "allow"]) {
      const provider = await context.server.provider({ sslmode });
      expect(await new Life(provider, ROLE).import("postgres")).toMatchObject({ id: "postgres" });
    }
  });
});

describe("a server that goes away", () => {
  it("and comes back within seconds goes unnoticed", async () => {
    const server = await ownServer();
    const life = new Life(await server.provider(), ROLE);
    const made = await life.create({ name: "patient" });
    await server.stop("SIGQUIT");
    const reading = life.refresh(made);
    await pause(300);
    await server.run();
    expect(present(await reading).id).toBe("patient");
  });

  it("in the middle of a statement fails the request, and the next one works when it is back", async () => {
    const server = await ownServer();
    const life = new Life(await server.provider(), ROLE);
    const made = await life.create({ name: "waiting" });
    const holder = await server.session();
    await holder.query("BEGIN; ALTER ROLE waiting CONNECTION LIMIT 1");
    const update = failure(life.update(made, { name: "waiting", login: true }));
    await pause(500);
    await server.stop("SIGQUIT");
    const { message } = await update;
    expect(message).toMatch(/role "waiting": PostgreSQL at .* cannot be reached/);
    await server.run();
    expect(present(await life.refresh(made)).outputs.login).toBe(false);
  });

  it("of connections is waited for, and is an error if none becomes free", async () => {
    const server = await ownServer(["-c", "max_connections=6", "-c", "superuser_reserved_connections=0"]);
    const life = new Life(await server.provider(), ROLE);
    const sessions = [];
    for (let count = 0; count < 6; count += 1) sessions.push(await server.session());
    const reading = life.import("postgres");
    await pause(500);
    await sessions[0]?.end();
    expect(present(await reading).id).toBe("postgres");
    // The connection that it had is closed soon after.
    await expect.poll(() => server.session(), { timeout: 20_000 }).toBeDefined();
    const { message, seconds } = await failure(life.import("postgres"));
    expect(message).toMatch(
      /too many clients.*all its connections are taken: end some, or lower maxConnections/,
    );
    expect(seconds).toBeLessThan(15);
  });
});

describe("a request", () => {
  it("that waits for a lock ends with its time", async () => {
    const provider = await context.server.provider();
    const life = new Life(provider, ROLE);
    const made = await life.create({ name: "locked" });
    const holder = await context.server.session();
    await holder.query("BEGIN; ALTER ROLE locked CONNECTION LIMIT 1");
    const { message, seconds } = await failure(
      provider.update({
        ...life.subject,
        id: made.id,
        oldInputs: made.inputs,
        oldOutputs: made.outputs,
        newInputs: await life.check({ name: "locked", login: true }),
        timeout: 1,
        ignoreChanges: [],
        preview: false,
      }),
    );
    expect(message).toMatch(/role "locked": .*raise customTimeouts|role "locked": .*holds a lock/);
    // The second that it was given, and what it takes to say so.
    expect(seconds).toBeLessThan(15);
    await holder.query("ROLLBACK");
  });

  it("under way fails soon after a cancellation, and so does every later one", async () => {
    const provider = await context.server.provider();
    const life = new Life(provider, ROLE);
    const made = await life.create({ name: "cancelled" });
    const holder = await context.server.session();
    await holder.query("BEGIN; ALTER ROLE cancelled CONNECTION LIMIT 1");
    const update = failure(life.update(made, { name: "cancelled", login: true }));
    await pause(300);
    const begin = Date.now();
    await provider.cancel();
    expect((await update).message).toBe('role "cancelled": the request was cancelled');
    expect((await failure(life.refresh(made))).message).toBe('role "cancelled": the request was cancelled');
    expect(Date.now() - begin).toBeLessThan(5_000);
    await holder.query("ROLLBACK");
  });

  it("leaves no connection behind once its provider is closed", async () => {
    const provider = await context.server.provider();
    await new Life(provider, ROLE).import("postgres");
    await provider.close();
    const query = "SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'kb'";
    await expect.poll(async () => context.server.sql(query)).toEqual([{ count: 0 }]);
  });

  it("whose object cannot be read after it was made keeps its id and its state", async () => {
    const login = { user: "limited", password: "limited" };
    await context.server.sql("CREATE ROLE limited LOGIN CREATEROLE PASSWORD 'limited'");
    // It says that it is a superuser, and is none: the role is made, and its password cannot be compared.
    const provider = await context.server.provider({ username: login.user, password: login.password });
    const error: unknown = await new Life(provider, ROLE)
      .create({ name: "half", login: true, password: secret("canary-password") })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: "InitFailedError",
      state: { id: "half", outputs: { name: "half" } },
    });
    expect((error as Error).message).toContain("set superuser: false on the provider");
    expect((error as Error).message).not.toContain("canary-password");
  });
});

it("the server's log never holds a password", async () => {
  const server = await ownServer(["-c", "log_statement=all"]);
  const life = new Life(await server.provider(), ROLE);
  const made = await life.create({ name: "logged", login: true, password: secret("canary-one") });
  await life.update(made, { name: "logged", login: true, password: secret("canary-two") });
  await expect.poll(() => server.log).toContain('ALTER ROLE "logged" PASSWORD');
  expect(server.log).not.toMatch(/canary/);
});
