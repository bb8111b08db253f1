/**
 * Checks that span fields. Each has the sentence that the reference prints, and finds what breaks it in whatever
 * parts of a configuration are there: a mistake elsewhere must not hide these.
 */
import { clusterChecks } from "./checks/cluster";
import { databaseChecks } from "./checks/databases";
import { environmentChecks } from "./checks/environment";
import { mailChecks } from "./checks/mail";
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

export const checks: readonly Check[] = [
  ...environmentChecks,
  ...databaseChecks,
  ...clusterChecks,
  ...mailChecks,
];
