/** Holds a run at a known place: whoever makes, changes or drops a role waits until it is let go. */
import { Client } from "pg";
import type { TrialSandbox } from "../../sandbox/trial-sandbox";

const PATIENCE_MS = 60_000;

/** Begins to hold roles; the result lets them go. @param port of the server, where the description has another */
export async function blockRoles(sandbox: TrialSandbox, port?: number): Promise<() => Promise<void>> {
  const client = new Client({
    ...sandbox.description.servers.postgresql,
    ssl: false,
    ...(port === undefined ? {} : { port }),
  });
  // A server that is killed takes it along.
  client.on("error", () => {});
  await client.connect();
  await client.query("begin; lock table pg_authid in share mode");
  return () => client.end().catch(() => {});
}

/** Resolves when a statement of kb waits for the roles. */
export async function blocked(sandbox: TrialSandbox, port?: number): Promise<void> {
  const access = port === undefined ? {} : { port };
  const waiting = "select 1 from pg_stat_activity where application_name = 'kb' and wait_event_type = 'Lock'";
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(50)) {
    if ((await sandbox.query(waiting, access)).length > 0) return;
  }
  throw new Error("nothing of kb waits for the roles");
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
