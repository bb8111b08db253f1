/** Sandboxes for tests: each in a folder of its own, and gone after the test with everything that ran there. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { readDescription, type SandboxDescription } from "../../sandbox/description";
import { resetSandbox } from "../../sandbox/sandbox";
import { processesOf } from "../engine/processes";
import { type KbResult, kb } from "../support/kb";

export class TrialSandbox {
  /** Where the sandbox stands; root's servers have to get there too. */
  readonly folder = mkdtempSync(join(tmpdir(), "kb-sandbox-"));

  constructor() {
    chmodSync(this.folder, 0o711);
  }

  /** Runs `kb sandbox …` on it. Whatever of PostgreSQL's own settings a user may have leads elsewhere. */
  kb(...args: string[]): Promise<KbResult> {
    return kb(["sandbox", ...args], {
      env: {
        KEYBUZZ_SANDBOX_DIR: this.folder,
        PGHOST: "192.0.2.1",
        PGPORT: "1",
        PGPASSWORD: "wrong",
        PGDATA: "/",
      },
    });
  }

  async start(): Promise<SandboxDescription> {
    const { code, stderr } = await this.kb("start");
    if (code !== 0) throw new Error(stderr);
    return this.description;
  }

  get description(): SandboxDescription {
    const description = readDescription(this.folder);
    if (description === undefined) throw new Error("there is no sandbox");
    return description;
  }

  /** What `kb sandbox status --json` says of PostgreSQL. */
  async status(): Promise<{ state: string; port: number; pid: number | null }> {
    const { stdout } = await this.kb("status", "--json");
    return JSON.parse(stdout).servers.postgresql;
  }

  /** Runs statements in a database and returns the rows of the last one. */
  async query(
    statement: string,
    access: { port?: number; database?: string; user?: string; password?: string } = {},
  ): Promise<unknown[]> {
    const client = new Client({ ...this.description.servers.postgresql, ssl: false, ...access });
    client.on("error", () => {});
    await client.connect();
    try {
      const result: unknown = await client.query(statement);
      const last = (Array.isArray(result) ? result.at(-1) : result) as { rows: unknown[] };
      return last.rows;
    } finally {
      await client.end();
    }
  }

  /** Main processes of servers in the folder. */
  get servers(): string[] {
    return processesOf(this.folder).filter((command) => command.includes("bin/postgres -D"));
  }

  get log(): string {
    return readFileSync(join(this.folder, "postgresql.log"), "utf8");
  }

  async remove(): Promise<void> {
    const signal = new AbortController().signal;
    await resetSandbox(this.folder, { signal, onProgress: () => {} });
    rmSync(this.folder, { recursive: true, force: true });
  }
}
