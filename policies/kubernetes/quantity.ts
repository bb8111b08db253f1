/**
 * Amounts as Kubernetes reads them: `250m`, `1.5Gi`, `1e3`, or a number. Source: Kubernetes, resource.Quantity. What
 * the configuration may say (config/quantity.ts) is less.
 */
import type { Value } from "../value";

const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d{1,3}))?$/;

/** Cores or bytes; undefined when it is no amount. */
export function amountOf(value: Value | undefined): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const match = typeof value === "string" ? QUANTITY.exec(value) : null;
  if (match === null) return undefined;
  const [, digits = "", unit, exponent] = match;
  if (unit !== undefined) return Number(digits) * (FACTORS[unit] ?? Number.NaN);
  return Number(exponent === undefined ? digits : `${digits}e${exponent}`);
}
