/** The table of forms: each entry finds its own, as a word, and nothing that only begins so. */
import { describe, expect, it } from "vitest";
import { formsIn, secretForms } from "../../../policies/secret-forms/forms";
import { generator } from "./corpus";

const ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX = "0123456789abcdef";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const random = generator(4);
const text = (length: number, signs = ALNUM): string =>
  Array.from({ length }, () => signs[Math.floor(random() * signs.length)]).join("");

/** In the order of the table. */
const EXAMPLES: readonly (readonly [string, string])[] = [
  ["a Vault token", `hvs.${text(24)}`],
  ["a Vault token", `s.${text(24)}`],
  ["an AWS access key id", `ASIA${text(16, UPPER)}`],
  ["a GitHub token", `gho_${text(36)}`],
  ["a GitHub token", `github_pat_${text(22)}_${text(59)}`],
  ["a GitLab token", `glrt-${text(20)}`],
  ["a Slack token", `xoxp-${text(12)}`],
  ["a Slack token", `xapp-1-A0B1C2-123456-${text(16, HEX)}`],
  ["a Slack webhook's address", `hooks.slack.com/services/T1/B1/${text(24)}`],
  ["a Stripe key", `rk_test_${text(24)}`],
  ["a webhook's signing secret", `whsec_${text(32)}`],
  ["a Google API key", `AIza${text(35)}`],
  ["a Google client secret", `GOCSPX-${text(28)}`],
  ["a Google refresh or access token", `ya29.${text(40)}`],
  ["an Azure AD client secret", `${text(3)}8Q~${text(34)}`],
  ["an Azure account key", `SharedAccessKey=${text(43)}=`],
  ["an npm token", `npm_${text(36)}`],
  ["a SendGrid key", `SG.${text(22)}.${text(43)}`],
  ["a Brevo key", `xkeysib-${text(64, HEX)}-${text(16)}`],
  ["a Mailgun key", `key-${text(32, HEX)}`],
  ["a Resend key", `re_${text(8)}_${text(24)}`],
  ["a Docker Hub token", `dckr_pat_${text(27)}`],
  ["a Pulumi token", `pul-${text(40, HEX)}`],
  ["a Terraform token", `${text(14)}.atlasv1.${text(67)}`],
  ["a DigitalOcean token", `dop_v1_${text(64, HEX)}`],
  ["an OpenAI or Anthropic key", `sk-ant-api03-${text(48)}`],
  ["a Hugging Face token", `hf_${text(34, ALNUM.slice(0, 52))}`],
  ["a Shopify token", `shpat_${text(32, HEX)}`],
  ["a Sentry token", `sntrys_${text(60)}`],
  ["a Grafana token", `glsa_${text(32)}_${text(8, HEX)}`],
  ["a New Relic key", `NRAK-${text(27, UPPER)}`],
  ["a Telegram bot's token", `1234567890:AA${text(33)}`],
  ["a PyPI token", `pypi-AgE${text(60)}`],
  ["an age key", `AGE-SECRET-KEY-1${text(58, UPPER)}`],
  ["a signed token (JWT)", `eyJ${text(20)}.eyJ${text(20)}.${text(43)}`],
  ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----"],
  ["basic credentials", `Basic ${Buffer.from("admin:hunter2").toString("base64")}`],
  ["a bearer token", `Bearer ${text(40)}`],
];

const names = (value: string): string[] => formsIn(value).map(({ name }) => name);

describe("the table of forms", () => {
  it("has an example of every entry", () => {
    expect(EXAMPLES.map(([name]) => name)).toEqual(secretForms.map(({ name }) => name));
  });

  it.each(EXAMPLES)("knows %s", (name, value) => {
    expect(names(value)).toContain(name);
    expect(names(`see "${value}", please`)).toContain(name);
  });

  // In front of a header's words, a key's first line and a host anything may stand.
  it.each(EXAMPLES.filter(([name]) => !/private key|Slack webhook/.test(name)))(
    "does not take a part of a longer word for %s",
    (name, value) => {
      expect(names(`x${value}`)).not.toContain(name);
    },
  );

  it("says which are Vault's and which browsers may have", () => {
    const those = (key: "vault" | "mayBePublic"): string[] => [
      ...new Set(secretForms.filter((each) => each[key]).map(({ name }) => name)),
    ];
    expect(those("vault")).toEqual(["a Vault token"]);
    expect(those("mayBePublic")).toEqual(["a Google API key", "a signed token (JWT)"]);
  });

  it.each([
    ["AKIAIOSFODNN7EXAMPLE", "a documented key"],
    [`ghp_${"x".repeat(36)}`, "a row of one sign"],
    [`s.${"createElementWithinContext".slice(0, 24)}`, "a call in a script"],
    ["sk-learn-pipeline-for-keybuzz-mails", "words behind a prefix"],
    ["Bearer authentication-is-required-here", "a sentence about a header"],
    [`Basic ${Buffer.from("authentication").toString("base64")}`, "base64 without a user"],
    ["-----BEGIN PUBLIC KEY-----", "the public half"],
    ["pk_live_51HxAbCdEfGhIjKlMnOpQrStUvWx", "a publishable key"],
  ])("does not take %s for a secret: %s", (value) => {
    expect(names(value)).toEqual([]);
  });
});
