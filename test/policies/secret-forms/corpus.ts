/**
 * Labelled values: secrets, made by a generator so that none stands in a file, and what people write beside them
 * that looks alike, as it stands in manifests, charts and files of settings.
 */

/** A value where a program finds it. */
export interface Labelled {
  /** What it is, in a few words. */
  readonly what: string;
  /** The setting that it is the value of. */
  readonly name?: string;
  readonly value: string;
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();
const DIGITS = "0123456789";
const ALNUM = UPPER + LOWER + DIGITS;
const HEX = `${DIGITS}abcdef`;
const URL64 = `${ALNUM}-_`;

/** Secrets of every form, one of each. */
export function secretsOf(random: () => number): Labelled[] {
  const text = (length: number, signs = ALNUM): string =>
    Array.from({ length }, () => signs[Math.floor(random() * signs.length)]).join("");
  const bytes = (length: number): Buffer =>
    Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
  const base64 = (plain: string): string => Buffer.from(plain).toString("base64");
  const jwt = `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url")}.${Buffer.from(`{"sub":"${text(8)}"}`).toString("base64url")}.${bytes(32).toString("base64url")}`;
  const pem = `-----BEGIN PRIVATE KEY-----\n${bytes(48).toString("base64")}\n${bytes(48).toString("base64")}\n-----END PRIVATE KEY-----\n`;
  const password = text(14, `${ALNUM}!@#%^*`);
  return [
    // By form, whatever they are called.
    { what: "a Vault service token", value: `hvs.${text(90, URL64)}` },
    { what: "a Vault batch token", value: `hvb.${text(120, URL64)}` },
    { what: "an AWS access key id", value: `AKIA${text(16, `${UPPER}234567`)}` },
    { what: "a temporary AWS access key id", value: `ASIA${text(16, `${UPPER}234567`)}` },
    { what: "a GitHub token", name: "GH", value: `ghp_${text(36)}` },
    { what: "a GitHub token of an app", value: `ghs_${text(36)}` },
    { what: "a fine-grained GitHub token", value: `github_pat_${text(22)}_${text(59)}` },
    { what: "a GitLab token", value: `glpat-${text(20, URL64)}` },
    { what: "a Slack bot's token", value: `xoxb-${text(12, DIGITS)}-${text(12, DIGITS)}-${text(24)}` },
    {
      what: "a Slack webhook",
      name: "ALERTS_URL",
      value: `https://hooks.slack.com/services/T${text(8, UPPER)}/B${text(8, UPPER)}/${text(24)}`,
    },
    { what: "a Stripe key", value: `sk_live_${text(24)}` },
    { what: "a long Stripe key", value: `sk_test_51${text(97)}` },
    { what: "a restricted Stripe key", value: `rk_live_${text(24)}` },
    { what: "a signing secret of Stripe", value: `whsec_${text(32)}` },
    { what: "a Google API key", value: `AIza${text(35, URL64)}` },
    { what: "a Google client secret", value: `GOCSPX-${text(28, URL64)}` },
    { what: "an Azure AD client secret", value: `${text(3)}8Q~${text(34)}` },
    {
      what: "an Azure connection string",
      name: "STORAGE",
      value: `DefaultEndpointsProtocol=https;AccountName=keybuzz;AccountKey=${bytes(64).toString("base64")};EndpointSuffix=core.windows.net`,
    },
    { what: "an npm token", value: `npm_${text(36)}` },
    { what: "a SendGrid key", value: `SG.${text(22, URL64)}.${text(43, URL64)}` },
    { what: "a Resend key", value: `re_${text(8)}_${text(24)}` },
    { what: "a Pulumi token", value: `pul-${text(40, HEX)}` },
    { what: "a Docker Hub token", value: `dckr_pat_${text(27, URL64)}` },
    { what: "a DigitalOcean token", value: `dop_v1_${text(64, HEX)}` },
    { what: "an OpenAI key", value: `sk-proj-${text(48)}` },
    { what: "a JWT", name: "SESSION", value: jwt },
    { what: "a private key", value: pem },
    { what: "an RSA key", name: "app.key.pem", value: pem.replaceAll("PRIVATE", "RSA PRIVATE") },
    { what: "a private key in base64", value: base64(pem) },
    {
      what: "a service account of Google",
      name: "gcp.json",
      value: JSON.stringify({ type: "service_account", private_key: pem }),
    },
    { what: "basic credentials in a header", value: `Authorization: Basic ${base64(`admin:${password}`)}` },
    {
      what: "a bearer token in a command",
      value: `curl -H "Authorization: Bearer ${text(40)}" https://api.keybuzz.io/jobs`,
    },
    { what: "a token inside of a sentence", value: `deployed with ghp_${text(36)} by ci` },
    { what: "an age key", value: `AGE-SECRET-KEY-1${text(58, UPPER + DIGITS)}` },
    // In URLs and connection strings.
    {
      what: "a password in a database's URL",
      name: "DATABASE_URL",
      value: `postgresql://kb:${text(16)}@10.0.0.10:5432/keybuzz_prod`,
    },
    {
      what: "a password with a slash in a URL",
      name: "DATABASE_URL",
      value: `postgres://kb:ab/${text(8)}@10.0.0.10/keybuzz_prod`,
    },
    {
      what: "a percent-encoded password",
      name: "REDIS_URL",
      value: `redis://:${encodeURIComponent("p@ss:word/1")}${text(4)}@redis:6379/0`,
    },
    {
      what: "a mail server's URL",
      name: "EMAIL_SERVER",
      value: `smtp://noreply:${text(12)}@mail.keybuzz.io:587`,
    },
    {
      what: "a token as a user of a web address",
      name: "REPOSITORY",
      value: `https://x-access-token:${text(20)}@github.com/keybuzzio/keybuzz.git`,
    },
    {
      what: "keywords of libpq",
      name: "DSN",
      value: `host=10.0.0.10 dbname=keybuzz_prod user=kb password=${text(12)}`,
    },
    {
      what: "an ADO connection string",
      name: "CONNECTION",
      value: `Server=sql;Database=kb;User Id=kb;Password=${text(12)};`,
    },
    {
      what: "a token in a query",
      name: "CALLBACK_URL",
      value: `https://hook.example.org/in?access_token=${text(24)}`,
    },
    // By the setting's name.
    { what: "a password", name: "PGPASSWORD", value: password },
    { what: "a weak password", name: "SMTP_PASSWORD", value: "changeme" },
    { what: "a password of words", name: "ADMIN_PASSWORD", value: "correct horse battery staple" },
    { what: "a password of digits", name: "DB_PASS", value: text(8, DIGITS) },
    { what: "the secret of next-auth", name: "NEXTAUTH_SECRET", value: bytes(32).toString("base64") },
    { what: "a secret of words", name: "JWT_SECRET", value: "super-secret-jwt" },
    { what: "the ops key", name: "OPS_KEY", value: text(16) },
    { what: "the ops key as a header", name: "x-ops-key", value: text(16) },
    { what: "an API key in camel case", name: "apiKey", value: text(18) },
    { what: "a client secret", name: "GOOGLE_CLIENT_SECRET", value: text(24, URL64) },
    { what: "a secret access key", name: "AWS_SES_SECRET_ACCESS_KEY", value: bytes(30).toString("base64") },
    { what: "an encryption key", name: "ENCRYPTION_KEY", value: text(64, HEX) },
    { what: "a numbered password", name: "DB_PASSWORD_2", value: password },
    { what: "a key for production", name: "STRIPE_SECRET_KEY_PROD", value: text(20) },
    { what: "a token", name: "SENTRY_AUTH_TOKEN", value: text(64, HEX) },
    {
      what: "a secret id of AppRole",
      name: "VAULT_SECRET_ID",
      value: "5d1f9d3c-5d0b-8a3c-1a34-3f0a1f0e7c11",
    },
    { what: "a passphrase", name: "PULUMI_CONFIG_PASSPHRASE", value: "keybuzz" },
    { what: "a password under a name of a checksum", name: "checksum-password", value: "hunter2!" },
    {
      what: "a secret whose base64 begins with a slash",
      name: "SESSION_SECRET",
      value: `/${bytes(24).toString("base64").replaceAll("/", "x")}`,
    },
    // Settings inside of a text.
    { what: "a password in an option", value: `--db-password=${text(12)}` },
    { what: "a password behind an option", value: `migrate --password ${text(12)} --verbose` },
    { what: "a password in a command", value: `export PGPASSWORD='${password}' && psql -h db` },
    {
      what: "a password in a .env file",
      name: ".env",
      value: `NODE_ENV=production\nSMTP_PASSWORD=${text(12)}\n`,
    },
    {
      what: "a password in YAML",
      name: "config.yaml",
      value: `smtp:\n  host: mail.keybuzz.io\n  password: ${text(12)}\n`,
    },
    {
      what: "a password in JSON",
      name: "config.json",
      value: JSON.stringify({ smtp: { user: "kb", password: text(12) } }),
    },
    {
      what: "a password in JSON of an object",
      name: "kubectl.kubernetes.io/last-applied-configuration",
      value: JSON.stringify({ kind: "Secret", data: { PGPASSWORD: base64(password) } }),
    },
    {
      what: "a variable in JSON",
      name: "config.json",
      value: JSON.stringify({ env: [{ name: "PGPASSWORD", value: text(12) }] }),
    },
    {
      what: "credentials of a registry",
      name: ".dockerconfigjson",
      value: JSON.stringify({ auths: { "ghcr.io": { auth: base64(`kb:${text(16)}`) } } }),
    },
    {
      what: "npm's configuration",
      name: ".npmrc",
      value: `//registry.npmjs.org/:_authToken=${text(36, HEX)}`,
    },
    { what: "a .env file in base64", name: "env", value: base64(`PGPASSWORD=${text(12)}\n`) },
    { what: "a header in a command", value: `curl -H "x-ops-key: ${text(16)}" http://backend:4000/ops` },
    // By looking random.
    { what: "40 random signs", name: "EXTRA", value: text(40) },
    { what: "32 random bytes in base64", name: "SEED", value: bytes(32).toString("base64") },
    { what: "32 random bytes in hexadecimal", name: "SALT", value: text(64, HEX) },
    { what: "16 random bytes in hexadecimal", name: "PEPPER", value: text(32, HEX) },
    { what: "24 random bytes in base64url", value: bytes(24).toString("base64url") },
    { what: "32 signs of a password generator", name: "VALUE", value: text(32, `${ALNUM}!@#$%^*-_=+`) },
    { what: "28 lower-case letters and digits", name: "SEED_B", value: text(28, LOWER + DIGITS) },
  ];
}

const look = (what: string, name: string | undefined, value: string): Labelled =>
  name === undefined ? { what, value } : { what, name, value };

/** What is no secret. */
export const lookAlikes: readonly Labelled[] = [
  ...[
    ["a URL", "NEXT_PUBLIC_BACKEND_URL", "https://backend.keybuzz.io"],
    ["a publishable key", "NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY", "pk_live_51HxAbCdEfGhIjKlMnOpQrStUvWx"],
    ["a publishable key by another name", "STRIPE_KEY", "pk_test_51HxAbCdEfGhIjKlMnOpQrStUvWx"],
    ["a browser's key of Google", "NEXT_PUBLIC_MAPS_KEY", `AIza${"SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q"}`],
    ["a public token", "VITE_MAPBOX_TOKEN", "pk.eyJ1Ijoia2V5YnV6eiJ9.abcdefghijklmnop"],
    ["a public site key", "REACT_APP_RECAPTCHA_SITE_KEY", "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI"],
    ["a public key", "JWT_PUBLIC_KEY", "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE"],
    [
      "a public key in PEM",
      "JWT_PUBLIC_KEY",
      "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----",
    ],
    [
      "a certificate",
      "tls.crt",
      "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUJ8x0mJ0h9v1xq3z5W8y2k4n6p8owCgYIKoZIzj0EAwIw\n-----END CERTIFICATE-----",
    ],
    [
      "a certificate in base64",
      "CA_BUNDLE",
      Buffer.from(
        "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUJ8x0mJ0h9v1xq3z5W8y2k4n6p8ow\n-----END CERTIFICATE-----\n",
      ).toString("base64"),
    ],
    [
      "a key of ssh",
      "AUTHORIZED",
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE ops@keybuzz.io",
    ],
    ["a UUID", "AZURE_AD_TENANT_ID", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"],
    ["a UUID by another name", "TENANT", "3F2504E0-4F89-41D3-9A0C-0305E82C3301"],
    [
      "an id of a client",
      "GOOGLE_CLIENT_ID",
      "123456789012-a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6.apps.googleusercontent.com",
    ],
    ["a digest", "IMAGE_DIGEST", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    [
      "an image with its digest",
      "SIDECAR",
      "ghcr.io/keybuzzio/keybuzz-api:v1.2.3@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
    ["a checksum", "checksum/config", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    [
      "the checksum of a Secret",
      "checksum/secret",
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
    [
      "a checksum of the project",
      "keybuzz.io/checksum-keybuzz-client-auth",
      "a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
    ["a commit", "GIT_COMMIT", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
    ["a commit in a label", "app.kubernetes.io/revision", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
    [
      "subresource integrity",
      "SCRIPT_INTEGRITY",
      "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC",
    ],
    [
      "the same by another name",
      "SCRIPT",
      "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC",
    ],
    ["an ARN", "TOPIC", "arn:aws:sns:eu-west-1:123456789012:keybuzz-prod-mail-events"],
    ["where a secret is", "DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:kb-AbCdEf"],
    ["a reference for bank-vaults", "PGPASSWORD", "vault:secret/data/keybuzz/prod/api#PGPASSWORD"],
    ["a reference of 1Password", "API_KEY", "op://keybuzz/api/credential"],
    ["a value that SOPS encrypted", "PASSWORD", "ENC[AES256_GCM,data:p673w==,iv:YY=,aad:UQ=,tag:A==]"],
    ["another variable", "DATABASE_PASSWORD", "$(PGPASSWORD)"],
    [
      "a URL of other variables",
      "DATABASE_URL",
      "postgres://$(PGUSER):$(PGPASSWORD)@$(PGHOST):5432/$(PGDATABASE)",
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable
    ["a URL of a shell's variables", "DATABASE_URL", "postgres://kb:${PGPASSWORD}@10.0.0.10/keybuzz_prod"],
    ["a template", "API_TOKEN", "{{ .Values.token }}"],
    ["a hole to be filled", "API_TOKEN", "<token>"],
    ["a redacted one", "API_TOKEN", "********"],
    ["a redacted password in a URL", "DATABASE_URL", "postgres://kb:***@10.0.0.10/keybuzz_prod"],
    ["nothing", "SMTP_PASSWORD", ""],
    ["a switch", "REQUIRE_PASSWORD", "true"],
    ["a switch of words", "SEND_CREDENTIALS", "include"],
    ["a file", "PGPASSWORD_FILE", "/run/secrets/pg"],
    ["a file by another name", "GOOGLE_APPLICATION_CREDENTIALS", "/var/run/secrets/google/key.json"],
    ["the token of the login to Vault", "VAULT_AUTH_TOKEN_FILE", "/var/run/secrets/vault/token"],
    ["a file in the folder", "TLS_KEY", "./certs/tls.key"],
    ["a lifetime", "TOKEN_TTL", "3600"],
    ["a lifetime with its unit", "ACCESS_TOKEN_LIFETIME", "15m"],
    ["a length", "PASSWORD_MIN_LENGTH", "12"],
    ["a pattern", "PASSWORD_PATTERN", "^(?=.*[A-Z])(?=.*[0-9]).{12,}$"],
    ["a name of a Secret", "SECRET_NAME", "keybuzz-api-postgres"],
    ["a name of a TLS Secret", "TLS_SECRET", "api-tls"],
    ["a name of a pull secret", "IMAGE_PULL_SECRET", "ghcr-cred"],
    ["an endpoint", "TOKEN_ENDPOINT", "https://login.microsoftonline.com/common/oauth2/v2.0/token"],
    ["a URL under a secret's name", "OAUTH_TOKEN", "https://oauth2.googleapis.com/token"],
    ["a header's name", "API_KEY_HEADER", "x-ops-key"],
    ["a number of tokens", "MAX_TOKENS", "4096"],
    ["a large number of tokens", "MAX_INPUT_TOKENS", "1048576"],
    ["a field's name", "PASSWORD_FIELD", "password"],
    ["a host", "PGHOST", "10.0.0.10"],
    [
      "a long host",
      "ENDPOINT_NAME",
      "vpce-0a1b2c3d4e5f67890-ab12cd34.email-smtp.eu-west-1.vpce.amazonaws.com",
    ],
    [
      "the same by another name",
      "SMTP",
      "vpce-0a1b2c3d4e5f67890-ab12cd34.email-smtp.eu-west-1.vpce.amazonaws.com",
    ],
    ["a URL with a port and a sign", "PROXY", "http://proxy.keybuzz.io:3128/@scope/package"],
    ["a URL with a user", "REPOSITORY", "ssh://git@github.com/keybuzzio/keybuzz.git"],
    ["a URL of redis with a query", "REDIS_URL", "redis://redis:6379/0?client=api@prod"],
    ["a URL with a search", "SEARCH_URL", "https://x/?q=password"],
    ["a documented key", "AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"],
    ["a form to be filled in", "STRIPE_KEY", "sk_test_xxxxxxxxxxxxxxxxxxxxxxxx"],
    [
      "a checksum of npm",
      "npm_package_integrity",
      "sha512-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08==",
    ],
    ["a bcrypt hash", "ADMIN_PASSWORD_HASH", "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"],
    ["a SCRAM verifier", "ROLE_PASSWORD", "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy"],
    [
      "a word in JSON of translations",
      "en.json",
      JSON.stringify({ password: "Password", token: "Token", forgotPassword: "Forgot your password?" }),
    ],
    ["a sentence in JSON of translations", "fr.json", JSON.stringify({ password: "Votre mot de passe" })],
    [
      "a reference in JSON of an object",
      "kubectl.kubernetes.io/last-applied-configuration",
      JSON.stringify({
        env: [
          {
            name: "PGPASSWORD",
            valueFrom: { secretKeyRef: { name: "keybuzz-api-postgres", key: "PGPASSWORD" } },
          },
        ],
      }),
    ],
    [
      "a file of settings",
      ".env",
      "NODE_ENV=production\nPGHOST=10.0.0.10\nTOKEN_TTL=3600\nPASSWORD_FILE=/run/secrets/pg\n",
    ],
    [
      "a configuration of nginx",
      "nginx.conf",
      "server { listen 443 ssl; ssl_certificate_key /etc/tls/tls.key; auth_basic off; }",
    ],
    [
      "YAML with names of Secrets",
      "values.yaml",
      "auth:\n  existingSecret: keybuzz-redis\n  existingSecretPasswordKey: redis-password\n",
    ],
    [
      "a policy",
      "policy.json",
      JSON.stringify({ Statement: [{ Action: "secretsmanager:GetSecretValue", Resource: "*" }] }),
    ],
    [
      "a comment in a properties file",
      "log4j.properties",
      "log4j.rootLogger=INFO, stdout\nlog4j.appender.stdout=org.apache.log4j.ConsoleAppender\n",
    ],
    [
      "a script",
      "run.sh",
      'set -euo pipefail\nexport PGPASSWORD="$(PGPASSWORD)"\nexec node dist/index.js --port 3001\n',
    ],
    [
      "a script with a command inside",
      "run.sh",
      'TOKEN="$(cat /var/run/secrets/vault/token)"\nexec node dist/index.js\n',
    ],
    ["a version", "VERSION", "v0.4.31-replacement"],
    ["a long version", "BUILD", "v1.24.3-20240501.123456-rc.2-linux-amd64"],
    ["a time", "BUILT_AT", "2026-01-14T12:34:56.789Z"],
    ["a class of Java", "DRIVER", "org.springframework.security.oauth2.client.OAuth2AuthorizedClientService"],
    ["a name in camel case", "HANDLER", "handleOutboundMailWithSesFallbackAndRetries"],
    ["a path", "PROGRAM", "/app/node_modules/.bin/next-server-production-build"],
    ["a path with a digest in it", "ASSET", "/_next/static/chunks/main-app-3f2c1a9b.js"],
    ["a list of hosts", "ALLOWED_ORIGINS", "https://client.keybuzz.io,https://keybuzz.pro"],
    ["a list of features", "FEATURES", "inbound-mail,outbound-mail,amazon-sp-api,stripe-billing"],
    ["an address of a sender", "AWS_SES_FROM_EMAIL", "noreply@keybuzz.io"],
    ["a mail's display name", "MAIL_FROM", "KeyBuzz <noreply@keybuzz.io>"],
    ["a cron expression", "SCHEDULE", "*/5 * * * *"],
    ["a duration", "SMTP_RETRY_INITIAL_DELAY_MS", "1000"],
    ["a size", "MEMORY", "1536Mi"],
    ["a region", "AWS_SES_REGION", "eu-west-1"],
    ["a locale", "LANG", "en_GB.UTF-8"],
    ["a media type", "ACCEPT", "application/vnd.oci.image.manifest.v1+json"],
    ["cipher suites", "TLS_CIPHERS", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"],
    ["one cipher suite", "TLS_CIPHER", "ECDHE-ECDSA-CHACHA20-POLY1305-SHA256"],
    ["a mode of JWT", "JWT_ALGORITHM", "RS256"],
    ["an issuer", "JWT_ISSUER", "https://sts.windows.net/3f2504e0-4f89-41d3-9a0c-0305e82c3301/"],
    ["an instance", "NODE", "ip-10-0-0-250.eu-west-1.compute.internal"],
    ["an account", "AWS_ACCOUNT", "123456789012"],
    ["an id of a template", "SENDGRID_TEMPLATE_ID", "d-0a1b2c3d4e5f67890a1b2c3d4e5f6789"],
    ["an id of a price", "STRIPE_PRICE_ID", "price_1HxAbCdEfGhIjKlMnOpQrStU"],
    [
      "Sentry's address, which browsers have",
      "NEXT_PUBLIC_SENTRY_DSN",
      "https://9f86d081884c7d659a2feaa0c55ad015@o123456.ingest.sentry.io/1234567",
    ],
    ["a label of a chart", "helm.sh/chart", "ingress-nginx-4.10.1"],
    ["a hash of a pod template", "pod-template-hash", "7d4f8c9b6d"],
    ["the role in Vault", "VAULT_AUTH_ROLE", "keybuzz-prod-api"],
    ["the address of Vault", "VAULT_ADDR", "https://10.0.0.150:8200"],
    ["a path in Vault", "VAULT_SECRET_PATH", "secret/keybuzz/prod/ses"],
    ["an option that names a file", undefined, "--password-file=/run/secrets/pg"],
    ["an option with a number", undefined, "--token-ttl=3600"],
    ["options of Node.js", "NODE_OPTIONS", "--max-old-space-size=4096 --enable-source-maps"],
    ["a command", undefined, "exec node dist/workers/outbound.js --queue=outbound"],
    [
      "a function of a library in a script",
      "main.js",
      "this.addEventListenerOnce(s.createElementNamespaced24)",
    ],
  ].map(([what = "", name, value = ""]) => look(what, name, value)),
  look("a word with a prefix's letters", "JOB", "task_test_outbound_worker_retry"),
  look("a long lower-case name", "QUEUE_OF", "keybuzz-outbound-worker-dead-letters"),
];
