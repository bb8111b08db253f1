/**
 * IAM policy documents, taken apart as AWS reads them: a Statement may be one or a list, and so may actions,
 * resources, principals and values of conditions; names of actions and of condition keys are the same in upper and
 * lower case. Source: AWS, "Grammar of the IAM JSON policy language".
 */
import { entriesOf, isList, isMap, isUnknown, type Unknown, type Value, type ValueMap } from "../value";

/** A word of a document, as far as it is known. */
export type Word = string | Unknown;

export interface Condition {
  /** As it stands there: `StringEquals`, `ForAnyValue:StringLike`. */
  readonly operator: string;
  /** In lower case: `ses:fromaddress`. */
  readonly key: string;
  readonly values: readonly Word[];
}

/** One statement. An element that it does not have is undefined. */
export interface Statement {
  /** For messages: `statement 2`, with its Sid if that is plain. */
  readonly label: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly Word[] | undefined;
  readonly notActions: readonly Word[] | undefined;
  readonly resources: readonly Word[] | undefined;
  readonly notResources: readonly Word[] | undefined;
  /** Without their kind: `*` for everybody, an ARN, a service. */
  readonly principals: readonly Word[] | undefined;
  readonly notPrincipals: readonly Word[] | undefined;
  readonly conditions: readonly Condition[];
}

export type PolicyReading =
  /** A part without which nothing can be said is not known. */
  | { readonly outcome: "unknown" }
  /** AWS would refuse it. The problem quotes nothing. */
  | { readonly outcome: "malformed"; readonly problem: string }
  | { readonly outcome: "read"; readonly statements: readonly Statement[] };

/** Reads a policy given as JSON or as an object. Never throws. */
export function readPolicy(value: Value | undefined): PolicyReading {
  if (isUnknown(value)) return { outcome: "unknown" };
  try {
    return { outcome: "read", statements: new Reader().document(fromText(value)) };
  } catch (error) {
    if (error instanceof NotKnown) return { outcome: "unknown" };
    if (error instanceof Malformed) return { outcome: "malformed", problem: error.message };
    throw error;
  }
}

class Malformed extends Error {}
class NotKnown extends Error {}

function fromText(value: Value | undefined): Value | undefined {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    throw new Malformed("is not JSON");
  }
}

class Reader {
  document(value: Value | undefined): Statement[] {
    if (!isMap(value)) throw new Malformed("is not a policy document");
    const statement = element(value, "Statement", "the document");
    const list = isList(statement) ? statement : statement === undefined ? [] : [statement];
    if (list.length === 0) throw new Malformed("has no Statement");
    return list.map((item, index) => this.#statement(item, `statement ${index + 1}`));
  }

  #statement(value: Value, position: string): Statement {
    if (isUnknown(value)) throw new NotKnown();
    if (!isMap(value)) throw new Malformed(`has a ${position} that is no statement`);
    const sid = element(value, "Sid", position);
    const label = typeof sid === "string" && /^\w+$/.test(sid) ? `${position} (${sid})` : position;
    const effect = element(value, "Effect", position);
    if (effect !== "Allow" && effect !== "Deny") {
      throw new Malformed(`has a ${position} whose Effect is neither Allow nor Deny`);
    }
    const words = (name: string): readonly Word[] | undefined => {
      const words = element(value, name, position);
      return words === undefined ? undefined : wordsOf(words, `${position}.${name}`);
    };
    const [actions, notActions] = [words("Action"), words("NotAction")];
    if ((actions === undefined) === (notActions === undefined)) {
      throw new Malformed(`has a ${position} without exactly one of Action and NotAction`);
    }
    return {
      label,
      effect,
      actions,
      notActions,
      resources: words("Resource"),
      notResources: words("NotResource"),
      principals: principalsOf(element(value, "Principal", position), `${position}.Principal`),
      notPrincipals: principalsOf(element(value, "NotPrincipal", position), `${position}.NotPrincipal`),
      conditions: conditionsOf(element(value, "Condition", position), `${position}.Condition`),
    };
  }
}

/** An element by its name, in whatever case it is written. Unknown elements end the reading. */
function element(map: ValueMap, name: string, place: string): Value | undefined {
  const found = Object.entries(map).filter(([key]) => key.toLowerCase() === name.toLowerCase());
  if (found.length > 1) throw new Malformed(`says ${name} twice in ${place}`);
  const value = found[0]?.[1];
  if (isUnknown(value)) throw new NotKnown();
  return value;
}

function wordsOf(value: Value, place: string): readonly Word[] {
  const list = isList(value) ? value : [value];
  return list.map((item) => {
    if (isUnknown(item) || typeof item === "string") return item;
    throw new Malformed(`has something in ${place} that is no text`);
  });
}

function principalsOf(value: Value | undefined, place: string): readonly Word[] | undefined {
  if (value === undefined) return undefined;
  return isMap(value) ? Object.values(value).flatMap((item) => wordsOf(item, place)) : wordsOf(value, place);
}

function conditionsOf(value: Value | undefined, place: string): readonly Condition[] {
  if (value === undefined) return [];
  if (!isMap(value)) throw new Malformed(`has a ${place} that is no map`);
  return Object.entries(value).flatMap(([operator, keys]) => {
    if (isUnknown(keys)) throw new NotKnown();
    if (!isMap(keys)) throw new Malformed(`has a ${place}.${operator} that is no map`);
    return entriesOf(keys).map(([key, values]): Condition => {
      const list = isList(values) ? values : [values];
      const plain = list.map((item) =>
        typeof item === "boolean" || typeof item === "number" ? String(item) : item,
      );
      return { operator, key: key.toLowerCase(), values: wordsOf(plain, `${place}.${operator}`) };
    });
  });
}
