/**
 * The providers, all explicit: no resource may land in whatever cluster, account or server the caller's shell
 * happens to point at. Credentials are not configuration; they come from the environment of the person or job
 * that deploys (docs/prerequisites.md).
 */
import * as aws from "@pulumi/aws/provider";
import * as kubernetes from "@pulumi/kubernetes/provider";
import * as postgresql from "@pulumi/postgresql/provider";
import * as vault from "@pulumi/vault/provider";
import type { EnvironmentConfig } from "../config";

/** Seconds until an unreachable PostgreSQL is an error. */
const CONNECT_TIMEOUT = 30;

export interface Providers {
  readonly postgresql: postgresql.Provider;
  readonly vault: vault.Provider;
  readonly kubernetes: kubernetes.Provider;
  readonly aws: aws.Provider;
}

export function declareProviders(config: EnvironmentConfig): Providers {
  const { postgres } = config;
  return {
    postgresql: new postgresql.Provider("postgresql", {
      host: postgres.host,
      port: postgres.writePort,
      sslmode: postgres.sslMode,
      connectTimeout: CONNECT_TIMEOUT,
      // Whoever deploys need not be a superuser; as one, the provider would read password hashes.
      superuser: false,
    }),
    vault: new vault.Provider("vault", { address: config.vault.address }),
    kubernetes: new kubernetes.Provider("kubernetes", {
      context: config.kubernetes.context,
      enableServerSideApply: true,
      // A changed value is written in place; otherwise the object would be deleted first, under running pods.
      enableSecretMutable: true,
      enableConfigMapMutable: true,
    }),
    aws: new aws.Provider("aws", {
      region: config.aws.region as aws.ProviderArgs["region"],
      allowedAccountIds: [config.aws.accountId],
    }),
  };
}
