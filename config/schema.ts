/**
 * The configuration of one environment, `keybuzz:` in Pulumi.<env>.yaml, as one definition. Types, validation,
 * the editors' schema and the reference are made of it. Checks that span fields are in checks/.
 */
import type { z } from "zod";
import { aws, backend, environment, registry, vault } from "./schema/estate";
import { group } from "./schema/fields";
import { kubernetes } from "./schema/kubernetes";
import { mail } from "./schema/mail";
import { postgres } from "./schema/postgres";
import { secrets } from "./schema/secrets";
import { workloads } from "./schema/workloads";

export const environmentSchema = group("Everything in which environments differ.", {
  environment,
  postgres,
  vault,
  kubernetes,
  registry,
  workloads,
  backend,
  secrets,
  aws,
  mail,
});

/** The structured keys. Every other key of the namespace holds a secret that `keybuzz:secrets` names. */
export const sectionNames = Object.keys(environmentSchema.shape) as readonly SectionName[];

export type EnvironmentConfig = z.output<typeof environmentSchema>;
export type SectionName = keyof EnvironmentConfig;
export type PostgresConfig = EnvironmentConfig["postgres"];
export type DatabaseConfig = PostgresConfig["databases"]["api"];
export type RotationConfig = DatabaseConfig["rotation"];
export type VaultConfig = EnvironmentConfig["vault"];
export type KubernetesConfig = EnvironmentConfig["kubernetes"];
export type NamespaceConfig = KubernetesConfig["namespaces"]["api"];
export type RegistryConfig = EnvironmentConfig["registry"];
export type WorkloadsConfig = EnvironmentConfig["workloads"];
export type ResourcesConfig = WorkloadsConfig["api"]["resources"];
export type BackendConfig = EnvironmentConfig["backend"];
export type SecretsConfig = EnvironmentConfig["secrets"];
export type SecretSource = SecretsConfig[keyof SecretsConfig];
export type AwsConfig = EnvironmentConfig["aws"];
export type MailConfig = EnvironmentConfig["mail"];

/** What is left of a configuration when the parts with mistakes are taken out. A whole one is one too. */
export type Draft = Remains<EnvironmentConfig>;

type Remains<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Remains<T[K]> | undefined }
    : T;
