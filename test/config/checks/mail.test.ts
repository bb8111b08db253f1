/**
 * Proves that mail is sent from the identity's domain, and with the credentials that its mode asks for.
 */
import { expect, test } from "vitest";
import { type Case, outcome } from "../edited-environment";

const relay = "mode: relay\n      host: 10.0.0.160\n      port: 25";
const retries = "retries: { attempts: 4, initialDelayMs: 1000, maxDelayMs: 60000 }";
const lastVariable = "        - EMAIL_FROM\n";

const cases: readonly Case[] = [
  {
    name: "A sender outside the identity's domain is refused",
    given: [["sender: noreply@dev.keybuzz.io", "sender: «noreply@keybuzz.io"]],
    want: [
      'keybuzz:mail.sender: "noreply@keybuzz.io" lies outside the identity\'s domain; allowed: an address at dev.keybuzz.io',
    ],
  },
  {
    name: "Another sender of the identity's domain passes",
    given: [["sender: noreply@dev.keybuzz.io", "sender: support@dev.keybuzz.io"]],
    want: [],
  },
  {
    name: "A MAIL FROM domain that only ends like the identity is refused",
    given: [["mailFromDomain: bounce.dev.keybuzz.io", "mailFromDomain: «bouncedev.keybuzz.io"]],
    want: [
      'keybuzz:mail.mailFromDomain: "bouncedev.keybuzz.io" is not below the identity\'s domain; allowed: a name such as bounce.dev.keybuzz.io',
    ],
  },
  {
    name: "The identity itself as the MAIL FROM domain is refused",
    given: [["mailFromDomain: bounce.dev.keybuzz.io", "mailFromDomain: «dev.keybuzz.io"]],
    want: [
      'keybuzz:mail.mailFromDomain: "dev.keybuzz.io" is not below the identity\'s domain; allowed: a name such as bounce.dev.keybuzz.io',
    ],
  },
  {
    name: "A relay outside the private network is refused",
    given: [["      host: 10.0.0.160", "      host: «192.0.2.25"]],
    want: [
      'keybuzz:mail.smtp.host: "192.0.2.25" is a relay outside the private network; allowed: an address in 10.0.0.0/16',
    ],
  },
  {
    name: "A relay by name is judged by its address",
    given: [["      host: 10.0.0.160", "      host: mail.keybuzz.io\n      address: «10.1.0.160"]],
    want: [
      'keybuzz:mail.smtp.address: "10.1.0.160" is a relay outside the private network; allowed: an address in 10.0.0.0/16',
    ],
  },
  {
    name: "Submission without credentials is refused",
    given: [
      [relay, "mode: submission\n      host: 10.0.0.160\n      port: 587"],
      ["smtp: { source: none }", "smtp: { source: «none }"],
    ],
    want: [
      'keybuzz:secrets.smtp.source: "none" gives no credentials for submission; allowed: vault, config in mode submission',
    ],
  },
  {
    name: "Submission with credentials from Vault passes",
    given: [
      [relay, "mode: submission\n      host: 10.0.0.160\n      port: 587"],
      ["smtp: { source: none }", "smtp: { source: vault, entry: smtp, keys: [SMTP_USER, SMTP_PASSWORD] }"],
    ],
    want: [],
  },
  {
    name: "Credentials for the relay are refused",
    given: [["smtp: { source: none }", "smtp: { source: «vault, entry: smtp }"]],
    want: [
      'keybuzz:secrets.smtp.source: "vault" gives credentials that mode relay never asks for; allowed: none in mode relay',
    ],
  },
  {
    name: "A relay by name without its address is refused",
    given: [
      [relay, "mode: relay\n      host: mail.keybuzz.io"],
      ["    smtp:\n", "    «smtp:\n"],
    ],
    want: ["keybuzz:mail.smtp.address: is missing; allowed: an IPv4 address: network policies know no names"],
  },
  {
    name: "A relay by name with its address passes",
    given: [[relay, "mode: relay\n      host: mail.keybuzz.io\n      address: 10.0.0.160"]],
    want: [],
  },
  {
    name: "A relay with two addresses is refused",
    given: [[relay, `${relay}\n      address: «10.0.0.161`]],
    want: ['keybuzz:mail.smtp.address: "10.0.0.161" is not the host\'s address; allowed: 10.0.0.160'],
  },
  {
    name: "A relay with its own address twice passes",
    given: [[relay, `${relay}\n      address: 10.0.0.160`]],
    want: [],
  },
  {
    name: "A first delay above the longest one is refused",
    given: [[retries, "retries: { attempts: 4, initialDelayMs: «60001, maxDelayMs: 60000 }"]],
    want: [
      "keybuzz:mail.smtp.retries.initialDelayMs: 60001 is above the longest delay; allowed: at most 60000",
    ],
  },
  {
    name: "A first delay as long as the longest one passes",
    given: [[retries, "retries: { attempts: 4, initialDelayMs: 60000, maxDelayMs: 60000 }"]],
    want: [],
  },
  {
    name: "NEXTAUTH_SECRET among the sign-in variables is refused",
    given: [[lastVariable, `${lastVariable}        - «NEXTAUTH_SECRET\n`]],
    want: [
      "keybuzz:secrets.clientAuth.keys[7]: names NEXTAUTH_SECRET a second time; allowed: the sign-in variables alone",
    ],
  },
];

test.each([...cases])("$name", (row) => {
  const { got, wanted } = outcome(row);
  expect(got).toEqual(wanted);
});
