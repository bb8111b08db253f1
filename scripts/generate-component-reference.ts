/**
 * Writes docs/components.md from the comments in components/: what each component guarantees, takes, gives and
 * declares. Change those, and run `npx tsx scripts/generate-component-reference.ts`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import {
  type Doc,
  declaredBy,
  docOf,
  type FoundType,
  findType,
  type Members,
  oneLine,
  readSources,
  type SourceFile,
} from "./component-source";

export const referenceFile = join(__dirname, "../docs/components.md");
const componentsFolder = join(__dirname, "../components");

type Sources = ReadonlyMap<string, SourceFile>;

interface Row {
  readonly name: string;
  readonly type: string;
  readonly fallback: string;
  readonly description: string;
}

/** The types of this folder that tables refer to: each gets a section of its own. */
type Mentioned = Map<string, FoundType>;

const introduction = `
Each component is one noun of an environment: a \`pulumi.ComponentResource\` that checks its arguments, declares its
resources as children, and hands typed handles to others. An argument without a default must be given, unless it says
*optional*. \`<name>\` is the component's own logical name.`;

export function renderReference(): string {
  const sources = readSources(componentsFolder);
  const components = [...sources.values()].filter((file) => file.component !== undefined);
  const mentioned: Mentioned = new Map();
  const sections = components.map((file) => renderComponent(sources, file, mentioned));
  const parts = [
    "# Components",
    "<!-- Made by scripts/generate-component-reference.ts from the comments in components/: change it there. -->",
    introduction,
    ["| Component | Type |", "| --- | --- |", ...components.map(indexRow)].join("\n"),
    ...sections,
    "## Types",
    "What the arguments above are made of.",
    ...renderTypes(sources, mentioned),
  ];
  return `${parts.map((part) => part.trim()).join("\n\n")}\n`;
}

function indexRow(file: SourceFile): string {
  const name = nameOf(file);
  return `| [${name}](#${name.toLowerCase()}) | \`${tokenOf(file)}\` |`;
}

