/** Everything of an environment stands in the region that its configuration names. */
import { type RegionPlace, regionsIn } from "../../regions";
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";

export const ownRegion: ResourceRule = {
  id: "aws/own-region",
  title: "Providers, resources, ARNs and AWS_SES_REGION name the configured region",
  why:
    "SES verifies an identity for one region, and its sandbox and quota are one region's too. Mail that is sent " +
    "through another region is refused, and a policy for another region allows nothing here.",
  prevents: ["F10", "F15"],
  fix: "Use keybuzz:aws.region, eu-west-1, of the environment's file.",
  severity: "medium",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, { configuration }) => {
    const own = configuration?.aws?.region;
    if (own === undefined) return NOT_APPLICABLE;
    const { places, unknown } = regionsIn(resource);
    const assessment = new Assessment();
    const isProvider = resource.type === "pulumi:providers:aws";
    if (isProvider && places.length === 0 && unknown.length === 0) {
      assessment.finding(["region"], `is not set, so the shell decides; ${own} is this environment's`);
      return assessment.verdict;
    }
    if (places.length === 0 && unknown.length === 0) return NOT_APPLICABLE;
    for (const { path, region } of places.filter((place) => !covers(place, own))) {
      assessment.finding(path, `names ${inWords(region)}; ${own} is this environment's`);
    }
    for (const { path } of unknown.filter((place) => !place.own)) assessment.unknown(path);
    return assessment.verdict;
  },
};

/** What is no region may be anything that stands in a Secret. */
function inWords(region: string): string {
  const isShaped = /^(?:[a-z]{2,3}(?:-[a-z]{1,10}){1,3}-\d{1,2}|[a-z\d-]{0,12}[*?][a-z\d*?-]{0,12})$/.test(
    region,
  );
  return isShaped ? `the region ${region}` : "no region";
}

/** Wildcards that cover the region are another rule's matter. */
function covers({ region }: RegionPlace, own: string): boolean {
  const signs: Readonly<Record<string, string>> = { "*": ".*", "?": "." };
  // What a Secret calls a region may hold any sign.
  const pattern = region.replace(/[\\^$.*+?()[\]{}|]/g, (sign) => signs[sign] ?? `\\${sign}`);
  return new RegExp(`^${pattern}$`).test(own);
}
