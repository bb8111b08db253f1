/** Answers about what is there and what is not, that several resource types have in common. */
import { ProviderError } from "../../engine/provider/errors";
import { quoted } from "./names";
import { codeOf } from "./problem";

/** A create met an object that nobody said belongs to this stack. */
export function alreadyExists(noun: string, type: string, name: string, id: string): ProviderError {
  return new ProviderError(
    `${noun} ${quoted(name)} exists already and may belong to someone else: to take it over, import it with \`pulumi import ${type} <name> ${id}\` or the resource option import: ${quoted(id)}; otherwise choose another name`,
  );
}

/** An update met no object. */
export function isGone(noun: string, name: string): ProviderError {
  return new ProviderError(
    `${noun} ${quoted(name)} is gone although the state has it: refresh, so that it is made again`,
  );
}

/** Something that a resource is about is not there. */
export function isNotThere(noun: string, name: string): ProviderError {
  return new ProviderError(
    `${noun} ${quoted(name)} is not there: create it first, or make this resource depend on it`,
  );
}

/** Undefined when the database in which to look is not there, and with it nothing that was in it. */
export async function ifDatabaseExists<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === "3D000") return undefined;
    throw error;
  }
}
