/**
 * Every name that a resource refers to, with the property that says so. The kinds of names that stand somewhere
 * follow from the type (places.ts), from the names of properties and settings (settings.ts), and from the structure
 * of texts (text.ts).
 */
import type { ReferenceKind } from "../ownership";
import { isPhysical, kubernetesKind, type Resource } from "../resource";
import {
  isList,
  isMap,
  isUnknown,
  itemsOf,
  type Path,
  pathText,
  type Value,
  type ValueMap,
  valueAt,
} from "../value";
import { knownWords, withoutOption } from "./commands";
import { composedNames } from "./composed";
import { fromSecretData } from "./encodings";
import { expandedWord, type Variables, variablesOf } from "./expansion";
import { hasOwnPlaces, isLabel, kubernetesPlace } from "./kubernetes";
import type { Named } from "./named";
import { networkReferences } from "./network";
import { placesOf, type Reading } from "./places";
import { type SettingKind, settingKind, settingKindIn } from "./settings";
import { isPlainWord, namesOf, namesOfGroup } from "./text";
import { possibleAt } from "./unknown";

/** A name at a property. */
export interface Reference extends Named {
  readonly property: string;
}

/** A value that is not known and may name something. */
export interface UnknownPlace {
  readonly property: string;
  /** The kind that stands there; undefined where anything may. Of several kinds, each is told by itself. */
  readonly kind?: ReferenceKind;
  /** Whether it comes from the same environment. */
  readonly own: boolean;
}

/** What a resource refers to. */
export interface Scan {
  readonly references: readonly Reference[];
  readonly unknown: readonly UnknownPlace[];
}

const scans = new WeakMap<Resource, Scan>();
const NOTHING: Scan = { references: [], unknown: [] };

/** Says from which entry in Vault the values of a Secret come, as long as they are not known. */
export const SOURCE_ANNOTATION = "keybuzz.io/vault-entry";

/** Scans a resource once, however many rules ask. Components refer to nothing by themselves. */
export function scan(resource: Resource): Scan {
  if (!isPhysical(resource)) return NOTHING;
  let known = scans.get(resource);
  if (known === undefined) {
    known = new Scanner(resource).scan();
    scans.set(resource, known);
  }
  return known;
}

/** A text, as it is read and as it stands. */
interface Text {
  readonly key: string;
  readonly parent: string | undefined;
  readonly path: Path;
  readonly value: string;
}

class Scanner {
  readonly #references = new Map<string, Reference>();
  readonly #unknown: UnknownPlace[] = [];
  readonly #kind: string | undefined;

  constructor(private readonly resource: Resource) {
    this.#kind = kubernetesKind(resource);
  }

