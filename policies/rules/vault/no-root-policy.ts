/** Nothing hands out the power over the whole of Vault. */
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isUnknown, itemsOf, type Path, type Value, valueAt } from "../../value";

/** Properties that list names of policies, in all resources of the provider. */
const LISTS = ["tokenPolicies", "policies", "allowedPolicies"] as const;
/** Lists of groups and users with `policies` of their own, as a login with Okta has them. */
const HOLDERS = ["groups", "users"] as const;
/** The property whose names may hold `*`. */
const GLOBS = "allowedPoliciesGlobs";

export const noRootPolicy: ResourceRule = {
  id: "vault/no-root-policy",
  title: "No role, user, group or token is given the policy root",
  why:
    "A root token lay in the API's namespace and a static one in the backend's .env: whoever read one of them could " +
    "read and change everything in Vault, of both environments, without an end.",
  prevents: ["F6", "F7"],
  fix: "Attach a policy that names the consumer's own entries; what needs root is done by an operator by hand.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: ({ type, properties }) => {
    if (!type.startsWith("vault:")) return NOT_APPLICABLE;
    const assessment = new Assessment();
    const listed = [...LISTS, GLOBS].filter((property) => properties[property] !== undefined);
    for (const property of listed) {
      const isRoot = property === GLOBS ? matchesRoot : meansRoot;
      judge(assessment, properties[property] ?? null, [property], isRoot);
    }
    const nested = HOLDERS.flatMap((holder) =>
      itemsOf(properties[holder]).flatMap(([index, item]) => {
        const policies = valueAt(item, "policies");
        return policies === undefined ? [] : [{ policies, path: [holder, index, "policies"] }];
      }),
    );
    for (const { policies, path } of nested) judge(assessment, policies, path, meansRoot);
    return listed.length + nested.length === 0 ? NOT_APPLICABLE : assessment.verdict;
  },
};

function judge(assessment: Assessment, value: Value, path: Path, isRoot: (name: string) => boolean): void {
  if (isUnknown(value)) assessment.unknown(path);
  else if (typeof value === "string") {
    // Vault takes a text with commas for a list.
    if (value.split(",").some(isRoot))
      assessment.finding(path, "gives the policy root, which may do everything");
  } else for (const [index, item] of itemsOf(value)) judge(assessment, item, [...path, index], isRoot);
}

/** Vault folds the names of policies and cuts blanks off. */
function meansRoot(name: string): boolean {
  return name.trim().toLowerCase() === "root";
}

/** Every `*` stands for any text. */
function matchesRoot(glob: string): boolean {
  const parts = glob
    .trim()
    .toLowerCase()
    .split("*")
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test("root");
}
