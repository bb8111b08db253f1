/** What the sandbox cannot do, as messages that the user can act on. None holds a secret. */
export class SandboxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SandboxError";
  }
}

/** The user interrupted. */
export class SandboxCancelled extends SandboxError {
  constructor() {
    super("cancelled");
    this.name = "SandboxCancelled";
  }
}

/** The system's word for what went wrong: `EACCES`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