  scan(): Scan {
    const { properties, type } = this.resource;
    const places = placesOf(type) ?? {};
    const others: Record<string, Value> = {};
    for (const [name, value] of Object.entries(properties)) {
      const read = places[name];
      if (read === undefined) others[name] = value;
      else this.#place(value, [name], read);
    }
    this.#map(others, [], undefined);
    // What the texts of places name by their structure is named, too: an ARN where a name is expected.
    if (this.#kind === undefined) this.#add(composedNames(properties, []));
    this.#add(networkReferences(this.#kind, properties));
    return { references: [...this.#references.values()], unknown: this.#unknown };
  }

  #place(value: Value, path: Path, read: Reading): void {
    if (isList(value)) for (const [index, item] of itemsOf(value)) this.#place(item, [...path, index], read);
    else if (isUnknown(value)) this.#unknownAt(path, value.own, read("unknown.example/unknown")[0]?.kind);
    else if (typeof value === "string") this.#addAt(path, read(value));
  }

  #map(map: ValueMap, path: Path, key: string | undefined): void {
    const texts: Text[] = [];
    const hasPlaces = this.#kind !== undefined && hasOwnPlaces(this.#kind);
    let isCommand = false;
    for (const name of Object.keys(map)) {
      const value = map[name];
      if (typeof value === "string") {
        if (!hasPlaces && saysNothing(key, name, value)) continue;
        texts.push({ key: name, parent: key, path: [...path, name], value });
      } else if (typeof value === "number") {
        if (settingKind(name) !== "port") continue;
        texts.push({ key: name, parent: key, path: [...path, name], value: String(value) });
      } else if (typeof value !== "object" || value === null) continue;
      else if (isUnknown(value)) this.#unknownAt([...path, name], value.own);
      else if (isMap(value)) this.#map(value, [...path, name], name);
      else if (name === "command" || name === "args") isCommand = true;
      else this.#list(value, [...path, name], name, key);
    }
    if (texts.length > 0) this.#texts(texts);
    if (isCommand) this.#command(map, path);
    if (this.#kind !== undefined) this.#add(composedNames(map, path));
  }

  #list(list: readonly Value[], path: Path, key: string, parent: string | undefined): void {
    const { byPosition } = variablesOf(path.at(-1) === "env" ? list : undefined);
    const settings: Text[] = [];
    for (const [index, item] of itemsOf(list)) {
      const at = [...path, index];
      const name = valueAt(item, "name");
      const value = byPosition.get(index) ?? valueAt(item, "value");
      if (isUnknown(item)) this.#unknownAt(at, item.own);
      else if (isList(item)) this.#list(item, at, key, parent);
      else if (typeof item === "string") this.#texts([{ key, parent, path: at, value: item }]);
      else if (isMap(item) && typeof name === "string" && typeof value === "string") {
        settings.push({ key: name, parent: undefined, path: [...at, "value"], value });
        const { name: _name, value: _value, ...rest } = item;
        this.#map(rest, at, key);
      } else if (isMap(item)) this.#map(item, at, key);
    }
    this.#texts(settings);
  }

  /** Texts that stand together. */
  #texts(texts: readonly Text[]): void {
    const isSecretData = this.#isEncoded(texts[0]?.path ?? []);
    const decoded = isSecretData
      ? texts.map((text) => ({ ...text, value: fromSecretData(text.value)[0] ?? text.value }))
      : texts;
    const labels = texts.length > 0 && this.#kind !== undefined && isLabel(texts[0]?.path ?? []);
    const names = labels
      ? decoded.map(({ value }) => namesOf(value, undefined))
      : namesOfGroup(decoded, (value, kind) => namesOf(value, kind));
    for (const [index, { path, value }] of texts.entries()) {
      const place = labels ? undefined : kubernetesPlace(this.#kind, path);
      this.#addAt(path, names[index] ?? []);
      if (isSecretData) this.#addAt(path, namesOf(value, undefined));
      if (place !== undefined) this.#addAt(path, namesOf(value, place));
    }
  }

  /** A container's command and arguments are one list of words; what stands in them may come from its variables. */
  #command(map: ValueMap, path: Path): void {
    const lists = ["command", "args"].filter((name) => isWords(map, name));
    if (lists.length === 0) return;
    const variables = variablesOf(map.env);
    const words = lists.flatMap((name) =>
      itemsOf(map[name]).flatMap(([index, word]) => this.#word(word, [...path, name, index], variables)),
    );
    const kinds = new Map<number, SettingKind>();
    for (const { index, kind } of knownWords(words.map(({ value }) => value))) kinds.set(index, kind);
    for (const [index, { value, path: at }] of words.entries()) {
      const kind = kinds.get(index);
      const names = kind === undefined ? [] : namesOf(withoutOption(value), kind);
      this.#addAt(at, [...namesOf(value, undefined), ...names]);
    }
  }

  #word(word: Value, path: Path, variables: Variables): { readonly value: string; readonly path: Path }[] {
    if (isUnknown(word)) this.#unknownAt(path, word.own);
    return typeof word === "string" ? [{ value: expandedWord(word, variables), path }] : [];
  }

  #isEncoded(path: Path): boolean {
    if (path.length !== 2) return false;
    return this.#kind === "Secret"
      ? path[0] === "data"
      : this.#kind === "ConfigMap" && path[0] === "binaryData";
  }

  #add(named: readonly (Named & { readonly path: Path })[]): void {
    for (const { path, ...name } of named) this.#addAt(path, [name]);
  }

  #addAt(path: Path, names: readonly Named[]): void {
    if (names.length === 0) return;
    const property = pathText(path);
    for (const { kind, name } of names) {
      this.#references.set(`${kind} ${name} ${property}`, { kind, name, property });
    }
  }

  #unknownAt(path: Path, own: boolean, kind?: ReferenceKind): void {
    const possible = kind === undefined ? possibleAt(this.#kind, this.resource.type, path) : [kind];
    const place = { property: pathText(path), own: own || this.#hasNamedSource(path) };
    if (possible === "anything") this.#unknown.push(place);
    else this.#unknown.push(...possible.map((each) => ({ ...place, kind: each })));
  }

  /** The values of such a Secret are those of an entry that is named beside them, and judged there. */
  #hasNamedSource([first]: Path): boolean {
    if (this.#kind !== "Secret" || (first !== "data" && first !== "stringData")) return false;
    return (
      typeof valueAt(this.resource.properties, "metadata", "annotations", SOURCE_ANNOTATION) === "string"
    );
  }
}

/** Whether a property of a map is a list of the words of a command. */
function isWords(map: ValueMap, name: string): boolean {
  return (name === "command" || name === "args") && isList(map[name]);
}

/** Most texts are words at places that say nothing about them. */
function saysNothing(parent: string | undefined, name: string, value: string): boolean {
  return isPlainWord(value, undefined) && value.length > 0 && settingKindIn(parent, name) === undefined;
}
