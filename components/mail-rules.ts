/** What the arguments of the mail components must be, noted into the problems of whichever component asks. */
import type { Environment } from "./handles";
import type { Problems } from "./problems";

/**
 * Regions whose Easy DKIM records point to `dkim.amazonses.com`. In the newer ones they point to a name of the
 * region's own, so a record made for them here would never verify.
 */
export const DKIM_REGIONS = [
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "eu-central-1",
  "eu-north-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
];

const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LOCAL_PART = /^[a-z0-9]([a-z0-9._+-]{0,62}[a-z0-9])?$/;

/** Where in AWS something stands. */
export interface AwsPlace {
  /** The twelve digits of the account, in quotes. Changing it makes every ARN another one. */
  readonly accountId: string;
  /** The region of SES, such as `eu-west-1`. Changing it replaces all that stands in a region. */
  readonly region: string;
}

/** ARN of something in an account and region. Built from plain values, so that a preview shows it. */
export function arn(place: AwsPlace, service: "ses" | "sns", resource: string): string {
  return `arn:aws:${service}:${place.region}:${place.accountId}:${resource}`;
}

export function checkPlace(problems: Problems, { accountId, region }: AwsPlace): void {
  problems.require(
    /^\d{12}$/.test(accountId),
    "accountId",
    accountId,
    "twelve digits in quotes",
    "read it with `aws sts get-caller-identity`",
  );
  problems.require(
    DKIM_REGIONS.includes(region),
    "region",
    region,
    `one of ${DKIM_REGIONS.join(", ")}`,
    "a region with a DKIM domain of its own needs its record added in components/mail-dns-records.ts",
  );
}

export function checkConfigurationSet(problems: Problems, environment: Environment, seen: string): void {
  problems.require(
    /^[A-Za-z0-9_-]{1,64}$/.test(seen),
    "configurationSet",
    seen,
    "1 to 64 letters, digits, hyphens and underscores",
    "rename it",
  );
  checkOwner(problems, environment, "configurationSet", seen);
}

/** The event destination takes the topic's name too, and allows fewer characters than a topic. */
export function checkTopic(problems: Problems, environment: Environment, seen: string): void {
  problems.require(
    /^[A-Za-z0-9_-]{1,64}$/.test(seen),
    "eventsTopic",
    seen,
    "1 to 64 letters, digits, hyphens and underscores",
    "rename it",
  );
  checkOwner(problems, environment, "eventsTopic", seen);
}

export function checkIamUser(problems: Problems, environment: Environment, seen: string): void {
  problems.require(
    /^[\w+=,.@-]{1,64}$/.test(seen),
    "iamUser",
    seen,
    "1 to 64 letters, digits and the characters + = , . @ _ -",
    "rename it",
  );
  checkOwner(problems, environment, "iamUser", seen);
}

/** Users, topics and configuration sets of all environments stand in one account: the name tells them apart. */
function checkOwner(problems: Problems, environment: Environment, property: string, seen: string): void {
  problems.require(
    seen.split(/[^A-Za-z0-9]/).includes(environment.name),
    property,
    seen,
    `a name with the part "${environment.name}", such as "keybuzz-${environment.name}"`,
    "name the environment in it, since all environments share the account",
  );
}

export function checkIdentity(problems: Problems, environment: Environment, seen: string): void {
  problems.require(
    DOMAIN.test(seen),
    "identity",
    seen,
    "a domain in lower case",
    "give the domain alone, without a mailbox or a final dot",
  );
  // A parent's DKIM key would sign for it, and its bounces would count against production's reputation.
  problems.require(
    environment.production || !DOMAIN.test(seen) || seen.split(".").slice(0, -2).includes(environment.name),
    "identity",
    seen,
    `a subdomain with the label "${environment.name}": only production sends from the parent domain`,
    "name the environment's own subdomain",
  );
}

export function checkMailFrom(problems: Problems, identity: string, seen: string): void {
  problems.require(
    DOMAIN.test(seen) && seen.endsWith(`.${identity}`),
    "mailFromDomain",
    seen,
    `a subdomain of "${identity}"`,
    `name one that nothing else uses, such as "bounce.${identity}"`,
  );
}

export function checkSender(problems: Problems, identity: string, seen: string): void {
  const at = seen.lastIndexOf("@");
  problems.require(
    LOCAL_PART.test(seen.slice(0, Math.max(at, 0))) && seen.slice(at + 1) === identity,
    "sender",
    seen,
    `an address in lower case at exactly "${identity}"`,
    `name one such as "noreply@${identity}"; the user's policy compares it letter by letter`,
  );
}