function renderComponent(sources: Sources, file: SourceFile, mentioned: Mentioned): string {
  const { component } = file;
  if (component === undefined) throw new Error(`${file.name}.ts holds no component`);
  const declared = declaredBy(sources, file).map(({ token, component: child, logicalName }) => {
    const what = child === undefined ? `\`${token}\`` : `[${child}](#${child.toLowerCase()})`;
    return `| ${what} | ${logicalName === undefined ? "" : `\`${logicalName}\``} |`;
  });
  const args = argumentsOf(sources, file, component, mentioned);
  const given = outputsOf(sources, file, component, mentioned);
  return [
    `## ${nameOf(file)}`,
    `\`${tokenOf(file)}\`, in \`components/${file.name}.ts\``,
    [docOf(component).text, file.header].filter((text) => text !== "").join("\n\n"),
    ...table("### Arguments", ["Argument", "Type", "Default", "Description"], args.map(rowWithFallback)),
    ...table("### Gives", ["Member", "Type", "Description"], given.map(rowWithoutFallback)),
    ...table("### Declares", ["Resource", "Logical name"], declared),
  ]
    .filter((part) => part !== "")
    .map((part) => part.replaceAll(/^### (\w+)$/gm, `### ${nameOf(file)}: $1`))
    .join("\n\n");
}

function table(title: string, head: string[], rows: string[]): string[] {
  if (rows.length === 0) return [];
  return [title, [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`, ...rows].join("\n")];
}

function rowWithFallback({ name, type, fallback, description }: Row): string {
  return `| \`${name}\` | ${type} | ${fallback} | ${description} |`;
}

function rowWithoutFallback({ name, type, description }: Row): string {
  return `| \`${name}\` | ${type} | ${description} |`;
}

function nameOf({ component }: SourceFile): string {
  return component?.name?.text ?? "";
}

/** The type token: the first argument of `super`. */
function tokenOf(file: SourceFile): string {
  const token = /super\(\s*"([^"]+)"/.exec(file.component?.getText() ?? "")?.[1];
  if (token === undefined) throw new Error(`${file.name}.ts: super() names no type token`);
  return token;
}

// ---- arguments and members --------------------------------------------------------------------------------

/** Rows of the constructor's second parameter, whatever interfaces it extends. */
function argumentsOf(
  sources: Sources,
  file: SourceFile,
  component: ts.ClassDeclaration,
  mentioned: Mentioned,
): Row[] {
  const type = component.members.find(ts.isConstructorDeclaration)?.parameters[1]?.type;
  const found = type && findType(sources, file, type.getText());
  if (found === undefined || !ts.isInterfaceDeclaration(found.node)) {
    throw new Error(`${file.name}.ts: the second parameter of the constructor is no interface`);
  }
  return rowsOf(sources, found.file, found.node, "", mentioned);
}

function rowsOf(
  sources: Sources,
  file: SourceFile,
  members: Members,
  prefix: string,
  mentioned: Mentioned,
): Row[] {
  const own = members.members.filter(ts.isPropertySignature).flatMap((member) => {
    const row = rowOf(sources, file, member, prefix, mentioned);
    const inner = documentedLiteral(member.type);
    return inner ? [row, ...rowsOf(sources, file, inner, `${row.name}.`, mentioned)] : [row];
  });
  const clauses = ts.isInterfaceDeclaration(members) ? (members.heritageClauses ?? []) : [];
  const inherited = clauses
    .flatMap((clause) => clause.types)
    .flatMap((type) => {
      const found = findType(sources, file, type.expression.getText());
      if (found === undefined || !ts.isInterfaceDeclaration(found.node)) return [];
      return rowsOf(sources, found.file, found.node, prefix, mentioned);
    });
  return [...own, ...inherited];
}

function rowOf(
  sources: Sources,
  file: SourceFile,
  member: ts.PropertySignature | ts.PropertyDeclaration,
  prefix: string,
  mentioned: Mentioned,
  inheritedDoc?: Doc,
): Row {
  const own = docOf(member);
  const doc = own.text === "" ? (inheritedDoc ?? typeDoc(sources, file, member.type) ?? own) : own;
  const fallback = own.fallback ?? (member.questionToken ? "*optional*" : "");
  return {
    name: `${prefix}${member.name.getText()}`,
    type: member.type ? typeCell(sources, file, member.type, mentioned) : initialValue(member),
    fallback: /^("[^"]*"|\[.*\]|\d+|true|false)$/.test(fallback) ? `\`${cell(fallback)}\`` : cell(fallback),
    description: cell(doc.text),
  };
}

/** A member that says nothing itself is described by its type. */
function typeDoc(sources: Sources, file: SourceFile, type: ts.TypeNode | undefined): Doc | undefined {
  const found = type && ts.isTypeReferenceNode(type) && findType(sources, file, type.typeName.getText());
  return found ? docOf(found.node) : undefined;
}

/** An inline object type whose members have comments: they get rows of their own. */
function documentedLiteral(type: ts.TypeNode | undefined): ts.TypeLiteralNode | undefined {
  const literal = type && (ts.isUnionTypeNode(type) ? type.types.find(ts.isTypeLiteralNode) : type);
  if (literal === undefined || !ts.isTypeLiteralNode(literal)) return undefined;
  return literal.members.some((member) => docOf(member).text !== "") ? literal : undefined;
}

/** Public members of the class: properties that others read, and methods that they call. */
function outputsOf(
  sources: Sources,
  file: SourceFile,
  component: ts.ClassDeclaration,
  mentioned: Mentioned,
): Row[] {
  const promised = promisedDocs(sources, file, component);
  return component.members.flatMap((member) => {
    const isHidden = ts.canHaveModifiers(member)
      ? ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)
      : true;
    if (isHidden) return [];
    const isStatic = ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static;
    const prefix = isStatic ? `${nameOf(file)}.` : "";
    if (ts.isPropertyDeclaration(member)) {
      const doc = promised.get(member.name.getText());
      return [rowOf(sources, file, member, prefix, mentioned, doc)];
    }
    if (!ts.isMethodDeclaration(member) && !ts.isGetAccessorDeclaration(member)) return [];
    const parameters = member.parameters.map((parameter) => parameter.name.getText()).join(", ");
    const call = ts.isMethodDeclaration(member) ? `(${parameters})` : "";
    const doc = docOf(member).text === "" ? promised.get(member.name.getText()) : docOf(member);
    return [
      {
        name: `${prefix}${member.name.getText()}${call}`,
        type: member.type ? typeCell(sources, file, member.type, mentioned) : "",
        fallback: "",
        description: cell(doc?.text ?? ""),
      },
    ];
  });
}

/** Comments of the interfaces that a class implements, by member. */
function promisedDocs(sources: Sources, file: SourceFile, component: ts.ClassDeclaration): Map<string, Doc> {
  const names = (component.heritageClauses ?? [])
    .filter((clause) => clause.token === ts.SyntaxKind.ImplementsKeyword)
    .flatMap((clause) => clause.types.map((type) => type.expression.getText()));
  const members = names.flatMap((name) => {
    const found = findType(sources, file, name);
    return found && ts.isInterfaceDeclaration(found.node) ? [...found.node.members] : [];
  });
  return new Map(members.map((member) => [member.name?.getText() ?? "", docOf(member)]));
}

// ---- types ------------------------------------------------------------------------------------------------

/** A type as it is written, with every interface of this folder noted and linked, and its aliases spelt out. */
function typeCell(sources: Sources, file: SourceFile, type: ts.TypeNode, mentioned: Mentioned): string {
  if (documentedLiteral(type)) return "object";
  const found = ts.isTypeReferenceNode(type) && findType(sources, file, type.typeName.getText());
  if (found && ts.isTypeAliasDeclaration(found.node)) {
    return typeCell(sources, found.file, found.node.type, mentioned);
  }
  const [link, another] = noteTypes(sources, file, type, mentioned);
  const text = `\`${cell(withoutComments(type).replace(/ \| undefined$/, ""))}\``;
  return link === undefined || another !== undefined ? text : `[${text}](#${link.toLowerCase()})`;
}

/** Notes every type of this folder that a type is made of, and returns their names. */
function noteTypes(sources: Sources, file: SourceFile, type: ts.Node, mentioned: Mentioned): string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node)) {
      const name = node.typeName.getText();
      const found = findType(sources, file, name);
      if (found) mentioned.set(name, found);
      const isComponent =
        sources.get(file.imports.get(name)?.from.slice(2) ?? "")?.component?.name?.text === name;
      if (found || isComponent) names.add(name);
    }
    node.forEachChild(visit);
  };
  visit(type);
  return [...names];
}

