/**
 * What a sandbox is: the mark that stands in its servers, and how they are reached. Kept in one file that its user
 * alone can read, because the superuser's password is in it.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, SandboxError } from "./errors";

/** How the PostgreSQL server is reached: always over TCP, with scram-sha-256. */
export interface PostgresqlAccess {
  readonly host: string;
  /** 0 as long as the server was never started. */
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A sandbox, as whoever applies to it has to know it. */
export interface SandboxDescription {
  /** A UUID that every server of this sandbox says of itself, and no other server does. */
  readonly marker: string;
  readonly servers: { readonly postgresql: PostgresqlAccess };
  readonly folder: string;
}

const VERSION = 1;

/** The file in which a sandbox's description stands. */
export function descriptionFile(folder: string): string {
  return join(folder, "sandbox.json");
}

/** A sandbox that has no servers yet, with a mark and a password of its own. */
export function newDescription(folder: string): SandboxDescription {
  const postgresql = {
    host: "127.0.0.1",
    port: 0,
    user: "postgres",
    password: randomBytes(24).toString("base64url"),
    database: "postgres",
  };
  return { marker: randomUUID(), servers: { postgresql }, folder };
}

/** The sandbox of a folder; undefined when there is none. */
export function readDescription(folder: string): SandboxDescription | undefined {
  const file = descriptionFile(folder);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw new SandboxError(`${file} cannot be read: ${codeOf(error)}`);
  }
  const described = parse(text);
  if (described !== undefined) return { ...described, folder };
  throw new SandboxError(
    `${file} is not a sandbox's description (version ${VERSION}); kb sandbox reset --yes removes the sandbox and its data`,
  );
}

/** Replaces the description at once or not at all. */
export function writeDescription({ folder, marker, servers }: SandboxDescription): void {
  const file = descriptionFile(folder);
  const text = `${JSON.stringify({ version: VERSION, marker, servers }, undefined, 2)}\n`;
  rmSync(`${file}.new`, { force: true });
  writeFileSync(`${file}.new`, text, { mode: 0o600, flag: "wx" });
  renameSync(`${file}.new`, file);
}

function parse(text: string): Omit<SandboxDescription, "folder"> | undefined {
  try {
    const { version, marker, servers } = JSON.parse(text);
    const { host, port, user, password, database } = servers.postgresql;
    const texts = [marker, host, user, password, database];
    if (version !== VERSION || !Number.isInteger(port) || texts.some((each) => typeof each !== "string"))
      return undefined;
    return { marker, servers: { postgresql: { host, port, user, password, database } } };
  } catch {
    return undefined;
  }
}
