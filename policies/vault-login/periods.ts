/** Tokens that are renewed period by period. */
import { isMissing, secondsOf } from "../literals";
import type { Assessment } from "../rule";
import { isUnknown, type ValueMap } from "../value";

/** Seconds: the longest that a token of this project lives, however it is renewed. */
export const LONGEST_TOKEN = 86_400;

/** A periodic token knows no maximum but the explicit one: without it, it lives for as long as it is renewed. */
export function judgePeriod(
  assessment: Assessment,
  properties: ValueMap,
  names: { readonly period: string; readonly explicitMaximum: string },
): void {
  const period = properties[names.period];
  const maximum = properties[names.explicitMaximum];
  if (isUnknown(period)) assessment.unknown([names.period]);
  else if (isMissing(period) || secondsOf(period) === 0) return;
  else if (isUnknown(maximum)) assessment.unknown([names.explicitMaximum]);
  else if (!isBounded(maximum)) {
    assessment.finding([names.period], "lets tokens be renewed without an end; leave it out");
  }
}

/** Whether a lifetime ends within the longest one. Vault takes 0 for no limit. */
export function isBounded(value: ValueMap[string] | undefined): boolean {
  const seconds = secondsOf(value);
  return seconds !== undefined && seconds > 0 && seconds <= LONGEST_TOKEN;
}
