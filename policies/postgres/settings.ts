/**
 * Settings that a resource hands to programs, in the groups in which they stand: an object's data, a container's
 * environment, a file of settings or a JSON object in one of them.
 */
import { kubernetesObjects } from "../kubernetes/objects";
import { variablesOf } from "../references/expansion";
import { SOURCE_ANNOTATION } from "../references/scan";
import { isPhysical, type Resource } from "../resource";
import {
  entriesOf,
  isList,
  isMap,
  isUnknown,
  itemsOf,
  type Path,
  type Unknown,
  type Value,
  valueAt,
} from "../value";

export interface Setting {
  readonly name: string;
  /** Numbers and truth values as text. */
  readonly value: string | Unknown;
  readonly path: Path;
}

/** What a resource hands over. */
export interface Settings {
  readonly groups: readonly (readonly Setting[])[];
  /** Whole groups of which nothing is known, and that come from elsewhere. */
  readonly unknown: readonly Path[];
}

/** The settings of Secrets, ConfigMaps, containers and entries in Vault; none of anything else. */
export function settingsOf(resource: Resource): Settings {
  const reader = new Reader(resource);
  if (isPhysical(resource)) reader.read();
  return reader;
}

/** Properties of pods and of what makes them that lead to settings. */
const HOLDERS: readonly string[] = [
  "spec",
  "template",
  "containers",
  "initContainers",
  "env",
  "args",
  "command",
];

class Reader implements Settings {
  readonly groups: Setting[][] = [];
  readonly unknown: Path[] = [];

  constructor(private readonly resource: Resource) {}

  read(): void {
    const { type, properties } = this.resource;
    for (const { kind, path, body } of kubernetesObjects(this.resource).objects) {
      if (kind === "Secret" || kind === "ConfigMap") {
        const source = valueAt(body, "metadata", "annotations", SOURCE_ANNOTATION);
        const isNamed = kind === "Secret" && typeof source === "string";
        this.#map(body.data, [...path, "data"], { isEncoded: kind === "Secret", isNamed });
        this.#map(body.stringData, [...path, "stringData"], { isNamed });
      } else this.#containers(body, path);
    }
    if (/^vault:(?:kv|generic)\//.test(type)) {
      if (isUnknown(properties.dataJson)) this.#open(properties.dataJson, ["dataJson"]);
      else if (typeof properties.dataJson === "string") this.#nested(properties.dataJson, ["dataJson"]);
      this.#map(properties.data, ["data"]);
    }
  }

  /** @param isNamed whether it says which entry of Vault its values come from: they are judged there */
  #map(
    value: Value | undefined,
    path: Path,
    { isEncoded = false, isNamed = false }: { readonly isEncoded?: boolean; readonly isNamed?: boolean } = {},
  ): void {
    if (isUnknown(value) && !isNamed) this.#open(value, path);
    const settings = entriesOf(value).flatMap(([name, item]): Setting[] => {
      const text = textOf(item);
      if (text === undefined || (isUnknown(text) && isNamed)) return [];
      const plain =
        isEncoded && typeof text === "string" ? Buffer.from(text, "base64").toString("utf8") : text;
      return [{ name, value: plain, path: [...path, name] }];
    });
    this.#group(settings);
  }

  #open(value: Unknown, path: Path): void {
    if (!value.own) this.unknown.push(path);
  }

  /** Containers stand at the same depth in no two kinds. */
  #containers(value: Value, path: Path): void {
    if (isList(value)) for (const [index, item] of itemsOf(value)) this.#containers(item, [...path, index]);
    for (const [key, item] of entriesOf(value)) {
      const at = [...path, key];
      if (isUnknown(item) && HOLDERS.includes(key)) this.#open(item, at);
      else if (key === "env" && isList(item)) this.#environment(item, at);
      else if (key === "env") this.#map(item, at);
      else if (key === "args" || key === "command") this.#options(item, at);
      else this.#containers(item, at);
    }
  }

  #environment(list: readonly Value[], path: Path): void {
    const { byPosition } = variablesOf(list);
    const settings = itemsOf(list).flatMap(([index, item]): Setting[] => {
      const name = valueAt(item, "name");
      const value = byPosition.get(index) ?? textOf(valueAt(item, "value"));
      if (typeof name !== "string" || value === undefined) return [];
      return [{ name, value, path: [...path, index, "value"] }];
    });
    this.#group(settings);
  }

  /** `--db-host=10.0.0.10`, or the value as the next argument. */
  #options(value: Value, path: Path): void {
    const items = itemsOf(value);
    const settings = items.flatMap(([index, item]): Setting[] => {
      const [, name, , text] =
        (typeof item === "string" && /^--?([A-Za-z][\w.-]*)(=(.*))?$/s.exec(item)) || [];
      if (name === undefined) return [];
      const next = items[index + 1]?.[1];
      if (text !== undefined) return [{ name, value: text, path: [...path, index] }];
      return typeof next === "string" ? [{ name, value: next, path: [...path, index + 1] }] : [];
    });
    this.#group(settings);
  }

  #group(settings: Setting[]): void {
    if (settings.length > 0) this.groups.push(settings);
    for (const { value, path } of settings) if (typeof value === "string") this.#nested(value, path);
  }

  /** Settings within a text: a JSON object, or one in each line. They stand where the text does. */
  #nested(text: string, path: Path): void {
    const trimmed = text.trim();
    if (trimmed.startsWith("{")) {
      const parsed = parsedJson(trimmed);
      if (parsed !== undefined) this.#object(parsed, path);
    } else if (/[\r\n]/.test(trimmed)) this.#lines(trimmed, path);
  }

  #lines(text: string, path: Path): void {
    const settings = text.split(/[\r\n]+/).flatMap((line): Setting[] => {
      const [, name, value = ""] =
        /^\s*(?:export\s+|-\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[:=]\s*(.+?)\s*$/.exec(line) ?? [];
      return name === undefined ? [] : [{ name, value: value.replace(/^(["'])(.*)\1[,;]?$/, "$2"), path }];
    });
    if (settings.length > 0) this.groups.push(settings);
  }

  #object(value: Value, path: Path): void {
    const settings: Setting[] = [];
    for (const [name, item] of entriesOf(value)) {
      const text = textOf(item);
      if (text !== undefined) settings.push({ name, value: text, path });
      for (const inner of isList(item) ? item : [item]) if (isMap(inner)) this.#object(inner, path);
    }
    if (settings.length > 0) this.groups.push(settings);
  }
}

function textOf(value: Value | undefined): string | Unknown | undefined {
  if (typeof value === "string" || isUnknown(value)) return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function parsedJson(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}
