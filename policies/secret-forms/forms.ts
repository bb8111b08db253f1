/**
 * Forms that give a secret away wherever it stands: prefixes that vendors put before their tokens so that scanners
 * know them, and a few formats of standards. The page that describes a form stands beside it.
 */
import { looksRandom } from "./randomness";

/** How one kind of secret is written. */
export interface SecretForm {
  /** What it is, with its article: `a GitHub token`. */
  readonly name: string;
  readonly pattern: RegExp;
  /** Told by kubernetes/no-vault-token. */
  readonly vault?: true;
  /** Vendors let browsers have values of this form, so that a name such as NEXT_PUBLIC_… allows it. */
  readonly mayBePublic?: true;
  /** Looks at the part that was found, where the pattern alone would take words for a token. */
  readonly holds?: (found: string) => boolean;
}

/** No letter, digit or sign of a name before it: `task_test_…` holds no `sk_test_…`. */
const START = "(?<![A-Za-z0-9_])";
const END = "(?![A-Za-z0-9_])";

function form(name: string, body: string, more: Partial<SecretForm> = {}): SecretForm {
  return { name, pattern: new RegExp(`${START}${body}${END}`), ...more };
}

export const secretForms: readonly SecretForm[] = [
  // https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes
  form("a Vault token", "hv[sbr]\\.[\\w-]{20,}", { vault: true }),
  // The same page: before version 1.10.
  form("a Vault token", "[sbr]\\.[A-Za-z0-9]{24}(?:\\.[A-Za-z0-9]{5})?", {
    vault: true,
    holds: (found) => looksRandom(found.slice(2)),
  }),
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  form("an AWS access key id", "(?:AKIA|ASIA)[A-Z2-7]{16}"),
  // https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
  form("a GitHub token", "gh[pousr]_[A-Za-z0-9]{36,255}"),
  form("a GitHub token", "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
  // https://docs.gitlab.com/security/tokens/#token-prefixes
  form("a GitLab token", "gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat)-[\\w-]{20,}"),
  // https://docs.slack.dev/authentication/tokens
  form("a Slack token", "xox[abeoprs](?:\\.xox[bp])?-[\\w-]{10,}"),
  form("a Slack token", "xapp-\\d-[A-Z0-9]+-\\d+-[a-z0-9]+"),
  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
  form("a Slack webhook's address", "hooks\\.slack\\.com/(?:services|workflows)/[\\w/-]{20,}"),
  // https://docs.stripe.com/keys
  form("a Stripe key", "[sr]k_(?:live|test)_[A-Za-z0-9]{10,}"),
  // https://docs.stripe.com/webhooks/signature
  form("a webhook's signing secret", "whsec_[A-Za-z0-9+/]{20,}"),
  // https://cloud.google.com/docs/authentication/api-keys
  form("a Google API key", "AIza[\\w-]{35}", { mayBePublic: true }),
  // https://developers.google.com/identity/protocols/oauth2
  form("a Google client secret", "GOCSPX-[\\w-]{20,}"),
  form("a Google refresh or access token", "(?:ya29\\.[\\w-]{20,}|1//0[\\w-]{30,})"),
  // https://learn.microsoft.com/purview/sit-defn-azure-ad-client-secret
  form("an Azure AD client secret", "[\\w~.-]{3}[78]Q~[\\w~.-]{31,34}"),
  // https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
  form("an Azure account key", "(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}={0,2}"),
  // https://docs.npmjs.com/about-access-tokens
  form("an npm token", "npm_[A-Za-z0-9]{36}"),
  // https://docs.sendgrid.com/ui/account-and-settings/api-keys
  form("a SendGrid key", "SG\\.[\\w-]{16,32}\\.[\\w-]{16,64}"),
  // https://developers.brevo.com/docs/getting-started
  form("a Brevo key", "x(?:key|smtp)sib-[0-9a-f]{64}-\\w{16}"),
  // https://documentation.mailgun.com/docs/mailgun/api-reference/authentication
  form("a Mailgun key", "key-[0-9a-f]{32}"),
  // https://resend.com/docs/dashboard/api-keys/introduction
  form("a Resend key", "re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}"),
  // https://docs.docker.com/security/access-tokens/
  form("a Docker Hub token", "dckr_(?:pat|oat)_[\\w-]{20,}"),
  // https://www.pulumi.com/docs/administration/access-identity/access-tokens/
  form("a Pulumi token", "pul-[0-9a-f]{40}"),
  // https://developer.hashicorp.com/terraform/cloud-docs/api-docs
  form("a Terraform token", "[A-Za-z0-9]{14}\\.atlasv1\\.[\\w=-]{60,}"),
  // https://docs.digitalocean.com/reference/api/create-personal-access-token/
  form("a DigitalOcean token", "do[opr]_v1_[0-9a-f]{64}"),
  // https://platform.openai.com/docs/api-reference/authentication and https://docs.anthropic.com/en/api/overview
  form("an OpenAI or Anthropic key", "sk-(?:[a-z0-9]+-)*[A-Za-z0-9_-]{20,}", {
    holds: (found) => looksRandom(found.replace(/^sk-(?:[a-z0-9]+-)*/, "")),
  }),
  // https://huggingface.co/docs/hub/security-tokens
  form("a Hugging Face token", "hf_[A-Za-z]{34}"),
  // https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens
  form("a Shopify token", "shp(?:at|ca|pa|ss)_[0-9a-f]{32}"),
  // https://docs.sentry.io/account/auth-tokens/
  form("a Sentry token", "sntry[su]_[\\w+/=-]{40,}"),
  // https://grafana.com/docs/grafana/latest/administration/service-accounts/
  form("a Grafana token", "glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}"),
  // https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/
  form("a New Relic key", "NRAK-[A-Z0-9]{27}"),
  // https://core.telegram.org/bots/api#authorizing-your-bot
  form("a Telegram bot's token", "\\d{8,10}:AA[\\w-]{33}"),
  // https://pypi.org/help/#apitoken
  form("a PyPI token", "pypi-AgE[\\w-]{50,}"),
  // https://github.com/C2SP/C2SP/blob/main/age.md
  form("an age key", "AGE-SECRET-KEY-1[A-Z0-9]{58}"),
  // RFC 7519 and RFC 7515: a header that is JSON, a payload that is JSON, a signature.
  form("a signed token (JWT)", "eyJ[\\w-]{8,}\\.eyJ[\\w-]{4,}\\.[\\w-]{16,}", { mayBePublic: true }),
  // RFC 7468, RFC 4880, and OpenSSH's PROTOCOL.key
  {
    name: "a private key",
    pattern: /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/,
  },
  // RFC 7617 and RFC 6750: what an Authorization header holds.
  {
    name: "basic credentials",
    pattern: /\bBasic\s+[A-Za-z0-9+/]{8,}={0,2}(?![\w+/=])/i,
    holds: (found) => /^[^:]+:.+/.test(decoded(found.replace(/^basic\s+/i, ""))),
  },
  {
    name: "a bearer token",
    pattern: /\bBearer\s+[\w.~+/-]{16,}=*/i,
    holds: (found) => looksRandom(found.replace(/^bearer\s+/i, "")),
  },
];

/** The forms that a text holds, each once. */
export function formsIn(text: string): SecretForm[] {
  if (text.length < SHORTEST || !ANY.test(text)) return [];
  return secretForms.filter(({ pattern, holds }) => {
    const found = pattern.exec(text)?.[0];
    return found !== undefined && !isDocumented(found) && (holds?.(found) ?? true);
  });
}

/** Most texts hold nothing of all this, and one pattern says so faster than forty. */
const ANY = new RegExp(secretForms.map(({ pattern }) => `(?:${pattern.source})`).join("|"), "i");

/** No form above is shorter. */
const SHORTEST = 14;

/** Vendors mark the keys in their documentation: AKIAIOSFODNN7EXAMPLE. Rows of one sign are left to be filled in. */
function isDocumented(found: string): boolean {
  return /EXAMPLE(?:KEY)?$/i.test(found) || /([xX*.0])\1{9,}/.test(found);
}

function decoded(base64: string): string {
  const text = Buffer.from(base64, "base64").toString("utf8");
  return /^[\x20-\x7e]+$/.test(text) ? text : "";
}
