/**
 * References to images, taken apart as container runtimes do. Source: the grammar of distribution/reference, and
 * its defaults for Docker Hub.
 */

export interface ImageReference {
  /** Registry with its port, in lower case: `ghcr.io`, `docker.io`, `registry.local:5000`. */
  readonly registry: string;
  /** Path of the image in it: `keybuzzio/keybuzz-api`, `library/node`. */
  readonly path: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

const PATH = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;
const REGISTRY = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[a-z][a-z0-9]*(?:[+._-][a-z0-9]+)*:[0-9a-f]{32,}$/i;

/** Takes a reference apart; undefined for what no runtime would take. */
export function parseImage(text: string): ImageReference | undefined {
  const [rest = "", digest, ...more] = text.split("@");
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return undefined;
  // A colon behind the last slash begins the tag; one before it belongs to the registry's port.
  const colon = rest.indexOf(":", rest.lastIndexOf("/") + 1);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  const place = imagePlace(colon < 0 ? rest : rest.slice(0, colon));
  if (place === undefined || (tag !== undefined && !TAG.test(tag))) return undefined;
  return {
    ...place,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest: digest.toLowerCase() }),
  };
}

/** Registry and path, with Docker Hub's for those without: `node` is `docker.io/library/node`. */
function imagePlace(text: string): Pick<ImageReference, "registry" | "path"> | undefined {
  const slash = text.indexOf("/");
  const first = slash < 0 ? "" : text.slice(0, slash);
  const isRegistry = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  const registry = isRegistry ? first.toLowerCase().replace("index.docker.io", "docker.io") : "docker.io";
  const path = isRegistry ? text.slice(slash + 1) : text;
  if (!REGISTRY.test(registry) || !PATH.test(path)) return undefined;
  return { registry, path: registry === "docker.io" && !path.includes("/") ? `library/${path}` : path };
}

/** Whether an image is one of a registry's repository such as `ghcr.io/keybuzzio`, or below it. */
export function isBelowRepository({ registry, path }: ImageReference, repository: string): boolean {
  const [host = "", ...parts] = repository.replace(/\/+$/, "").split("/");
  const isHost = /[.:]/.test(host) || host === "localhost";
  const allowed = isHost ? [host.toLowerCase(), ...parts] : ["docker.io", host, ...parts];
  return `${registry}/${path}`.startsWith(`${allowed.join("/")}/`);
}

/** Tags that are moved to whatever is newest. */
const FLOATING: ReadonlySet<string> = new Set([
  ...["latest", "main", "master", "trunk", "head", "tip", "mainline", "default"],
  ...[
    "dev",
    "develop",
    "development",
    "edge",
    "nightly",
    "canary",
    "next",
    "snapshot",
    "unstable",
    "rolling",
  ],
  ...["alpha", "beta", "rc", "test", "testing", "qa", "preview", "staging", "stage", "preprod", "uat"],
  ...["stable", "lts", "current", "release", "prod", "production", "live"],
]);

/** Whether a tag says what it is for and not which build it is: `latest`, `main`, `latest-alpine`. */
export function isFloatingTag(tag: string): boolean {
  const parts = tag.toLowerCase().split(/[._-]/);
  return (
    FLOATING.has(tag.toLowerCase()) || parts.includes("latest") || parts.every((part) => FLOATING.has(part))
  );
}

/** Whether a tag is one of development: `v1.2-dev`, `1.2.3-dev.4`, `dev-3f2c`, `v1-snapshot`; not `v1-device`. */
export function isDevelopmentTag(tag: string): boolean {
  return /(?:^|[._-])(?:dev|devel|develop|development|snapshot|wip)\d*(?:$|[._-])/i.test(tag);
}
