/**
 * `--config key=value`: values laid over an environment's file for one run. A key is Pulumi's, with or without
 * the project's namespace, and may go on as a path into a structured value: `keybuzz:workloads.api.replicas`,
 * `keybuzz:postgres.nodes[0]`. Nothing is saved.
 */
import { EngineError } from "../diagnostic";
import { isSecure } from "./secure";
import { isRecord } from "./yaml-file";

/** One value to lay over the configuration. */
export interface Override {
  /** `namespace:key` of the top-level entry. */
  readonly key: string;
  /** Steps into the structured value; empty for the entry itself. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** Parses one `key=value`. Throws EngineError `configuration`. */
export function parseOverride(text: string, project: string): Override {
  const equals = text.indexOf("=");
  const [name, value] = [text.slice(0, equals), text.slice(equals + 1)];
  if (equals < 1) throw refuse(text, "expected key=value");
  const colon = name.indexOf(":");
  const namespace = colon < 0 ? project : name.slice(0, colon);
  const steps = parsePath(name.slice(colon + 1).replace(/^config:/, ""), text);
  const [first, ...path] = steps;
  if (typeof first !== "string" || namespace === "") throw refuse(text, "the key is empty");
  return { key: `${namespace}:${first}`, path, value: path.length === 0 ? value : parseValue(value) };
}

/** The values with one override laid over them; the original is left as it was. */
export function applyOverride(values: Record<string, unknown>, override: Override): Record<string, unknown> {
  const { key, path, value } = override;
  const changed =
    path.length === 0 ? topLevel(values[key], value) : place(values[key], path, value, override);
  return { ...values, [key]: changed };
}

/** A text laid over a structured entry is read as a value, so that `--config 'ns:key={…}'` replaces it whole. */
function topLevel(before: unknown, value: unknown): unknown {
  return typeof before === "object" && !isSecure(before) && typeof value === "string"
    ? parseValue(value)
    : value;
}

function place(
  target: unknown,
  path: readonly (string | number)[],
  value: unknown,
  override: Override,
): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "number") {
    const list = target === undefined ? [] : target;
    if (!Array.isArray(list)) throw misplaced(override, step, "a list");
    if (step > list.length) throw misplaced(override, step, `a list of more than ${list.length} entries`);
    const copy = [...list];
    copy[step] = place(copy[step], rest, value, override);
    return copy;
  }
  const map = target === undefined ? {} : target;
  if (!isRecord(map)) throw misplaced(override, step, "a map");
  return { ...map, [step]: place(map[step], rest, value, override) };
}

/** Booleans, numbers and JSON are read as such, as `pulumi config set --path` reads them; the rest is text. */
function parseValue(text: string): unknown {
  if (/^(?:true|false|-?(?:0|[1-9]\d{0,14}))$/.test(text) || /^[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text;
}

function parsePath(text: string, whole: string): (string | number)[] {
  const steps: (string | number)[] = [];
  const pattern = /\.?([^.[\]"]+)|\[(\d+)\]|\.?\["((?:[^"\\]|\\.)*)"\]/y;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw refuse(whole, `cannot read the path at "${text.slice(at)}"`);
    steps.push(match[2] === undefined ? (match[1] ?? match[3] ?? "") : Number(match[2]));
  }
  return steps;
}

function refuse(text: string, why: string): EngineError {
  const name = text.split("=", 1)[0];
  return new EngineError("configuration", [
    `--config ${name}: ${why}; write it as namespace:key=value or namespace:key.path[0].to=value`,
  ]);
}

function misplaced(override: Override, step: string | number, wanted: string): EngineError {
  const full = [override.key, ...override.path].join(".");
  return new EngineError("configuration", [
    `--config ${full}: ${JSON.stringify(step)} needs ${wanted} to stand in`,
  ]);
}
