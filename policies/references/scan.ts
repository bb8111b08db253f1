/** Every name that a resource refers to, with the property that says so. */
import type { ReferenceKind } from "../ownership";
import { isPhysical, kubernetesKind, type Resource } from "../resource";
import {
  entriesOf,
  isList,
  isMap,
  isUnknown,
  itemsOf,
  type Path,
  pathText,
  type Value,
  valueAt,
} from "../value";
import { expanded } from "./expansion";
import { vaultPath } from "./names";
import { networkReferences } from "./network";
import { placesOf } from "./places";
import { fromBase64, type Named, namesIn } from "./text";

/** A name at a property. */
export interface Reference extends Named {
  readonly property: string;
}

/** A value that is not known and may name something. */
export interface UnknownPlace {
  readonly property: string;
  /** The kind that stands there; undefined where anything may. */
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

class Scanner {
  readonly #references: Reference[] = [];
  readonly #unknown: UnknownPlace[] = [];
  readonly #kind: string | undefined;

  constructor(private readonly resource: Resource) {
    this.#kind = kubernetesKind(resource);
  }

  scan(): Scan {
    const { properties } = this.resource;
    const places = placesOf(this.resource.type) ?? {};
    for (const [name, value] of Object.entries(properties)) {
      const read = places[name];
      if (read === undefined) this.#visit(value, [name], name);
      else this.#place(value, [name], read);
    }
    this.#vaultEntry();
    if (this.#kind === "NetworkPolicy") this.#add(networkReferences(properties));
    return { references: this.#distinct(), unknown: this.#unknown };
  }

  #place(value: Value, path: Path, read: (text: string) => readonly Named[]): void {
    if (isList(value)) for (const [index, item] of itemsOf(value)) this.#place(item, [...path, index], read);
    else if (isUnknown(value)) this.#unknownAt(path, value.own, read("unknown.example")[0]?.kind);
    else if (typeof value === "string") this.#add(read(value).map((named) => ({ ...named, path })));
  }

  /** @param setting the name of what the value is a setting of: the nearest key */
  #visit(value: Value, path: Path, setting: string | undefined): void {
    if (isUnknown(value)) this.#unknownAt(path, value.own);
    else if (typeof value === "string") this.#text(value, path, setting);
    else if (isList(value)) this.#list(value, path, setting);
    else if (isMap(value)) {
      for (const [key, item] of Object.entries(value)) this.#visit(item, [...path, key], key);
    }
  }

  /** Lists of containers, of `{name, value}` pairs, and of anything else. */
  #list(list: readonly Value[], path: Path, setting: string | undefined): void {
    const variables = path.at(-1) === "env" ? expanded(list) : undefined;
    for (const [index, item] of itemsOf(list)) {
      const name = valueAt(item, "name");
      const value = variables?.get(index) ?? valueAt(item, "value");
      if (typeof name === "string" && value !== undefined) {
        this.#visit(value, [...path, index, "value"], name);
        for (const [key, other] of entriesOf(item)) {
          if (key !== "name" && key !== "value") this.#visit(other, [...path, index, key], key);
        }
      } else this.#visit(item, [...path, index], setting);
    }
  }

  #text(text: string, path: Path, setting: string | undefined): void {
    const encoded = this.#kind === "Secret" && path[0] === "data" && path.length === 2;
    const texts = encoded ? [text, ...decodedData(text)] : [text];
    for (const each of texts) {
      this.#add(namesIn(each, setting).map((named) => ({ ...named, path })));
    }
    const place = kubernetesPlace(this.#kind, path);
    // A digest says which build a tag stood for; the tag alone is what an environment claims.
    if (place !== undefined) this.#add([{ kind: place, name: text.replace(/@.*$/, ""), path }]);
  }

  /** Mount and name stand in two properties of an entry. */
  #vaultEntry(): void {
    if (!this.resource.type.startsWith("vault:kv/")) return;
    const { mount, name } = this.resource.properties;
    if (isUnknown(name) || isUnknown(mount)) {
      const own = [name, mount].every((part) => !isUnknown(part) || part.own);
      this.#unknownAt([isUnknown(name) ? "name" : "mount"], own, "vault-path");
    } else if (typeof mount === "string" && typeof name === "string") {
      const path = vaultPath(`${mount}/${name}`);
      if (path !== undefined) this.#add([{ kind: "vault-path", name: path, path: ["name"] }]);
    }
  }

  #add(named: readonly (Named & { readonly path: Path })[]): void {
    for (const { kind, name, path } of named) {
      this.#references.push({ kind, name, property: pathText(path) });
    }
  }

  #unknownAt(path: Path, own: boolean, kind?: ReferenceKind): void {
    if (kind === undefined && !isSettings(this.#kind, this.resource.type, path)) return;
    this.#unknown.push({
      property: pathText(path),
      own: own || this.#hasNamedSource(path),
      ...(kind === undefined ? {} : { kind }),
    });
  }

  /** The values of such a Secret are those of an entry that is named beside them, and judged there. */
  #hasNamedSource([first]: Path): boolean {
    if (this.#kind !== "Secret" || (first !== "data" && first !== "stringData")) return false;
    return (
      typeof valueAt(this.resource.properties, "metadata", "annotations", SOURCE_ANNOTATION) === "string"
    );
  }

  #distinct(): Reference[] {
    const key = ({ kind, name, property }: Reference): string => `${kind} ${name} ${property}`;
    return [...new Map(this.#references.map((reference) => [key(reference), reference])).values()];
  }
}

/** What a Secret's data decodes to. A word of a few letters is one, too. */
function decodedData(text: string): string[] {
  const long = fromBase64(text);
  if (long.length > 0) return long;
  const value = Buffer.from(text, "base64").toString("utf8");
  return /^[\x20-\x7e]+$/.test(value) ? [value] : [];
}

/** Names that Kubernetes objects hold as such. */
function kubernetesPlace(kind: string | undefined, path: Path): ReferenceKind | undefined {
  if (kind === undefined) return undefined;
  const [last, before] = [path.at(-1), path.at(-2)];
  if (kind === "Namespace" && path.length === 2 && before === "metadata" && last === "name")
    return "namespace";
  if (last === "namespace") return "namespace";
  if (last === "image") return "environment-image";
  return undefined;
}

/** Where programs are told what to use: anything may be named there. */
function isSettings(kind: string | undefined, type: string, path: Path): boolean {
  if (kind === "Secret" || kind === "ConfigMap") {
    return ["data", "stringData", "binaryData"].includes(String(path[0]));
  }
  if (kind === "Ingress") return path[0] === "spec";
  if (kind !== undefined)
    return ["env", "args", "command"].some((name) => path.includes(name)) || path.length < 4;
  return /^vault:(?:kv|generic)\//.test(type);
}
