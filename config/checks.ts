/**
 * Checks that span fields. Each has the sentence that the reference prints, and finds what breaks it in whatever
 * parts of a configuration are there: a mistake elsewhere must not hide these.
 */
import type { Check } from "./check";
import { clusterChecks } from "./checks/cluster";
import { containerChecks } from "./checks/containers";
import { databaseChecks } from "./checks/databases";
import { environmentChecks } from "./checks/environment";
import { mailChecks } from "./checks/mail";

export const checks: readonly Check[] = [
  ...environmentChecks,
  ...databaseChecks,
  ...clusterChecks,
  ...containerChecks,
  ...mailChecks,
];
