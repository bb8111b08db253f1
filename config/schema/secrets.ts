/**
 * `keybuzz:secrets`: where the values of each application secret come from. No value stands here: a source names
 * an entry in Vault, or top-level configuration keys that hold one encrypted string each.
 */
import { fixed, group, integer, list, mapping, text, union } from "./fields";
import { configKey, variableName, vaultKey, vaultPath } from "./forms";

const vaultEntry = text("Entry below the environment's prefix. It is read and never written.", vaultPath);

const none = group("There are no values.", {
  source: fixed("Nothing is needed.", "none"),
});

const severalFromVault = group("The values stand in Vault already.", {
  source: fixed("The keys of an entry that stands in Vault already.", "vault"),
  entry: vaultEntry,
  keys: list(
    "The keys to take, which are the names of the environment variables. Without it, all keys.",
    text("A key.", variableName),
    1,
  ).exactOptional(),
});

const variables = mapping(
  "Which configuration key holds the value of which environment variable: `SMTP_USER: smtpUser`.",
  variableName,
  configKey,
);

const severalFromConfig = group("The values stand in this file, each encrypted under a key of its own.", {
  source: fixed("Configuration keys, each an encrypted string.", "config"),
  keys: variables,
});

const oneFromVault = group("The value stands in Vault already.", {
  source: fixed("One key of an entry that stands in Vault already.", "vault"),
  entry: vaultEntry,
  key: text("The key of the entry that holds the value.", vaultKey),
});

const oneFromConfig = group("The value stands in this file, encrypted.", {
  source: fixed("One configuration key, an encrypted string.", "config"),
  key: text("The configuration key that holds the value.", configKey),
});

const generated = group("The value is made here, and written to Vault and Kubernetes.", {
  source: fixed("A random value, made at the first deployment.", "generated"),
  generation: integer("Raising it makes a new value.", 1, 100_000).default(1),
});

function several(description: string) {
  return union(description, "source", [severalFromVault, severalFromConfig]);
}

function one(description: string) {
  return union(description, "source", [generated, oneFromVault, oneFromConfig]);
}

export const secrets = group("Where the values of application secrets come from.", {
  stripe: several("The API's STRIPE_ variables (Secret `keybuzz-stripe`)."),
  clientAuth: several(
    "The client's Google, Azure AD and e-mail sign-in (Secret `keybuzz-client-auth`, beside NEXTAUTH_SECRET).",
  ),
  smtp: union(
    "The outbound worker's SMTP credentials (Secret `keybuzz-smtp`). The relay asks for none.",
    "source",
    [none, severalFromVault, severalFromConfig],
  ),
  opsKey: one("The backend's ops key, sent as the header `x-ops-key`."),
  nextAuthSecret: one("The client's NEXTAUTH_SECRET, which signs sessions."),
});
