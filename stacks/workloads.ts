/** What runs in the cluster. */
import type { Resource } from "@pulumi/pulumi";
import { Client } from "../components/client";
import { OutboundWorker } from "../components/outbound-worker";
import type { VaultLoginArgs } from "../components/vault-login";
import { Workload } from "../components/workload";
import type { EnvironmentConfig, VaultConsumer } from "../config";
import type { Namespaces } from "./namespaces";
import type { Providers } from "./providers";
import type { Secrets } from "./secrets";
import type { VaultRoles } from "./vault-access";

interface Surroundings {
  readonly namespaces: Namespaces;
  readonly secrets: Secrets;
  readonly vaultAccess: VaultRoles;
}

/** Both environments run the production build of Node.js programs; what they may do differs by configuration. */
const NODE_ENV = { NODE_ENV: "production" };

export function declareWorkloads(
  config: EnvironmentConfig,
  providers: Providers,
  { namespaces, secrets, vaultAccess }: Surroundings,
): void {
  const { environment, kubernetes, mail, registry, vault, workloads } = config;
  const { className, clusterIssuer } = kubernetes.ingress;
  const options = { provider: providers.kubernetes };
  const image = <Image extends object>(named: Image) => ({ repository: registry.repository, ...named });
  /** Pods that may log in to Vault are told how, and wait for their role there. */
  const vaultLogin = (consumer: VaultConsumer): { vault?: VaultLoginArgs; waitFor?: Resource[] } => {
    const access = vaultAccess[consumer];
    if (access === undefined) return {};
    const { address, kubernetesAuthPath: authPath, caCertificate } = vault;
    return { vault: { address, authPath, role: access.roleName, caCertificate }, waitFor: [access] };
  };

  const { api, outboundWorker, client, website } = workloads;
  new Workload(
    "api",
    {
      environment,
      namespace: namespaces.api,
      name: "keybuzz-api",
      component: "api",
      image: image(api.image),
      replicas: api.replicas,
      port: api.port,
      ingress: { host: api.host, className, clusterIssuer },
      health: { path: api.healthPath },
      resources: api.resources,
      env: NODE_ENV,
      environmentFrom: [secrets.postgres, secrets.stripe],
      ...vaultLogin("api"),
    },
    options,
  );
  new OutboundWorker(
    "outbound-worker",
    {
      environment,
      namespace: namespaces.api,
      image: image(outboundWorker.image),
      command: outboundWorker.command,
      resources: outboundWorker.resources,
      database: secrets.postgres,
      ses: secrets.ses,
      smtpCredentials: secrets.smtp,
      smtp: mail.smtp,
      fallback: mail.fallback,
      env: NODE_ENV,
      ...vaultLogin("outbound-worker"),
    },
    options,
  );
  new Client(
    "client",
    {
      environment,
      namespace: namespaces.client,
      image: image(client.image),
      replicas: client.replicas,
      ingress: { host: client.host, className, clusterIssuer },
      backendHost: config.backend.host,
      auth: secrets.clientAuth,
      resources: client.resources,
      healthPath: client.healthPath,
      env: NODE_ENV,
      ...vaultLogin("client"),
    },
    options,
  );
  if (website === undefined || namespaces.website === undefined) return;
  new Workload(
    "website",
    {
      environment,
      namespace: namespaces.website,
      name: "keybuzz-website",
      component: "website",
      image: image(website.image),
      replicas: website.replicas,
      port: website.port,
      ingress: { host: website.host, className, clusterIssuer },
      health: { path: website.healthPath },
      resources: website.resources,
      env: NODE_ENV,
      writableFolders: ["/app/.next/cache"],
    },
    options,
  );
}
