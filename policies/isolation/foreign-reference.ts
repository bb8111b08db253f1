/** No resource refers to what another environment claims, in any of its fields. */

import { isLegacyDatabase, isLegacyRole } from "../../config";
import type { Estate } from "../estate";
import { foreignReferences, referenceKinds } from "../foreign";
import { Ownership } from "../ownership";
import { scan } from "../references/scan";
import type { Resource } from "../resource";
import { isUnknown } from "../value";
import { claimants, claimsOfEnvironment, type PlacedClaim } from "./claims";
import type {
  EnvironmentView,
  IsolationRule,
  LandscapeFinding,
  LandscapeUndetermined,
  ReadResource,
} from "./landscape";
import { namedById, stackRead } from "./reads";

export const foreignReference: IsolationRule = {
  id: "isolation/foreign-reference",
  title:
    "Nothing that an environment declares or reads refers to what another one claims, to its stack, or to a legacy name",
  why:
    "A name of another environment in any field of any resource is a way from one to the other, whether or not a " +
    "rule of a family knows the field.",
  prevents: ["F1", "F2", "F14"],
  fix: "Name what belongs to this environment instead.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  check: (environments) => {
    const claimed = claimants(environments);
    const names = new Set(environments.map(({ name }) => name));
    return {
      findings: environments.flatMap((view) => [
        ...foreignNames(view, claimed),
        ...[...view.declared, ...view.reads].flatMap((resource) => foreignStack(resource, view, names)),
      ]),
      undetermined: environments.flatMap((view) => view.reads.flatMap((read) => unknownRead(read, view))),
    };
  },
};

type Claimants = ReadonlyMap<string, readonly PlacedClaim[]>;

function foreignNames(view: EnvironmentView, claimed: Claimants): LandscapeFinding[] {
  const ids = view.reads.flatMap((read) => namedById(read) ?? []);
  const resources = [...view.declared, ...view.reads, ...ids];
  const estate = estateOfView(view, othersNamed(resources, view, claimed));
  const byId = new Set<Resource>(ids);
  return resources.flatMap((resource) =>
    foreignReferences(resource, estate, referenceKinds).map((finding) => ({
      ...finding,
      environment: view.name,
      urn: resource.urn,
      ...(byId.has(resource) ? { property: "id" } : {}),
    })),
  );
}

/**
 * Claims of other environments on names that these resources refer to: to lay all claims beside all would take a time
 * that grows with the square of the environments. Who has the best right stands last, and thereby counts.
 */
function othersNamed(
  resources: readonly Resource[],
  { name: environment }: EnvironmentView,
  claimed: Claimants,
): PlacedClaim[] {
  const keys = new Set<string>();
  for (const resource of resources) {
    for (const { kind, name } of scan(resource).references) {
      if (kind !== "vault-path") keys.add(`${kind} ${name}`);
      else for (const prefix of prefixesOf(name)) keys.add(`vault-prefix ${prefix}`);
    }
  }
  return [...keys].flatMap((key) =>
    (claimed.get(key) ?? []).filter((claim) => claim.environment !== environment).reverse(),
  );
}

/** A path and all that it lies below. */
function prefixesOf(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** Names by who claims them, in configuration or by declaring them. */
function estateOfView(view: EnvironmentView, others: readonly PlacedClaim[]): Estate {
  const isLegacy = (kind: string, name: string): boolean =>
    view.configuration !== undefined &&
    ((kind === "database" && isLegacyDatabase(name)) || (kind === "role" && isLegacyRole(name)));
  return {
    environment: view.name,
    production: view.production,
    owners: new Ownership(
      claimsOfEnvironment(view),
      others.map((claim) => ({ name: claim.environment, claims: [claim] })),
      isLegacy,
    ),
  };
}

/** A stack's outputs are another environment's when its name is: they may hold any of its names and secrets. */
function foreignStack(
  resource: ReadResource,
  view: EnvironmentView,
  environments: ReadonlySet<string>,
): LandscapeFinding[] {
  const stack = stackRead(resource);
  if (stack === undefined || stack.name === view.name || !environments.has(stack.name)) return [];
  return [
    {
      environment: view.name,
      urn: resource.urn,
      property: "name",
      message: `reads the stack ${stack.name}, which is another environment; ${view.name} has its own`,
      reference: { kind: "stack", name: stack.whole },
    },
  ];
}

/** Of a read resource whose id is not known, nothing tells whose it is. */
function unknownRead(
  { urn, id }: ReadResource,
  { name: environment }: EnvironmentView,
): LandscapeUndetermined[] {
  if (!isUnknown(id)) return [];
  return [{ environment, urn, properties: ["id"], reason: "which resource is read is not known yet" }];
}
