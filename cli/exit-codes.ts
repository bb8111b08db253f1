/**
 * Exit codes of kb: the numbers that Pulumi publishes (sdk/go/common/util/cmdutil/exit.go). Pulumi's own command
 * line still returns 1 for several of these cases.
 */
export const EXIT = {
  success: 0,
  /** The program failed, or kb did. */
  failure: 1,
  /** Wrong usage, or a configuration that is refused. */
  configuration: 2,
  /** A mandatory rule is broken. */
  policy: 5,
  /** No such environment. */
  noSuchEnvironment: 6,
  /** Changes or drift where none was expected. */
  unexpectedChanges: 7,
  cancelled: 8,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with a code, after messages that the user can act on. */
export class CommandError extends Error {
  constructor(
    readonly exitCode: ExitCode,
    readonly messages: readonly string[],
  ) {
    super(messages.join("\n"));
    this.name = "CommandError";
  }
}
