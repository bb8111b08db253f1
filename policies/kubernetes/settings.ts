/**
 * Everything in Kubernetes objects that tells programs what to use: environment, command lines, headers, labels
 * and annotations, ConfigMaps and Secrets, with the name of what each text is the value of.
 */
import { expandedWord, type Variables, variablesOf } from "../references/expansion";
import type { Resource } from "../resource";
import { entriesOf, isList, isMap, isUnknown, itemsOf, type Path, type Value, valueAt } from "../value";
import { podTemplates } from "./containers";
import { type KubernetesObject, kubernetesObjects, type UnknownPart } from "./objects";

/** Where a setting stands. */
export type SettingPlace =
  | "environment"
  | "arguments"
  | "header"
  | "metadata"
  | "config-map"
  | "secret"
  /** Any other property; of these only texts are given. */
  | "other";

/** A text with what it is the value of. */
export interface Setting {
  readonly place: SettingPlace;
  readonly path: Path;
  /** Name of the variable, the key, the option or the header. */
  readonly name?: string;
  /** A Secret's data is decoded. */
  readonly text: string;
  /** The text with `$(NAME)` filled in, as far as the container's own environment says. */
  readonly expanded?: string;
  /** Variables of the same container that the text refers to, as `<container> <name>`. */
  readonly uses: readonly string[];
  /** The variable that it sets, in the same form. */
  readonly sets?: string;
}

/** A setting that is not known, or a part that may hold settings and is not known. */
export interface UnknownSetting extends UnknownPart {
  readonly place: SettingPlace;
  /** Name of what is unknown; undefined for a part that may hold several. */
  readonly name?: string;
}

/** A setting whose value another object holds. */
export interface OutsideSetting {
  readonly name: string;
  readonly path: Path;
  /** What `valueFrom` says. */
  readonly source: Value;
}

export interface Settings {
  readonly settings: readonly Setting[];
  readonly unknown: readonly UnknownSetting[];
  readonly outside: readonly OutsideSetting[];
}

const read = new WeakMap<Resource, Settings>();

/** Reads a resource once, however many rules ask. Empty for what is no Kubernetes object. */
export function settingsOf(resource: Resource): Settings {
  let settings = read.get(resource);
  if (settings === undefined) {
    settings = new Reader().read(resource);
    read.set(resource, settings);
  }
  return settings;
}

const DATA = ["data", "stringData", "binaryData"];

class Reader implements Settings {
  readonly settings: Setting[] = [];
  readonly unknown: UnknownSetting[] = [];
  readonly outside: OutsideSetting[] = [];

  read(resource: Resource): Settings {
    const { objects, unknown } = kubernetesObjects(resource);
    this.unknown.push(...unknown.map((part) => ({ ...part, place: "other" as const })));
    for (const object of objects) this.#object(object);
    for (const { unknown } of podTemplates(resource)) {
      this.unknown.push(...unknown.map((part) => ({ ...part, place: "environment" as const })));
    }
    return this;
  }

