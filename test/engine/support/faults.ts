/**
 * What goes wrong in the `testing` provider, and when. Faults are data: a test hands them to the provider, or writes
 * them into the world's folder (`faults.json`) for a provider in another process, which reads that file anew at
 * every request. How often a fault took place is kept in the world, so that it holds across processes.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { World } from "./testing-world";

/** Requests that a fault can be tied to. */
export type FaultOperation =
  | "checkConfig"
  | "diffConfig"
  | "configure"
  | "check"
  | "diff"
  | "create"
  | "read"
  | "update"
  | "delete"
  | "invoke";

/**
 * What happens. `…-before` and `…-after` mean the side effect; a request without one knows no difference.
 *
 * - `error-…`: a ProviderError.
 * - `mistake`: something is thrown that is no ProviderError, before the side effect.
 * - `init-failed`: InitFailedError after the side effect; Read answers with initErrors.
 * - `hang-…`: no answer until the request's timeout, or until the provider is cancelled.
 * - `crash-…`: the process kills itself with SIGKILL.
 * - `garbage`: after the side effect, an answer of a wrong shape.
 * - `unknown`: after the side effect, an answer with an unknown value in the outputs.
 * - `slow`: the answer comes after `milliseconds`, 100 if none are given.
 */
export type FaultKind =
  | "error-before"
  | "error-after"
  | "mistake"
  | "init-failed"
  | "hang-before"
  | "hang-after"
  | "crash-before"
  | "crash-after"
  | "garbage"
  | "unknown"
  | "slow";

export interface Fault {
  /** Name of the resource in the program, or token of a function; `*` for every one. */
  readonly name: string;
  readonly operation: FaultOperation;
  readonly kind: FaultKind;
  /** How often it takes place; always when absent. */
  readonly times?: number;
  readonly milliseconds?: number;
}

const FILE = "faults.json";

/** Sets the faults of providers in other processes. Previews have none. */
export function writeFaults(folder: string, faults: readonly Fault[]): void {
  const path = join(folder, FILE);
  writeFileSync(`${path}.new`, JSON.stringify(faults));
  renameSync(`${path}.new`, path);
}

/** The fault that this request meets, which is then counted. */
export function nextFault(
  world: World,
  given: readonly Fault[],
  operation: FaultOperation,
  name: string,
): Fault | undefined {
  const path = join(world.folder, FILE);
  const written = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Fault[]) : [];
  for (const fault of [...given, ...written]) {
    if (fault.operation !== operation || (fault.name !== "*" && fault.name !== name)) continue;
    if (fault.times === undefined) return fault;
    const key = JSON.stringify(fault);
    if (world.faults(key) >= fault.times) continue;
    world.record({ effect: "fault", key });
    return fault;
  }
  return undefined;
}
