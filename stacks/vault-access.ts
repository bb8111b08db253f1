/** Who may read what from Vault: a policy and a role per consumer that reads it by itself. */
import { VaultAccess } from "../components/vault-access";
import { type EnvironmentConfig, type VaultConsumer, vaultConsumers } from "../config";
import type { Providers } from "./providers";
import type { Secrets } from "./secrets";

/** The roles to log in with, by consumer; a consumer that takes all it needs from Kubernetes Secrets has none. */
export type VaultRoles = Partial<Record<VaultConsumer, VaultAccess>>;

/** Service accounts carry their workload's name, and stand in the namespace of that workload. */
const SERVICE_ACCOUNTS = {
  api: { name: "keybuzz-api", namespace: "api" },
  "outbound-worker": { name: "keybuzz-outbound-worker", namespace: "api" },
  client: { name: "keybuzz-client", namespace: "client" },
} as const;

export function declareVaultAccess(
  config: EnvironmentConfig,
  providers: Providers,
  secrets: Secrets,
): VaultRoles {
  const { environment, vault, backend } = config;
  return Object.fromEntries(
    vaultConsumers(config)
      .filter((consumer) => secrets.entries[consumer].length > 0)
      .map((consumer) => [
        consumer,
        new VaultAccess(
          `${consumer}-vault-access`,
          {
            environment,
            prefix: vault.prefix,
            consumer,
            entries: [...secrets.entries[consumer]],
            login:
              consumer === "backend"
                ? { method: "approle", backend: vault.appRoleAuthPath, boundTo: [backend.address] }
                : kubernetesLogin(consumer),
          },
          { provider: providers.vault },
        ),
      ]),
  );

  function kubernetesLogin(consumer: keyof typeof SERVICE_ACCOUNTS) {
    const { name, namespace } = SERVICE_ACCOUNTS[consumer];
    return {
      method: "kubernetes" as const,
      backend: vault.kubernetesAuthPath,
      serviceAccount: name,
      namespace: config.kubernetes.namespaces[namespace]?.name ?? "",
    };
  }
}
