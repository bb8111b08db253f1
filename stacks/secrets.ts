/** Where every credential comes from and which workload takes it. Only handles leave this file, no values. */
import * as pulumi from "@pulumi/pulumi";
import { ApplicationSecret } from "../components/application-secret";
import type { Database } from "../components/database";
import { GeneratedSecret } from "../components/generated-secret";
import type { DatabaseLogin } from "../components/handles";
import type { MailIdentity } from "../components/mail-identity";
import { VaultEntry, type VaultEntryHandle, type VaultEntryReference } from "../components/vault-entry";
import type { EnvironmentConfig, SecretsConfig } from "../config";
import type { Databases } from "./databases";
import type { Namespaces } from "./namespaces";
import type { Providers } from "./providers";

export interface Secrets {
  /** `keybuzz-api-postgres`: the API's and the outbound worker's connection. */
  readonly postgres: ApplicationSecret;
  /** `keybuzz-stripe`. */
  readonly stripe: ApplicationSecret;
  /** `keybuzz-ses`: the outbound worker's fallback. */
  readonly ses: ApplicationSecret;
  /** `keybuzz-smtp`, where the mail server asks for credentials. */
  readonly smtp?: ApplicationSecret;
  /** `keybuzz-client-auth`: sessions and sign-in. */
  readonly clientAuth: ApplicationSecret;
  /** Entries that each consumer may read from Vault by itself. */
  readonly entries: {
    readonly api: readonly VaultEntryHandle[];
    readonly "outbound-worker": readonly VaultEntryHandle[];
    readonly client: readonly VaultEntryHandle[];
    readonly backend: readonly VaultEntryHandle[];
  };
}

interface Sources {
  readonly databases: Databases;
  readonly mail: MailIdentity;
  readonly namespaces: Namespaces;
}

type OneValue = SecretsConfig["opsKey"];
type SeveralValues = Exclude<SecretsConfig["smtp"], { source: "none" }>;

