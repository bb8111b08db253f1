/**
 * The intent log: what a run is about to do and what became of it, one JSON object a line, beside the checkpoint that
 * it builds on. Its first line holds the hash of that checkpoint, and it is never replayed on another. Reading stops
 * at the first line that is not whole: that one, and any after it, was never promised to anybody.
 *
 * A line names a state by the number of its slot (journal.ts). Secrets are encrypted as in the checkpoint.
 */
import { isRecord } from "../project/yaml-file";
import { operationText, readOperation, type TextOf } from "./checkpoint-file";
import type { Ciphertexts } from "./ciphertexts";
import { Journal, type SlotChange } from "./journal";
import { readResource } from "./resource-text";
import type { PendingOperation, ResourceState, Snapshot } from "./state";

/** Raised when lines get another meaning; logs of other forms are refused. 2 came with `along`. */
export const LOG_FORM = 2;

/** The first line. */
export interface LogHeader {
  readonly form: number;
  /** SHA-256 of the checkpoint file's bytes. */
  readonly checkpoint: string;
  readonly kind: string;
  /** When the run started, RFC 3339. */
  readonly started: string;
  readonly salt: string;
  /** As in journal.ts; a run that wrote its checkpoint in between goes on from these. */
  readonly made: number;
  readonly underWay: number;
  readonly refreshed: boolean;
}

/** A log as it was read. */
export interface ReadLog {
  readonly header: LogHeader;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** Lines at the end that are not whole. */
  readonly ignoredLines: number;
  /** Hash of the checkpoint that took the place of this log, when the run came to write one. */
  readonly closes?: string;
}

/** A step of a run, for reports. */
export interface StepRecord {
  /** What was asked, and of which resource; absent when nothing was asked that could be lost. */
  readonly operation?: { readonly type: string; readonly urn: string };
  /** `unknown`: the run ended before the step did. */
  readonly outcome: "succeeded" | "failed" | "unknown";
}

export function headerLine(header: LogHeader): string {
  return JSON.stringify(header);
}

export function beginLine(step: number, operation: PendingOperation | undefined, textOf: TextOf): string {
  return operation === undefined
    ? `{"begin":${step}}`
    : `{"begin":${step},"operation":${operationText(operation, textOf)}}`;
}

export function successLine(step: number, change: SlotChange, textOf: TextOf): string {
  const { made, removes, marksForDeletion, marksPendingReplacement, along, inPlace } = change;
  return `{${[
    `"success":${step}`,
    ...(made === undefined ? [] : [`"made":${textOf(made)}`]),
    ...(removes === undefined ? [] : [`"removes":${removes.number}`]),
    ...(marksForDeletion === undefined ? [] : [`"marksForDeletion":${marksForDeletion.number}`]),
    ...(marksPendingReplacement === undefined
      ? []
      : [`"marksPendingReplacement":${marksPendingReplacement.number}`]),
    ...(along === undefined ? [] : [`"along":[${along.map(({ number }) => number).join(",")}]`]),
    ...(inPlace === undefined ? [] : [`"inPlace":${inPlace}`]),
  ].join(",")}}`;
}

export function failureLine(step: number): string {
  return `{"failure":${step}}`;
}

export function outputsLine(slot: number, state: ResourceState, textOf: TextOf): string {
  return `{"outputs":${slot},"state":${textOf(state)}}`;
}

export function closesLine(hash: string): string {
  return `{"closes":"${hash}"}`;
}

/** Reads a log. Undefined when not even its first line is whole: then nothing was promised yet. */
export function readLog(text: string): ReadLog | undefined {
  const [first, ...rest] = text.split("\n");
  // The text after the last line break is empty, or a line that is not whole.
  const last = rest.pop();
  if (first === undefined || last === undefined) return undefined;
  const header = parsed(first) as LogHeader | undefined;
  if (header === undefined) return undefined;
  const lines: Record<string, unknown>[] = [];
  for (const line of rest) {
    const value = parsed(line);
    if (value === undefined) break;
    lines.push(value);
  }
  const closes = lines.at(-1)?.closes;
  return {
    header,
    lines,
    ignoredLines: rest.length - lines.length + (last === "" ? 0 : 1),
    ...(typeof closes === "string" ? { closes } : {}),
  };
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What the run of a log did, in order. */
export function stepsOf({ lines }: ReadLog): StepRecord[] {
  const steps = new Map<unknown, StepRecord>();
  for (const line of lines) {
    if (line.begin !== undefined) {
      const { type, resource } = isRecord(line.operation) ? line.operation : {};
      const urn = isRecord(resource) ? resource.urn : undefined;
      const operation = type === undefined ? {} : { operation: { type: String(type), urn: String(urn) } };
      steps.set(line.begin, { ...operation, outcome: "unknown" });
    }
    const ended = line.success ?? line.failure;
    if (ended === undefined) continue;
    steps.set(ended, { ...steps.get(ended), outcome: line.success === undefined ? "failed" : "succeeded" });
  }
  return [...steps.values()];
}

/**
 * The snapshot that the lines make of the one that they build on. Throws an error that names the line when one
 * cannot be applied.
 */
export function replay(log: ReadLog, snapshot: Snapshot, ciphertexts: Ciphertexts): Snapshot {
  const { made, underWay, refreshed } = log.header;
  const journal = new Journal({ snapshot, made, underWay }, refreshed);
  for (const [index, line] of log.lines.entries()) {
    const problems: string[] = [];
    try {
      applyLine(journal, line, ciphertexts, problems);
    } catch (error) {
      problems.push((error as Error).message);
    }
    if (problems.length > 0) throw new Error(`line ${index + 2}: ${problems.join("; ")}`);
  }
  return journal.assemble().snapshot;
}

function applyLine(
  journal: Journal,
  line: Readonly<Record<string, unknown>>,
  ciphertexts: Ciphertexts,
  problems: string[],
): void {
  const slot = (name: string) =>
    typeof line[name] === "number" ? { [name]: journal.slotAt(line[name]) } : {};
  const state = (name: string): ResourceState | undefined =>
    line[name] === undefined ? undefined : readResource(line[name], name, ciphertexts, problems);
  if (typeof line.begin === "number") {
    const { operation } = line;
    const begun =
      operation === undefined ? undefined : readOperation(operation, "operation", ciphertexts, problems);
    journal.begin(line.begin, begun);
  } else if (typeof line.success === "number") {
    const made = state("made");
    journal.end(line.success, {
      ...(made === undefined ? {} : { made }),
      ...slot("removes"),
      ...slot("marksForDeletion"),
      ...slot("marksPendingReplacement"),
      ...(Array.isArray(line.along) ? { along: line.along.map((each) => journal.slotAt(Number(each))) } : {}),
      ...(line.inPlace === true ? { inPlace: true } : {}),
    });
  } else if (typeof line.failure === "number") {
    journal.end(line.failure);
  } else if (typeof line.outputs === "number") {
    const after = state("state");
    if (after !== undefined) journal.replace(journal.slotAt(line.outputs), after);
  } else if (line.closes === undefined) {
    throw new Error(`is of a kind that this engine does not know: ${Object.keys(line).join(", ")}`);
  }
}
