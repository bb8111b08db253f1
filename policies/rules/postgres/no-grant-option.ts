/** Who is let into a database cannot let in others. */
import { isTrue } from "../../literals";
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isUnknown } from "../../value";

/** The option by which a grantee may hand on what it was given, by type. */
const OPTIONS: Readonly<Record<string, string>> = {
  "postgresql:index/grant:Grant": "withGrantOption",
  "postgresql:index/defaultPrivileges:DefaultPrivileges": "withGrantOption",
  "postgresql:index/defaultPrivileg:DefaultPrivileg": "withGrantOption",
  "postgresql:index/grantRole:GrantRole": "withAdminOption",
};

export const noGrantOption: ResourceRule = {
  id: "postgres/no-grant-option",
  title: "Nobody may hand on privileges or memberships that the program gives",
  why:
    "A login of PROD with the grant option can let DEV's login into PROD's database by one statement, and no program " +
    "or preview shows it: the provider never reads the option back.",
  prevents: ["F1"],
  fix: "Leave withGrantOption and withAdminOption out, and declare each grant.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: ({ type, properties }) => {
    const option = Object.hasOwn(OPTIONS, type) ? OPTIONS[type] : undefined;
    if (option === undefined) return NOT_APPLICABLE;
    const assessment = new Assessment();
    const value = properties[option];
    if (isUnknown(value)) assessment.unknown([option]);
    else if (isTrue(value)) assessment.finding([option], "is true: the grantee may let in other roles");
    return assessment.verdict;
  },
};
