/** Tokens and secret ids end by themselves. */
import { isFalse, isMissing, secondsOf } from "../../literals";
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isUnknown, type ValueMap } from "../../value";
import { judgePeriod, LONGEST_TOKEN } from "../../vault-login/periods";

const DAY = 86_400;

/**
 * What each number may be at most. A deployment comes more often than every 90 days and brings a new secret id; a
 * machine that logs in anew each day uses a thousand logins in three years; nobody waits longer than a day for a
 * lost token to end. Without a value Vault takes the mount's lifetimes, 32 days (768 h) unless tuned, and never ends
 * a secret id. Sources: Vault's API of tokens (token_*) and of AppRole (secret_id_*).
 */
const TOKEN = {
  tokenTtl: { most: LONGEST_TOKEN, otherwise: "Vault gives 32 days" },
  tokenMaxTtl: { most: LONGEST_TOKEN, otherwise: "a token may be renewed up to 32 days" },
} as const;
const SECRET_ID = {
  secretIdTtl: { most: 90 * DAY, otherwise: "a secret id never ends" },
  secretIdNumUses: { most: 1000, otherwise: "a secret id is good for any number of logins" },
} as const;

type Bounds = Readonly<Record<string, { readonly most: number; readonly otherwise: string }>>;

const APP_ROLE = "vault:appRole/authBackendRole:AuthBackendRole";

export const boundedLifetimes: ResourceRule = {
  id: "vault/bounded-lifetimes",
  title:
    "Login roles bound how long their tokens live, and AppRoles how long and how often a secret id is good",
  why:
    "The backend's static VAULT_TOKEN stayed valid until somebody thought of it. Vault's own defaults give 32 days, and " +
    "a secret id without limits for ever.",
  prevents: ["F7", "F13"],
  fix:
    "Set tokenTtl and tokenMaxTtl to a day at most, and on an AppRole bindSecretId, secretIdTtl (90 days at most) and " +
    "secretIdNumUses (1000 at most).",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: ({ type, properties }) => {
    // Roles of every login method take a token's lifetimes: kubernetes, appRole, jwt, aws, cert and others.
    if (!/^vault:\w+\/\w*authBackendRole:/i.test(type)) return NOT_APPLICABLE;
    const assessment = new Assessment();
    judgeBounds(assessment, properties, type === APP_ROLE ? { ...TOKEN, ...SECRET_ID } : TOKEN);
    judgePeriod(assessment, properties, { period: "tokenPeriod", explicitMaximum: "tokenExplicitMaxTtl" });
    if (type === APP_ROLE) judgeBinding(assessment, properties);
    return assessment.verdict;
  },
};

function judgeBounds(assessment: Assessment, properties: ValueMap, bounds: Bounds): void {
  for (const [property, { most, otherwise }] of Object.entries(bounds)) {
    const value = properties[property];
    const number = secondsOf(value);
    if (isUnknown(value)) assessment.unknown([property]);
    else if (isMissing(value) || number === 0) {
      assessment.finding(
        [property],
        `is ${isMissing(value) ? "left out" : "0"}, so ${otherwise}; set it to ${most} at most`,
      );
    } else if (number === undefined || number < 0) {
      assessment.finding([property], `is no number of seconds or uses; set it to ${most} at most`);
    } else if (number > most) {
      assessment.finding([property], `is ${number}; it must be ${most} at most`);
    }
  }
}

function judgeBinding(assessment: Assessment, { bindSecretId }: ValueMap): void {
  if (isUnknown(bindSecretId)) assessment.unknown(["bindSecretId"]);
  else if (isFalse(bindSecretId)) {
    assessment.finding(
      ["bindSecretId"],
      "is false, so the role's name alone logs in; leave it out or set it to true",
    );
  }
}
