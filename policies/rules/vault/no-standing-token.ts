/** No credential for Vault lies in the program or in Pulumi's state. */
import { isMissing } from "../../literals";
import { Assessment, NOT_APPLICABLE, type ResourceRule, type Verdict } from "../../rule";
import { isList, isUnknown, type ValueMap } from "../../value";
import { isBounded, judgePeriod, LONGEST_TOKEN } from "../../vault-login/periods";

/** Resources that make a credential of which the value stands in state for as long as they live. */
const CREDENTIALS: Readonly<Record<string, string>> = {
  "vault:appRole/authBackendRoleSecretId:AuthBackendRoleSecretId": "a secret id",
  "vault:appRole/authBackendLogin:AuthBackendLogin": "the token of a login",
};

export const noStandingToken: ResourceRule = {
  id: "vault/no-standing-token",
  title: "No Vault token or secret id is declared, and no provider is given a token by the program",
  why:
    "A static VAULT_TOKEN stood in clear in the backend's .env. One that a program declares stands in Pulumi's state, " +
    "where all who may preview can read it; the SDK does not even mark the provider's token as secret.",
  prevents: ["F7"],
  fix:
    "Let an operator issue secret ids, response-wrapped; give the provider its token by VAULT_TOKEN of the deploying " +
    "job or by one of its logins; a declared token needs policies of its own and a ttl of a day at most.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: ({ type, properties }) => {
    const credential = Object.hasOwn(CREDENTIALS, type) ? CREDENTIALS[type] : undefined;
    if (credential !== undefined) {
      const message = `keeps ${credential} in Pulumi's state; an operator issues it, response-wrapped`;
      return { outcome: "findings", findings: [{ property: "", message }] };
    }
    if (type === "vault:index/token:Token") return judgeToken(properties);
    return type === "pulumi:providers:vault" ? judgeProvider(properties) : NOT_APPLICABLE;
  },
};

function judgeProvider({ token }: ValueMap): Verdict {
  const assessment = new Assessment();
  if (isUnknown(token)) assessment.unknown(["token"]);
  else if (!isMissing(token))
    assessment.finding(["token"], "is set by the program, and then stands in state");
  return assessment.verdict;
}

function judgeToken(properties: ValueMap): Verdict {
  const { policies, ttl } = properties;
  const assessment = new Assessment();
  if (isUnknown(policies)) assessment.unknown(["policies"]);
  else if (!isList(policies) || policies.length === 0) {
    assessment.finding(["policies"], "is left out, so the token may do whatever the deploying one may");
  }
  if (isUnknown(ttl)) assessment.unknown(["ttl"]);
  else if (!isBounded(ttl)) {
    assessment.finding(
      ["ttl"],
      `is ${isMissing(ttl) ? "left out" : JSON.stringify(ttl)}; it must end within ${LONGEST_TOKEN} s`,
    );
  }
  judgePeriod(assessment, properties, { period: "period", explicitMaximum: "explicitMaxTtl" });
  return assessment.verdict;
}
