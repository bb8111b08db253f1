/**
 * Which images an environment runs or has run, as far as Git can tell: those that stand or stood in its file. Every
 * commit counts that the checked-out one contains, also by way of a merge; the file under an older name does not.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import { type GitAnswer, type GitLimits, git } from "./git";
import { type Image, ImageReader, type Images } from "./images";

export { type Image, type Images, imagesOf } from "./images";

/** An image that a workload has or had. Two are the same when name, tag and digest are. */
export interface PastImage extends Image {
  /** The first commit in which it stood; absent when only the working copy has it. */
  readonly commit?: string;
  /** When that commit was written, as its author's clock said: ISO 8601 with its offset. */
  readonly authorDate?: string;
  /** Whether the working copy has it. */
  readonly current: boolean;
}

/** The images of one environment's file, and how far that is all of them. */
export interface ImageHistory {
  /** By workload, the first image first. */
  readonly workloads: Readonly<Record<string, readonly PastImage[]>>;
  /** How many committed versions of the file were looked at. */
  readonly versions: number;
  /** How many versions, the working copy among them, are no YAML. */
  readonly skipped: number;
  /** Whether Git had every version. If not, an image that is missing here may still have run. */
  readonly complete: boolean;
  /** Why it is not complete, as a sentence without a capital and without its stop. */
  readonly reason?: string;
}

/** One version of the file; the working copy has no commit. */
interface Version {
  readonly images: Images;
  readonly commit?: string;
  readonly authorDate?: string;
}

const MOST_VERSIONS = 10_000;
const LIMITS = { milliseconds: 10_000, bytes: 64 << 20 };
/** After how many versions to look whether the user wants to go on. */
const STRETCH = 50;

/**
 * Reads the history of a file, of the newest 10,000 commits that changed it, for at most about 10 seconds each of
 * listing, reading and parsing. What Git cannot tell is said in the result; rejects only when the signal is aborted,
 * with its reason, or when the working copy is there and cannot be read.
 *
 * @param file relative to the directory, or absolute
 */
export async function imageHistory(
  directory: string,
  file: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<ImageHistory> {
  const reader = new ImageReader();
  const path = existing(resolve(directory, file));
  const past = await committed(path, reader, { ...LIMITS, signal });
  const versions: Version[] = past.found.reverse();
  let { skipped } = past;
  if (existsSync(path)) {
    const images = reader.imagesOf(readFileSync(path, "utf8"));
    if (images === undefined) skipped++;
    else versions.push({ images });
  }
  return {
    workloads: byWorkload(versions),
    versions: past.versions,
    skipped,
    complete: past.reason === undefined,
    ...(past.reason === undefined ? {} : { reason: past.reason }),
  };
}

/** Where a path really leads, since Git keeps of a link only where it points. */
function existing(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

interface Committed {
  /** The newest first. */
  readonly found: (Version & { readonly commit: string })[];
  readonly versions: number;
  readonly skipped: number;
  readonly reason?: string;
}

async function committed(path: string, reader: ImageReader, limits: GitLimits): Promise<Committed> {
  const [directory, name] = [dirname(path), basename(path)];
  // No commit yet is no mistake; both sides of a merge have had their images.
  const listed = ["--ignore-missing", "--full-history", "--date-order", "--format=%H %aI"];
  const most = `--max-count=${MOST_VERSIONS + 1}`;
  const [about, log] = await Promise.all([
    git(directory, ["rev-parse", "--is-inside-work-tree", "--is-shallow-repository"], limits),
    git(directory, ["rev-list", ...listed, most, "HEAD", "--", `./${name}`], limits),
  ]);
  const [inside, shallow] = linesOf(about);
  const nothing = { found: [], versions: 0, skipped: 0 };
  if (about.problem !== undefined) return { ...nothing, reason: about.problem };
  if (inside !== "true") return { ...nothing, reason: "the folder is in no work tree of a Git repository" };

  const commits = linesOf(log)
    .filter((line) => !line.startsWith("commit "))
    .map((line) => line.split(" ") as [commit: string, authorDate: string]);
  const newest = commits.slice(0, MOST_VERSIONS);
  const names = newest.map(([commit]) => `${commit}:./${name}\n`).join("");
  const contents = await git(directory, ["cat-file", "--batch"], limits, names);
  const read = await readVersions(contents.output, newest, reader, limits);
  const reasons = [
    ...(commits.length === 0 && log.problem === undefined ? [`${name} has never been committed`] : []),
    ...(shallow === "true"
      ? ["the clone is shallow (git fetch --unshallow; in GitHub Actions, fetch-depth: 0)"]
      : []),
    ...(commits.length > MOST_VERSIONS ? [`only its newest ${MOST_VERSIONS} versions were read`] : []),
    ...[log.problem, contents.problem, read.problem].filter((problem) => problem !== undefined),
  ];
  return { ...read, ...(reasons.length === 0 ? {} : { reason: reasons.join("; ") }) };
}

function linesOf({ output }: GitAnswer): string[] {
  return output.toString("utf8").split("\n").filter(Boolean);
}

/** Reads what `git cat-file --batch` printed, as far as it goes: `<id> <type> <size>`, the content, a line's end. */
async function readVersions(
  output: Buffer,
  commits: readonly (readonly [commit: string, authorDate: string])[],
  reader: ImageReader,
  { signal, milliseconds }: GitLimits,
): Promise<Committed & { problem?: string }> {
  const deadline = performance.now() + milliseconds;
  const known = new Map<string, Images | undefined>();
  const found: Committed["found"] = [];
  let [at, versions, skipped] = [0, 0, 0];
  for (const [index, [commit, authorDate]] of commits.entries()) {
    if (index % STRETCH === STRETCH - 1) await breathe();
    signal.throwIfAborted();
    if (performance.now() > deadline) {
      const problem = `only its newest ${versions} versions could be read within ${milliseconds / 1000} s`;
      return { found, versions, skipped, problem };
    }
    const lineEnd = output.indexOf("\n", at);
    if (lineEnd < 0) break;
    const header = output.toString("utf8", at, lineEnd);
    at = lineEnd + 1;
    // A commit that took the file away has none.
    if (header.endsWith(" missing")) continue;
    const [id = "", type, size] = header.split(" ");
    const end = at + Number(size);
    if (end > output.length) break;
    versions++;
    if (!known.has(id)) {
      known.set(id, type === "blob" ? reader.imagesOf(output.toString("utf8", at, end)) : {});
    }
    const images = known.get(id);
    if (images === undefined) skipped++;
    else found.push({ images, commit, authorDate });
    at = end + 1;
  }
  return { found, versions, skipped };
}

/** Each image of each workload once, with the commit that brought it. */
function byWorkload(versions: readonly Version[]): Record<string, PastImage[]> {
  const workloads = new Map<string, Map<string, PastImage>>();
  for (const { images, commit, authorDate } of versions) {
    for (const [workload, image] of Object.entries(images)) {
      const past = workloads.get(workload) ?? new Map<string, PastImage>();
      workloads.set(workload, past);
      const key = JSON.stringify([image.name, image.tag, image.digest]);
      const first = past.get(key);
      // The first version that had it tells since when; the last one, for what it was built.
      const since = first === undefined ? { commit, authorDate } : first;
      past.set(key, {
        ...image,
        ...(since.commit === undefined ? {} : { commit: since.commit }),
        ...(since.authorDate === undefined ? {} : { authorDate: since.authorDate }),
        current: commit === undefined,
      });
    }
  }
  return Object.fromEntries([...workloads].map(([workload, past]) => [workload, [...past.values()]]));
}
