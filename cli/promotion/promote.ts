/** Promotes images from one environment's file into another's: reads both, decides, edits, checks, writes once. */
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { formatMistakes, type Mistake, validateEnvironmentFile } from "../../config";
import { CommandError, EXIT } from "../exit-codes";
import { type ImageHistory, imageHistory, imagesOf } from "../git/image-history";
import { type Decision, decide, type Side } from "./decide";
import { editImages, LayoutError } from "./edit-images";
import { NotReplacedError, replaceFile } from "./replace-file";

/** An environment by name, with the absolute path of its file. */
export interface EnvironmentPath {
  readonly environment: string;
  readonly path: string;
}

/** What to promote. */
export interface Promotion {
  readonly workloads: readonly string[];
  readonly from: EnvironmentPath;
  readonly to: EnvironmentPath;
  readonly tag: string | undefined;
  /** Whether to leave the file as it is. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/** What came of it. Nothing was refused. */
export interface Promoted {
  readonly from: Side;
  readonly to: Side;
  readonly decisions: readonly Exclude<Decision, { kind: "refused" }>[];
  /** The line of each changed workload's tag. */
  readonly lines: Readonly<Record<string, number>>;
  readonly history: ImageHistory;
}

/**
 * Promotes all workloads or none. Throws CommandError with every reason why not: code 2 for what is refused, 1 where
 * the file cannot be written. Rejects with the signal's reason when it is aborted; the file is then as it was.
 */
export async function promote(promotion: Promotion): Promise<Promoted> {
  const { from, to, dryRun, signal } = promotion;
  const workloads = [...new Set(promotion.workloads)];
  const [source, target] = [readEnvironment(from), readEnvironment(to)];
  const scoped = checkSource(source);
  // What a promotion replaces may be wrong before it; the text after it is judged as a whole.
  const replaced = workloads.filter((each) => Object.hasOwn(target.images, each));
  const paths = replaced.flatMap((each) => ["tag", "digest"].map((key) => imagePath(each, key)));
  const elsewhere = mistakesIn(target).filter(({ path }) => !paths.includes(path));
  refuseMistakes(target, elsewhere);
  const history = await imageHistory(dirname(from.path), basename(from.path), signal);
  const request = { from: source, to: target, history, builtForOne: scoped, tag: promotion.tag };
  const decisions = workloads.map((workload) => decide(workload, request));
  const refusals = decisions.flatMap((decision) => (decision.kind === "refused" ? [decision.reason] : []));
  if (refusals.length > 0) throw new CommandError(EXIT.configuration, [...refusals, unchanged(target)]);

  const changes = decisions.filter((decision) => decision.kind === "change");
  const edited = edit(target, changes);
  refuseMistakes(target, mistakesIn({ ...target, text: edited.text }), "would have");
  signal.throwIfAborted();
  if (!dryRun && changes.length > 0) write(to.path, target, edited.text);
  const settled = decisions.filter((decision) => decision.kind !== "refused");
  return { from: source, to: target, decisions: settled, lines: edited.lines, history };
}

interface ReadSide extends Side {
  readonly text: string;
}

function readEnvironment({ environment, path }: EnvironmentPath): ReadSide {
  const file = basename(path);
  let text: string;
  try {
    // What is no UTF-8 could not be written back as it was.
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    throw new CommandError(EXIT.configuration, [`${file}: cannot be read: ${(error as Error).message}`]);
  }
  return { environment, file, text, images: imagesOf(text) ?? {} };
}

/** The source must be one that can be deployed. Gives the workloads whose images belong to it alone. */
function checkSource(source: ReadSide): ReadonlySet<string> {
  const validation = validateEnvironmentFile(source.text, { stack: source.environment, file: source.file });
  if (!validation.valid) refuseMistakes(source, validation.mistakes);
  const workloads = validation.valid ? Object.entries(validation.config.workloads) : [];
  return new Set(
    workloads.filter(([, each]) => each.image.buildScope === "environment").map(([name]) => name),
  );
}

function mistakesIn({ environment, file, text }: ReadSide): readonly Mistake[] {
  const validation = validateEnvironmentFile(text, { stack: environment, file });
  return validation.valid ? [] : validation.mistakes;
}

function refuseMistakes(side: ReadSide, mistakes: readonly Mistake[], has = "has"): void {
  if (mistakes.length === 0) return;
  const count = mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`;
  const means =
    has === "has" ? "and could not be deployed: mend it, then promote" : "after it: nothing is promoted";
  throw new CommandError(EXIT.configuration, [
    `${side.file} ${has} ${count} ${means}`,
    ...mistakes.map((mistake) => formatMistakes([mistake])),
  ]);
}

function imagePath(workload: string, key: string): string {
  return `keybuzz:workloads.${workload}.image.${key}`;
}

function edit(target: ReadSide, changes: readonly Extract<Decision, { kind: "change" }>[]) {
  try {
    return editImages(
      target.text,
      changes.map(({ workload, after: { tag, digest } }) => ({ workload, tag, digest })),
    );
  } catch (error) {
    if (!(error instanceof LayoutError)) throw error;
    throw new CommandError(EXIT.configuration, [
      `${error.workload}: the image in ${target.file} ${error.message}; write it out there, as in ` +
        "image: { name: keybuzz-api, tag: v1.2.3 }, then promote",
      unchanged(target),
    ]);
  }
}

function write(path: string, target: ReadSide, text: string): void {
  try {
    replaceFile(path, target.text, text);
  } catch (error) {
    if (!(error instanceof NotReplacedError)) throw error;
    throw new CommandError(EXIT.failure, [
      `${target.file} could not be written: ${error.message}`,
      unchanged(target),
    ]);
  }
}

function unchanged({ file }: Side): string {
  return `nothing was promoted; ${file} is as it was`;
}
