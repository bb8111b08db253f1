/** What a check that spans fields is made of. The checks themselves are in checks/. */
import type { Finding } from "./mistakes";
import type { Draft } from "./schema";

export interface Check {
  /** What must hold, and why, as the reference says it. */
  readonly rule: string;
  readonly find: (config: Draft, context: CheckContext) => readonly Finding[];
}

export interface CheckContext {
  /** The stack that the configuration is for. */
  readonly stack: string;
}