export function declareSecrets(config: EnvironmentConfig, providers: Providers, sources: Sources): Secrets {
  const { environment, secrets } = config;
  const { databases, mail, namespaces } = sources;
  const { mount, prefix } = config.vault;
  const both = { providers: [providers.vault, providers.kubernetes] };
  const inVault = (path: string, consumer: string) => ({ mount, prefix, path, consumer });
  const existing = new Map<string, VaultEntryReference>();
  const read = (path: string): VaultEntryReference => {
    const entry =
      existing.get(path) ??
      VaultEntry.read({ environment, mount, prefix, path }, { provider: providers.vault });
    existing.set(path, entry);
    return entry;
  };

  const postgres = new ApplicationSecret(
    "api-postgres",
    {
      environment,
      secretName: "keybuzz-api-postgres",
      namespace: namespaces.api,
      plain: connectionFacts(databases.api.applicationLogin),
      // A rotation changes both.
      paired: ["PGUSER"],
      secret: { PGPASSWORD: databases.api.applicationLogin.password },
      vault: {
        ...inVault("api/postgres", "keybuzz-api"),
        // Who reads Vault by itself has no ConfigMap to take the rest of the connection from.
        plain: connectionFacts(databases.api.applicationLogin),
      },
      after: databases.api.applicationLogin.resources,
    },
    both,
  );
  const stripe = new ApplicationSecret(
    "stripe",
    {
      environment,
      secretName: "keybuzz-stripe",
      namespace: namespaces.api,
      ...several(secrets.stripe, read, inVault("api/stripe", "keybuzz-api")),
    },
    both,
  );
  const { id, secret } = mail.accessKey;
  const ses = new ApplicationSecret(
    "ses",
    {
      environment,
      secretName: "keybuzz-ses",
      namespace: namespaces.api,
      plain: { AWS_SES_REGION: mail.region, AWS_SES_FROM_EMAIL: mail.sender },
      secret: { AWS_SES_ACCESS_KEY_ID: id, AWS_SES_SECRET_ACCESS_KEY: secret },
      vault: {
        ...inVault("ses", "keybuzz-outbound-worker"),
        values: { access_key: id, secret_key: secret },
        plain: { region: mail.region },
      },
      after: mail.resources,
    },
    both,
  );
  const smtp =
    secrets.smtp.source === "none"
      ? undefined
      : new ApplicationSecret(
          "smtp",
          {
            environment,
            secretName: "keybuzz-smtp",
            namespace: namespaces.api,
            ...several(secrets.smtp, read, inVault("smtp", "keybuzz-outbound-worker")),
          },
          both,
        );
  const clientAuth = declareClientAuth();
  const backendEntries = declareBackendEntries();
  for (const [name, database] of Object.entries(databases)) declareOperatorEntries(name, database);

  return {
    postgres,
    stripe,
    ses,
    ...(smtp === undefined ? {} : { smtp }),
    clientAuth,
    entries: {
      api: [...written(postgres), ...entriesOf(secrets.stripe, stripe)],
      "outbound-worker": [
        ...written(postgres),
        ...written(ses),
        ...(smtp === undefined || secrets.smtp.source === "none" ? [] : entriesOf(secrets.smtp, smtp)),
      ],
      client: [...written(clientAuth), ...entriesOf(secrets.clientAuth, undefined)],
      backend: backendEntries,
    },
  };

  /** The session key is this program's own; the sign-in providers' credentials come from where they are kept. */
  function declareClientAuth(): ApplicationSecret {
    const signIn = several(secrets.clientAuth, read, inVault("client/auth", "keybuzz-client"));
    const sessionKey = one("next-auth-secret", secrets.nextAuthSecret, read);
    return new ApplicationSecret(
      "client-auth",
      {
        environment,
        secretName: "keybuzz-client-auth",
        namespace: namespaces.client,
        vault: inVault("client/auth", "keybuzz-client"),
        ...signIn,
        secret: { ...signIn.secret, NEXTAUTH_SECRET: sessionKey },
      },
      both,
    );
  }

  /** The backend's machine has no cluster to take Secrets from: it reads Vault itself. */
  function declareBackendEntries(): VaultEntry[] {
    const values = { OPS_KEY: one("ops-key", secrets.opsKey, read) };
    return [
      declareConnection("backend", "postgres", databases.backend.applicationLogin, "keybuzz-backend"),
      new VaultEntry(
        "backend-ops-key",
        { environment, ...inVault("backend/ops-key", "keybuzz-backend"), values },
        { provider: providers.vault },
      ),
    ];
  }

  /** For migrations, reports and people: no workload's policy names them, and without them nobody could log in. */
  function declareOperatorEntries(name: string, database: Database): void {
    declareConnection(name, "postgres-migrate", database.migrationLogin, "operator");
    declareConnection(name, "postgres-read", database.readerLogin, "operator");
  }

  function declareConnection(
    name: string,
    entry: string,
    login: DatabaseLogin,
    consumer: string,
  ): VaultEntry {
    return new VaultEntry(
      `${name}-${entry}`,
      {
        environment,
        ...inVault(`${name}/${entry}`, consumer),
        plain: connectionFacts(login),
        values: { PGPASSWORD: login.password },
        after: login.resources,
      },
      { provider: providers.vault },
    );
  }

  function entriesOf(source: SeveralValues, declared: ApplicationSecret | undefined): VaultEntryHandle[] {
    return source.source === "vault" ? [read(source.entry)] : written(declared);
  }
}

/** What a client of PostgreSQL needs to know beside the password. None of it is secret. */
function connectionFacts(login: DatabaseLogin): Record<string, string> {
  return {
    PGHOST: login.host,
    PGPORT: String(login.port),
    PGDATABASE: login.database,
    PGUSER: login.role,
  };
}

function written(secret: ApplicationSecret | undefined): VaultEntryHandle[] {
  return secret?.vaultEntry === undefined ? [] : [secret.vaultEntry];
}

type ReadEntry = (path: string) => VaultEntryReference;
type Location = NonNullable<ConstructorParameters<typeof ApplicationSecret>[1]["vault"]>;
type SecretArguments = Pick<
  ConstructorParameters<typeof ApplicationSecret>[1],
  "secret" | "existing" | "vault"
>;

/** Values of several variables: an entry that somebody keeps, or encrypted configuration written to Vault. */
function several(source: SeveralValues, read: ReadEntry, vault: Location): SecretArguments {
  if (source.source === "vault") {
    return {
      existing: { entry: read(source.entry), ...(source.keys === undefined ? {} : { keys: source.keys }) },
    };
  }
  const config = new pulumi.Config();
  const secret = Object.fromEntries(
    Object.entries(source.keys).map(([variable, key]) => [variable, config.requireSecret(key)]),
  );
  return { secret, vault };
}

/** One value: made up here, read from an entry that somebody keeps, or encrypted configuration. */
function one(name: string, source: OneValue, read: ReadEntry): pulumi.Output<string> {
  switch (source.source) {
    case "generated":
      return new GeneratedSecret(name, { generation: source.generation }).value;
    case "vault":
      return read(source.entry).value(source.key);
    case "config":
      return new pulumi.Config().requireSecret(source.key);
  }
}
