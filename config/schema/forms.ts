/** What texts in the configuration must look like. */
import { legacyReason } from "../legacy";
import { LONGEST_DATABASE } from "../names";
import { cpuPattern, memoryPattern } from "../quantity";
import type { Form } from "./fields";

// Without leading zeros, which some programs read as octal.
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
// The last label of a name begins with a letter: an address that is out of range is no name.
const HOST = `(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?`;

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}

const tooLong = (most: number) => (value: string) =>
  value.length > most ? `is ${value.length} characters long` : undefined;

export const environmentName: Form = {
  noun: "an environment's name",
  // A hyphen would let the names of one environment, keybuzz-<env>-…, begin those of another.
  allowed: "2 to 16 lower-case letters and digits, a letter first",
  pattern: /^[a-z][a-z0-9]{1,15}$/,
};

export const ipv4: Form = {
  noun: "an IPv4 address",
  // Network policies know no names.
  allowed: "an IPv4 address such as 10.0.0.10",
  pattern: whole(IPV4),
};

export const cidr: Form = {
  noun: "a range of IPv4 addresses",
  allowed: "a network and its length such as 10.0.0.0/16",
  pattern: whole(`${IPV4}/(?:3[0-2]|[12]?\\d)`),
  refuse: (value) => {
    const [address = "", length = ""] = value.split("/");
    const bits = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
    return bits % 2 ** (32 - Number(length)) === 0 ? undefined : "has bits set beyond its length";
  },
};

/** A policy that leaves every address out of every address is refused by Kubernetes. */
export const partOfTheWorld: Form = {
  ...cidr,
  refuse: (value) => (value.endsWith("/0") ? "is every address there is" : cidr.refuse?.(value)),
};

export const hostName: Form = {
  noun: "a full host name in lower case",
  allowed: "a name such as api.keybuzz.io, without scheme, port, path or final dot",
  pattern: whole(HOST),
  refuse: tooLong(253),
};

export const hostNameOrAddress: Form = {
  noun: "a host name or an IPv4 address",
  allowed: "a name such as mail.keybuzz.io or an address such as 10.0.0.160",
  pattern: whole(`(?:${HOST}|${IPV4})`),
  refuse: tooLong(253),
};

export const emailAddress: Form = {
  noun: "an e-mail address in lower case",
  allowed: "an address such as noreply@keybuzz.io",
  pattern: whole(`[a-z0-9](?:[a-z0-9._+-]{0,62}[a-z0-9])?@${HOST}`),
};

export const databaseName: Form = {
  noun: "a database's name",
  allowed: `1 to ${LONGEST_DATABASE} lower-case letters, digits and underscores, a letter first, and no legacy name`,
  pattern: whole(`[a-z][a-z0-9_]{0,${LONGEST_DATABASE - 1}}`),
  refuse: (value) => {
    if (/^pg_|^(postgres|template[01])$/.test(value)) return "is a name of PostgreSQL's own";
    return legacyReason(value);
  },
};

export const objectName: Form = {
  noun: "a name of a Kubernetes object",
  allowed: "1 to 63 lower-case letters, digits and inner hyphens, a letter first",
  pattern: /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
};

