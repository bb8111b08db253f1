/** Production runs images that another environment runs, or has run. */
import { podTemplates } from "../kubernetes/containers";
import { type ImageReference, parseImage } from "../kubernetes/images";
import type { Resource } from "../resource";
import { isUnknown, pathText, valueAt } from "../value";
import type { EnvironmentView, IsolationRule, LandscapeFinding, LandscapeUndetermined } from "./landscape";

export const provenImages: IsolationRule = {
  id: "isolation/proven-images",
  title: "Production runs no image that its model environments neither run nor have run",
  why:
    "PROD's API was another, older build than DEV's, and most of its routes answered 404. What proved stable in DEV " +
    "is promoted; nothing else is known to work.",
  prevents: ["F3"],
  fix: "kb promote <workload> copies the tag and digest that DEV runs into production's file.",
  severity: "high",
  level: "mandatory",
  environments: "production",
  check: (environments) => {
    const models = environments.filter(({ production }) => !production).map((view) => new Model(view));
    const answers = environments
      .filter(({ production }) => production)
      .flatMap((view) => {
        const ownBuilds = imagesBuiltFor(view);
        return view.declared.flatMap((resource) =>
          imagesOf(resource).flatMap((place) => judgeImage(place, view, resource, models, ownBuilds)),
        );
      });
    return {
      findings: answers.flatMap(({ finding }) => finding ?? []),
      undetermined: answers.flatMap(({ undetermined }) => undetermined ?? []),
    };
  },
};

interface Answer {
  readonly finding?: LandscapeFinding;
  readonly undetermined?: LandscapeUndetermined;
}

/** An image at a container; undefined where it is not known. */
interface PlacedImage {
  readonly image?: string;
  readonly property: string;
}

/** What is known of the images of an environment in which images are proved. */
class Model {
  readonly name: string;
  /** Images that it runs, as they stand without a digest, by repository. */
  readonly #running = new Map<string, Set<string>>();
  /** Builds that it runs or has run: repository and digest. */
  readonly #builds = new Set<string>();
  /** By repository and tag the digests of which it is known that the tag stood for; "" for one that is not known. */
  readonly #tags = new Map<string, Set<string>>();
  /** Repositories of which it ran a tag whose digest is not known. */
  readonly #undigested = new Set<string>();
  /** Repositories of which the past is known. */
  readonly #remembered = new Set<string>();
  readonly #isOpen: boolean;

  constructor(private readonly view: EnvironmentView) {
    this.name = view.name;
    const places = view.declared.flatMap(imagesOf);
    this.#isOpen = places.some(({ image }) => image === undefined);
    for (const image of places.flatMap((place) => place.image ?? [])) {
      const { repository } = this.#take(image);
      const running = this.#running.get(repository) ?? new Set();
      this.#running.set(repository, running.add(withoutDigest(image)));
    }
    for (const image of view.history?.images ?? []) this.#remembered.add(this.#take(image).repository);
  }

