/** The environment's namespaces, and what may pass between them. */
import { Client } from "../components/client";
import { Namespace } from "../components/namespace";
import { VaultEntry } from "../components/vault-entry";
import { type EnvironmentConfig, vaultEndpoint } from "../config";
import type { Providers } from "./providers";

type NamespaceKey = keyof EnvironmentConfig["kubernetes"]["namespaces"];

export interface Namespaces {
  readonly api: Namespace;
  readonly client: Namespace;
  readonly website?: Namespace;
}

export function declareNamespaces(config: EnvironmentConfig, providers: Providers): Namespaces {
  const { environment, kubernetes, registry, vault } = config;
  const { mount, prefix } = vault;
  const credential = VaultEntry.read(
    { environment, mount, prefix, path: registry.pullSecret.vaultEntry },
    { provider: providers.vault },
  );
  const pullSecret = {
    name: registry.pullSecret.name,
    dockerConfigJson: credential.value(registry.pullSecret.vaultKey),
    source: credential,
  };
  const declare = (key: NamespaceKey): Namespace | undefined => {
    const namespace = kubernetes.namespaces[key];
    if (namespace === undefined) return undefined;
    return new Namespace(
      `${key}-namespace`,
      {
        environment,
        name: namespace.name,
        podSecurity: kubernetes.podSecurity,
        quota: namespace.quota,
        containers: namespace.containers,
        pullSecret,
        network: {
          egress: namespace.egress,
          extraEgress: namespace.extraEgress,
          destinations: destinations(config),
          privateNetwork: kubernetes.privateNetwork,
          ingress: {
            controllerNamespace: kubernetes.ingress.controllerNamespace,
            ports: [servedPort(config, key)],
          },
          ...peers(config, key),
        },
      },
      { provider: providers.kubernetes },
    );
  };
  const website = declare("website");
  return {
    api: required(declare("api")),
    client: required(declare("client")),
    ...(website === undefined ? {} : { website }),
  };

  function required(namespace: Namespace | undefined): Namespace {
    if (namespace === undefined) throw new Error("the configuration was not validated");
    return namespace;
  }
}

/** The port that pods of a namespace answer on. */
function servedPort({ workloads }: EnvironmentConfig, key: NamespaceKey): number {
  const ports = { api: workloads.api.port, client: Client.port, website: workloads.website?.port };
  return ports[key] ?? Client.port;
}

/** Calls between namespaces need a policy at each end. */
function peers(config: EnvironmentConfig, key: NamespaceKey) {
  const { namespaces } = config.kubernetes;
  const keys = Object.keys(namespaces) as NamespaceKey[];
  const allow = (other: NamespaceKey, called: NamespaceKey) => {
    const name = namespaces[other]?.name;
    return name === undefined ? [] : [{ namespace: name, ports: [servedPort(config, called)] }];
  };
  return {
    allowFrom: (namespaces[key]?.peers ?? []).flatMap((caller) => allow(caller, key)),
    allowTo: keys
      .filter((called) => namespaces[called]?.peers.includes(key))
      .flatMap((called) => allow(called, called)),
  };
}

function destinations({ postgres, vault, mail }: EnvironmentConfig) {
  const { host, writePort, readPort } = postgres;
  return {
    postgres: { host, writePort, readPort },
    vault: vaultEndpoint(vault),
    relay: { host: mail.smtp.address, port: mail.smtp.port },
  };
}
