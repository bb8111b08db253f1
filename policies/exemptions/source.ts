/** The text of the file, for what only the text shows: whether it is YAML, and where each value stands. */
import type * as yaml from "yaml";
import type { Position, SyntaxProblem } from "../../config/positions";
import type { Path } from "../value";

export class ExemptionsSource {
  private readonly yaml: typeof yaml;
  private readonly lines: yaml.LineCounter;
  private readonly document: yaml.Document.Parsed;

  constructor(text: string) {
    // Loading the library takes longer than everything else here, and most projects have no such file.
    this.yaml = require("yaml") as typeof yaml;
    this.lines = new this.yaml.LineCounter();
    // A day is a text in this schema, whichever version of YAML the file claims to be.
    const options = { lineCounter: this.lines, prettyErrors: false, schema: "core" } as const;
    this.document = this.yaml.parseDocument(text, options);
  }

  /** Why the text is no YAML. */
  get syntaxProblems(): SyntaxProblem[] {
    return this.document.errors.map(({ message, pos }) => ({
      problem: message.split("\n")[0] ?? "is no YAML",
      ...this.position(pos[0]),
    }));
  }

  /** What the file says. Throws on aliases that name nothing, or that multiply beyond measure. */
  get value(): unknown {
    return this.document.toJS();
  }

  /** Where the value at a path begins; where the innermost part of the way to it does, when it is not there. */
  valuePosition(path: Path): Position {
    return this.positionOf(this.walk(path).value);
  }

  /** Where the key at a path begins; an item of a list has none, and is the answer itself. */
  keyPosition(path: Path): Position {
    const { key, value } = this.walk(path);
    return this.positionOf(key ?? value);
  }

  private walk(path: Path): { key?: unknown; value: unknown } {
    let at: { key?: unknown; value: unknown } = { value: this.document.contents };
    for (const part of path) {
      const node = this.yaml.isAlias(at.value) ? at.value.resolve(this.document) : at.value;
      let inner: { key?: unknown; value: unknown } | undefined;
      if (this.yaml.isSeq(node) && typeof part === "number") inner = { value: node.items[part] };
      else if (this.yaml.isMap(node)) inner = node.items.find(({ key }) => this.nameOf(key) === String(part));
      if (inner === undefined) break;
      // A key without a value has no place but its own.
      at = this.yaml.isNode(inner.value) ? inner : { key: inner.key, value: inner.key };
    }
    return at;
  }

  private nameOf(key: unknown): string {
    return this.yaml.isScalar(key) ? String(key.value) : String(key);
  }

  private positionOf(node: unknown): Position {
    const offset = this.yaml.isNode(node) ? node.range?.[0] : undefined;
    return this.position(offset ?? 0);
  }

  private position(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}
