/** Composes one environment. What exists and why stands in components/; what differs stands in configuration. */
import type { Inputs } from "@pulumi/pulumi";
import type { EnvironmentConfig } from "../config";
import { declareDatabases } from "./databases";
import { declareMailIdentity } from "./mail";
import { declareNamespaces } from "./namespaces";
import { declareProviders } from "./providers";
import { declareSecrets } from "./secrets";
import { declareVaultAccess } from "./vault-access";
import { declareWorkloads } from "./workloads";

/** Declares everything that an environment consists of, and returns the stack's outputs. */
export function declareEnvironment(config: EnvironmentConfig): Inputs {
  const providers = declareProviders(config);
  const databases = declareDatabases(config, providers);
  const mail = declareMailIdentity(config, providers);
  const namespaces = declareNamespaces(config, providers);
  const secrets = declareSecrets(config, providers, { databases, mail, namespaces });
  const vaultAccess = declareVaultAccess(config, providers, secrets);
  declareWorkloads(config, providers, { namespaces, secrets, vaultAccess });
  return {
    /** What to publish in DNS before mail can be sent; entries with `action: merge` must not replace others. */
    dnsRecords: mail.dnsRecords,
    databases: Object.fromEntries(
      Object.entries(databases).map(([name, { databaseName, applicationLogin }]) => [
        name,
        { database: databaseName, applicationRole: applicationLogin.role, host: applicationLogin.host },
      ]),
    ),
    hosts: {
      api: config.workloads.api.host,
      client: config.workloads.client.host,
      backend: config.backend.host,
      ...(config.workloads.website === undefined ? {} : { website: config.workloads.website.host }),
    },
    mailEventsTopic: mail.eventsTopicArn,
  };
}
