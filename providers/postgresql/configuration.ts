/**
 * The provider's configuration. It arrives as texts, whatever its type, since Pulumi's SDKs write it so. Nothing is
 * filled in from the environment: the official provider's PGHOST and its like are not read.
 */
import { MissingConfigurationError, ProviderError } from "../../engine/provider/errors";
import type { CheckFailure, CheckRequest, CheckResponse } from "../../engine/provider/provider";
import { isSecret, isUnknown, type PropertyMap, secret, some } from "../../engine/provider/values";
import { plainMap } from "../table/plain";
import type { ConnectionSettings } from "./settings";

export interface Configuration {
  readonly connection: ConnectionSettings;
  /** Path of a file with the certificates that a server's is checked against. @default the system's */
  readonly caFile: string | undefined;
  /** Connections at a time, over all databases. */
  readonly maxConnections: number;
  /** Whether the login is a superuser, so that password hashes can be read. */
  readonly superuser: boolean;
}

const SSL_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

/** What each setting must look like, and what stands when it is not given: the official provider's defaults. */
const SETTINGS: Readonly<Record<string, { form: RegExp; allowed: string; default: string | undefined }>> = {
  host: { form: /^[^/\s]+$/, allowed: "a host name or an address", default: undefined },
  port: { form: /^[1-9]\d{0,4}$/, allowed: "1 to 65535", default: "5432" },
  database: { form: /^[^\0]+$/, allowed: "the name of a database", default: "postgres" },
  username: { form: /^[^\0]+$/, allowed: "the name of a role", default: "postgres" },
  password: { form: /^[^\0]*$/, allowed: "a text", default: "" },
  sslmode: {
    form: new RegExp(`^(?:${SSL_MODES.join("|")})$`),
    allowed: SSL_MODES.join(", "),
    default: "require",
  },
  sslrootcert: { form: /^[^\0]+$/, allowed: "the path of a file", default: undefined },
  connectTimeout: { form: /^\d{1,6}$/, allowed: "seconds", default: "180" },
  maxConnections: { form: /^\d{1,4}$/, allowed: "a whole number", default: "20" },
  superuser: { form: /^(?:true|false)$/, allowed: "true or false", default: "true" },
  scheme: { form: /^postgres$/, allowed: "postgres, a server that is reached directly", default: "postgres" },
  expectedVersion: { form: /^\d+(?:\.\d+)*$/, allowed: "a version", default: "9.0.0" },
  databaseUsername: { form: /^$/, allowed: "nothing: name the role in username", default: "" },
};

/** Added by the engine or the SDK; no settings of a server. */
const NO_SETTING: ReadonlySet<string> = new Set(["version", "pluginDownloadURL", "__internal", "__defaults"]);

/** Official, deprecated spellings. */
const RENAMED: Readonly<Record<string, string>> = { sslMode: "sslmode" };

export function checkConfiguration({ newInputs }: CheckRequest): CheckResponse {
  const failures = settingsOf(newInputs).failures;
  const inputs =
    newInputs.password === undefined ? newInputs : { ...newInputs, password: secret(newInputs.password) };
  return { inputs, failures };
}

/** Throws when a setting is missing, wrong or not known yet. */
export function configurationOf(inputs: PropertyMap): Configuration {
  const { settings, failures } = settingsOf(inputs);
  if (failures.length > 0) {
    const all = failures.map(({ property, reason }) => `${property} ${reason}`).join("; ");
    throw new ProviderError(`configuration of the provider postgresql: ${all}`);
  }
  const setting = (name: string): string => settings.get(name) || (SETTINGS[name]?.default ?? "");
  if (setting("host") === "") {
    throw new MissingConfigurationError([
      { name: "postgresql:host", description: "the server to connect to" },
    ]);
  }
  return {
    connection: {
      host: setting("host"),
      port: Number(setting("port")),
      user: setting("username"),
      password: setting("password"),
      database: setting("database"),
      sslMode: SSL_MODES.find((mode) => mode === setting("sslmode")) ?? "require",
      connectTimeout: Number(setting("connectTimeout")),
    },
    caFile: setting("sslrootcert") || undefined,
    maxConnections: Number(setting("maxConnections")),
    superuser: setting("superuser") === "true",
  };
}

function settingsOf(inputs: PropertyMap): { settings: Map<string, string>; failures: CheckFailure[] } {
  const settings = new Map<string, string>();
  const failures: CheckFailure[] = [];
  for (const [key, value] of Object.entries(plainMap(inputs))) {
    if (NO_SETTING.has(key)) continue;
    const name = RENAMED[key] ?? key;
    const setting = SETTINGS[name];
    const text = typeof value === "string" ? value : JSON.stringify(value);
    // An empty text is no value, as in the official provider.
    if (text === "" || some(value, isUnknown)) continue;
    if (setting === undefined) {
      // `false` switches something off that does not exist here anyway.
      if (text === "false") continue;
      const known = Object.keys(SETTINGS).join(", ");
      failures.push({
        property: key,
        reason: `is not supported by the local engine: remove it; it knows ${known}`,
      });
    } else if (!setting.form.test(text)) {
      const hidden = name === "password" || some(inputs[key] ?? null, isSecret);
      const seen = hidden ? "" : `, not ${JSON.stringify(text)}`;
      failures.push({ property: key, reason: `must be ${setting.allowed}${seen}` });
    } else settings.set(name, text);
  }
  return { settings, failures };
}
