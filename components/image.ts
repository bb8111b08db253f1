/** A container image, named completely: no registry, tag or digest is left to a default. */
import type { Problems } from "./problems";

export interface Image {
  /** Registry and path before the image's name: `ghcr.io/keybuzzio`. */
  readonly repository: string;
  /** Name of the image: `keybuzz-api`. */
  readonly name: string;
  /** Tag of the build. */
  readonly tag: string;
  /** `sha256:` and 64 hexadecimal digits: fixes the content, whatever becomes of the tag. @default none */
  readonly digest?: string | undefined;
}

/** The reference that a container takes: `repository/name:tag[@digest]`. */
export function imageReference(image: Image): string {
  return `${image.repository}/${image.name}:${image.tag}${image.digest ? `@${image.digest}` : ""}`;
}

/** Notes every part that a registry would not take. Which tags an environment may run is for the rules. */
export function checkImage(problems: Problems, property: string, image: Image): void {
  const check = (part: "repository" | "name" | "tag" | "digest", form: RegExp, allowed: string) => {
    const seen = image[part];
    const holds = seen !== undefined && form.test(seen);
    problems.require(holds, `${property}.${part}`, seen, allowed, "correct the image");
  };
  check(
    "repository",
    /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/,
    "a registry and a path such as ghcr.io/keybuzzio",
  );
  check("name", /^[a-z0-9]+([._-]+[a-z0-9]+)*$/, "a name such as keybuzz-api");
  check("tag", /^\w[\w.-]{0,127}$/, "a tag such as v0.4.31");
  if (image.digest !== undefined)
    check("digest", /^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits");
}