  #take(image: string): Taken {
    const taken = takenApart(image);
    const { repository, tag, digest } = taken;
    if (digest === undefined) this.#undigested.add(repository);
    else this.#builds.add(`${repository}@${digest}`);
    const key = `${repository}:${tag}`;
    this.#tags.set(key, (this.#tags.get(key) ?? new Set()).add(digest ?? ""));
    return taken;
  }

  /** What it runs of the same repository; nothing when the image is none of its. */
  runs(image: string): readonly string[] {
    return [...(this.#running.get(takenApart(image).repository) ?? [])];
  }

  /** Whether it runs or has run the build. Where one side knows no digest, the tag decides. */
  proves(image: string): boolean {
    const { repository, tag, digest } = takenApart(image);
    if (digest !== undefined && this.#builds.has(`${repository}@${digest}`)) return true;
    const digests = this.#tags.get(`${repository}:${tag}`);
    return digests !== undefined && (digest === undefined || digests.has(""));
  }

  /** Whether the tag is known, and stood for other builds alone. */
  hasOtherBuild(image: string): boolean {
    const { repository, tag } = takenApart(image);
    return this.#tags.has(`${repository}:${tag}`);
  }

  /** Why an image that is not known here may have run all the same. */
  doubt(image: string): string | undefined {
    const { history, name, partial } = this.view;
    if (partial === true) return `the program of ${name} failed, so that its images are not all known`;
    if (this.#isOpen) return `an image of ${name} is not known yet`;
    const { repository, tag, digest } = takenApart(image);
    const isOneSided = tag === "" ? this.#undigested.has(repository) : this.#tags.has(`${repository}:`);
    if (isOneSided && (tag === "" || digest === undefined))
      return `a tag and a digest of ${repository} cannot be compared`;
    if (history?.incomplete !== undefined) return history.incomplete;
    if (this.#remembered.has(repository)) return undefined;
    return `the file of ${name} does not say which images of ${repository} it ran before`;
  }
}

function judgeImage(
  { image, property }: PlacedImage,
  { name: environment }: EnvironmentView,
  { urn }: Resource,
  models: readonly Model[],
  ownBuilds: ReadonlySet<string>,
): Answer[] {
  const open = (reason: string): Answer[] => [
    { undetermined: { environment, urn, properties: [property], reason } },
  ];
  if (image === undefined) return models.length === 0 ? [] : open("the image is not known yet");
  const { repository, tag } = takenApart(image);
  // An image that is built for one environment is proved in no other.
  if (ownBuilds.has(`${repository}:${tag}`)) return [];
  const comparable = models.filter((model) => model.runs(image).length > 0);
  if (comparable.length === 0 || comparable.some((model) => model.proves(image))) return [];
  const doubt = comparable.flatMap((model) => model.doubt(image) ?? [])[0];
  if (doubt !== undefined) return open(doubt);
  const names = comparable.map(({ name }) => name).join(" and ");
  const another = comparable.some((model) => model.hasOtherBuild(image));
  const what = another ? `${withoutDigest(image)} in a build` : withoutDigest(image);
  const instead = comparable.map((model) => `${model.name} runs ${model.runs(image).join(" and ")}`);
  const message = `runs ${what} which ${names} neither runs nor has run; ${instead.join(", ")}`;
  return [{ finding: { environment, urn, property, message } }];
}

function imagesBuiltFor({ configured }: EnvironmentView): ReadonlySet<string> {
  return new Set(
    configured.flatMap(({ kind, name }) => {
      if (kind !== "environment-image") return [];
      const { repository, tag } = takenApart(name);
      return [`${repository}:${tag}`];
    }),
  );
}

/** Images of a workload's containers with their places. */
function imagesOf(resource: Resource): PlacedImage[] {
  return podTemplates(resource).flatMap(({ containers, unknown }) => [
    ...unknown.map(({ path }) => ({ property: pathText(path) })),
    ...containers.flatMap(({ body, path }): PlacedImage[] => {
      const image = valueAt(body, "image");
      const property = pathText([...path, "image"]);
      if (isUnknown(image)) return [{ property }];
      return typeof image === "string" ? [{ image, property }] : [];
    }),
  ]);
}

/** An image, taken apart. */
interface Taken {
  /** Registry and path. */
  readonly repository: string;
  readonly tag: string;
  readonly digest?: string;
}

function takenApart(image: string): Taken {
  const parsed: ImageReference = parseImage(image.trim()) ?? { registry: "", path: image };
  const { registry, path, tag, digest } = parsed;
  // With a digest a tag that is left out says nothing; without, runtimes take this one.
  const read = { repository: `${registry}/${path}`, tag: tag ?? (digest === undefined ? "latest" : "") };
  return digest === undefined ? read : { ...read, digest };
}

function withoutDigest(image: string): string {
  return image.replace(/@.*$/, "");
}
