/** `keybuzz:workloads`: what runs, from which image, how large. What it is given follows from the program. */
import { choice, group, integer, port, sequence, text } from "./fields";
import { argument, hostName, imageDigest, imageName, imageTag, urlPath } from "./forms";
import { resources } from "./kubernetes";

const imageParts = {
  name: text("Name of the image in the registry's repository.", imageName),
  tag: text("Tag of one build. `latest` is refused, and in production every `dev` tag.", imageTag),
  digest: text("Fixes the content, whatever becomes of the tag.", imageDigest).exactOptional(),
};

const image = group("The image.", {
  ...imageParts,
  buildScope: choice(
    "`any`: a build that runs in every environment and is promoted. `environment`: one made for this environment.",
    ["any", "environment"],
  ).default("any"),
});

const clientImage = group("The image.", {
  ...imageParts,
  buildScope: choice(
    "Next.js writes NEXT_PUBLIC values into the image, so a build of the client belongs to one environment.",
    ["environment"],
  ).default("environment"),
});

const sizes = resources("Resources of one pod.");

const replicas = integer("Number of pods. Above one, a disruption budget keeps one running.", 1, 50).default(
  1,
);
const host = text("Host name that it answers to.", hostName);

function listens(usual: number) {
  return port("Port that the container listens on.").default(usual);
}

function health(usual: string) {
  return text("Path that answers 200 when a pod can serve.", urlPath).default(usual);
}

export const workloads = group("What runs in the cluster.", {
  api: group("The API, in the namespace `api`.", {
    image,
    replicas,
    host,
    port: listens(3001),
    healthPath: health("/health"),
    resources: sizes,
  }),
  outboundWorker: group(
    "The worker that sends mail, in the namespace `api`. Always one pod: two at once would send twice.",
    {
      image,
      command: sequence(
        "Command of the container, in place of the image's own.",
        text("A part of it.", argument),
        1,
      ),
      resources: sizes,
    },
  ),
  client: group("The client, in the namespace `client`.", {
    image: clientImage,
    replicas,
    host,
    healthPath: health("/"),
    resources: sizes,
  }),
  website: group("The website, in the namespace `website`. Not every environment has one.", {
    image,
    replicas,
    host,
    port: listens(3000),
    healthPath: health("/"),
    resources: sizes,
  }).exactOptional(),
});
