/** A policy opens the environment's own entries and nothing else. */
import type { Estate } from "../../estate";
import { vaultPath } from "../../references/names";
import { Assessment, NOT_APPLICABLE, type ResourceRule, type Verdict } from "../../rule";
import { isUnknown, type Value } from "../../value";
import { type Grant, grantsOf, UnreadablePolicy } from "../../vault-policy/document";
import { reachOf, type Territory, territoryOf } from "../../vault-policy/reach";

export const policyOwnPrefix: ResourceRule = {
  id: "vault/policy-own-prefix",
  title: "Policies grant paths below their environment's own prefix alone",
  why:
    "Both environments share one mount: a policy with secret/*, or with a + where the environment's name stands, lets " +
    "DEV's token read PROD's passwords, whatever the entries are called.",
  prevents: ["F14"],
  fix:
    "Write each path as <mount>/data/<prefix>/… or <mount>/metadata/<prefix>/…, with * and + behind the prefix only, " +
    "and leave out sudo, sys/ and auth/.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: ({ type, properties: { policy, path } }, estate) => {
    if (type === ENDPOINT) return judgeEndpoint(path, estate);
    if (type !== "vault:index/policy:Policy") return NOT_APPLICABLE;
    // Even if its parts are the environment's own: how far a text reaches shows in its signs.
    if (isUnknown(policy)) return { outcome: "undetermined", properties: ["policy"] };
    const grants = readable(typeof policy === "string" ? policy : "");
    if (typeof grants === "string") {
      return { outcome: "findings", findings: [{ property: "policy", message: grants }] };
    }
    const { mount, prefix } = estate.configuration?.vault ?? {};
    if (mount === undefined || prefix === undefined) return withoutTerritory(grants, estate);
    const assessment = new Assessment();
    for (const grant of grants) judgeGrant(assessment, grant, territoryOf(mount, prefix), estate);
    return assessment.verdict;
  },
};

/** Writes to any path of Vault's API, to those of policies too. */
const ENDPOINT = "vault:generic/endpoint:Endpoint";

function judgeEndpoint(path: Value | undefined, { configuration }: Estate): Verdict {
  if (configuration?.vault === undefined) return NOT_APPLICABLE;
  if (isUnknown(path)) return { outcome: "undetermined", properties: ["path"] };
  const isPolicy =
    typeof path === "string" && /^\/*(?:v1\/+)?sys\/+polic(?:y|ies)(?:\/|$)/i.test(path.trim());
  const message = "writes a policy that nothing judges; declare it as vault.Policy";
  return isPolicy ? { outcome: "findings", findings: [{ property: "path", message }] } : NOT_APPLICABLE;
}

/** The grants, or what keeps them from being read: Vault might understand what this reader does not. */
function readable(policy: string): readonly Grant[] | string {
  try {
    return grantsOf(policy);
  } catch (error) {
    if (error instanceof UnreadablePolicy) return `cannot be read: it ${error.message}`;
    throw error;
  }
}

function judgeGrant(assessment: Assessment, grant: Grant, territory: Territory, estate: Estate): void {
  const { path, capabilities, line } = grant;
  if (!isGiven(grant)) return;
  const where = `${path} (line ${line})`;
  if (capabilities.includes("sudo")) {
    assessment.finding(["policy"], `grants sudo on ${where}; no consumer of entries needs it`);
  }
  const reach = reachOf(path, territory);
  const onlyLists = capabilities.every((capability) => capability === "list");
  if (reach === "inside" || reach === "harmless" || (reach === "at-the-prefix" && onlyLists)) return;
  const own = `${territory.mount.join("/")}/data/${territory.prefix.join("/")}/`;
  if (reach === "unclear") {
    assessment.finding(
      ["policy"],
      `grants ${where}, which has an empty part, . or ..: write the path plainly`,
    );
  } else if (reach === "at-the-prefix") {
    assessment.finding(["policy"], `grants more than list on ${where}: entries stand below ${own}`);
  } else {
    const { words, reference } = ownerOf(path, estate);
    assessment.finding(
      ["policy"],
      `grants ${where}, which ${words}; allowed is what lies below ${own}`,
      reference,
    );
  }
}

/** Whether it opens anything: deny outweighs what stands beside it. */
function isGiven({ capabilities }: Grant): boolean {
  return capabilities.length > 0 && !capabilities.includes("deny");
}

function ownerOf(path: string, { owners }: Estate) {
  const name = vaultPath(path);
  const owner = name === undefined ? undefined : owners.ownerOf("vault-path", name);
  if (name === undefined || owner?.whose !== "other")
    return { words: "reaches beyond the environment's prefix" };
  return { words: `belongs to ${owner.environment}`, reference: { kind: "vault-path", name } };
}

/** Where no configuration says what the prefix is, other environments' paths are still theirs. */
function withoutTerritory(grants: readonly Grant[], estate: Estate): Verdict {
  const assessment = new Assessment();
  let own = false;
  for (const grant of grants.filter(isGiven)) {
    const { words, reference } = ownerOf(grant.path, estate);
    const message = `grants ${grant.path} (line ${grant.line}), which ${words}`;
    if (reference !== undefined) assessment.finding(["policy"], message, reference);
    const name = vaultPath(grant.path);
    own ||= name !== undefined && estate.owners.ownerOf("vault-path", name)?.whose === "own";
  }
  const { verdict } = assessment;
  return verdict.outcome === "findings" || own ? verdict : NOT_APPLICABLE;
}
