/**
 * What promoting a workload comes to: a change, nothing, or a refusal with what to do instead. Decides only; reads
 * and writes nothing.
 */
import { suggest } from "../../config/mistakes";
import type { Image, ImageHistory, Images, PastImage } from "../git/image-history";
import { refusedTag } from "./tags";

/** One environment of a promotion. */
export interface Side {
  readonly environment: string;
  /** What its file is called: `Pulumi.dev.yaml`. */
  readonly file: string;
  readonly images: Images;
}

/** What is to be promoted. */
export interface Request {
  readonly from: Side;
  readonly to: Side;
  /** The images that the source runs or has run. */
  readonly history: ImageHistory;
  /** Workloads whose images are built for one environment, whether the file says so or not. */
  readonly builtForOne: ReadonlySet<string>;
  /** A tag that the source has run, in place of the one that it has. */
  readonly tag?: string | undefined;
}

/** The answer for one workload. */
export type Decision =
  | { readonly kind: "refused"; readonly workload: string; readonly reason: string }
  | { readonly kind: "there"; readonly workload: string; readonly image: Image }
  | {
      readonly kind: "change";
      readonly workload: string;
      readonly before: Image;
      readonly after: Image;
      /** The image in the source's history, if it is there. */
      readonly past: PastImage | undefined;
    };

/** How many tags a refusal lists. */
const MOST_TAGS = 8;

/** Decides for one workload. */
export function decide(workload: string, request: Request): Decision {
  const { from, to, history, builtForOne } = request;
  const refused = (reason: string): Decision => ({
    kind: "refused",
    workload,
    reason: `${workload}: ${reason}`,
  });
  const [source, before] = [imageAt(from, workload), imageAt(to, workload)];
  if (source === undefined && before === undefined) return refused(unknownWorkload(workload, from, to));
  if (source === undefined) {
    return refused(
      `${from.file} declares no such workload, so no image of it has been tried in ${from.environment}; set ` +
        `image.tag in ${to.file} by hand, or declare the workload in ${from.file} too`,
    );
  }
  if (before === undefined) {
    return refused(
      `${to.file} declares no such workload: write it there (docs/configuration.md), with the image ` +
        `${imageText(source)}`,
    );
  }
  const forOne = (image: Image): Decision =>
    refused(
      `its image is built for one environment (buildScope: environment): ${imageText(image)} holds ` +
        `${from.environment}'s addresses, and variables set at run time do not change them; build the same commit ` +
        `with ${to.environment}'s values and set that tag in ${to.file}`,
    );
  const scoped = builtForOne.has(workload) || isScoped(source) || isScoped(before);
  if (scoped) return forOne(source);
  const chosen = request.tag === undefined ? source : pastImage(workload, source, request.tag, history);
  if (typeof chosen === "string") return refused(`--tag ${request.tag}: ${chosen}`);
  if (isScoped(chosen)) return forOne(chosen);
  if (chosen.name !== before.name) {
    return refused(
      `${from.environment} runs ${chosen.name} and ${to.environment} runs ${before.name}: a tag of one image says ` +
        `nothing of another; if that is meant, set image.name in ${to.file} first`,
    );
  }
  const tagProblem = refusedTag(chosen.tag);
  if (tagProblem !== undefined) {
    return refused(
      `the tag ${JSON.stringify(chosen.tag)} ${tagProblem}: build a release, run it in ${from.environment}, then ` +
        `promote that`,
    );
  }
  // A digest in the target beside the same tag fixes more than the source does: it stays.
  const digest = chosen.digest ?? (chosen.tag === before.tag ? before.digest : undefined);
  if (chosen.tag === before.tag && digest === before.digest)
    return { kind: "there", workload, image: before };
  const { name, tag } = chosen;
  const past = ownPast(history, workload)?.find((each) => isSame(each, chosen));
  return { kind: "change", workload, before, after: { name, tag, ...(digest && { digest }) }, past };
}

/** An image as people write it: name, tag and digest. */
export function imageText({ name, tag, digest }: Image): string {
  return `${name}:${tag}${digest === undefined ? "" : `@${digest}`}`;
}

/** Other workloads of the target that would go on with an older build of an image that is promoted. */
export function leftBehind(
  decisions: readonly Decision[],
  to: Side,
): { workload: string; image: Image; of: string }[] {
  const named = new Set(decisions.map(({ workload }) => workload));
  const others = Object.entries(to.images).filter(([other]) => !named.has(other));
  return others.flatMap(([workload, image]) => {
    const promoted = decisions.find((decision) => {
      const after = resultOf(decision);
      return after !== undefined && after.name === image.name && !isSame(after, image);
    });
    return promoted === undefined ? [] : [{ workload, image, of: promoted.workload }];
  });
}

function resultOf(decision: Decision): Image | undefined {
  if (decision.kind === "refused") return undefined;
  return decision.kind === "change" ? decision.after : decision.image;
}

function isScoped({ buildScope }: Image): boolean {
  return buildScope === "environment";
}

function isSame(one: Image, other: Image): boolean {
  return one.name === other.name && one.tag === other.tag && one.digest === other.digest;
}

function imageAt({ images }: Side, workload: string): Image | undefined {
  return Object.hasOwn(images, workload) ? images[workload] : undefined;
}

function ownPast({ workloads }: ImageHistory, workload: string): readonly PastImage[] | undefined {
  return Object.hasOwn(workloads, workload) ? workloads[workload] : undefined;
}

function unknownWorkload(workload: string, from: Side, to: Side): string {
  const known = [...new Set([...Object.keys(from.images), ...Object.keys(to.images)])];
  const meant = suggest(workload, known);
  const question = meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`;
  return `no such workload; there are ${known.join(", ")}${question}`;
}

/** The image with a tag that the source has run, or why there is none to take. */
function pastImage(workload: string, source: Image, tag: string, history: ImageHistory): Image | string {
  if (source.tag === tag) return source;
  const ran = (ownPast(history, workload) ?? []).filter(({ name }) => name === source.name);
  const found = ran.filter((image) => image.tag === tag);
  const digests = new Set(found.flatMap(({ digest }) => digest ?? []));
  if (digests.size > 1) {
    return `the tag stood there with ${digests.size} digests, so it names no one build; set tag and digest by hand`;
  }
  const image = found.find(({ digest }) => digest !== undefined) ?? found[0];
  if (image !== undefined) return image;
  // Nothing but tags goes to the terminal, whatever an old version of the file holds.
  const tags = ran.map((each) => each.tag).filter((each) => /^[\w.-]+$/.test(each));
  const lately = [...new Set(tags)].reverse();
  const more = lately.length > MOST_TAGS ? ", …" : "";
  const list = lately.slice(0, MOST_TAGS).join(", ");
  const limits = history.complete ? "" : `; its history is not complete: ${history.reason}`;
  return `${source.name} never ran there with this tag; the tags that did, the newest first: ${list}${more}${limits}`;
}
