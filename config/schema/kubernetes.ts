/** `keybuzz:kubernetes`: the cluster, which is shared, and the namespaces that the environment owns in it. */
import type { z } from "zod";
import { choice, group, integer, list, port, text } from "./fields";
import { cidr, contextName, cpu, memory, objectName, partOfTheWorld, purpose } from "./forms";

/** The namespaces there can be. `website` is the only one that an environment can do without. */
export const namespaceKeys = ["api", "client", "website"] as const;

/** An amount of processor and memory. */
export function amount(description: string) {
  return group(description, {
    cpu: text("Processor: cores or thousandths of one.", cpu),
    memory: text("Memory in bytes.", memory),
  });
}

/** What a container asks for, and what it may use at most. */
export function resources(description: string) {
  return group(description, {
    requests: amount("What the scheduler keeps free for a container."),
    limits: amount("What a container may use at most."),
  });
}

function podSecurity(effect: string) {
  return choice(effect, ["privileged", "baseline", "restricted"]);
}

function namespace(description: string) {
  return group(description, {
    name: text("Name of the namespace.", objectName),
    quota: group("Upper bounds over all pods. A roll-out and a migration job need room beside what runs.", {
      cpu: text("Processor: the sum of all requests, and of all limits.", cpu),
      memory: text("Memory: the sum of all requests, and of all limits.", memory),
      pods: integer("Number of pods.", 1, 500),
    }),
    egress: list(
      "What pods may reach beside DNS: HAProxy, Vault, the mail relay, and HTTPS outside the private network.",
      choice("A destination.", ["postgres", "vault", "relay", "https"]),
    ).default([]),
    peers: list(
      "Namespaces of this environment whose pods may call in, beside the ingress controller.",
      choice("A namespace's key.", namespaceKeys),
    ).default([]),
    extraEgress: list(
      "Further destinations that pods may reach.",
      group("One more destination.", {
        description: text("What it is for: its policy is named after it.", purpose),
        cidr: text("Addresses.", cidr),
        ports: list("TCP ports.", port("A TCP port."), 1),
      }),
    ).default([]),
    containers: group(
      "Bounds of one container. What is left out follows the namespace component's defaults.",
      {
        defaultRequests: amount("What a container asks for that does not say.").exactOptional(),
        defaultLimits: amount("What a container may use that does not say.").exactOptional(),
        max: amount("What one container may use at most. Without it, half of the quota.").exactOptional(),
      },
    ).prefault({}),
  });
}

const namespaces = {
  api: namespace("The API, the outbound worker and their jobs."),
  client: namespace("The client."),
  website: namespace("The website, where the environment has one.").exactOptional(),
} satisfies Record<(typeof namespaceKeys)[number], z.ZodType>;

export const kubernetes = group("The cluster, which is shared, and this environment's namespaces in it.", {
  context: text("Context of the kubeconfig that leads to the cluster.", contextName),
  podSecurity: group("Pod security standard of every namespace, by what happens to a pod that breaks it.", {
    warn: podSecurity("The person who creates it is warned.").default("restricted"),
    audit: podSecurity("It is noted in the audit log.").default("restricted"),
    enforce: podSecurity("It is refused. Leave it out until the warnings are gone.").exactOptional(),
  }).prefault({}),
  ingress: group("How requests come in.", {
    className: text("Ingress class.", objectName).default("nginx"),
    controllerNamespace: text(
      "Namespace of the ingress controller, the only one outside the environment whose pods may call in.",
      objectName,
    ).default("ingress-nginx"),
    clusterIssuer: text("cert-manager's issuer of the hosts' certificates.", objectName).default(
      "letsencrypt",
    ),
  }).prefault({}),
  privateNetwork: text("The private network. The egress `https` leads outside it only.", partOfTheWorld),
  namespaces: group("The namespaces that this environment owns.", namespaces),
});
