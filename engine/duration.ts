/** Durations as Pulumi programs write them, in the notation of Go's time.ParseDuration: `10m`, `1h30m`, `1.5s`. */

const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/** Seconds of a duration; undefined for a text that is none. */
export function seconds(duration: string): number | undefined {
  const parts = [...duration.matchAll(PART)];
  if (duration === "" || parts.map(([part]) => part).join("") !== duration) return undefined;
  return parts.reduce((sum, [, amount = "0", unit = "s"]) => sum + Number(amount) * (SECONDS[unit] ?? 0), 0);
}
