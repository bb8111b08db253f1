/** Credentials of another AWS account change nothing. */
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isList, isUnknown, type Value } from "../../value";

export const boundedAccount: ResourceRule = {
  id: "aws/bounded-account",
  title: "The AWS provider accepts the configured account alone",
  why:
    "The provider takes whatever credentials the shell holds. With those of another account it makes a second " +
    "identity there, and the environment's mail is signed by nobody.",
  prevents: ["F10"],
  fix: "Give the provider allowedAccountIds: [keybuzz:aws.accountId], and no other account.",
  severity: "medium",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: ({ type, properties }, { configuration }) => {
    const account = configuration?.aws?.accountId;
    if (type !== "pulumi:providers:aws" || account === undefined) return NOT_APPLICABLE;
    const assessment = new Assessment();
    const at = ["allowedAccountIds"];
    const accounts = listOf(properties.allowedAccountIds);
    if (accounts === "unknown") assessment.unknown(at);
    else if (accounts === undefined)
      assessment.finding(at, `is no list of accounts; ${account} is the only one allowed`);
    else {
      if (accounts.length === 0)
        assessment.finding(at, `names no account, so any is accepted; ${account} is the only one allowed`);
      for (const other of accounts.filter((each) => each !== account)) {
        assessment.finding(at, `allows the account ${other}; only ${account} is this environment's`);
      }
    }
    return assessment.verdict;
  },
};

/** A provider's list as a list, or as the JSON in which the SDK sends it. Numbers count as what they look like. */
function listOf(value: Value | undefined): readonly string[] | "unknown" | undefined {
  if (value === undefined || value === null || value === "") return [];
  if (isUnknown(value)) return "unknown";
  if (typeof value === "string") {
    try {
      const parsed: unknown = JSON.parse(value);
      return Array.isArray(parsed) ? parsed.map(String) : undefined;
    } catch {
      return undefined;
    }
  }
  if (!isList(value)) return undefined;
  return value.some(isUnknown) ? "unknown" : value.map(String);
}
