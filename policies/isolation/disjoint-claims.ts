/** No two environments claim the same name. */
import { byRight, claimants, claimsOfEnvironment, type PlacedClaim } from "./claims";
import type { EnvironmentView, IsolationRule, LandscapeFinding } from "./landscape";

export const disjointClaims: IsolationRule = {
  id: "isolation/disjoint-claims",
  title: "No two environments claim the same database, role, namespace, host, Vault path or name in AWS",
  why:
    "PROD and DEV both stood on the database keybuzz and on the Vault entry secret/keybuzz/ses: what one of them " +
    "did to its own was done to the other's.",
  prevents: ["F1", "F14"],
  fix: "Give one of the environments a name of its own, in its file or where the program makes the name.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  check: (environments) => {
    const owners = new Owners(environments);
    return { findings: environments.flatMap((view) => conflictsOf(view, owners)) };
  },
};

/** Claims of an environment on names that are rather another one's. Of several claimants all but one are told. */
function conflictsOf(view: EnvironmentView, owners: Owners): LandscapeFinding[] {
  const told = new Set<string>();
  return claimsOfEnvironment(view).flatMap((claim) => {
    const owner = owners.ownerOf(claim) ?? (claim.kind === "vault-prefix" ? owners.around(claim) : undefined);
    if (owner === undefined) return [];
    // From a database's name follow its roles', from a prefix the policies': one wrong key is told once.
    if (claim.place !== undefined && told.has(claim.place)) return [];
    if (claim.place !== undefined) told.add(claim.place);
    return [finding(claim, owner)];
  });
}

/** Claimants by what they may be in conflict about. */
class Owners {
  /** The best claim on each name, on each server that is known, on none, and on any. */
  readonly #best = new Map<string, PlacedClaim>();
  /** Prefixes that configuration claims, the one with the best right first. */
  readonly #prefixes = new Map<string, readonly PlacedClaim[]>();

  constructor(environments: readonly EnvironmentView[]) {
    for (const [name, claims] of claimants(environments)) {
      if (claims[0]?.kind === "vault-prefix" && claims[0].configured) {
        this.#prefixes.set(
          claims[0].name,
          claims.filter(({ configured }) => configured),
        );
      }
      if (claims.length === 1) continue;
      for (const claim of claims) {
        for (const key of [name, `${name} at ${claim.server ?? ""}`]) {
          if (!this.#best.has(key)) this.#best.set(key, claim);
        }
      }
    }
  }

  /** Another environment with a better right to the name. */
  ownerOf(claim: PlacedClaim): PlacedClaim | undefined {
    const name = `${claim.kind} ${claim.name}`;
    const places = claim.server === undefined ? [name] : [`${name} at ${claim.server}`, `${name} at `];
    const best = places.flatMap((place) => this.#best.get(place) ?? []).sort(byRight)[0];
    return best?.environment === claim.environment ? undefined : best;
  }

  /** Everything below a prefix belongs to whose configuration claims it; below an entry may stand another's. */
  around(claim: PlacedClaim): PlacedClaim | undefined {
    const parts = claim.name.split("/");
    for (let length = parts.length - 1; length > 0; length -= 1) {
      const owners = this.#prefixes.get(parts.slice(0, length).join("/"));
      if (owners?.some(({ environment }) => environment === claim.environment)) return undefined;
      if (owners !== undefined) return owners[0];
    }
    return undefined;
  }
}

function finding(claim: PlacedClaim, owner: PlacedClaim): LandscapeFinding {
  const { kind, name, environment, urn, property } = claim;
  const whose =
    owner.name === name
      ? `which ${owner.environment} claims too`
      : `which lies below ${owner.name} of ${owner.environment}`;
  return {
    environment,
    property,
    message: `claims the ${kind} ${name}, ${whose}`,
    reference: { kind, name },
    ...(urn === undefined ? {} : { urn }),
  };
}
