/** The small sections: the environment itself, Vault, the image registry, the backend machine, AWS. */
import { choice, flag, group, list, port, text } from "./fields";
import {
  awsAccount,
  certificates,
  environmentName,
  hostName,
  imageRepository,
  ipv4,
  mailRegions,
  objectName,
  shapeName,
  vaultKey,
  vaultPath,
  vaultUrl,
} from "./forms";

export const environment = group("Which environment this is.", {
  name: text(
    "Name of the environment, the same as its stack's. Part of labels, tags, Vault paths and names in AWS.",
    environmentName,
  ),
  production: flag(
    "Whether it serves customers: its data is protected and kept, and settings that are for tests are refused.",
  ),
  without: list(
    "What other environments have and this one does without on purpose, by the name of the object, workload or " +
      "database: the comparison of environments then does not miss it.",
    text("A name, with `*` in place of the environment's own word.", shapeName),
    1,
  ).exactOptional(),
});

export const vault = group("Where secrets stand. The server and its mounts are shared.", {
  address: text("URL of the server.", vaultUrl),
  caCertificate: text(
    "The certificates by which the server is known, in PEM: public, and given to the pods that log in. Without them " +
      "a self-signed server is trusted by no pod.",
    certificates,
  ).exactOptional(),
  mount: text("The KV version 2 mount.", vaultPath).default("secret"),
  prefix: text(
    "Path below the mount that belongs to this environment alone. It ends with the environment's name.",
    vaultPath,
  ),
  kubernetesAuthPath: text("Mount of the Kubernetes auth method.", vaultPath).default("kubernetes"),
  appRoleAuthPath: text("Mount of the AppRole auth method.", vaultPath).default("approle"),
});

export const registry = group("Where images come from.", {
  repository: text("Registry and path before every image's name.", imageRepository),
  pullSecret: group(
    "The registry's credential. It stands in Vault already and is copied into each namespace.",
    {
      name: text("Name of the Secret in the namespaces.", objectName).default("ghcr-cred"),
      vaultEntry: text("Entry below the environment's prefix that holds the credential.", vaultPath),
      vaultKey: text("Key of that entry.", vaultKey).default(".dockerconfigjson"),
    },
  ),
});

export const backend = group("The legacy backend, on a machine of its own.", {
  host: text("Host name that clients call it by.", hostName),
  address: text("Address of the machine. Secret ids of its AppRole work from there alone.", ipv4),
  port: port(
    "Port that this environment's backend listens on. Two environments on one machine need two.",
  ).default(4000),
});

export const aws = group("The AWS account that mail is sent from.", {
  accountId: text(
    "The account that may be changed: a deployment with credentials of any other one is refused.",
    awsAccount,
  ),
  region: choice("Region of SES, SNS and their endpoints.", mailRegions),
});
