/**
 * Tells the mutation tests what is wording: texts for people, which may be written anew without a rule deciding
 * otherwise. Everything else is mutated, also names of types, properties and kinds, and their tables.
 */
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** Fields of a rule's record that are shown and never compared. */
const SHOWN = new Set(["title", "why", "fix", "prevents", "severity"]);

/** Three words in a row: nothing that a rule compares with has them. */
const SENTENCE = /[\w'-]+[,:;]? [\w'-]+[,:;]? [\w'-]+/;

const wording = {
  shouldIgnore(path) {
    if (path.isObjectProperty() && SHOWN.has(nameOf(path.node.key)) && isRecord(path.parent)) {
      return "A field of the record that is shown only.";
    }
    if (path.isStringLiteral() && (SENTENCE.test(path.node.value) || isMessage(path))) {
      return "A sentence for people.";
    }
    if (path.isTemplateLiteral() && (path.node.quasis.some(isSentence) || isMessage(path))) {
      return "A sentence for people.";
    }
    return undefined;
  },
};

function isRecord({ properties }) {
  return ["id", "scope"].every((field) => properties.some(({ key }) => nameOf(key) === field));
}

function isSentence({ value }) {
  return SENTENCE.test(value.cooked ?? value.raw);
}

/** The text of a finding: the second argument of `finding`, or what is called `message`. */
function isMessage({ parent, node, key }) {
  if (parent.type === "CallExpression") return nameOf(parent.callee.property) === "finding" && key === 1;
  if (parent.type === "ObjectProperty") return parent.value === node && nameOf(parent.key) === "message";
  return parent.type === "VariableDeclarator" && nameOf(parent.id) === "message";
}

function nameOf(node) {
  return node?.type === "Identifier" ? node.name : undefined;
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "wording", wording)];
