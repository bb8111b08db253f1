/**
 * The real world of the `testing` provider: one file to which every side effect is appended before anything else
 * happens, so that it outlives kill -9 of the process that caused it, and tests can prove what was done and how
 * often. What exists is what the file says. One engine writes at a time; anybody may read.
 */
import { appendFileSync, closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { PropertyMap } from "../../../engine/provider/values";

/** One thing that happened. */
export type Entry =
  | {
      readonly effect: "created" | "updated";
      readonly type: string;
      readonly id: string;
      /** URN of the resource on whose behalf it was done; empty when a test did it. */
      readonly urn: string;
      readonly inputs: PropertyMap;
    }
  | { readonly effect: "deleted"; readonly type: string; readonly id: string; readonly urn: string }
  /** A fault that took place, by its number in the list of faults. */
  | { readonly effect: "fault"; readonly key: string };

/** An object that exists. */
export interface WorldObject {
  readonly type: string;
  readonly id: string;
  readonly urn: string;
  readonly inputs: PropertyMap;
}

export class World {
  readonly #file: string;
  readonly #objects = new Map<string, WorldObject>();
  readonly #journal: Entry[] = [];
  #read = 0;

  /** Opens the world in a folder, which is made if need be. */
  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#file = join(folder, "world.jsonl");
    // A process that was killed in the middle of a line did not do what the line says.
    if (existsSync(this.#file) && !this.#text().endsWith("\n")) appendFileSync(this.#file, "\n");
  }

  /** Everything that happened, in order; faults left out. */
  get journal(): Exclude<Entry, { effect: "fault" }>[] {
    this.#catchUp();
    return this.#journal.filter((entry) => entry.effect !== "fault");
  }

  /** What exists, by type and id. */
  get objects(): WorldObject[] {
    this.#catchUp();
    return [...this.#objects.values()];
  }

  object(type: string, id: string): WorldObject | undefined {
    this.#catchUp();
    return this.#objects.get(keyOf(type, id));
  }

  /** How often each effect took place, of one object or of all: `{ created: 2, updated: 0, deleted: 1 }`. */
  count(id?: string): Record<"created" | "updated" | "deleted", number> {
    const counts = { created: 0, updated: 0, deleted: 0 };
    for (const entry of this.journal) if (id === undefined || entry.id === id) counts[entry.effect] += 1;
    return counts;
  }

  /** How often a fault took place. */
  faults(key: string): number {
    this.#catchUp();
    return this.#journal.filter((entry) => entry.effect === "fault" && entry.key === key).length;
  }

  /** Makes something happen. A test that calls this makes drift. */
  record(entry: Entry): void {
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  /** Takes in what was appended since the last look, by whomever. */
  #catchUp(): void {
    const text = this.#text();
    const end = text.lastIndexOf("\n") + 1;
    const complete = text.slice(0, end);
    this.#read += Buffer.byteLength(complete);
    for (const line of complete.split("\n")) {
      const entry = line === "" ? undefined : parse(line);
      if (entry === undefined) continue;
      this.#journal.push(entry);
      if (entry.effect === "fault") continue;
      const key = keyOf(entry.type, entry.id);
      this.#objects.delete(key);
      if (entry.effect === "deleted") continue;
      const { type, id, urn, inputs } = entry;
      this.#objects.set(key, { type, id, urn, inputs });
    }
  }

  /** What of the file was not read yet. */
  #text(): string {
    if (!existsSync(this.#file)) return "";
    const descriptor = openSync(this.#file, "r");
    try {
      const rest = Buffer.alloc(fstatSync(descriptor).size - this.#read);
      readSync(descriptor, rest, 0, rest.length, this.#read);
      return rest.toString("utf8");
    } finally {
      closeSync(descriptor);
    }
  }
}

function keyOf(type: string, id: string): string {
  return `${type} ${id}`;
}

/** Undefined for a line that was cut. */
function parse(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}
