/**
 * Reads the text of Pulumi.<env>.yaml for what only the text shows: where each value stands, keys that stand
 * twice, and `secure:` below the top level. Loading the YAML library takes as long as a whole validation, so this
 * file loads it on first use.
 */
import type * as yaml from "yaml";
import { PROJECT } from "./names";
import type { Path } from "./schema/introspect";

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** An entry of the file that is of interest for where it stands. */
export interface Entry extends Position {
  readonly path: Path;
}

/** A text that is no YAML, or not the mapping that Pulumi asks for. */
export interface SyntaxProblem extends Position {
  readonly problem: string;
}

export class SourceFile {
  private readonly lines: yaml.LineCounter;
  private readonly document: yaml.Document.Parsed;
  private readonly yaml: typeof yaml;

  constructor(source: string) {
    this.yaml = require("yaml") as typeof yaml;
    this.lines = new this.yaml.LineCounter();
    // Duplicates are looked for here, where their paths are known.
    this.document = this.yaml.parseDocument(source, { lineCounter: this.lines, uniqueKeys: false });
  }

  get syntaxProblems(): SyntaxProblem[] {
    const problems = this.document.errors.map((error) => ({
      problem: error.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? error.code,
      ...this.position(error.pos[0]),
    }));
    if (problems.length > 0 || this.config !== undefined) return problems;
    const problem = "has no configuration: the file is a mapping with the key `config`";
    return [{ problem, line: 1, column: 1 }];
  }

  /** The project's values, by key without namespace, secrets as they stand: `{secure: …}`. */
  get values(): Record<string, unknown> {
    const values = (this.config?.toJS(this.document) ?? {}) as Record<string, unknown>;
    const own = Object.entries(values).flatMap(([name, value]) => {
      const key = ownKey(name);
      return key === undefined ? [] : [[key, value] as const];
    });
    return Object.fromEntries(own);
  }

  /** Where the key at a path stands. */
  keyPosition(path: Path): Position | undefined {
    const pair = this.pairAt(path);
    return pair && this.positionOf(pair.key);
  }

  /** Where the value at a path stands, if the file has that very value there and nothing overrides it. */
  valuePosition(path: Path, value: unknown): Position | undefined {
    const pair = this.pairAt(path);
    if (pair === undefined) return undefined;
    const node = this.resolved(pair.value);
    const single = typeof value !== "object" || value === null;
    if (this.yaml.isScalar(node) !== single || this.yaml.isSeq(node) !== Array.isArray(value))
      return undefined;
    if (this.yaml.isScalar(node) && String(node.value) !== String(value)) return undefined;
    return this.positionOf(pair.value) ?? this.positionOf(pair.key);
  }

  /** Where a missing key belongs: the innermost group around it that the file has. */
  placeFor(path: Path): Position | undefined {
    for (let length = path.length - 1; length > 0; length--) {
      const position = this.keyPosition(path.slice(0, length));
      if (position !== undefined) return position;
    }
    const root = this.document.contents;
    const config = this.yaml.isMap(root)
      ? root.items.find((pair) => this.keyOf(pair) === "config")
      : undefined;
    return config && this.positionOf(config.key);
  }

  /** Whether the file holds a top-level value in clear. */
  isPlain(key: string): boolean {
    const node = this.resolved(this.pairAt([key])?.value);
    return this.yaml.isScalar(node) && node.value !== null;
  }

  /** Keys that stand twice in one mapping: the second of each. */
  get duplicates(): Entry[] {
    const found: Entry[] = [];
    this.walk((path, pair, siblings) => {
      const first = siblings.findIndex((other) => this.keyOf(other) === this.keyOf(pair));
      if (siblings.indexOf(pair) > first) found.push({ path, ...this.placeOf(pair) });
    });
    return found;
  }

  /** Encrypted strings below the top level of the project's own keys. */
  get nestedSecrets(): Entry[] {
    const found: Entry[] = [];
    this.walk((path, pair) => {
      if (path.length > 2 && this.keyOf(pair) === "secure" && !String(path[0]).includes(":")) {
        found.push({ path: path.slice(0, -1), ...this.placeOf(pair) });
      }
    });
    return found;
  }

  private get config(): yaml.YAMLMap | undefined {
    const root = this.document.contents;
    const config = this.yaml.isMap(root) ? root.get("config") : undefined;
    return this.yaml.isMap(config) ? config : undefined;
  }

  private walk(visit: (path: Path, pair: yaml.Pair, siblings: readonly yaml.Pair[]) => void): void {
    const into = (node: unknown, path: Path): void => {
      if (this.yaml.isSeq(node)) node.items.forEach((item, index) => void into(item, [...path, index]));
      if (!this.yaml.isMap(node)) return;
      for (const pair of node.items) {
        const name = this.keyOf(pair);
        const inner = [...path, path.length === 0 ? (ownKey(name) ?? name) : name];
        visit(inner, pair, node.items);
        into(pair.value, inner);
      }
    };
    into(this.config, []);
  }

  private pairAt(path: Path): yaml.Pair | undefined {
    let node: unknown = this.config;
    let pair: yaml.Pair | undefined;
    for (const [depth, part] of path.entries()) {
      const here = this.resolved(node);
      if (this.yaml.isSeq(here) && typeof part === "number") {
        const item: unknown = here.items[part];
        if (item === undefined) return undefined;
        pair = new this.yaml.Pair<unknown, unknown>(item, item);
      } else if (this.yaml.isMap(here)) {
        const named = (candidate: yaml.Pair) => {
          const name = this.keyOf(candidate);
          return (depth === 0 ? ownKey(name) : name) === part;
        };
        // Of keys that stand twice the last one counts.
        pair = here.items.findLast(named);
      } else {
        return undefined;
      }
      if (pair === undefined) return undefined;
      node = pair.value;
    }
    return pair;
  }

  private keyOf(pair: yaml.Pair): string {
    return this.yaml.isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
  }

  private resolved(node: unknown): unknown {
    return this.yaml.isAlias(node) ? node.resolve(this.document) : node;
  }

  private placeOf(pair: yaml.Pair): Position {
    return this.positionOf(pair.key) ?? { line: 1, column: 1 };
  }

  private positionOf(node: unknown): Position | undefined {
    if (!this.yaml.isNode(node) || node.range == null) return undefined;
    return this.position(node.range[0]);
  }

  private position(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { line, column: col };
  }
}

/** The key without the project's namespace; undefined when it belongs to another one. */
function ownKey(name: string): string | undefined {
  const namespace = `${PROJECT}:`;
  if (name.startsWith(namespace)) return name.slice(namespace.length);
  return name.includes(":") ? undefined : name;
}
