/**
 * What a rule knows beside the resource: which environment it belongs to, what that environment's configuration
 * says, and which names belong to which environment.
 */
import { type Claim, type Draft, isLegacyDatabase, isLegacyRole } from "../config";
import { Ownership } from "./ownership";

/** What is known of one environment before its program runs. */
export interface EnvironmentFacts {
  readonly name: string;
  /** What its file says under `keybuzz:`, without the parts that have mistakes. Other projects have none. */
  readonly configuration?: Draft;
  /** The names that it owns. */
  readonly claims: readonly Claim[];
}

/** One environment among the others, as its rules see it. */
export interface Estate {
  readonly environment: string;
  /** Whether customers depend on it: the configuration says so, else a name that begins with `prod`. */
  readonly production: boolean;
  readonly configuration?: Draft;
  /** Whose name a name is. */
  readonly owners: Ownership;
}

/** Whether customers depend on an environment: its configuration says so, else a name that begins with `prod`. */
export function isProduction({
  name,
  configuration,
}: Pick<EnvironmentFacts, "name" | "configuration">): boolean {
  return configuration?.environment?.production ?? /^prod/i.test(name);
}

/** The estate of the named environment; others are all environments but this one. */
export function estateOf(environment: string, environments: readonly EnvironmentFacts[]): Estate {
  const own = environments.find(({ name }) => name === environment);
  const others = environments.filter(({ name }) => name !== environment);
  const configured = own?.configuration;
  const isLegacy = (kind: string, name: string): boolean =>
    (kind === "database" && isLegacyDatabase(name)) || (kind === "role" && isLegacyRole(name));
  return {
    environment,
    production: isProduction(own ?? { name: environment }),
    ...(configured === undefined ? {} : { configuration: configured }),
    owners: new Ownership(own?.claims ?? [], others, configured === undefined ? () => false : isLegacy),
  };
}
