/**
 * What the engine and the program say to the user. Data only: the command line writes the prose around it.
 */

/** Severities of Pulumi's Engine.Log, in rising order. */
export type Severity = "debug" | "info" | "warning" | "error";

/** One message, tied to a resource where it has one. */
export interface Diagnostic {
  readonly severity: Severity;
  readonly message: string;
  /** URN of the resource that the message is about; absent means the stack. */
  readonly urn?: string;
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Why the engine could not do what it was asked, as a code that callers can decide on. */
export type EngineErrorCode =
  /** No Pulumi.yaml, or one that cannot be used. */
  | "project"
  /** A configuration file or override that is malformed. */
  | "configuration"
  /** There is no such environment. */
  | "no-such-environment"
  /** A policy pack that cannot be used, or that failed while it was to judge. */
  | "policy"
  /** A stack's state that cannot be used, read or written. */
  | "state"
  /** Another process works on the stack. */
  | "locked"
  /** No passphrase, or not the one of the stack's secrets. */
  | "passphrase";

/** An error of the input, reported before a program runs. Every problem of one input is in `problems`. */
export class EngineError extends Error {
  constructor(
    readonly code: EngineErrorCode,
    readonly problems: readonly string[],
  ) {
    super(problems.join("\n"));
    this.name = "EngineError";
  }
}
