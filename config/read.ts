/**
 * What an environment's file says, for those who compare environments rather than deploy one: a file with mistakes
 * is read as far as it goes.
 */
import { type Claim, claimsOf } from "./claims";
import { PROJECT } from "./names";
import { parseSections } from "./parse";
import { SourceFile } from "./positions";
import { type Draft, sectionNames } from "./schema";

export interface EnvironmentReading {
  /** The configuration without the parts that have mistakes. */
  readonly configuration: Draft;
  readonly claims: readonly Claim[];
}

/** Reads the text of Pulumi.<env>.yaml. Undefined when it says nothing under `keybuzz:`. */
export function readEnvironmentFile(source: string): EnvironmentReading | undefined {
  if (!source.includes(`${PROJECT}:`)) return undefined;
  const { values } = new SourceFile(source);
  const sections = Object.entries(values).filter(([key]) =>
    (sectionNames as readonly string[]).includes(key),
  );
  if (sections.length === 0) return undefined;
  const { draft } = parseSections(Object.fromEntries(sections));
  return { configuration: draft, claims: claimsOf(draft) };
}
