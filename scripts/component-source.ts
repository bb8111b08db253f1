/**
 * Reads components/ as source text: what each file says about itself, its component's arguments and members, and
 * which resources it declares. No type checker: the SDKs' types take seconds to load, and names are enough here.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import ts from "typescript";

/** A comment, taken apart. */
export interface Doc {
  /** Without the tags. */
  readonly text: string;
  /** What `@default` says. */
  readonly fallback?: string;
}

export type Members = ts.InterfaceDeclaration | ts.TypeLiteralNode;

/** A type with the file that declares it. */
export interface FoundType {
  readonly file: SourceFile;
  readonly node: ts.InterfaceDeclaration | ts.TypeAliasDeclaration;
}

/** Something that a file declares with `new`. */
export interface Declared {
  /** Pulumi's type token; undefined for a component. */
  readonly token?: string;
  /** Name of the component; undefined for a resource of a provider. */
  readonly component?: string;
  /** Logical name as it is built: `<name>-topic`; undefined where another expression builds it. */
  readonly logicalName?: string;
}

export interface SourceFile {
  /** `mail-identity` */
  readonly name: string;
  readonly header: string;
  readonly tree: ts.SourceFile;
  /** Imported names, with the module each comes from and its name there (`*` for the whole module). */
  readonly imports: ReadonlyMap<string, { readonly from: string; readonly name: string }>;
  readonly component?: ts.ClassDeclaration;
}

const load = createRequire(__filename);

/** All files of a folder of components, by name. */
export function readSources(folder: string): Map<string, SourceFile> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  return new Map(files.sort().map((file) => [basename(file, ".ts"), readSource(join(folder, file))]));
}

function readSource(path: string): SourceFile {
  const text = readFileSync(path, "utf8");
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const component = tree.statements.find(
    (statement): statement is ts.ClassDeclaration =>
      ts.isClassDeclaration(statement) &&
      (statement.heritageClauses?.some((clause) => clause.getText().includes("ComponentResource")) ?? false),
  );
  return {
    name: basename(path, ".ts"),
    header: text.startsWith("/**") ? docOfComment(text.slice(0, text.indexOf("*/") + 2)).text : "",
    tree,
    imports: importsOf(tree),
    ...(component === undefined ? {} : { component }),
  };
}

function importsOf(tree: ts.SourceFile): SourceFile["imports"] {
  const imports = new Map<string, { from: string; name: string }>();
  for (const statement of tree.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const from = statement.moduleSpecifier.text;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined) continue;
    if (ts.isNamespaceImport(bindings)) imports.set(bindings.name.text, { from, name: "*" });
    else {
      for (const { name, propertyName } of bindings.elements) {
        imports.set(name.text, { from, name: (propertyName ?? name).text });
      }
    }
  }
  return imports;
}

/** The comment right before a node. */
export function docOf(node: ts.Node): Doc {
  const text = node.getSourceFile().text;
  const ranges = ts.getLeadingCommentRanges(text, node.pos) ?? [];
  const last = ranges
    .map(({ pos, end }) => text.slice(pos, end))
    .filter((comment) => comment.startsWith("/**"));
  return docOfComment(last.at(-1) ?? "");
}

function docOfComment(comment: string): Doc {
  const lines = comment
    .replace(/^\/\*\*/, "")
    .replace(/\*\/$/, "")
    .split("\n");
  const body = lines
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim();
  const [text = "", ...tags] = body.split(/(?:^|\s+)@(?=[a-z]+\s)/);
  const fallback = tags.find((tag) => tag.startsWith("default"))?.slice("default".length);
  return { text: text.trim(), ...(fallback === undefined ? {} : { fallback: oneLine(fallback) }) };
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Finds an interface or type by the name it has in a file, following imports between files of the folder. */
export function findType(
  sources: ReadonlyMap<string, SourceFile>,
  file: SourceFile,
  name: string,
): FoundType | undefined {
  for (const statement of file.tree.statements) {
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    if (isType && statement.name.text === name) return { file, node: statement };
  }
  const imported = file.imports.get(name);
  const next = imported && sources.get(imported.from.replace("./", ""));
  return next && imported ? findType(sources, next, imported.name) : undefined;
}

/** Everything that a component declares with `new`, in its own file and in the helpers that it imports. */
export function declaredBy(sources: ReadonlyMap<string, SourceFile>, component: SourceFile): Declared[] {
  const found = new Map<string, Declared>();
  for (const file of withHelpers(sources, component)) {
    const visit = (node: ts.Node): void => {
      if (ts.isNewExpression(node)) {
        const declared = declaredAt(sources, file, node);
        if (declared) found.set(JSON.stringify(declared), declared);
      }
      node.forEachChild(visit);
    };
    visit(file.tree);
  }
  const key = ({ token, component: name, logicalName }: Declared) => `${token ?? name} ${logicalName}`;
  return [...found.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The file, and those it imports that hold no component of their own. */
function withHelpers(sources: ReadonlyMap<string, SourceFile>, component: SourceFile): Set<SourceFile> {
  const files = new Set([component]);
  for (const file of files) {
    for (const { from } of file.imports.values()) {
      const next = from.startsWith("./") ? sources.get(from.slice(2)) : undefined;
      if (next && next.component === undefined) files.add(next);
    }
  }
  return files;
}

function declaredAt(
  sources: ReadonlyMap<string, SourceFile>,
  file: SourceFile,
  node: ts.NewExpression,
): Declared | undefined {
  const [root = "", ...path] = node.expression.getText().split(".");
  const imported = file.imports.get(root);
  if (imported === undefined) return undefined;
  const logicalName = logicalNameOf(node.arguments?.[0]);
  const name = logicalName === undefined ? {} : { logicalName };
  if (imported.from.startsWith("./")) {
    const component = sources.get(imported.from.slice(2))?.component?.name?.text;
    return component === imported.name ? { component, ...name } : undefined;
  }
  if (!imported.from.startsWith("@pulumi/") || imported.from === "@pulumi/pulumi") return undefined;
  const found = [...(imported.name === "*" ? [] : [imported.name]), ...path].reduce<unknown>(
    (value, key) => (value as Record<string, unknown>)[key],
    load(imported.from),
  );
  const token = (found as { __pulumiType?: unknown }).__pulumiType;
  if (typeof token !== "string") {
    throw new Error(`${file.name}: ${node.expression.getText()} is no class of ${imported.from}`);
  }
  return { token, ...name };
}

/** What files call a component's own logical name, which its children's names begin with. */
const OWN_NAME = /^(this\.)?(name|prefix|logicalName)$/;

/** `${name}-topic` as `<name>-topic`. */
function logicalNameOf(argument: ts.Expression | undefined): string | undefined {
  if (argument === undefined) return undefined;
  if (ts.isStringLiteralLike(argument)) return argument.text;
  if (!ts.isTemplateExpression(argument)) return OWN_NAME.test(argument.getText()) ? "<name>" : undefined;
  const spans = argument.templateSpans.map(({ expression, literal }, index) => {
    const own = OWN_NAME.test(expression.getText());
    const text = own ? (index === 0 ? "name" : "…") : expression.getText().split(".").at(-1);
    return `<${text}>${literal.text}`;
  });
  return `${argument.head.text}${spans.join("")}`;
}
