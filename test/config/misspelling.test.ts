/**
 * Proves that any misspelling of any one key, in any environment's file, is found where it stands, and that the key
 * that was meant is suggested.
 */
import fc from "fast-check";
import { test } from "vitest";
import { pathText } from "../../config/mistakes";
import { SourceFile } from "../../config/positions";
import { environmentSchema } from "../../config/schema";
import { fieldAt, isGroup, type Path } from "../../config/schema/introspect";
import { seed } from "../support/seed";
import { environmentText, mistakesIn } from "./edited-environment";

interface Key {
  readonly environment: string;
  readonly path: Path;
}

const environments = ["dev", "prod", "staging"];
const valuesOf = Object.fromEntries(
  environments.map((environment) => [environment, new SourceFile(environmentText(environment)).values]),
);

/** Paths of all keys that the schema names. */
function keysIn(environment: string): Key[] {
  const into = (value: unknown, path: Path): Path[] => {
    if (Array.isArray(value)) return value.flatMap((entry, index) => into(entry, [...path, index]));
    if (!isGroup(value)) return [];
    return Object.entries(value).flatMap(([name, child]) => [
      [...path, name],
      ...into(child, [...path, name]),
    ]);
  };
  const known = into(valuesOf[environment], []).filter(
    ([section]) => section !== undefined && section in environmentSchema.shape,
  );
  // Which variables there are is not for the schema to say.
  return known.filter((path) => path.at(-2) !== "keys").map((path) => ({ environment, path }));
}

const edits = {
  leaveOut: (name: string, at: number) => name.slice(0, at) + name.slice(at + 1),
  double: (name: string, at: number) => name.slice(0, at + 1) + name.slice(at),
  swap: (name: string, at: number) =>
    name.slice(0, at) + (name[at + 1] ?? "") + (name[at] ?? "") + name.slice(at + 2),
  replace: (name: string, at: number) => `${name.slice(0, at)}q${name.slice(at + 1)}`,
  shout: (name: string) => name.toUpperCase(),
} as const;

const misspelling = fc
  .record({
    key: fc.constantFrom(...environments.flatMap(keysIn)),
    edit: fc.constantFrom(...(Object.keys(edits) as (keyof typeof edits)[])),
    at: fc.nat(),
  })
  .map(({ key, edit, at }) => {
    const name = String(key.path.at(-1));
    return { ...key, name, misspelt: edits[edit](name, at % name.length) };
  })
  .filter(({ environment, path, name, misspelt }) => {
    const known =
      fieldAt(environmentSchema, valuesOf[environment], [...path.slice(0, -1), misspelt]) !== undefined;
    return misspelt !== "" && misspelt !== name && !known;
  });

test("Any one misspelt key is found where it stands, with the key that was meant", () => {
  fc.assert(
    fc.property(misspelling, ({ environment, path, name, misspelt }) => {
      const source = environmentText(environment);
      const position = new SourceFile(source).keyPosition(path);
      if (position === undefined) throw new Error(`no position of ${pathText(path)}`);
      const lines = source.split("\n");
      const line = lines[position.line - 1] ?? "";
      const begin = line.indexOf(name, position.column - 1);
      lines[position.line - 1] = line.slice(0, begin) + misspelt + line.slice(begin + name.length);

      const wanted = pathText([...path.slice(0, -1), misspelt]);
      const found = mistakesIn(lines.join("\n"), environment).filter((mistake) => mistake.path === wanted);
      const [only, ...others] = found;
      return (
        others.length === 0 &&
        only?.line === position.line &&
        only.column === position.column &&
        only.message === "is an unknown key" &&
        only.suggestion === name
      );
    }),
    { seed: seed(), numRuns: 150 },
  );
});
