/** Entries in Vault stand below the prefix of their environment, and nothing names an entry elsewhere. */
import { combined } from "../../combined";
import type { Estate } from "../../estate";
import { judgeReferences } from "../../foreign";
import { vaultPath } from "../../references/names";
import { scan } from "../../references/scan";
import type { Resource } from "../../resource";
import { Assessment, NOT_APPLICABLE, type ResourceRule, type Verdict } from "../../rule";

export const ownPrefix: ResourceRule = {
  id: "vault/own-prefix",
  title: "Every entry stands below its environment's prefix, and nothing names another one's",
  why:
    "secret/keybuzz/ses and secret/keybuzz/smtp carried no environment: both environments read one entry, so whoever " +
    "changed DEV's mail credentials changed PROD's.",
  prevents: ["F14"],
  fix: "Write and read entries below keybuzz:vault.prefix of this environment's file: secret/keybuzz/prod/ses.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, estate) => {
    // What a policy opens is judged path by path, with its wildcards.
    if (resource.type === "vault:index/policy:Policy") return NOT_APPLICABLE;
    const foreign = judgeReferences(resource, estate, ["vault-path"]);
    return combined(foreign, entryPlace(resource, estate), sharedPaths(resource, estate));
  },
};

interface Place {
  readonly mount: string;
  readonly prefix: string;
}

function placeOf({ configuration }: Estate): Place | undefined {
  const { mount, prefix } = configuration?.vault ?? {};
  return mount === undefined || prefix === undefined ? undefined : { mount, prefix };
}

/** An entry that is declared is right below the prefix alone: neither at it nor in another mount. */
function entryPlace(resource: Resource, estate: Estate): Verdict {
  const place = placeOf(estate);
  const entry = entryOf(resource);
  if (place === undefined || entry === undefined) return NOT_APPLICABLE;
  const assessment = new Assessment();
  const isForeign = estate.owners.ownerOf("vault-path", entry.path)?.whose === "other";
  const below = entry.path.startsWith(`${place.mount}/${place.prefix}/`);
  // Another environment's is told of as such.
  if (!below && !isForeign) {
    assessment.finding(
      [entry.property],
      `puts the entry at ${entry.path}; entries of ${estate.environment} stand below ${place.mount}/${place.prefix}/`,
    );
  }
  return assessment.verdict;
}

/** Where a resource puts an entry, without what the API writes between mount and path; undefined for others. */
function entryOf({ type, properties }: Resource): { path: string; property: string } | undefined {
  const { mount, name, path } = properties;
  if (type === "vault:kv/secretV2:SecretV2") {
    if (typeof mount !== "string" || typeof name !== "string") return undefined;
    // The name is the path in the engine as it is: a part `data` of it is no API.
    return { path: [...partsOf(mount), ...partsOf(name)].join("/"), property: "name" };
  }
  if (type !== "vault:kv/secret:Secret" && type !== "vault:generic/secret:Secret") return undefined;
  if (typeof path !== "string") return undefined;
  return { path: vaultPath(path) ?? path, property: "path" };
}

/** Parts of a path as Vault's client sends them: it takes `.` and `..` out. */
function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}

/**
 * Paths beside all environments' prefixes, such as secret/keybuzz/ses: they stand where the environments' own do, and
 * nobody owns them. Where the prefix is one part long, nothing tells such a path from other words.
 */
function sharedPaths(resource: Resource, estate: Estate): Verdict {
  const place = placeOf(estate);
  if (place === undefined) return NOT_APPLICABLE;
  const common = place.prefix.split("/").slice(0, -1).join("/");
  if (common === "") return NOT_APPLICABLE;
  const own = entryOf(resource)?.property;
  const shared = scan(resource).references.filter(
    ({ kind, name, property }) =>
      kind === "vault-path" &&
      property !== own &&
      `${name}/`.startsWith(`${place.mount}/${common}/`) &&
      estate.owners.ownerOf(kind, name) === undefined,
  );
  if (shared.length === 0) return NOT_APPLICABLE;
  const right = `${estate.environment} has what lies below ${place.mount}/${place.prefix}/`;
  return {
    outcome: "findings",
    findings: shared.map(({ name, property }) => ({
      property,
      message: `names the Vault path ${name}, which no environment owns; ${right}`,
    })),
  };
}
