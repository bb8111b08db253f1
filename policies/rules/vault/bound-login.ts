/** Logging in is bound to whom and where the login is for. */
import type { Estate } from "../../estate";
import { foreignReference } from "../../foreign";
import { isMissing } from "../../literals";
import { Assessment, NOT_APPLICABLE, type ResourceRule, type Verdict } from "../../rule";
import { isList, isUnknown, itemsOf, type Path, pathText, type Value, type ValueMap } from "../../value";
import { isNarrow } from "../../vault-login/ranges";

export const boundLogin: ResourceRule = {
  id: "vault/bound-login",
  title: "Kubernetes logins name service accounts and this environment's namespaces; AppRoles name addresses",
  why:
    "A role that any service account or any namespace may log in with hands PROD's entries to a pod of DEV; an AppRole " +
    "without addresses hands them to whoever finds its secret id, as the static token in the backend's .env did.",
  prevents: ["F7", "F14"],
  fix:
    "List the workload's own service account and namespace, without * and without default; give an AppRole " +
    "secretIdBoundCidrs and tokenBoundCidrs, none wider than /24 (/64 for IPv6).",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: ({ type, properties }, estate) => {
    if (type === "vault:kubernetes/authBackendRole:AuthBackendRole")
      return judgeKubernetes(properties, estate);
    if (type === "vault:appRole/authBackendRole:AuthBackendRole") return judgeAppRole(properties);
    return NOT_APPLICABLE;
  },
};

function judgeKubernetes(properties: ValueMap, estate: Estate): Verdict {
  const assessment = new Assessment();
  const { boundServiceAccountNamespaceSelector: selector } = properties;
  eachName(assessment, properties, "boundServiceAccountNames", (name, path) => {
    if (name.includes("*"))
      assessment.finding(path, `is ${name}, which stands for many service accounts; name one`);
    else if (name === "default") {
      assessment.finding(
        path,
        "is default, which every pod of the namespace has that names none; name the workload's own",
      );
    }
  });
  eachName(assessment, properties, "boundServiceAccountNamespaces", (name, path) => {
    if (name.includes("*"))
      assessment.finding(path, `is ${name}, which stands for many namespaces; name one`);
    else judgeNamespace(assessment, name, path, estate);
  });
  if (isUnknown(selector)) assessment.unknown(["boundServiceAccountNamespaceSelector"]);
  else if (!isMissing(selector)) {
    const message =
      "lets in every namespace with some labels, those of other environments too; name namespaces";
    assessment.finding(["boundServiceAccountNamespaceSelector"], message);
  }
  return assessment.verdict;
}

function judgeNamespace(assessment: Assessment, name: string, path: Path, estate: Estate): void {
  const foreign = foreignReference({ kind: "namespace", name, property: pathText(path) }, estate);
  for (const { message, reference } of foreign) assessment.finding(path, message, reference);
  const isStranger =
    estate.owners.claims("namespace") && estate.owners.ownerOf("namespace", name) === undefined;
  if (isStranger) assessment.finding(path, `is ${name}, which is no namespace of ${estate.environment}`);
}

function judgeAppRole(properties: ValueMap): Verdict {
  const assessment = new Assessment();
  for (const property of ["secretIdBoundCidrs", "tokenBoundCidrs"]) {
    eachName(assessment, properties, property, (range, path) => {
      if (!isNarrow(range)) {
        assessment.finding(
          path,
          `is ${range}; allowed are addresses and ranges no wider than /24, or /64 for IPv6`,
        );
      }
    });
  }
  return assessment.verdict;
}

/** Visits the names of a list that must not be empty. What comes from this environment is its own. */
function eachName(
  assessment: Assessment,
  properties: ValueMap,
  property: string,
  visit: (name: string, path: Path) => void,
): void {
  const list: Value | undefined = properties[property];
  if (isUnknown(list)) {
    if (!list.own) assessment.unknown([property]);
  } else if (!isList(list) || list.length === 0) {
    assessment.finding([property], "is left out or empty, so the login is bound to nothing of the kind");
  }
  for (const [index, item] of itemsOf(list)) {
    if (!isUnknown(item)) visit(typeof item === "string" ? item.trim() : "*", [property, index]);
    else if (!item.own) assessment.unknown([property, index]);
  }
}
