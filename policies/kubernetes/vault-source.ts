/** Secrets that say which entry in Vault they are made of. */
import { SOURCE_ANNOTATION } from "../references/scan";
import { isBelow, type Path, valueAt } from "../value";
import type { KubernetesObject } from "./objects";

/**
 * Whether a place stands in an object that names its entry. Its values are those of an entry below this
 * environment's prefix, which its own rules judge.
 */
export function hasVaultSource(objects: readonly KubernetesObject[], path: Path): boolean {
  const holder = objects.find((object) => isBelow(path, object.path));
  return typeof valueAt(holder?.body, "metadata", "annotations", SOURCE_ANNOTATION) === "string";
}
