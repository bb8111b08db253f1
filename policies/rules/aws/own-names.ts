/** What an environment declares in the shared AWS account is its own by name, and it names nothing of another one. */
import type { Estate } from "../../estate";
import { judgeReferences } from "../../foreign";
import type { ReferenceKind } from "../../ownership";
import { scan } from "../../references/scan";
import type { Resource } from "../../resource";
import type { Finding, ResourceRule } from "../../rule";

/** Names that have to be told apart within the account. */
const KINDS = ["iam-user", "ses-identity", "ses-configuration-set", "sns-topic", "mail-from-domain"] as const;

/** The property by which a type declares such a name, and the name's kind. */
const DECLARED: Readonly<Record<string, readonly [string, (typeof KINDS)[number], string]>> = {
  "aws:iam/user:User": ["name", "iam-user", "IAM user"],
  "aws:sesv2/emailIdentity:EmailIdentity": ["emailIdentity", "ses-identity", "SES identity"],
  "aws:ses/domainIdentity:DomainIdentity": ["domain", "ses-identity", "SES identity"],
  "aws:ses/emailIdentity:EmailIdentity": ["email", "ses-identity", "SES identity"],
  "aws:sesv2/configurationSet:ConfigurationSet": [
    "configurationSetName",
    "ses-configuration-set",
    "SES configuration set",
  ],
  "aws:ses/configurationSet:ConfigurationSet": ["name", "ses-configuration-set", "SES configuration set"],
  "aws:sns/topic:Topic": ["name", "sns-topic", "SNS topic"],
  "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": [
    "mailFromDomain",
    "mail-from-domain",
    "MAIL FROM domain",
  ],
  "aws:ses/mailFrom:MailFrom": ["mailFromDomain", "mail-from-domain", "MAIL FROM domain"],
};

export const ownNames: ResourceRule = {
  id: "aws/own-names",
  title:
    "IAM users, SES identities, configuration sets, topics and MAIL FROM domains are the environment's own",
  why:
    "All environments share one AWS account. A worker that sends from the other environment's identity spends its " +
    "reputation and its daily quota, and its bounces are reported to the other side.",
  prevents: ["F1", "F10"],
  fix: "Use the names that follow from keybuzz:mail and the environment's name in its file.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, estate) => {
    const strangers = strange(resource, estate);
    return strangers.length > 0
      ? { outcome: "findings", findings: strangers }
      : judgeReferences(resource, estate, KINDS);
  },
};

/** A declared name that no environment claims, where this environment claims names of its kind. */
function strange(resource: Resource, { owners, environment }: Estate): Finding[] {
  const declared = DECLARED[resource.type];
  if (declared === undefined || !owners.claims(declared[1])) return [];
  const [property, kind, word] = declared;
  const isStrange = (reference: { kind: ReferenceKind; name: string; property: string }): boolean =>
    reference.kind === kind &&
    reference.property === property &&
    owners.ownerOf(kind, reference.name) === undefined;
  return scan(resource)
    .references.filter(isStrange)
    .map(({ name }) => ({
      property,
      message: `declares the ${word} ${name}, which ${environment}'s configuration does not name`,
    }));
}
