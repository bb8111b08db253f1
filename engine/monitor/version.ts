/** The version of Pulumi's protocols that this engine speaks, and the ranges that programs ask it to satisfy. */
import { satisfies } from "semver";

/** The official release whose behaviour this engine follows. */
export const SPOKEN_VERSION = "3.259.0";

/**
 * Whether the spoken version lies in a range. Ranges are those of the Go library blang/semver: comparisons side
 * by side must all hold, `||` separates alternatives, and `!1.2.3` excludes one version.
 */
export function satisfiesPulumiVersion(range: string): boolean {
  return range.split("||").some((alternative) =>
    alternative
      .trim()
      .split(/\s+/)
      .every((comparison) =>
        comparison.startsWith("!")
          ? !satisfies(SPOKEN_VERSION, comparison.replace(/^!=?/, ""))
          : satisfies(SPOKEN_VERSION, comparison),
      ),
  );
}
