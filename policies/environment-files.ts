/** What environments' files say, for whoever judges resources: the pack beside them, and `kb check`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readEnvironmentFile } from "../config";
import type { EnvironmentFacts } from "./estate";

/** What the text of an environment's file says; a file of another project says nothing. */
export function factsOf(name: string, text: string): EnvironmentFacts {
  return { name, claims: [], ...readEnvironmentFile(text) };
}

/** The environments whose files stand in a folder, in order of their names. */
export function environmentsIn(folder: string): EnvironmentFacts[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const name = /^Pulumi\.([\w.-]+)\.ya?ml$/.exec(file)?.[1];
      return name === undefined ? [] : [factsOf(name, readFileSync(join(folder, file), "utf8"))];
    });
}