/** A name of something that environments have in common. */
export const shapeName: Form = {
  noun: "a name of something that is declared",
  allowed: "1 to 253 letters, digits, and `. _ - / *`",
  pattern: /^[\w./*-]{1,253}$/,
};

export const contextName: Form = {
  noun: "a context of a kubeconfig",
  allowed: "a name without spaces",
  pattern: /^[^\s]{1,253}$/,
};

export const cpu: Form = {
  noun: "an amount of processor",
  allowed: 'cores such as "2" or 250m, in quotes when it is only digits',
  pattern: cpuPattern,
  refuse: (value) => (/[1-9]/.test(value) ? undefined : "is nothing"),
};

export const memory: Form = {
  noun: "an amount of memory",
  allowed: "bytes such as 256Mi or 2Gi",
  pattern: memoryPattern,
  refuse: (value) => (/[1-9]/.test(value) ? undefined : "is nothing"),
};

export const vaultUrl: Form = {
  noun: "the URL of a Vault server",
  // Network policies know no names; a token would cross the network in clear without TLS.
  allowed: "https, an IPv4 address and a port, such as https://10.0.0.150:8200 (http on 127.0.0.1 alone)",
  pattern: whole(`(?:https://${IPV4}|http://127\\.0\\.0\\.1):\\d{1,5}`),
  refuse: (value) => {
    const port = Number(value.split(":").at(-1));
    if (port === 0) return "has port 0";
    return port > 65535 ? "has a port above 65535" : undefined;
  },
};

export const certificates: Form = {
  // A private key is no certificate either; what stands there is never shown.
  noun: "PEM text of certificates alone",
  allowed: "whole blocks -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and no PRIVATE KEY",
  pattern: /^\s*(?:-----BEGIN CERTIFICATE-----\r?\n(?:[A-Za-z0-9+/=]+\r?\n)+-----END CERTIFICATE-----\s*)+$/,
};

export const vaultPath: Form = {
  noun: "a path in Vault",
  // Policies and roles are named after it, and Vault folds those to lower case.
  allowed: "lower-case letters, digits, hyphens and underscores, with / between segments and at neither end",
  pattern: /^[a-z0-9][a-z0-9_-]*(?:\/[a-z0-9][a-z0-9_-]*)*$/,
};

export const vaultKey: Form = {
  noun: "a key of a Vault entry",
  allowed: "letters, digits, dots, hyphens and underscores",
  pattern: /^[A-Za-z0-9._-]{1,253}$/,
};

export const variableName: Form = {
  noun: "a name of an environment variable",
  allowed: "upper-case letters, digits and underscores, a letter first",
  pattern: /^[A-Z][A-Z0-9_]*$/,
};

export const configKey: Form = {
  noun: "a configuration key",
  allowed: "a top-level key without its namespace: letters, digits, hyphens and underscores, a letter first",
  pattern: /^[A-Za-z][A-Za-z0-9_-]*$/,
};

export const imageRepository: Form = {
  noun: "a registry and path",
  allowed: "a host and path such as ghcr.io/keybuzzio, without scheme, tag or final /",
  pattern: /^[a-z0-9.-]+(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/,
};

export const imageName: Form = {
  noun: "an image's name",
  allowed: "lower-case letters and digits, with single . _ - between them, such as keybuzz-api",
  pattern: /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/,
};

export const imageTag: Form = {
  noun: "an image's tag",
  allowed: "a fixed tag such as v0.4.31: letters, digits, . _ -, at most 128 characters",
  pattern: /^\w[\w.-]{0,127}$/,
  refuse: (value) =>
    value.toLowerCase() === "latest" ? "names whatever was pushed last, not one build" : undefined,
};

export const imageDigest: Form = {
  noun: "an image's digest",
  allowed: "sha256: and 64 lower-case hexadecimal digits",
  pattern: /^sha256:[0-9a-f]{64}$/,
};

export const urlPath: Form = {
  noun: "a path of a URL",
  allowed: "a path such as /health, without host or query",
  pattern: /^\/[\w./-]*$/,
};

export const purpose: Form = {
  noun: "a short text",
  // A network policy is named after it.
  allowed: "1 to 60 characters, a letter or digit among them",
  pattern: /^(?=.*[A-Za-z0-9])\S.{0,59}$/,
};

export const argument: Form = {
  noun: "an argument of a command",
  allowed: "a text that is not empty",
  pattern: /^.+$/s,
};

export const awsAccount: Form = {
  noun: "an AWS account's id",
  allowed: "12 digits in quotes",
  pattern: /^\d{12}$/,
};

/**
 * Regions whose DKIM records point to `dkim.amazonses.com`. In the newer ones they point to a name of the region's
 * own, which components/mail-dns-records.ts does not know.
 */
export const mailRegions = [
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "eu-central-1",
  "eu-north-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
] as const;

export const iamUser: Form = {
  noun: "an IAM user's name",
  allowed: "1 to 64 letters, digits and + = , . @ _ -",
  pattern: /^[\w+=,.@-]{1,64}$/,
};
