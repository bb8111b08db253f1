import { pinnedImages } from "../../../../policies/rules/kubernetes/pinned-images";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases, resource } from "../../cases";

const API = "ghcr.io/keybuzzio/keybuzz-api";
const DIGEST = `sha256:${"9f86d081".repeat(8)}`;
const metadata = { name: "a", namespace: "keybuzz-api-prod" };
const pods = (spec: Value, environment?: "dev") => ({
  given: object("apps/v1:Deployment", { metadata, spec: { template: { spec } } }),
  ...(environment === undefined ? {} : { environment }),
});
const running = (image: Value, environment?: "dev") =>
  pods({ containers: [{ name: "a", image }] }, environment);
const AT = "spec.template.spec.containers[0].image";

const refused = (name: string, image: Value, environment?: "dev"): RuleCase => ({
  name,
  ...running(image, environment),
  want: "findings",
  at: [AT],
});
const right = (name: string, image: Value, environment?: "dev"): RuleCase => ({
  name,
  ...running(image, environment),
  want: "compliant",
});

export const cases: RuleCases = {
  rule: pinnedImages,
  cases: [
    refused("an image without a tag is refused", API),
    refused("latest is refused", `${API}:latest`),
    refused("latest in upper case is refused", `${API}:LATEST`),
    refused("latest of a variant is refused", `${API}:latest-alpine`),
    refused("a branch's tag is refused in DEV, too", `${API}:main`, "dev"),
    refused("a tag that says stable is refused", `${API}:stable`),
    refused("a tag that says prod is refused", `${API}:prod`),
    refused("a tag of two moving words is refused", `${API}:dev-latest`, "dev"),
    refused("no tag is refused in DEV, too", API, "dev"),
    refused("an image from another registry is refused", "docker.io/keybuzzio/keybuzz-api:v1.2.3"),
    refused("an image of Docker Hub is refused, named or not", "node:22.11.0"),
    refused(
      "a repository whose name only begins so is another one",
      "ghcr.io/keybuzzio-x/keybuzz-api:v1.2.3",
    ),
    refused("a registry with a port is another one", "ghcr.io:5000/keybuzzio/keybuzz-api:v1.2.3"),
    refused(
      "a host in front of the registry's name is another one",
      "evil.org/ghcr.io/keybuzzio/keybuzz-api:v1.2.3",
    ),
    refused("a dev build is refused in PROD", `${API}:v0.4.31-dev`),
    refused("a numbered dev build is refused in PROD", `${API}:1.2.3-dev.4`),
    refused("a tag that begins with dev is refused in PROD", `${API}:dev-3f2c1a9`),
    refused("a snapshot is refused in PROD", `${API}:v1.2.3-SNAPSHOT`),
    refused("a dev build is refused in PROD though its digest is given", `${API}:v0.4.31-dev@${DIGEST}`),
    refused(
      "an image that was built for DEV is refused in PROD",
      "ghcr.io/keybuzzio/keybuzz-client:v0.5.33-replacement",
    ),
    refused(
      "an image that was built for DEV is refused with its digest, and with the registry in upper case",
      `GHCR.io/keybuzzio/keybuzz-client:v0.5.33-replacement@${DIGEST}`,
    ),
    refused("what is no reference is refused", "ghcr.io/KeyBuzzIO/keybuzz-api:v1.2.3"),
    refused("a hole to be filled in is refused", `${API}:$(TAG)`),
    refused("an empty one is refused", ""),
    refused("a digest that is cut off is refused", `${API}@sha256:9f86d081`),
    refused("a number is refused", 1),
    right("a tag of one build is right", `${API}:v0.4.31-replacement`),
    right("a word that only begins so is right", `${API}:v1.2.3-device-fix`),
    right("a digest alone is right", `${API}@${DIGEST}`),
    right("a tag that moves is right beside a digest", `${API}:stable@${DIGEST}`),
    right("the registry's name in upper case is the same registry", `GHCR.IO/keybuzzio/keybuzz-api:v1.2.3`),
    right("a dev build is right in DEV", `${API}:v0.4.31-dev`, "dev"),
    right("DEV's own build is right in DEV", "ghcr.io/keybuzzio/keybuzz-client:v0.5.33-replacement", "dev"),
    {
      name: "every container is read, whatever its list, and images as volumes",
      ...pods({
        initContainers: [
          { name: "i", image: `${API}:v1.2.3` },
          { name: "j", image: `${API}:latest` },
        ],
        containers: [
          { name: "a", image: `${API}:v1.2.3` },
          { name: "b", image: API },
        ],
        ephemeralContainers: [{ name: "e", image: "busybox:1.36.1" }],
        volumes: [
          { name: "v", emptyDir: {} },
          { name: "w", image: { reference: `${API}:edge` } },
        ],
      }),
      want: "findings",
      at: [
        "spec.template.spec.containers[1].image",
        "spec.template.spec.initContainers[1].image",
        "spec.template.spec.ephemeralContainers[0].image",
        "spec.template.spec.volumes[1].image.reference",
      ],
    },
    {
      name: "an image beside one that was built for DEV is read",
      ...pods({
        containers: [
          { name: "a", image: "ghcr.io/keybuzzio/keybuzz-client:v0.5.33-replacement" },
          { name: "b", image: `${API}:latest` },
        ],
      }),
      want: "findings",
      at: [AT, "spec.template.spec.containers[1].image"],
    },
    {
      name: "jobs of a schedule are read",
      given: object("batch/v1:CronJob", {
        metadata,
        spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: API }] } } } } },
      }),
      want: "findings",
      at: ["spec.jobTemplate.spec.template.spec.containers[0].image"],
    },
    {
      name: "every object of a list is read",
      given: object("core/v1:PodList", {
        items: [
          { spec: { containers: [{ image: `${API}:v1` }] } },
          { spec: { containers: [{ image: API }] } },
        ],
      }),
      want: "findings",
      at: ["items[1].spec.containers[0].image"],
    },
    {
      name: "workloads of custom kinds are read",
      given: object("argoproj.io/v1alpha1:Rollout", {
        metadata,
        spec: { template: { spec: { containers: [{ image: API }] } } },
      }),
      want: "findings",
      at: [AT],
    },
    {
      name: "an image that is not known stays open, even one that this environment makes",
      ...pods({ containers: [{ image: OWN_UNKNOWN }, { image: `${API}:v1.2.3` }, UNKNOWN] }),
      want: "undetermined",
      at: ["spec.template.spec.containers[2]", AT],
    },
    {
      name: "a pod of which nothing is known stays open",
      given: object("core/v1:Pod", { metadata, spec: UNKNOWN }),
      want: "undetermined",
      at: ["spec"],
    },
    {
      name: "a list of workloads of which nothing is known stays open",
      given: object("apps/v1:DeploymentList", { items: UNKNOWN }),
      want: "undetermined",
      at: ["items"],
    },
    {
      name: "a patch that leaves the image alone is left alone",
      given: object("apps/v1:DeploymentPatch", {
        metadata,
        spec: { template: { spec: { containers: [{ name: "a", env: [] }] } } },
      }),
      want: "not-applicable",
    },
    {
      name: "a patch that says null leaves the image alone",
      given: object("apps/v1:DeploymentPatch", {
        metadata,
        spec: { template: { spec: { containers: [{ name: "a", image: null }] } } },
      }),
      want: "not-applicable",
    },
    {
      name: "an image of DEV that another system's resource names is another rule's matter",
      given: resource("vault:kv/secretV2:SecretV2", {
        mount: "secret",
        name: "keybuzz/prod/api",
        dataJson: '{"IMAGE":"ghcr.io/keybuzzio/keybuzz-client:v0.5.33-replacement"}',
      }),
      want: "not-applicable",
    },
    {
      name: "a list of other objects is left alone",
      given: object("core/v1:SecretList", { items: UNKNOWN }),
      want: "not-applicable",
    },
    {
      name: "resources of other systems are left alone",
      given: resource("vault:index/mount:Mount", { image: `${API}:latest` }),
      want: "not-applicable",
    },
  ],
};
