/**
 * Policies of Vault as data: what each of their paths is granted. Sources: Vault's documentation of policies
 * (syntax, capabilities, and the shorthand `policy = "read"` of old), and HCL version 1, whose keys do not tell
 * upper case apart.
 */
import { type Token, tokensOf, UnreadablePolicy } from "./tokens";

export { UnreadablePolicy } from "./tokens";

/** What a policy says about one path. A path that stands in it twice is two grants. */
export interface Grant {
  /** As written: `secret/data/keybuzz/dev/*`. */
  readonly path: string;
  /** Without repetitions, in the order written. */
  readonly capabilities: readonly string[];
  /** Line of the path, from 1. */
  readonly line: number;
}

const KNOWN: ReadonlySet<string> = new Set([
  "deny",
  "create",
  "read",
  "update",
  "delete",
  "list",
  "sudo",
  "patch",
  "subscribe",
  "recover",
]);

/** What the shorthand stands for. */
const SHORTHANDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["deny", ["deny"]],
  ["read", ["read", "list"]],
  ["write", ["create", "read", "update", "delete", "list"]],
  ["sudo", ["create", "read", "update", "delete", "list", "sudo"]],
]);

/** Objects in objects: no policy has more. */
const DEEPEST = 20;

type Node =
  | { readonly kind: "object"; readonly entries: readonly Entry[] }
  | { readonly kind: "list"; readonly items: readonly Node[] }
  | { readonly kind: "value"; readonly text: string; readonly isText: boolean };

interface Entry {
  readonly keys: readonly string[];
  readonly value: Node;
  readonly line: number;
}

/** The grants of a policy, in the order written. Throws UnreadablePolicy for a text that Vault would read otherwise. */
export function grantsOf(text: string): readonly Grant[] {
  const parser = new Parser(tokensOf(text));
  return text
    .replace(/^\ufeff/, "")
    .trimStart()
    .startsWith("{")
    ? jsonGrants(parser.jsonDocument())
    : parser.document().flatMap(hclGrant);
}

function hclGrant({ keys, value, line }: Entry): Grant[] {
  const [first = "", path, ...more] = keys.map((key, index) => (index === 0 ? key.toLowerCase() : key));
  if (first === "name" && path === undefined) return [];
  if (first !== "path" || path === undefined || more.length > 0 || value.kind !== "object") {
    throw new UnreadablePolicy("holds something that is no path", line);
  }
  return [grantOf(path, value.entries, line)];
}

/** Keys may stand twice, and Vault reads both. */
function jsonGrants(entries: readonly Entry[]): Grant[] {
  return entries.flatMap(({ keys: [key = ""], value, line }) => {
    if (key.toLowerCase() === "name") return [];
    if (key.toLowerCase() !== "path" || value.kind !== "object") {
      throw new UnreadablePolicy("holds something that is no path", line);
    }
    return value.entries.map((entry) => {
      if (entry.value.kind !== "object")
        throw new UnreadablePolicy("has a path that grants nothing readable", entry.line);
      return grantOf(entry.keys[0] ?? "", entry.value.entries, entry.line);
    });
  });
}

function grantOf(path: string, entries: readonly Entry[], line: number): Grant {
  const named = (name: string): readonly Entry[] => {
    const found = entries.filter(({ keys: [key] }) => key?.toLowerCase() === name);
    // Versions of Vault differ in which one they take.
    if (found.length > 1) throw new UnreadablePolicy(`says twice what its ${name} is`, found[1]?.line);
    return found;
  };
  const capabilities = [...named("capabilities").flatMap(listed), ...named("policy").flatMap(shorthand)];
  return { path, capabilities: [...new Set(capabilities)], line };
}

function listed({ value, line }: Entry): string[] {
  if (value.kind !== "list") throw new UnreadablePolicy("has capabilities that are no list", line);
  return value.items.map((item) => {
    if (item.kind !== "value" || !item.isText || !KNOWN.has(item.text)) {
      throw new UnreadablePolicy("has a capability that Vault does not know", line);
    }
    return item.text;
  });
}

function shorthand({ value, line }: Entry): readonly string[] {
  const meant = value.kind === "value" ? SHORTHANDS.get(value.text) : undefined;
  if (meant === undefined) throw new UnreadablePolicy("has a shorthand that Vault does not know", line);
  return meant;
}

class Parser {
  #next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  document(): readonly Entry[] {
    return this.#entries("end", 0);
  }

  jsonDocument(): readonly Entry[] {
    const value = this.#value(0, true);
    this.#expect("end", "");
    return value.kind === "object" ? value.entries : this.#refuse("is no object");
  }

  /** Entries up to the end of the text, or to the bracket that closes the object. */
  #entries(end: "end" | "}", depth: number): Entry[] {
    const entries: Entry[] = [];
    while (!this.#at(end)) {
      entries.push(this.#entry(depth));
      this.#accept(",");
    }
    this.#next += 1;
    return entries;
  }

  #entry(depth: number): Entry {
    const { line } = this.#peek();
    const keys = [this.#key()];
    if (this.#accept("=")) return { keys, value: this.#value(depth, false), line };
    while (!this.#at("{")) keys.push(this.#key());
    return { keys, value: this.#value(depth, false), line };
  }

  #key(): string {
    const { kind, text } = this.#peek();
    if (kind !== "string" && kind !== "word") return this.#refuse("lacks a name");
    this.#next += 1;
    return text;
  }

  #value(depth: number, isJson: boolean): Node {
    if (depth > DEEPEST) return this.#refuse("is nested too deeply");
    const { kind, text } = this.#peek();
    if (this.#accept("{")) {
      return {
        kind: "object",
        entries: isJson ? this.#jsonEntries(depth + 1) : this.#entries("}", depth + 1),
      };
    }
    if (this.#accept("[")) return { kind: "list", items: this.#items(depth + 1, isJson) };
    const isWord = kind === "word" && ["true", "false", ...(isJson ? ["null"] : [])].includes(text);
    if (kind !== "string" && kind !== "number" && !isWord) return this.#refuse("lacks a value");
    this.#next += 1;
    return { kind: "value", text, isText: kind === "string" };
  }

  #items(depth: number, isJson: boolean): Node[] {
    const items: Node[] = [];
    while (!this.#accept("]")) {
      items.push(this.#value(depth, isJson));
      if (!this.#at("]")) this.#expect("sign", ",");
    }
    return items;
  }

  #jsonEntries(depth: number): Entry[] {
    const entries: Entry[] = [];
    while (!this.#accept("}")) {
      const { kind, text, line } = this.#peek();
      if (kind !== "string") return this.#refuse("lacks a name");
      this.#next += 1;
      this.#expect("sign", ":");
      entries.push({ keys: [text], value: this.#value(depth, true), line });
      if (!this.#at("}")) this.#expect("sign", ",");
    }
    return entries;
  }

  #peek(): Token {
    return this.tokens[this.#next] ?? { kind: "end", text: "", line: 0 };
  }

  #at(sign: string): boolean {
    const { kind, text } = this.#peek();
    return sign === "end" ? kind === "end" : kind === "sign" && text === sign;
  }

  #accept(sign: string): boolean {
    if (!this.#at(sign)) return false;
    this.#next += 1;
    return true;
  }

  #expect(kind: Token["kind"], text: string): void {
    const token = this.#peek();
    if (token.kind !== kind || token.text !== text)
      this.#refuse(`lacks a ${text === "" ? "proper end" : text}`);
    this.#next += 1;
  }

  #refuse(reason: string): never {
    const { kind, line } = this.#peek();
    throw new UnreadablePolicy(reason, kind === "end" ? undefined : line);
  }
}
