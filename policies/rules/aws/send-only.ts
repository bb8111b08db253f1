/** The environment's IAM user can send mail as the environment's sender, and nothing else. */
import { configurationSetName, type Draft } from "../../../config";
import { type Condition, readPolicy, type Statement, type Word } from "../../iam/document";
import { isPhysical, type Resource } from "../../resource";
import { Assessment, NOT_APPLICABLE, type ResourceRule, type Verdict } from "../../rule";
import { isList, isUnknown, type Value } from "../../value";

/** In lower case: names of actions are the same in every case. */
const SENDING: readonly string[] = ["ses:sendemail", "ses:sendrawemail"];
const SENDER_KEY = "ses:fromaddress";

/** Properties that give a user more than its own policy: one that is not an empty list is too much. */
const GIVEN: Readonly<Record<string, readonly { readonly property: string; readonly what: string }[]>> = {
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": [{ property: "policyArn", what: "a managed policy" }],
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": [
    { property: "policyArns", what: "managed policies" },
  ],
  "aws:iam/policyAttachment:PolicyAttachment": [
    { property: "users", what: "a managed policy" },
    { property: "groups", what: "a managed policy" },
  ],
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": [
    { property: "policyArn", what: "a managed policy, through a group," },
  ],
  "aws:iam/userGroupMembership:UserGroupMembership": [{ property: "groups", what: "a group's permissions" }],
  "aws:iam/groupMembership:GroupMembership": [{ property: "users", what: "a group's permissions" }],
};

export const sendOnly: ResourceRule = {
  id: "aws/send-only",
  title: "The environment's IAM user may send from the environment's sender, and do nothing else",
  why:
    "The key of this user stands in a Secret of the cluster. With AmazonSESFullAccess whoever reads it sends as " +
    "anybody, from both environments, and can delete PROD's identity.",
  prevents: ["F10"],
  fix:
    "Give the user one inline policy: ses:SendEmail and ses:SendRawEmail on the ARNs of the identity and the " +
    "configuration set, with StringEquals on ses:FromAddress. The component MailSender writes it.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, { configuration, environment }) => {
    if (configuration === undefined || !isPhysical(resource)) return NOT_APPLICABLE;
    const given = GIVEN[resource.type];
    if (given !== undefined) return judgeGiven(resource, given);
    if (resource.type !== "aws:iam/userPolicy:UserPolicy") return NOT_APPLICABLE;
    return judgePolicy(resource.properties.policy, configuration, environment);
  },
};

/** Whether a resource gives users more than their own policies: this rule has an answer about it. */
export function givesUsersMore({ type }: Pick<Resource, "type">): boolean {
  return Object.hasOwn(GIVEN, type);
}

function judgeGiven({ properties }: Resource, given: (typeof GIVEN)[string]): Verdict {
  const assessment = new Assessment();
  for (const { property, what } of given) {
    const value = properties[property];
    // A list may turn out to be empty; one policy is one, whichever it is.
    if (isUnknown(value) && property !== "policyArn") assessment.unknown([property]);
    else if (isGiven(value)) {
      assessment.finding([property], `gives ${what} to a user; all that it may do stands in its own policy`);
    }
  }
  const about = given.some(({ property }) => isGiven(properties[property]));
  return about ? assessment.verdict : NOT_APPLICABLE;
}

function isGiven(value: Value | undefined): boolean {
  return value !== undefined && value !== null && !(isList(value) && value.length === 0);
}

/** What a policy may name. */
interface Allowed {
  readonly resources: readonly string[];
  readonly sender: string;
}

function judgePolicy(policy: Value | undefined, configuration: Draft, environment: string): Verdict {
  const allowed = allowedBy(configuration, environment);
  const reading = readPolicy(policy);
  const assessment = new Assessment();
  if (reading.outcome === "malformed") assessment.finding(["policy"], `${reading.problem}: AWS refuses it`);
  // Without the configured names nothing can be compared, and nothing is vouched for.
  else if (reading.outcome === "unknown" || allowed === undefined) assessment.unknown(["policy"]);
  else {
    for (const statement of reading.statements.filter(({ effect }) => effect === "Allow")) {
      for (const problem of problemsOf(statement, allowed)) {
        assessment.finding(["policy"], `${statement.label} ${problem}`);
      }
      if (isOpen(statement)) assessment.unknown(["policy"]);
    }
  }
  return assessment.verdict;
}

function allowedBy({ aws, mail, environment }: Draft, name: string): Allowed | undefined {
  const { accountId, region } = aws ?? {};
  const { identity, sender } = mail ?? {};
  if (accountId === undefined || region === undefined || identity === undefined || sender === undefined) {
    return undefined;
  }
  const arn = `arn:aws:ses:${region}:${accountId}`;
  const set = configurationSetName(environment?.name ?? name);
  return { resources: [`${arn}:identity/${identity}`, `${arn}:configuration-set/${set}`], sender };
}

function problemsOf(statement: Statement, { resources: allowed, sender }: Allowed): string[] {
  const { actions = [], notActions, resources, notResources, principals, notPrincipals } = statement;
  const known = (words: readonly Word[]): string[] => words.filter((word) => typeof word === "string");
  return [
    ...known(actions)
      .filter((action) => !SENDING.includes(action.toLowerCase()))
      .map((action) => `allows ${action}; only ses:SendEmail and ses:SendRawEmail are allowed`),
    ...known(resources ?? [])
      .filter((resource) => !allowed.includes(resource))
      .map((resource) => `allows ${resource}; only ${allowed.join(" and ")} are allowed`),
    ...(resources === undefined && notResources === undefined ? ["names no Resource"] : []),
    ...(notActions === undefined ? [] : ["uses NotAction, which allows all that it does not name"]),
    ...(notResources === undefined ? [] : ["uses NotResource, which allows all that it does not name"]),
    ...(principals === undefined ? [] : ["names a Principal, which a user's policy cannot have"]),
    ...(notPrincipals === undefined ? [] : ["uses NotPrincipal, which a user's policy cannot have"]),
    ...(statement.conditions.some((condition) => bindsSender(condition, sender))
      ? []
      : [`does not bind ses:FromAddress to ${sender} by StringEquals`]),
  ];
}

/** Whether mail can only come from the sender. A value that is not known is no other sender yet. */
function bindsSender({ operator, key, values }: Condition, sender: string): boolean {
  return (
    key === SENDER_KEY &&
    /^(?:ForAnyValue:)?String(?:Equals|Like)$/i.test(operator) &&
    values.length > 0 &&
    values.every((value) => isUnknown(value) || value === sender)
  );
}

function isOpen({ actions = [], resources = [], conditions }: Statement): boolean {
  const senders = conditions.filter(({ key }) => key === SENDER_KEY).flatMap(({ values }) => values);
  return [...actions, ...resources, ...senders].some(isUnknown);
}
