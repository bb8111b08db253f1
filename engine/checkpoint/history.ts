/**
 * What the official file backend keeps of every update: a record and a copy of the checkpoint in `history`, and a
 * copy in `backups`. Source: pulumi/pulumi, pkg/backend/diy/state.go, addToHistory and backupStack.
 */
import { basename, join } from "node:path";
import type { StackPaths } from "./backend";
import { type Compression, copyWhole, pack, replaceFile } from "./files";
import { carriedText, sortedKeys } from "./json-text";

/** What a run is for. */
export type RunKind = "update" | "refresh" | "destroy" | "import";

/** What the history tells of a run. */
export interface UpdateRecord {
  readonly kind: RunKind;
  readonly started: Date;
  readonly ended: Date;
  readonly message: string;
  /** Facts about where it ran, such as `git.head`; no secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** As in Pulumi.<stack>.yaml, with encrypted values as `{secure: …}`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly result: "succeeded" | "failed";
  /** Steps by operation, such as `create: 2`. */
  readonly resourceChanges: Readonly<Record<string, number>>;
}

/** Adds a record to the history, with copies of the checkpoint as it is now. */
export async function addToHistory(
  paths: StackPaths,
  checkpoint: { readonly path: string; readonly compression: Compression },
  record: UpdateRecord,
): Promise<void> {
  const { path, compression } = checkpoint;
  const stack = basename(paths.history);
  const form = `json${compression}`;
  const recordPath = join(paths.history, `${stack}-${nanoseconds()}`);
  await replaceFile(
    `${recordPath}.history.${form}`,
    await pack(Buffer.from(recordText(record)), compression, recordPath),
  );
  await copyWhole(path, `${recordPath}.checkpoint.${form}`);
  await copyWhole(path, join(paths.backups, `${stack}.${nanoseconds()}.${form}`));
}

function recordText(record: UpdateRecord): string {
  const { resourceChanges } = record;
  const counts = Object.fromEntries(Object.entries(resourceChanges).filter(([, count]) => count > 0));
  return carriedText({
    kind: record.kind === "import" ? "resource-import" : record.kind,
    startTime: seconds(record.started),
    message: record.message,
    environment: sorted(record.environment),
    config: sorted(record.config),
    version: 0,
    result: record.result,
    endTime: seconds(record.ended),
    ...(Object.keys(counts).length > 0 ? { resourceChanges: sorted(counts) } : {}),
  });
}

function sorted<T>(map: Readonly<Record<string, T>>): Record<string, T | undefined> {
  return Object.fromEntries(sortedKeys(map).map((key) => [key, map[key]]));
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}

/** Nanoseconds since 1970, as far as the clock tells them. */
function nanoseconds(): string {
  return String(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n);
}
