/**
 * Gives workloads other tags and digests in the text of an environment's file, and changes nothing else by a byte:
 * the places are found by the YAML library, the text is cut there. What the edit did is read back and compared; a
 * layout in which it would do more, or less, is refused.
 */
import { isDeepStrictEqual } from "node:util";
import {
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { PROJECT } from "../../config/names";

/** What a workload's image is to be. */
export interface ImageEdit {
  readonly workload: string;
  readonly tag: string;
  /** Undefined leaves the image without one. */
  readonly digest: string | undefined;
}

/** The text after an edit. */
export interface EditedText {
  readonly text: string;
  /** The line of each workload's tag, from 1. */
  readonly lines: Readonly<Record<string, number>>;
}

/** The layout of the text does not allow the edit. */
export class LayoutError extends Error {
  override readonly name = "LayoutError";

  constructor(
    readonly workload: string,
    problem: string,
  ) {
    super(problem);
  }
}

/** A part of the text and what comes in its place. */
interface Cut {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Makes all edits at once. Throws LayoutError when one of them cannot be made on its own. */
export function editImages(text: string, edits: readonly ImageEdit[]): EditedText {
  const file = new Source(text);
  const cuts = edits.flatMap((edit) => {
    const image = file.imageOf(edit.workload);
    return [...tagCuts(image, edit), ...digestCuts(text, image, edit)];
  });
  const edited = apply(text, cuts);
  const after = new Source(edited);
  const want = edits.reduce((values, edit) => withImage(values, edit), file.values);
  if (!after.isYaml || !isDeepStrictEqual(after.values, want)) {
    const workload = edits.map((edit) => edit.workload).join(", ");
    throw new LayoutError(
      workload,
      "stands in lines that belong to something else too, by an anchor or a layout",
    );
  }
  const lines = edits.map(({ workload }) => [workload, after.lineOf(workload)] as const);
  return { text: edited, lines: Object.fromEntries(lines) };
}

/** An image as it stands in the text. */
interface ImageNode {
  readonly map: YAMLMap;
  readonly tag: FoundPair;
  readonly digest: FoundPair | undefined;
}

interface FoundPair {
  readonly pair: Pair;
  readonly index: number;
  readonly value: FlowScalar;
  /** Where the key begins, and where the value ends. */
  readonly start: number;
  readonly end: number;
}

type FlowScalar = Scalar & { readonly range: [number, number, number] };

class Source {
  private readonly counter = new LineCounter();
  private readonly document;

  constructor(text: string) {
    const options = { lineCounter: this.counter, uniqueKeys: false, prettyErrors: false } as const;
    this.document = parseDocument(text, { ...options, logLevel: "silent" });
  }

  get isYaml(): boolean {
    return this.document.errors.length === 0;
  }

  /** Everything in the file. What two places share through an alias stands in each. */
  get values(): unknown {
    return JSON.parse(JSON.stringify(this.document.toJS()));
  }

  imageOf(workload: string): ImageNode {
    const map = this.mapAt(workload);
    const tag = map && this.pairOf(map, "tag", workload);
    if (map === undefined || tag === undefined) throw new LayoutError(workload, "has no tag");
    return { map, tag, digest: this.pairOf(map, "digest", workload) };
  }

  lineOf(workload: string): number {
    return this.counter.linePos(this.imageOf(workload).tag.start).line;
  }

  private mapAt(workload: string): YAMLMap | undefined {
    let node: unknown = this.document.contents;
    for (const names of [["config"], [`${PROJECT}:workloads`, "workloads"], [workload], ["image"]]) {
      if (!isMap(node)) return undefined;
      // Of keys that stand twice the last one counts.
      const pair = node.items.findLast(({ key }) => isScalar(key) && names.includes(String(key.value)));
      node = isAlias(pair?.value) ? pair.value.resolve(this.document) : pair?.value;
    }
    return isMap(node) ? node : undefined;
  }

  private pairOf(map: YAMLMap, name: string, workload: string): FoundPair | undefined {
    const index = map.items.findLastIndex(({ key }) => isScalar(key) && key.value === name);
    const pair = map.items[index];
    if (pair === undefined) return undefined;
    const { key, value } = pair;
    if (!isScalar(key) || !key.range || !isScalar(value) || !value.range) {
      throw new LayoutError(workload, `has a ${name} that stands elsewhere, by an alias`);
    }
    if (value.type === "BLOCK_FOLDED" || value.type === "BLOCK_LITERAL") {
      throw new LayoutError(workload, `has a ${name} of several lines`);
    }
    const found = value as FlowScalar;
    return { pair, index, value: found, start: key.range[0], end: found.range[1] };
  }
}

function tagCuts({ tag }: ImageNode, edit: ImageEdit): Cut[] {
  return tag.value.value === edit.tag ? [] : [replaced(tag.value, edit.tag)];
}

function digestCuts(text: string, image: ImageNode, { workload, digest: wanted }: ImageEdit): Cut[] {
  const { map, tag, digest } = image;
  if (digest === undefined) {
    if (wanted === undefined) return [];
    return [
      map.flow ? { start: tag.end, end: tag.end, text: `, digest: ${wanted}` } : newLine(text, tag, wanted),
    ];
  }
  if (wanted !== undefined) return digest.value.value === wanted ? [] : [replaced(digest.value, wanted)];
  if (!map.flow || standsAlone(text, digest)) return [wholeLines(text, digest)];
  const before = map.items[digest.index - 1]?.value;
  const after = map.items[digest.index + 1]?.key;
  const [start, end] =
    isScalar(before) && before.range
      ? [before.range[1], digest.end]
      : [digest.start, isScalar(after) && after.range ? after.range[0] : digest.end];
  // Between two entries stand a comma and blanks, or a comment, which must not go.
  if (text.slice(start, digest.start).includes("#") || text.slice(digest.end, end).includes("#")) {
    throw new LayoutError(workload, "has a digest beside a comment, in braces");
  }
  return [{ start, end, text: "" }];
}

/** A value in the place of another one, in the same quotes. */
function replaced({ range: [start, end], type }: FlowScalar, value: string): Cut {
  const quote = { QUOTE_DOUBLE: '"', QUOTE_SINGLE: "'" }[String(type)] ?? (isPlainText(value) ? "" : '"');
  return { start, end, text: `${quote}${value}${quote}` };
}

/** Whether every reader of YAML takes a tag or a digest as text when it stands there without quotes. */
function isPlainText(value: string): boolean {
  return /^[A-Za-z][\w.:-]*$/.test(value) && !/^(?:true|false|yes|no|on|off|y|n|null|nan)$/i.test(value);
}

/** A digest in a line of its own, below the tag's. */
function newLine(text: string, tag: FoundPair, digest: string): Cut {
  const indent = text.slice(lineStart(text, tag.start), tag.start);
  const [end] = lineEnd(text, tag.end);
  const eol = /\r?\n/.exec(text)?.[0] ?? "\n";
  return { start: end, end, text: `${eol}${indent}digest: ${digest}` };
}

/** Whether an entry's lines hold nothing else but its comma and a comment. */
function standsAlone(text: string, { start, end }: FoundPair): boolean {
  const before = text.slice(lineStart(text, start), start);
  const after = text.slice(end, lineEnd(text, end)[0]);
  return /^ *$/.test(before) && /^ *,? *(?: #.*)?$/.test(after);
}

/** The lines of an entry with their end; of the file's last line, with the end of the line before. */
function wholeLines(text: string, { start, end }: FoundPair): Cut {
  const first = lineStart(text, start);
  const [last, next] = lineEnd(text, end);
  if (next > last) return { start: first, end: next, text: "" };
  return { start: text.slice(0, first).replace(/\r?\n$/, "").length, end: next, text: "" };
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Where the line ends before its line break, and where the next one begins. */
function lineEnd(text: string, offset: number): [end: number, next: number] {
  const lineBreak = text.indexOf("\n", offset);
  if (lineBreak < 0) return [text.length, text.length];
  return [text[lineBreak - 1] === "\r" ? lineBreak - 1 : lineBreak, lineBreak + 1];
}

/** Cuts from the end, so that places keep their offsets; the same cut, which an alias asks for twice, is made once. */
function apply(text: string, cuts: readonly Cut[]): string {
  const distinct = new Map(cuts.map((cut) => [JSON.stringify(cut), cut]));
  const fromTheEnd = [...distinct.values()].sort(
    (one, other) => other.start - one.start || other.end - one.end,
  );
  return fromTheEnd.reduce(
    (current, { start, end, text: inserted }) => current.slice(0, start) + inserted + current.slice(end),
    text,
  );
}

/** The file's values with a workload's image as it is to be. */
function withImage(values: unknown, { workload, tag, digest }: ImageEdit): unknown {
  const copy = structuredClone(values) as { config: Record<string, Record<string, { image: object }>> };
  const settings = (copy.config[`${PROJECT}:workloads`] ?? copy.config.workloads)?.[workload];
  if (settings === undefined) return copy;
  const { digest: _, ...image } = settings.image as { readonly digest?: string };
  settings.image = { ...image, tag, ...(digest === undefined ? {} : { digest }) };
  return copy;
}
