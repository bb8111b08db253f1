/** Names without what is of one environment in them, so that the same thing is called the same in two. */

/** Words that mean the same kind of environment: stack `production` names its things `api-prod`. */
const SPELLINGS: readonly (readonly string[])[] = [
  ["dev", "development"],
  ["prod", "production", "prd"],
  ["staging", "stage", "stg"],
  ["test", "testing"],
];

/** Stands where a word begins without a sign between: `apiDev`. */
const JOINT = "\u0001";

const patterns = new Map<string, RegExp>();

/**
 * The name with the environment's own word, as a whole word, replaced: `keybuzz-api-dev`, `keybuzz_dev` and
 * `devApi` of dev are `keybuzz-api-*`, `keybuzz_*` and `*Api`; `device` stays what it is.
 */
export function neutral(name: string, environment: string): string {
  const pattern = patternOf(environment);
  if (!/[a-z0-9][A-Z]|[A-Z][A-Z][a-z]/.test(name)) return name.replace(pattern, "*");
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, `$1${JOINT}$2`)
    .replace(/([A-Z])([A-Z][a-z])/g, `$1${JOINT}$2`);
  return words.replace(pattern, "*").replaceAll(JOINT, "");
}

function patternOf(environment: string): RegExp {
  let pattern = patterns.get(environment);
  if (pattern === undefined) {
    const words = environment.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
    const known = SPELLINGS.find((spellings) => spellings.includes(environment.toLowerCase()));
    const text = (known ?? [words.join("[^A-Za-z0-9]*")]).join("|");
    // An environment whose name has no word in it marks nothing.
    pattern = words.length === 0 ? /(?!)/g : new RegExp(`(?<![A-Za-z0-9])(?:${text})(?![A-Za-z0-9])`, "gi");
    patterns.set(environment, pattern);
  }
  return pattern;
}
