/**
 * The images that stand in the text of an environment's file. A history has many versions of a file and the YAML
 * library takes milliseconds for each, so a text of the usual layout is cut by its indentation and the library reads
 * the lines of each image alone, the same lines once, and none that hold plain words only. Any other text is read
 * whole.
 */
import { parseDocument } from "yaml";
import { PROJECT } from "../../config/names";

/** Keys of the section that names them; a key without a namespace is the project's own. */
const SECTION = [`${PROJECT}:workloads`, "workloads"];

/** An image as an environment's file names it. */
export interface Image {
  readonly name: string;
  readonly tag: string;
  readonly digest?: string;
  /** Whether the file says that it was built for this environment alone. The client's always is. */
  readonly buildScope?: "environment";
}

/** Images by workload: `api`, `outboundWorker`, … */
export type Images = Readonly<Record<string, Image>>;

/** Reads many texts of which large parts are the same. */
export class ImageReader {
  private readonly parts = new Map<string, unknown>();

  /** The images of a text; undefined when it is no YAML. An image without a name or a tag in text is left out. */
  imagesOf(text: string): Images | undefined {
    return this.byIndentation(text) ?? byParsing(text);
  }

  /** Undefined where the layout is not the usual one. */
  private byIndentation(text: string): Images | undefined {
    const sections = entries(below(entries(text.split(/\r?\n/))?.get("config")));
    if (sections === undefined) return undefined;
    const [name, another] = SECTION.filter((each) => sections.has(each));
    if (name === undefined) return {};
    const workloads = entries(below(sections.get(name)));
    if (workloads === undefined || another !== undefined) return undefined;
    const found: [string, Image][] = [];
    for (const [workload, lines] of workloads) {
      const settings = entries(below(lines));
      if (settings === undefined) return undefined;
      const image = settings.get("image");
      if (image === undefined) continue;
      const part = plainImage(image) ?? this.parse(image.join("\n"));
      if (part === undefined) return undefined;
      const read = imageIn(part);
      if (read !== undefined) found.push([workload, read]);
    }
    return Object.fromEntries(found);
  }

  private parse(text: string): unknown {
    if (!this.parts.has(text)) this.parts.set(text, parse(text));
    return this.parts.get(text);
  }
}

/** The images of one file's text; undefined when it is no YAML. */
export function imagesOf(text: string): Images | undefined {
  return new ImageReader().imagesOf(text);
}

function byParsing(text: string): Images | undefined {
  const file = parse(text);
  if (file === undefined) return undefined;
  const config = isGroup(file) && isGroup(file.config) ? file.config : {};
  const workloads = SECTION.map((name) => config[name]).find(isGroup) ?? {};
  return Object.fromEntries(
    Object.entries(workloads).flatMap(([workload, settings]) => {
      const image = imageIn(settings);
      return image === undefined ? [] : [[workload, image] as const];
    }),
  );
}

/** The value of a text; undefined when it is no YAML. */
function parse(text: string): unknown {
  try {
    const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
    return document.errors.length > 0 ? undefined : document.toJS();
  } catch {
    // An alias that leads nowhere, or one that unfolds into too much.
    return undefined;
  }
}

function imageIn(settings: unknown): Image | undefined {
  const image = isGroup(settings) ? settings.image : undefined;
  if (!isGroup(image)) return undefined;
  const { name, tag, digest, buildScope } = image;
  if (typeof name !== "string" || typeof tag !== "string") return undefined;
  return {
    name,
    tag,
    ...(typeof digest === "string" ? { digest } : {}),
    ...(buildScope === "environment" ? { buildScope } : {}),
  };
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * What the library would make of `image: { name: keybuzz-api, tag: v1 }`, where all values are words that need no
 * quotes; undefined of anything else. Most versions of most files are read by this alone.
 */
function plainImage([line = "", ...more]: readonly string[]): unknown {
  const braces = /^ *image: +\{ *([^{}]+?) *\} *(?: #.*)?$/.exec(line)?.[1];
  if (braces === undefined || more.length > 0) return undefined;
  const pairs = braces.split(/ *, */).map((pair) => /^([a-zA-Z]+): +([A-Za-z][\w.-]*(?::\w+)?)$/.exec(pair));
  if (pairs.some((pair) => pair === null || /^(?:true|false|null)$/i.test(pair[2] ?? ""))) return undefined;
  return { image: Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]])) };
}

/** The lines below the line of a key; undefined when that line holds more than the key. */
function below(entry: readonly string[] | undefined): readonly string[] | undefined {
  const [key = "", ...lines] = entry ?? [];
  return /^ *(["']?)[\w:-]+\1:\s*(?:#.*)?$/.test(key) ? lines : undefined;
}

/** The lines of each entry of a mapping, its key's line first; undefined when indentation alone does not tell. */
function entries(lines: readonly string[] | undefined): Map<string, string[]> | undefined {
  const found = new Map<string, string[]>();
  let current: string[] | undefined;
  let indent: number | undefined;
  for (const line of lines ?? []) {
    const depth = line.search(/[^ ]/);
    if (depth < 0 || line[depth] === "#") continue;
    indent ??= depth;
    if (depth > indent && current !== undefined) {
      current.push(line);
      continue;
    }
    const key = /^ *(["']?)([\w:-]+)\1:(?=\s|$)/.exec(line)?.[2];
    if (depth !== indent || key === undefined || found.has(key)) return undefined;
    current = [line];
    found.set(key, current);
  }
  return lines && found;
}