  #object({ kind, path, body }: KubernetesObject): void {
    for (const [key, value] of Object.entries(body)) {
      const isData = (kind === "Secret" || kind === "ConfigMap") && DATA.includes(key);
      if (isData) this.#data(value, [...path, key], kind === "Secret" ? "secret" : "config-map");
      // What a chart is given: it makes environments and Secrets of it.
      else if (kind === "Release" && key === "values") this.#value("environment", [...path, key], key, value);
      else this.#other(value, [...path, key]);
    }
  }

  #data(value: Value, path: Path, place: "secret" | "config-map"): void {
    const encoded = place === "secret" ? path.at(-1) === "data" : path.at(-1) === "binaryData";
    if (isUnknown(value)) this.unknown.push({ place, path, own: value.own });
    for (const [key, item] of entriesOf(value)) this.#value(place, [...path, key], key, item, encoded);
  }

  /** Everything but data and containers: metadata and headers by their names, the rest as it is. */
  #other(value: Value, path: Path): void {
    const key = path.at(-1);
    const inMetadata = path.at(-2) === "metadata" && (key === "labels" || key === "annotations");
    if (inMetadata || key === "metadata") {
      if (isUnknown(value)) this.unknown.push({ place: "metadata", path, own: value.own });
    }
    if (inMetadata && isMap(value)) {
      for (const [name, item] of Object.entries(value)) this.#value("metadata", [...path, name], name, item);
    } else if (typeof value === "string") {
      this.settings.push({ place: "other", path, text: value, uses: [] });
    } else if (isList(value)) {
      for (const [index, item] of itemsOf(value)) {
        if (key === "httpHeaders") this.#header(item, [...path, index]);
        else this.#other(item, [...path, index]);
      }
    } else {
      // Variables before what uses them: the order of keys means nothing, and Pulumi does not keep it.
      const entries = entriesOf(value);
      const ordered = [
        ...entries.filter(([name]) => name === "env"),
        ...entries.filter(([name]) => name !== "env"),
      ];
      for (const [name, item] of ordered) this.#property(value, [...path, name], name, item);
    }
  }

  /** Environments and command lines are read wherever they stand: in containers, in probes, in custom kinds. */
  #property(parent: Value, path: Path, name: string, value: Value): void {
    if (name !== "env" && name !== "args" && name !== "command") {
      this.#other(value, path);
      return;
    }
    const container = isContainer(path.slice(0, -1));
    const variables = valueAt(parent, "env");
    const scope = path.slice(0, -1).join(".");
    if (name === "env" && isList(value)) this.#environment(value, path, scope);
    else if (name === "env" && isMap(value)) this.#value("environment", path, undefined, value);
    else if (name === "env" && isUnknown(value) && container) {
      this.unknown.push({ place: "environment", path, own: value.own });
    } else if (name !== "env" && (isList(value) || (isUnknown(value) && container))) {
      this.#arguments(value, path, variablesOf(variables), scope);
    } else this.#other(value, path);
  }

  #header(item: Value, path: Path): void {
    const [name, value] = [valueAt(item, "name"), valueAt(item, "value")];
    if (value !== undefined) {
      this.#value("header", [...path, "value"], typeof name === "string" ? name : undefined, value);
    }
  }

  #value(place: SettingPlace, path: Path, name: string | undefined, value: Value, encoded = false): void {
    const of = name === undefined ? {} : { name };
    if (isUnknown(value)) this.unknown.push({ place, path, own: value.own, ...of });
    else if (value !== null && typeof value !== "object") {
      const text = String(value);
      const decoded = encoded ? Buffer.from(text, "base64").toString("utf8") : text;
      this.settings.push({ place, path, ...of, text: decoded, uses: [] });
    } else if (isList(value)) {
      for (const [index, item] of itemsOf(value)) {
        const [key, inner] = [valueAt(item, "name"), valueAt(item, "value")];
        const isPair = typeof key === "string" && inner !== undefined;
        if (isPair) this.#value(place, [...path, index, "value"], key, inner);
        else this.#value(place, [...path, index], name, item);
      }
    } else for (const [key, item] of entriesOf(value)) this.#value(place, [...path, key], key, item, encoded);
  }

  #environment(list: readonly Value[], path: Path, scope: string): void {
    const { byPosition } = variablesOf(list);
    for (const [index, item] of itemsOf(list)) {
      const at = [...path, index];
      const [name, value, source] = ["name", "value", "valueFrom"].map((key) => valueAt(item, key));
      if (isUnknown(item)) this.unknown.push({ place: "environment", path: at, own: item.own });
      else if (isUnknown(name)) {
        this.unknown.push({ place: "environment", path: [...at, "name"], own: name.own });
      }
      const of = typeof name === "string" ? { name, sets: `${scope} ${name}` } : {};
      if (isUnknown(item)) continue;
      if (isUnknown(value)) {
        const unknown = { place: "environment", path: [...at, "value"], own: value.own } as const;
        this.unknown.push(typeof name === "string" ? { ...unknown, name } : unknown);
      } else if (value !== undefined && value !== null && typeof value !== "object") {
        const text = String(value);
        const whole = byPosition.get(index);
        this.settings.push({
          place: "environment",
          path: [...at, "value"],
          ...of,
          text,
          ...(whole === undefined || whole === text ? {} : { expanded: whole }),
          uses: usedIn(text, scope),
        });
      }
      if (source !== undefined && source !== null && typeof name === "string") {
        this.outside.push({ name, path: [...at, "valueFrom"], source });
      }
    }
  }

  /** An option with a space behind it names what comes next. */
  #arguments(list: Value | undefined, path: Path, variables: Variables, scope: string): void {
    if (isUnknown(list)) this.unknown.push({ place: "arguments", path, own: list.own });
    let option: string | undefined;
    for (const [index, item] of itemsOf(list)) {
      const name = option === undefined ? {} : { name: option };
      option = undefined;
      if (isUnknown(item)) {
        this.unknown.push({ place: "arguments", path: [...path, index], own: item.own, ...name });
      }
      if (typeof item !== "string") continue;
      const [, asked] = /^--?([A-Za-z][\w.-]*)$/.exec(item) ?? [];
      option = asked;
      const whole = expandedWord(item, variables);
      this.settings.push({
        place: "arguments",
        path: [...path, index],
        ...(asked === undefined ? name : {}),
        text: item,
        ...(whole === item ? {} : { expanded: whole }),
        uses: usedIn(item, scope),
      });
    }
  }
}

/** An item of a list of containers. */
function isContainer(path: Path): boolean {
  const list = path.at(-2);
  return (
    typeof path.at(-1) === "number" &&
    typeof list === "string" &&
    /^(?:c|initC|ephemeralC)ontainers$/.test(list)
  );
}

/** Variables that a text refers to, in the ways of Kubernetes and of shells. */
function usedIn(text: string, scope: string): string[] {
  const references = text.matchAll(/\$\(([\w.-]+)\)|\$\{(\w+)\}|\$([A-Za-z_]\w*)/g);
  return [...references].map(([, one, two, three]) => `${scope} ${one ?? two ?? three}`);
}