/** A constant says its type by its value. */
function initialValue(member: ts.PropertySignature | ts.PropertyDeclaration): string {
  const value = ts.isPropertyDeclaration(member) ? member.initializer : undefined;
  return value && ts.isLiteralExpression(value) ? `\`${cell(value.getText())}\`` : "";
}

function withoutComments(node: ts.Node): string {
  return oneLine(node.getText().replaceAll(/\/\*[\s\S]*?\*\/|\breadonly /g, "")).replace(/^\| /, "");
}

function cell(text: string): string {
  return oneLine(text).replaceAll("|", "\\|");
}

const TYPE_HEAD = ["Property", "Type", "Default", "Description"];

/** A section per type that was mentioned, including by another of these sections. */
function renderTypes(sources: Sources, mentioned: Mentioned): string[] {
  const rendered = new Map<string, string>();
  for (const [name, { file, node }] of mentioned) {
    const about = oneLine(`${docOf(node).text} In \`components/${file.name}.ts\`.`);
    const body = ts.isInterfaceDeclaration(node)
      ? table("", TYPE_HEAD, rowsOf(sources, file, node, "", mentioned).map(rowWithFallback)).slice(1)
      : [typeCell(sources, file, node.type, mentioned).replaceAll("\\|", "|")];
    rendered.set(name, [`### ${name}`, about, ...body].join("\n\n"));
  }
  return [...rendered.keys()].sort().map((name) => rendered.get(name) ?? "");
}

if (require.main === module) writeFileSync(referenceFile, renderReference());
