/** What names of settings say: the last words decide, in any spelling. */
import { describe, expect, it } from "vitest";
import { isHarmless, isPath } from "../../../policies/secret-forms/harmless-values";
import { looksRandom } from "../../../policies/secret-forms/randomness";
import { meaningOf, type NameMeaning } from "../../../policies/secret-forms/setting-names";

const NAMES: Readonly<Record<NameMeaning, readonly string[]>> = {
  secret: [
    ...[
      "PASSWORD",
      "PGPASSWORD",
      "db-password",
      "dbPassword",
      "DB_PASS",
      "PGPASS",
      "SMTPPASS",
      "DB_PWD",
      "DB_PW",
    ],
    ...[
      "passphrase",
      "NEXTAUTH_SECRET",
      "clientSecret",
      "SECRETS",
      "AUTH_TOKEN",
      "authToken",
      "ACCESS_TOKENS",
    ],
    ...[
      "apiKey",
      "API_KEY",
      "x-api-key",
      "X-Ops-Key",
      "example.org/api-key",
      "PRIVATE_KEY",
      "SECRET_KEY_BASE64",
    ],
    ...[
      "STRIPE_SECRET_KEY_PROD",
      "PASSWORD_2",
      "TOKEN_V1",
      "Authorization",
      "CREDENTIALS",
      "SERVICE_ROLE_KEY",
    ],
    ...["VAULT_SECRET_ID", "APPROLE_SECRET_ID", "LICENSE_KEY", "JWT_KEY", "HASH_SECRET", "COMMIT_TOKEN"],
  ],
  vault: [
    ...[
      "VAULT_TOKEN",
      "vaultToken",
      "VAULT_ROOT_TOKEN",
      "VAULT_DEV_ROOT_TOKEN_ID",
      "dev-root-token-id",
      "root_token",
    ],
    ...[
      "BAO_TOKEN",
      "X-Vault-Token",
      "unseal_keys_b64",
      "VAULT_UNSEAL_KEY_3",
      "recovery_keys",
      "VAULT_TOKEN_PROD",
    ],
  ],
  public: [
    ...["NEXT_PUBLIC_API_SECRET", "VITE_TOKEN", "REACT_APP_KEY", "JWT_PUBLIC_KEY", "STRIPE_PUBLISHABLE_KEY"],
    ...["SUPABASE_ANON_KEY", "publicKey"],
  ],
  checksum: [
    "checksum/secret",
    "keybuzz.io/checksum-keybuzz-client-auth",
    "PASSWORD_HASH",
    "GIT_SHA",
    "IMAGE_DIGEST",
  ],
  harmless: [
    ...["AWS_ACCESS_KEY_ID", "SECRET_NAME", "TOKEN_FILE", "VAULT_AUTH_TOKEN_FILE", "SECRET_ARN", "TOKEN_TTL"],
    ...[
      "VAULT_TOKEN_TTL",
      "TLS_SECRET",
      "imagePullSecret",
      "existingSecret",
      "MAX_TOKEN",
      "ENCRYPTED_PASSWORD",
    ],
  ],
  address: ["DATABASE_URL", "TOKEN_ENDPOINT", "SENTRY_DSN", "redirectUri"],
  plain: [
    "PASSWORD_MIN_LENGTH",
    "PWD",
    "OLDPWD",
    "NODE_ENV",
    "PRIMARY_KEY",
    "KEY",
    "COMPASS",
    "BYPASS",
    "TOKENIZER",
  ],
};

describe("the name of a setting", () => {
  it.each(Object.entries(NAMES).flatMap(([meaning, names]) => names.map((name) => [name, meaning] as const)))(
    "%s is %s",
    (name, meaning) => {
      expect(meaningOf(name)).toBe(meaning);
    },
  );
});

describe("a value under a secret's name", () => {
  it.each([
    ...[
      "",
      "true",
      "None",
      "12345",
      "$(A)",
      "$(A)$(B)",
      "Bearer $(TOKEN)",
      "Bearer {{ token }}",
      "<password>",
      "***",
    ],
    ...[
      "/run/secrets/pg",
      "./tls.key",
      "https://oauth2.example.org/token",
      "vault:secret/data/a#b",
      "ENC[AES256]",
    ],
    ...[
      "arn:aws:secretsmanager:x",
      "$2b$10$abc",
      "SCRAM-SHA-256$4096:a$b:c",
      "pk_live_abc",
      "$PASSWORD",
      "%TOKEN%",
    ],
    ...["-----BEGIN CERTIFICATE-----\nMII", "ssh-ed25519 AAAA a@b", `sha256:${"9f86d081".repeat(8)}`],
  ])("%j is no secret", (value) => {
    expect(isHarmless(value)).toBe(true);
  });

  it.each([
    ...[
      "changeme",
      "123456",
      "x$(A)",
      "$ecret",
      "truefalse",
      "https://a b",
      "/9j4AAQSkZJRgABAQAAAQABAAD",
      "pk_other",
    ],
  ])("%j may be one", (value) => {
    expect(isHarmless(value)).toBe(false);
  });

  it.each(["/a/b2c", "/abcdefghijklmnopqrstu", "/x1Y", "a/b", "/a;b"])("%s is no path of words", (value) => {
    expect(isPath(value)).toBe(false);
  });
});

describe("a text that looks random", () => {
  it.each([
    ...[
      "q7Zt1XvB9mK4wR8sL2nD",
      "9f86d081884c7d659a2feaa0c55ad015",
      "aB3$kd!9Zq@7Lm#2Xw%5",
      "aQxZbWcVdUeTfSgRhPiOjN",
    ],
  ])("%s does", (value) => {
    expect(looksRandom(value)).toBe(true);
  });

  it.each([
    ...["q7Zt1XvB9mK4wR8sL2n", `q7Zt1XvB9mK4wR8sL2nD${"q7Zt1XvB9m".repeat(60)}`, "q7Zt1XvB9m K4wR8sL2nD6"],
    ...[
      "keybuzz-outbound-worker-prod",
      "HandleOutboundMailWithFallback",
      "12345678901234567890",
      "a1a1a1a1a1a1a1a1a1a1",
    ],
    ...["v1.24.3-rc1-2024-b12-x86.64", "ALL_UPPER_CASE_WORDS_OF_A_CONSTANT", "eu1-west2-node3-pool4-db5"],
    ...["^(?=.*[A-Z])(?=.*[0-9]).{12,}$"],
  ])("%s does not", (value) => {
    expect(looksRandom(value)).toBe(false);
  });
});
