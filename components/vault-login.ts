/**
 * How the pods of a workload log in to Vault: a token of their service account that is good for Vault alone, and
 * variables that say where and as what to use it. The token, and the CA where there is one, appear in one folder.
 */
import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes";
import type { Problems } from "./problems";

/** How the pods of a workload log in to Vault as their service account. */
export interface VaultLoginArgs {
  /** URL of the server: `https://10.0.0.150:8200`. Told as VAULT_ADDR. */
  readonly address: string;
  /** Path of the Kubernetes auth method, without `auth/`: `kubernetes`. Told as VAULT_AUTH_PATH. */
  readonly authPath: string;
  /** The role to log in with, bound to the workload's service account. Told as VAULT_AUTH_ROLE. */
  readonly role: string;
  /**
   * Certificates in PEM by which the server is known, all of them public. They stand in the ConfigMap
   * `<workload's name>-vault-ca`; the file is told as VAULT_CACERT. @default those that the image trusts
   */
  readonly caCertificate?: string | undefined;
  /** Who the token is for: Vault's role must ask for the same. @default "vault" */
  readonly audience?: string | undefined;
  /** Folder of the file `token`, told as VAULT_AUTH_TOKEN_FILE, and of `ca.crt`. @default "/var/run/secrets/vault" */
  readonly path?: string | undefined;
  /** Seconds the token holds, from 600; the file is renewed in time. @default 3600 */
  readonly expirationSeconds?: number | undefined;
}

/** What a service account's token is made for, and what Vault's roles ask for. */
export const VAULT_AUDIENCE = "vault";
/** The CA's key in its ConfigMap, and its file in the folder. */
export const CA_FILE = "ca.crt";
/** Variables that the login sets: a workload's own may not have these names. */
export const VAULT_VARIABLES: readonly string[] = [
  "VAULT_ADDR",
  "VAULT_AUTH_PATH",
  "VAULT_AUTH_ROLE",
  "VAULT_AUTH_TOKEN_FILE",
  "VAULT_CACERT",
];

const VOLUME = "vault-login";
const TOKEN_FILE = "token";
const CERTIFICATES =
  /^\s*(?:-----BEGIN CERTIFICATE-----\r?\n(?:[A-Za-z0-9+/=]+\r?\n)+-----END CERTIFICATE-----\s*)+$/;

export function caConfigMapName(workload: string): string {
  return `${workload}-vault-ca`;
}

/** What the container is told. None of it is secret. */
export function vaultVariables(login: VaultLoginArgs): Record<string, string> {
  const { address, authPath, role, caCertificate } = login;
  return {
    VAULT_ADDR: address,
    VAULT_AUTH_PATH: authPath,
    VAULT_AUTH_ROLE: role,
    VAULT_AUTH_TOKEN_FILE: `${folder(login)}/${TOKEN_FILE}`,
    ...(caCertificate !== undefined && { VAULT_CACERT: `${folder(login)}/${CA_FILE}` }),
  };
}

/** The file is renewed under a running pod, but a client reads its CA once: another one starts the pods anew. */
export function caChecksum({ caCertificate }: VaultLoginArgs): Record<string, string> {
  if (caCertificate === undefined) return {};
  return { "keybuzz.io/vault-ca-checksum": createHash("sha256").update(caCertificate).digest("hex") };
}

export function loginVolume(workload: string, login: VaultLoginArgs): k8s.types.input.core.v1.Volume {
  const { audience = VAULT_AUDIENCE, expirationSeconds = 3600, caCertificate } = login;
  const serviceAccountToken = { audience, expirationSeconds, path: TOKEN_FILE };
  const configMap = { name: caConfigMapName(workload), items: [{ key: CA_FILE, path: CA_FILE }] };
  const sources = [{ serviceAccountToken }, ...(caCertificate === undefined ? [] : [{ configMap }])];
  return { name: VOLUME, projected: { sources } };
}

export function loginMount(login: VaultLoginArgs): k8s.types.input.core.v1.VolumeMount {
  return { name: VOLUME, mountPath: folder(login), readOnly: true };
}

function folder({ path }: VaultLoginArgs): string {
  return path ?? "/var/run/secrets/vault";
}

/** Notes what is wrong with a login. */
export function checkVaultLogin(problems: Problems, login: VaultLoginArgs): void {
  const { address, authPath, role, caCertificate, audience, path, expirationSeconds } = login;
  const https = "https and a host, such as https://10.0.0.150:8200 (http on 127.0.0.1 alone)";
  const trusted = /^(https:\/\/[^\s/:@]+|http:\/\/127\.0\.0\.1)(:\d{1,5})?$/.test(address);
  problems.require(trusted, "vault.address", address, https, "a token never crosses the network in clear");
  const method = /^[a-z0-9][a-z0-9_-]*(\/[a-z0-9][a-z0-9_-]*)*$/.test(authPath);
  problems.require(method, "vault.authPath", authPath, "the path of an auth method", "give it without auth/");
  const named = /^[\w.-]+$/.test(role);
  problems.require(named, "vault.role", role, "the name of a role", "give the one bound to the workload");
  const given = audience === undefined || audience.length > 0;
  problems.require(given, "vault.audience", audience, "a name", "use the one that Vault's role asks for");
  const absolute = path === undefined || isFolder(path);
  problems.require(absolute, "vault.path", path, "an absolute path below /", "correct the path");
  problems.wholeNumber("vault.expirationSeconds", expirationSeconds ?? 3600, 600);
  const certificates = caCertificate === undefined || CERTIFICATES.test(caCertificate);
  const form = "whole blocks from BEGIN CERTIFICATE to END CERTIFICATE, and no private key";
  // It may be a key, so it is not shown.
  problems.require(certificates, "vault.caCertificate", "[not shown]", form, "give the server's certificate");
}

/** An absolute path below the root, without empty, `.` or `..` parts. */
export function isFolder(path: string): boolean {
  const [first, ...parts] = path.split("/");
  return first === "" && parts.length > 0 && parts.every((part) => !["", ".", ".."].includes(part));
}
