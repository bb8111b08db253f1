/** A pod's images are one build each, and builds that its environment may run. */
import { combined } from "../../combined";
import type { Estate } from "../../estate";
import { foreignReferences } from "../../foreign";
import { podTemplates } from "../../kubernetes/containers";
import {
  type ImageReference,
  isBelowRepository,
  isDevelopmentTag,
  isFloatingTag,
  parseImage,
} from "../../kubernetes/images";
import { unknownWorkloads } from "../../kubernetes/pods";
import { kubernetesKind, type Resource } from "../../resource";
import { Assessment, NOT_APPLICABLE, type ResourceRule, type Verdict } from "../../rule";
import { isUnknown, itemsOf, type Path, pathText, type Value, valueAt } from "../../value";

export const pinnedImages: ResourceRule = {
  id: "kubernetes/pinned-images",
  title:
    "Images have a fixed tag or a digest, come from the allowed registry, and in production from no dev build",
  why:
    "A tag that moves, or none, makes the next restart a deployment of something nobody reviewed; images with a -dev " +
    "tag are built with development's settings in them.",
  prevents: ["F16", "F3"],
  fix:
    "Set the tag of one build, best with its digest, at keybuzz:workloads.<key>.image; kb promote takes the one that " +
    "proved itself in DEV.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, estate) => {
    if (kubernetesKind(resource) === undefined) return NOT_APPLICABLE;
    const told = foreignReferences(resource, estate, ["environment-image"]);
    const isTold = (path: Path): boolean => told.some(({ property }) => property === pathText(path));
    return combined(
      told.length > 0 ? { outcome: "findings", findings: told } : NOT_APPLICABLE,
      judgeImages(resource, estate, isTold),
    );
  },
};

function judgeImages(resource: Resource, estate: Estate, isTold: (path: Path) => boolean): Verdict {
  const assessment = new Assessment();
  let seen = false;
  const judge = (image: Value | undefined, path: Path): void => {
    // A patch may leave the image to the object that it is laid on.
    if (image === undefined || image === null) return;
    seen = true;
    if (isUnknown(image)) assessment.unknown(path);
    else if (!isTold(path)) judgeImage(image, path, estate, assessment);
  };
  for (const { path } of unknownWorkloads(resource)) {
    seen = true;
    assessment.unknown(path);
  }
  for (const { spec, path, containers, unknown } of podTemplates(resource)) {
    for (const part of unknown) {
      seen = true;
      assessment.unknown(part.path);
    }
    for (const container of containers) judge(container.body.image, [...container.path, "image"]);
    for (const [index, volume] of itemsOf(valueAt(spec, "volumes"))) {
      judge(valueAt(volume, "image", "reference"), [...path, "spec", "volumes", index, "image", "reference"]);
    }
  }
  return seen ? assessment.verdict : NOT_APPLICABLE;
}

/** One finding for an image, the gravest. */
function judgeImage(text: Value, path: Path, estate: Estate, assessment: Assessment): void {
  const image = typeof text === "string" ? parseImage(text) : undefined;
  const problem = image === undefined ? "is no reference to an image" : problemOf(image, estate);
  if (problem === undefined) return;
  // What is no reference may be a URL with credentials.
  const isShown = image !== undefined || (typeof text === "string" && /^[\w./:-]{1,200}$/.test(text));
  assessment.finding(path, `${isShown ? text : "this"} ${problem}`);
}

function problemOf(image: ImageReference, { production, configuration }: Estate): string | undefined {
  const { tag, digest } = image;
  const repository = configuration?.registry?.repository;
  if (repository !== undefined && !isBelowRepository(image, repository)) {
    return `comes from elsewhere than ${repository}`;
  }
  if (tag === undefined && digest === undefined) return "has no tag, and so is whatever was pushed last";
  if (tag === undefined) return undefined;
  if (digest === undefined && isFloatingTag(tag)) return "has a tag that moves; name one build";
  if (production && isDevelopmentTag(tag)) return "is a build of development; production runs released ones";
  return undefined;
}
