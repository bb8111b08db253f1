/** What changes of a resource's properties, for a reader. No secret is ever written. */
import type { StepRecord } from "../../engine/deploy/events";
import type { StepDiff } from "../../engine/plan/step";
import { parsePath } from "../../engine/property/path";
import {
  isList,
  isMap,
  isSecret,
  type PropertyMap,
  type PropertyValue,
  secret,
} from "../../engine/property/values";
import type { Paint } from "./color";
import { inline, propertyLines } from "./properties";
import { marked, secretKeys } from "./step-secrets";

/** `+added`, `-removed`, `~changed`, by top-level property, as Pulumi's own table has it. */
export function changedPaths({ detailed, changes, replaces }: StepDiff): string[] {
  const signs = new Map<string, string>();
  for (const [path, { kind }] of Object.entries(detailed)) {
    const key = topOf(path);
    const whole = key === path;
    const sign = whole && kind.startsWith("add") ? "+" : whole && kind.startsWith("delete") ? "-" : "~";
    signs.set(key, signs.has(key) && signs.get(key) !== sign ? "~" : sign);
  }
  for (const key of [...changes, ...replaces]) if (!signs.has(key)) signs.set(key, "~");
  return [...signs].map(([key, sign]) => `${sign}${key}`).sort((a, b) => (a.slice(1) < b.slice(1) ? -1 : 1));
}

/** Properties of what is made, and the differences of what is changed. */
export function propertyChangeLines(step: StepRecord, indent: string, paint: Paint): string[] {
  const { old, new: after, diff, op } = step;
  if (op === "create" || op === "import") return propertyLines(madeOf(step), indent);
  if (op !== "update" && op !== "replace") return [];
  const paths = Object.keys(diff.detailed);
  const named = paths.length > 0 ? paths : [...new Set([...diff.changes, ...diff.replaces])];
  const hidden = secretKeys(step);
  return named.sort().map((path) => {
    const replaces = diff.detailed[path]?.kind.endsWith("-replace") || diff.replaces.includes(path);
    const before = at(old, path, diff.detailed[path]?.inputDiff !== false);
    const now = at(after, path, true);
    const sign = before === undefined ? "+" : now === undefined ? "-" : "~";
    const color = sign === "+" ? "green" : sign === "-" ? "red" : "yellow";
    const isHidden = hidden.has(topOf(path)) || [before, now].some((value) => isSecret(value ?? ""));
    const change = [before, now].map((value) =>
      value === undefined ? "" : inline(isHidden ? secret(value) : value),
    );
    const text = sign === "~" ? change.join(" => ") : change.join("");
    return `${indent}${paint(color, `${sign} ${path}: ${text}`)}${replaces ? paint("magenta", " (replaces)") : ""}`;
  });
}

/** Inputs without what the engine and providers note for themselves, such as `__defaults`, as Pulumi shows them. */
function madeOf(step: StepRecord): PropertyMap {
  const inputs = Object.entries(step.new?.inputs ?? {}).filter(([key]) => !key.startsWith("__"));
  return marked(Object.fromEntries(inputs), secretKeys(step));
}

function topOf(path: string): string {
  return String((parsePath(path) ?? [path])[0]);
}

/** A part of a resource's properties; secret where anything around it is. */
function at(
  state: StepRecord["old"] | undefined,
  path: string,
  ofInputs: boolean,
): PropertyValue | undefined {
  if (state === undefined) return undefined;
  const found = valueAt(state.inputs, path);
  return found === undefined || !ofInputs ? (valueAt(state.outputs, path) ?? found) : found;
}

function valueAt(properties: PropertyMap, path: string): PropertyValue | undefined {
  let value: PropertyValue | undefined = properties;
  let marked = false;
  for (const step of parsePath(path) ?? [path]) {
    while (value !== undefined && isSecret(value)) {
      marked = true;
      value = value.value;
    }
    if (value === undefined) return undefined;
    if (typeof step === "number") value = isList(value) ? value[step] : undefined;
    else value = isMap(value) ? value[step] : undefined;
  }
  return value !== undefined && marked ? secret(value) : value;
}
