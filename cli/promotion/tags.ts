/** Tags that no other environment should get: whatever they name today, it is not one release. */

/** Tags that are moved to whatever was built last. */
export const FLOATING_TAGS = [
  "latest",
  "main",
  "master",
  "dev",
  "develop",
  "nightly",
  "edge",
  "stable",
  "canary",
] as const;

/** Why an image with this tag is not promoted, as the end of a sentence about the tag; undefined when it may be. */
export function refusedTag(tag: string): string | undefined {
  if ((FLOATING_TAGS as readonly string[]).includes(tag.toLowerCase())) {
    return "names whatever was pushed last, not one build";
  }
  // `dev` as a part of its own: v1.2-dev, dev-3f2c, not v1.2-device.
  return /(^|[._-])dev($|[._-])/i.test(tag) ? "is a build for development" : undefined;
}
