/**
 * The official file backend: a folder with `.pulumi/`, laid out as version 1 of its `meta.yaml` says. The legacy
 * layout, without that file, is refused. Source: pulumi/pulumi, pkg/backend/diy/{meta,store,state}.go.
 */
import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { EngineError } from "../diagnostic";
import { isRecord } from "../project/yaml-file";
import { type Compression, failed, foldersIn, isMissing, namesIn, readIfPresent, replaceFile } from "./files";

/** A stack in a file backend. */
export interface StackLocation {
  /** The backend's folder; what `pulumi login file://…` names. */
  readonly backend: string;
  readonly project: string;
  readonly stack: string;
}

/** Where everything of one stack is. */
export interface StackPaths {
  /** `organization/<project>/<stack>` */
  readonly qualifiedName: string;
  /** The checkpoint, without what tells its compression. */
  readonly checkpoint: string;
  readonly log: string;
  readonly tags: string;
  readonly locks: string;
  readonly history: string;
  readonly backups: string;
}

/** Of this backend's only organization. */
const LOCKS = ["locks", "organization"];
const NAME = /^[A-Za-z0-9_.-]{1,100}$/;
const COMPRESSIONS: readonly Compression[] = ["", ".gz", ".zst"];

/** The paths of a stack. Throws EngineError `state` on names that the backend does not take. */
export function stackPaths({ backend, project, stack }: StackLocation): StackPaths {
  const problems = [["project", project] as const, ["stack", stack] as const].flatMap(([what, name]) =>
    isName(name) ? [] : [`${what} ${JSON.stringify(name)}: expected up to 100 letters, digits, _, - and .`],
  );
  if (problems.length > 0) throw new EngineError("state", problems);
  const root = join(backend, ".pulumi");
  const folder = join(root, "stacks", project);
  return {
    qualifiedName: `organization/${project}/${stack}`,
    checkpoint: join(folder, `${stack}.json`),
    log: join(folder, `${stack}.jsonl`),
    tags: join(folder, `${stack}.pulumi-tags`),
    locks: join(root, ...LOCKS, project, stack),
    history: join(root, "history", project, stack),
    backups: join(root, "backups", project, stack),
  };
}

function isName(name: string): boolean {
  return NAME.test(name) && !/^\.+$/.test(name);
}

/** Verifies the layout. Throws EngineError `state` when it is not version 1. True when the backend is new. */
export async function verifyLayout(backend: string): Promise<boolean> {
  const path = join(backend, ".pulumi", "meta.yaml");
  const meta = await readIfPresent(path);
  if (meta === undefined) {
    const legacy = (await namesIn(join(backend, ".pulumi", "stacks"))).filter((name) => isStackFile(name));
    if (legacy.length === 0) return true;
    throw new EngineError("state", [
      `${backend}: has the layout of old versions of Pulumi (${legacy.join(", ")} without a project); run \`pulumi state upgrade\` first`,
    ]);
  }
  const version = versionOf(meta.toString("utf8"));
  if (version === 1) return false;
  throw new EngineError("state", [
    `${path}: version: found ${JSON.stringify(version)}; this engine knows the layout of version 1`,
  ]);
}

function versionOf(text: string): unknown {
  try {
    const value: unknown = parse(text);
    return isRecord(value) ? value.version : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a new backend one of version 1. Several may do so at once: no stack's lock is held yet. */
export async function ensureLayout(backend: string): Promise<void> {
  if (!(await verifyLayout(backend))) return;
  const path = join(backend, ".pulumi", "meta.yaml");
  await replaceFile(path, "version: 1\n", `${path}.${randomUUID()}.tmp`);
}

/** The file of a stack: of the three forms that it can have, the one that was written last. */
export async function findCheckpoint(
  paths: StackPaths,
): Promise<{ readonly path: string; readonly compression: Compression } | undefined> {
  const found = await Promise.all(
    COMPRESSIONS.map(async (compression) => {
      const path = paths.checkpoint + compression;
      const written = await writtenAt(path);
      return written === undefined ? [] : [{ path, compression, written }];
    }),
  );
  return found
    .flat()
    .reduce<(typeof found)[number][number] | undefined>(
      (newest, file) => (newest === undefined || file.written >= newest.written ? file : newest),
      undefined,
    );
}

async function writtenAt(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw failed(path, "cannot be read", error);
  }
}

/**
 * The stacks of a backend: those that have a state, and those that are or were locked for their first deployment. Throws
 * EngineError `state` when a folder cannot be listed.
 */
export async function listStacks(backend: string): Promise<StackLocation[]> {
  const [states, locks] = [join(backend, ".pulumi", "stacks"), join(backend, ".pulumi", ...LOCKS)];
  const stacks: StackLocation[] = [];
  for (const project of new Set([...(await foldersIn(states)), ...(await foldersIn(locks))].filter(isName))) {
    const files = (await namesIn(join(states, project))).filter(isStackFile);
    const stated = files.map((file) => file.replace(STACK_FILE, ""));
    const names = new Set([...stated, ...(await foldersIn(join(locks, project)))].filter(isName));
    stacks.push(...[...names].map((stack) => ({ backend, project, stack })));
  }
  return stacks;
}

const STACK_FILE = /\.json(?:\.gz|\.zst)?$/;

function isStackFile(name: string): boolean {
  return STACK_FILE.test(name);
}
