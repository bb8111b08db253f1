/**
 * A rotation of the application's password on a real server, by docs/rotation.md: a client that opens connection
 * after connection is let in each time, before, while and after each deployment, and the credential that it left is
 * refused once its slot is closed.
 */
import { Pool } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pause } from "../engine/programs/blocking";
import { complaints, type SandboxStack } from "../engine/programs/sandbox-stack";
import { TrialSandbox } from "../sandbox/trial-sandbox";
import { databaseStack, loginsOf, type ServerLogin } from "./server-logins";

const sandbox = new TrialSandbox();
const stack: SandboxStack = databaseStack(sandbox, "dev");
const DATABASE = "shop_dev";
/** Between two logins of one client; each computes a key for some milliseconds. */
const EVERY_MS = 40;

beforeAll(() => sandbox.start());

/** Settings of a step of the rotation. */
function at(generation: number, idleSlot: "open" | "closed"): string[] {
  return ["--config", `trial:generation=${generation}`, "--config", `trial:idleSlot=${idleSlot}`];
}

/** A pool whose connections serve once, as after a restart of every pod, all the time. */
class Client {
  readonly failures: string[] = [];
  logins = 0;
  readonly #pools: Pool[] = [];
  #going: Promise<void> = Promise.resolve();
  #stopped = false;

  /** Goes on with another credential, as pods do after a roll-out. */
  async moveTo(login: ServerLogin): Promise<void> {
    await this.stop();
    const { host, port } = sandbox.description.servers.postgresql;
    const pool = new Pool({ host, port, database: DATABASE, ...login, max: 2, maxUses: 1, ssl: false });
    pool.on("error", () => {});
    this.#pools.push(pool);
    this.#stopped = false;
    this.#going = this.#goOn(pool, login.user);
  }

  /** Waits for the login under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#going;
    await this.#pools.pop()?.end();
  }

  async #goOn(pool: Pool, user: string): Promise<void> {
    while (!this.#stopped) {
      try {
        const { rows } = await pool.query("insert into hits values (current_user) returning who::text");
        if (rows[0]?.who !== user) throw new Error(`logged in as ${rows[0]?.who}`);
        this.logins += 1;
      } catch (error) {
        this.failures.push(String(error));
      }
      await pause(EVERY_MS);
    }
  }
}

function canLogIn({ user, password }: ServerLogin): Promise<boolean> {
  return sandbox.query("select 1", { database: DATABASE, user, password }).then(
    () => true,
    () => false,
  );
}

/** The one client of all stages, and the credentials in the order in which they came. */
const client = new Client();
const held: ServerLogin[] = [];
const first = (): ServerLogin => credential(0);
const second = (): ServerLogin => credential(1);
const third = (): ServerLogin => credential(2);

function credential(index: number): ServerLogin {
  const login = held[index];
  if (login === undefined) throw new Error("that credential is not there yet");
  return login;
}

/** Deploys a step, and keeps the credential that is in use from now on. */
async function take(generation: number, idleSlot: "open" | "closed"): Promise<void> {
  await stack.settle(at(generation, idleSlot));
  held.push((await loginsOf(stack)).application);
}

afterAll(async () => {
  await client.stop();
  await sandbox.remove();
});

it("begins with one slot, in which the client logs in", async () => {
  await take(1, "closed");
  const { migration } = await loginsOf(stack);
  await sandbox.query("create table hits (who name)", { database: DATABASE, ...migration });
  await client.moveTo(first());
});

it("opens the second slot while the first goes on, so that the client can move", async () => {
  await take(2, "open");
  expect([first().user, second().user]).toEqual(["shop_dev_app_a", "shop_dev_app_b"]);
  expect(client.logins).toBeGreaterThan(10);
  await client.moveTo(second());
  // Whoever was forgotten goes on until the slot is closed.
  expect(await canLogIn(first())).toBe(true);
});

it("closes the first slot", async () => {
  await stack.settle(at(2, "closed"));
  const refused = sandbox.query("select 1", { database: DATABASE, ...first() });
  await expect(refused).rejects.toThrow('role "shop_dev_app_a" is not permitted to log in');
});

it("opens the first slot again with a new password, and the old one of that slot stays refused", async () => {
  await take(3, "open");
  expect(third().user).toBe("shop_dev_app_a");
  expect(third().password).not.toBe(first().password);
  await client.moveTo(third());
  expect([await canLogIn(second()), await canLogIn(first())]).toEqual([true, false]);
});

it("has let the client in each time", async () => {
  await pause(10 * EVERY_MS);
  await client.stop();
  expect(client.failures).toEqual([]);
  const { reader } = await loginsOf(stack);
  const counted = "select count(*)::int as hits, count(distinct who)::int as logins from hits";
  expect(await sandbox.query(counted, { database: DATABASE, ...reader })).toEqual([
    { hits: client.logins, logins: 2 },
  ]);
  // The two refusals that were asked for above, and no other.
  expect(sandbox.log.match(/FATAL:.*/g)).toEqual([
    'FATAL:  role "shop_dev_app_a" is not permitted to log in',
    'FATAL:  password authentication failed for user "shop_dev_app_a"',
  ]);
});

it("cuts clients off when the slot that they hold is closed in the same step, as docs/rotation.md warns", async () => {
  const run = await stack.run("up", at(4, "closed"));
  expect({ code: run.code, complaints: complaints(run) }).toEqual({ code: 0, complaints: [] });
  expect(await canLogIn(third())).toBe(false);
});
