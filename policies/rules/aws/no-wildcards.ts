/** Policies say what they allow, and to whom. */
import { type Condition, readPolicy, type Statement, type Word } from "../../iam/document";
import { allowsEverything, managedPoliciesIn } from "../../iam/managed";
import { type PolicyPlace, policiesIn } from "../../iam/places";
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isUnknown, type Path, type Value } from "../../value";
import { givesUsersMore } from "./send-only";

export const noWildcards: ResourceRule = {
  id: "aws/no-wildcards",
  title: "Policies of identities allow named actions on named resources, and no policy allows everybody",
  why:
    "All environments share one AWS account, so a wildcard of one environment's user reaches the identity and the " +
    "topic of the other. A topic that everybody may publish to reports bounces that never happened.",
  prevents: ["F10"],
  fix: "List the actions and the ARNs; give a resource's policy a principal, or a condition on the source.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, { configuration }) => {
    const places = policiesIn(resource);
    // Where it is configured what users may do, aws/send-only refuses every managed policy of theirs.
    const isToldThere = configuration !== undefined && givesUsersMore(resource);
    const managed = isToldThere ? [] : managedPoliciesIn(resource);
    if (places.length + managed.length === 0) return NOT_APPLICABLE;
    const assessment = new Assessment();
    for (const place of places) judge(place, assessment);
    for (const { path, arn } of managed) judgeManaged(arn, path, assessment);
    return assessment.verdict;
  },
};

function judge({ of, path, document }: PolicyPlace, assessment: Assessment): void {
  const reading = readPolicy(document);
  if (reading.outcome === "unknown") assessment.unknown(path);
  else if (reading.outcome === "malformed") assessment.finding(path, `${reading.problem}: AWS refuses it`);
  else {
    const problems = of === "identity" ? ofIdentity : ofResource;
    for (const statement of reading.statements.filter(({ effect }) => effect === "Allow")) {
      const { wrong, open } = problems(statement);
      for (const problem of wrong) assessment.finding(path, `${statement.label} ${problem}`);
      if (open) assessment.unknown(path);
    }
  }
}

/** A policy of this environment is judged where it is declared. */
function judgeManaged(arn: Value, path: Path, assessment: Assessment): void {
  if (isUnknown(arn)) {
    if (!arn.own) assessment.unknown(path);
  } else if (typeof arn === "string" && allowsEverything(arn)) {
    assessment.finding(path, `is ${arn}, which allows actions and resources by wildcards; name those needed`);
  }
}

/** What is wrong with a statement, and whether a part that decides is not known. */
interface Problems {
  readonly wrong: readonly string[];
  readonly open: boolean;
}

function ofIdentity({ actions, notActions, resources, notResources }: Statement): Problems {
  const wild = (name: string, words: readonly Word[] = []): string[] =>
    words.flatMap((word) => (isWild(word) ? [`allows the ${name} ${word}; name each one`] : []));
  return {
    wrong: [
      ...wild("action", actions),
      ...wild("resource", resources),
      ...(notActions === undefined ? [] : ["allows all actions but some by NotAction; name those allowed"]),
      ...(notResources === undefined
        ? []
        : ["allows all resources but some by NotResource; name those allowed"]),
    ],
    open: [...(actions ?? []), ...(resources ?? [])].some(isUnknown),
  };
}

function ofResource({ principals, notPrincipals, conditions }: Statement): Problems {
  if (conditions.some(binds)) return { wrong: [], open: false };
  const everybody = principals?.some((word) => typeof word === "string" && /^\*+$/.test(word)) ?? false;
  return {
    wrong: [
      ...(everybody ? ["allows everybody, without a condition that bounds it"] : []),
      ...(notPrincipals === undefined
        ? []
        : ["allows everybody but some by NotPrincipal, without a condition"]),
    ],
    open: principals?.some(isUnknown) ?? false,
  };
}

/** Whether a condition leaves anybody out. One that is met by every value, or where the key is missing, does not. */
function binds({ operator, values }: Condition): boolean {
  if (/IfExists$|^ForAllValues:/i.test(operator)) return false;
  return values.length > 0 && values.every((value) => isUnknown(value) || !/^\*+$/.test(value));
}

function isWild(word: Word): word is string {
  return typeof word === "string" && /[*?]/.test(word);
}
