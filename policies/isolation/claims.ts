/** All names that environments claim, by configuration or by declaration, each once per environment. */
import type { ClaimKind } from "../../config";
import { claimsOfResource } from "./declared-claims";
import type { EnvironmentView } from "./landscape";

/** A claim with who makes it, and where. */
export interface PlacedClaim {
  readonly kind: ClaimKind;
  readonly name: string;
  readonly environment: string;
  readonly production: boolean;
  /** Whether the environment's configuration says so, and not its program alone. */
  readonly configured: boolean;
  /** The resource that bears the name, if one does. */
  readonly urn?: string;
  /** Its property, or the key of the configuration. */
  readonly property: string;
  /** The key of the configuration that says so, if one does: several names may follow from it. */
  readonly place?: string;
  /** What holds the thing; absent when that is not known, and for what configuration says. */
  readonly server?: string;
}

const known = new WeakMap<EnvironmentView, readonly PlacedClaim[]>();

/** The claims of an environment; what is both configured and declared stands at the resource. */
export function claimsOfEnvironment(view: EnvironmentView): readonly PlacedClaim[] {
  let claims = known.get(view);
  if (claims === undefined) {
    claims = collect(view);
    known.set(view, claims);
  }
  return claims;
}

function collect({ name: environment, production, configured, declared }: EnvironmentView): PlacedClaim[] {
  const claims = new Map<string, PlacedClaim>();
  for (const { kind, name, place } of configured) {
    const key = `${kind} ${name}`;
    if (!claims.has(key)) {
      claims.set(key, { kind, name, environment, production, configured: true, property: place, place });
    }
  }
  for (const resource of declared) {
    for (const { server, ...declaredClaim } of claimsOfResource(resource)) {
      const key = `${declaredClaim.kind} ${declaredClaim.name}`;
      const before = claims.get(key);
      // Of several resources that bear a name the first tells of it.
      if (before?.urn !== undefined) continue;
      claims.set(key, {
        ...declaredClaim,
        environment,
        production,
        configured: before !== undefined,
        ...(before?.place === undefined ? {} : { place: before.place }),
        ...(server === undefined || before !== undefined ? {} : { server }),
      });
    }
  }
  return [...claims.values()];
}

/** Who has the better right to a name: whose configuration claims it, then who is not production, then by name. */
export function byRight(one: PlacedClaim, other: PlacedClaim): number {
  return (
    Number(other.configured) - Number(one.configured) ||
    Number(one.production) - Number(other.production) ||
    (one.environment < other.environment ? -1 : 1)
  );
}

/** The claims of all environments by kind and name, the one with the best right first. */
export function claimants(environments: readonly EnvironmentView[]): ReadonlyMap<string, PlacedClaim[]> {
  const found = new Map<string, PlacedClaim[]>();
  for (const view of environments) {
    for (const claim of claimsOfEnvironment(view)) {
      const key = `${claim.kind} ${claim.name}`;
      const others = found.get(key);
      if (others === undefined) found.set(key, [claim]);
      else others.push(claim);
    }
  }
  for (const claims of found.values()) if (claims.length > 1) claims.sort(byRight);
  return found;
}
