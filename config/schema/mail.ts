/** `keybuzz:mail`: what mail is sent as, how the outbound worker sends it, and what it falls back to. */
import { choice, flag, group, integer, port, text } from "./fields";
import { emailAddress, hostName, hostNameOrAddress, iamUser, ipv4 } from "./forms";
import { rotation } from "./postgres";

/** Port of each mode, where none is given. */
export const smtpPorts = { relay: 25, submission: 587 } as const;

const smtp = group("How the outbound worker sends mail.", {
  mode: choice(
    "`relay`: without credentials, from addresses that the relay trusts. `submission`: STARTTLS and credentials.",
    ["relay", "submission"],
  ),
  host: text("The server's address, or its name where the certificate is checked.", hostNameOrAddress),
  address: text(
    "The server's address, to which pods are let out. Needed where `host` is a name.",
    ipv4,
  ).exactOptional(),
  port: port("The server's port. Without it, 25 in mode relay and 587 in mode submission.").exactOptional(),
  pool: group("Connections that are kept and used again.", {
    maxConnections: integer("Connections at once.", 1, 100).default(5),
    maxMessagesPerConnection: integer("Mails after which a connection is made anew.", 1, 10_000).default(50),
  }).prefault({}),
  rateLimit: group("How fast mail is sent.", {
    messages: integer("Mails within the time.", 1, 10_000).default(5),
    perSeconds: integer("The time in seconds.", 1, 3600).default(1),
  }).prefault({}),
  retries: group("What happens to a mail that fails, before the fallback takes it. The delay doubles.", {
    attempts: integer("Attempts in all.", 1, 20).default(4),
    initialDelayMs: integer("Milliseconds before the second attempt.", 10, 3_600_000).default(1000),
    maxDelayMs: integer("Longest delay in milliseconds.", 10, 3_600_000).default(60_000),
  }).prefault({}),
  forceFail: flag(
    "Whether SMTP is skipped, to test the fallback (SMTP_FORCE_FAIL). Refused in production.",
  ).default(false),
}).transform((settings) => ({
  ...settings,
  address: settings.address ?? settings.host,
  port: settings.port ?? smtpPorts[settings.mode],
}));

export const mail = group("What mail is sent as, how, and what stands in when that fails.", {
  identity: text("The domain that SES may send for.", hostName),
  sender: text("The address that mail comes from. It lies in the identity's domain.", emailAddress),
  mailFromDomain: text(
    "Where bounces go: a domain below the identity's, with DNS records of its own.",
    hostName,
  ),
  iamUser: text("The IAM user that may send as this sender, and do nothing else.", iamUser),
  accessKeyRotation: rotation("The IAM user's access key: which of its two slots is in use."),
  smtp,
  fallback: group("What takes a mail that SMTP did not.", {
    provider: choice("The service.", ["ses"]).default("ses"),
    enabled: flag(
      "Leave it off until the identity is verified and the account out of the SES sandbox.",
    ).default(false),
  }).prefault({}),
});
