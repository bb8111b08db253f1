/**
 * How far a path of a policy reaches. Sources: Vault's documentation of policies: `*` at the end stands for any
 * rest, `+` as a whole segment for any one segment, and every other sign for itself; `{{identity…}}` is filled in
 * when a token asks; upper case counts.
 */

/** Where an environment's entries stand, in segments: mount and prefix of a KV engine of version 2. */
export interface Territory {
  readonly mount: readonly string[];
  readonly prefix: readonly string[];
}

export type Reach =
  /** Nothing but entries below the prefix. */
  | "inside"
  /** The prefix itself: listing it shows the environment's own entries. */
  | "at-the-prefix"
  /** A token's own affairs. */
  | "harmless"
  /** Something beside the prefix, whatever else. */
  | "outside"
  /** Segments that requests never have. */
  | "unclear";

/** What a token may do with itself, and its own short-lived notes. */
const HARMLESS: ReadonlySet<string> = new Set([
  "auth/token/renew-self",
  "auth/token/lookup-self",
  "auth/token/revoke-self",
  "sys/leases/renew",
]);

/** Segments of the API of a KV engine of version 2 between the mount and the path of an entry. */
const API: ReadonlySet<string> = new Set(["data", "metadata", "delete", "undelete", "destroy", "subkeys"]);

export function territoryOf(mount: string, prefix: string): Territory {
  return { mount: segmentsOf(mount), prefix: segmentsOf(prefix) };
}

/** @param written a path as it stands in a policy */
export function reachOf(written: string, territory: Territory): Reach {
  const path = written.replace(/^\//, "");
  if (HARMLESS.has(path) || /^cubbyhole\/./.test(path)) return "harmless";
  const open = path.endsWith("*");
  const segments = (open ? path.slice(0, -1) : path).split("/");
  // A slash at the end: below it lies everything, or the path is a folder that is listed.
  const last = segments.at(-1) === "" ? segments.pop() : undefined;
  if (segments.some((segment) => segment === "" || segment === "." || segment === "..")) return "unclear";
  const { mount, prefix } = territory;
  const expected = [...mount, API, ...prefix];
  const fits = expected.every((part, index) => {
    const segment = segments[index];
    // Before the glob the last segment may be the beginning of a longer one.
    const whole = !(open && last === undefined && index === segments.length - 1);
    return (
      segment !== undefined && whole && (typeof part === "string" ? segment === part : isApi(segment, part))
    );
  });
  if (!fits) return "outside";
  if (segments.length > expected.length || (open && last !== undefined)) return "inside";
  return "at-the-prefix";
}

/** Whatever stands at the place of the API, the path behind it is the same. */
function isApi(segment: string, known: ReadonlySet<string>): boolean {
  return segment === "+" || known.has(segment);
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}
