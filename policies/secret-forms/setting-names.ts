/**
 * What a setting's name says: that its value is a secret, a token of Vault, meant for everybody, or something that
 * is none. The last words decide: TOKEN is a secret, TOKEN_TTL and SECRET_NAME are not.
 */

/** What the name of a setting says about its value. */
export type NameMeaning =
  /** A password, a token, a key that must stay private. */
  | "secret"
  /** A token of Vault, or a key that unseals it. */
  | "vault"
  /** Written into what browsers load, or the public half of a pair. */
  | "public"
  /** Of something else, for those who must know when it changes: random, and no secret as long as it is one. */
  | "checksum"
  /** An identifier or a path: may look random. */
  | "harmless"
  /** A URL: harmless, but for what may stand in it. */
  | "address"
  | "plain";

const known = new Map<string, NameMeaning>();

export function meaningOf(name: string): NameMeaning {
  let meaning = known.get(name);
  if (meaning === undefined) {
    meaning = /(?:^|[^a-z])checksum/i.test(name) ? "checksum" : judged(wordsOf(name));
    if (known.size > 10_000) known.clear();
    known.set(name, meaning);
  }
  return meaning;
}

/** Upper-case words of a name in any spelling: `apiKey`, `x-api-key`, `API_KEY`; of `keybuzz.io/api-key` the end. */
export function wordsOf(name: string): string[] {
  return name
    .slice(name.lastIndexOf("/") + 1)
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== "");
}

/** Say which of several secrets it is, not what it is: PASSWORD_2, API_KEY_PROD. */
const QUALIFIERS =
  /^(?:V?\d+|[AB]|VALUE|PLAIN|PLAINTEXT|CLEAR|CLEARTEXT|BASE64|B64|PROD|PRODUCTION|DEV|STAGING|LIVE|TEST|OLD|NEW|CURRENT|PREVIOUS|NEXT|PRIMARY|SECONDARY|DEFAULT|INITIAL)$/;

/** What bundlers write into the code that browsers load. */
const PUBLISHED = /^(?:NEXT PUBLIC|NUXT PUBLIC|EXPO PUBLIC|REACT APP|VITE|GATSBY|PUBLIC)(?: |$)/;

const CHECKSUM_END =
  /(?:^| )(?:HASH|DIGEST|SHA|SHA\d+|MD5|FINGERPRINT|THUMBPRINT|INTEGRITY|ETAG|COMMIT|REVISION|REV)$/;
const HARMLESS_END =
  /(?:^| )(?:ID|IDS|UUID|ARN|NAME|NAMES|NAMESPACE|HOST|HOSTS|HOSTNAME|PORT|ADDR|ADDRESS|REGION|ZONE|PATH|FILE|DIR|VERSION|TAG|IMAGE|BUCKET|TOPIC|QUEUE|ISSUER|AUDIENCE|SCOPE|TTL|CERT|CERTIFICATE|CRT|CA|CACERT)$/;

const SECRET_END = new RegExp(
  [
    // Whole words, and words that end so: PGPASSWORD, AUTHTOKEN, CLIENTSECRET.
    "(?:PASSWORDS?|PASSWD|PASSPHRASES?|SECRETS?|TOKEN|APIKEYS?|SECRETKEY|PRIVATEKEY|ACCESSKEY|ACCOUNTKEY|OPSKEY|CREDENTIALS?)$",
    "(?:^| |PG|DB|SQL|SMTP|USER|ADMIN|ROOT|MAIL)PASS$",
    "(?: )(?:PWD|PW)$",
    "(?:^| )(?:AUTH|ACCESS|API|REFRESH|BOT|SERVICE|SESSION) TOKENS$",
    "(?:^| )(?:API|PRIVATE|SECRET|ACCESS|ENCRYPTION|ENCRYPT|DECRYPTION|SIGNING|MASTER|OPS|AUTH|SESSION|ADMIN|CRYPTO|HMAC|JWT|APP|SHARED|ACCOUNT|STORAGE|DEPLOY|LICENSE|ROOT|SERVICE|ROLE|INTEGRATION|WEBHOOK|COOKIE|SSH|RSA|TLS|SERVER|INTERNAL|HASHING|CIPHER) KEYS?$",
    "(?:^| )(?:VAULT|APPROLE|ROLE)(?: \\w+){0,2} SECRET ID$",
    "(?:^| )AUTHORIZATION$",
    "(?:^| )PGPASS$",
    "(?:^| )AUTH TOKEN$",
  ].join("|"),
);

const VAULT_END = new RegExp(
  [
    "(?:^| )(?:VAULT|BAO|OPENBAO)(?: \\w+){0,3} TOKEN(?: ID)?$",
    "(?:^| )(?:ROOT TOKEN|ROOTTOKEN|VAULTTOKEN)(?: ID)?$",
    "(?:^| )(?:UNSEAL|RECOVERY) KEYS?(?: (?:SHARES?|HEX))?$",
  ].join("|"),
);

/** Names of Kubernetes Secrets, and settings that count. */
const NOT_SECRET =
  /(?:^| )(?:TLS|PULL|EXISTING|SSL|CERT|CERTIFICATE|KUBERNETES|K8S) SECRETS?$|^(?:ENCRYPTED|SEALED|HASHED) |^(?:MAX|MIN|NUM|TOTAL|COUNT|LIMIT) /;

function judged(words: readonly string[]): NameMeaning {
  const all = words.join(" ");
  let end = words.length;
  while (end > 1 && QUALIFIERS.test(words[end - 1] ?? "")) end -= 1;
  const bare = words.slice(0, end).join(" ");
  if (VAULT_END.test(bare) || VAULT_END.test(all)) return "vault";
  if (PUBLISHED.test(all) || /(?:^| )(?:PUBLIC|PUBLISHABLE|ANON)(?: |$)/.test(bare)) return "public";
  if (SECRET_END.test(bare)) return NOT_SECRET.test(bare) ? "harmless" : "secret";
  if (/(?:^| )(?:URL|URI|ENDPOINT|DSN)$/.test(bare)) return "address";
  if (CHECKSUM_END.test(bare)) return "checksum";
  return HARMLESS_END.test(bare) ? "harmless" : "plain";
}
