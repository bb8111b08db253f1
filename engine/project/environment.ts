/**
 * The configuration of one environment as the program receives it: Pulumi.<environment>.yaml over the defaults
 * of Pulumi.yaml, with overrides laid over both. Secrets are decrypted where the passphrase is at hand;
 * otherwise the program gets markers, and nothing fails.
 */
import { basename } from "node:path";
import { type Diagnostic, EngineError } from "../diagnostic";
import { LockedSecrets } from "../property/locked-secrets";
import { applyOverride, type Override } from "./overrides";
import { type Decrypter, decrypterFor, passphraseFrom } from "./passphrase";
import { environmentFile, listEnvironments, type Project } from "./project";
import { hasSecret, isSecure, openSecrets } from "./secure";
import { isRecord, readYamlFile } from "./yaml-file";

/** What an evaluation needs to know of an environment. */
export interface EnvironmentConfiguration {
  readonly environment: string;
  /** `namespace:key` to value; structured values as JSON text. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys whose values are secret. */
  readonly secretKeys: readonly string[];
  /** Secrets for which the program got markers, and what recognises these. */
  readonly locked: LockedSecrets;
  /** Texts of the secrets that were decrypted or given on the command line; nothing may show them. */
  readonly revealed: readonly string[];
  /**
   * The configuration as it is written, by `namespace:key`, for whoever keeps it: secrets are `{secure: …}`, other
   * values texts, structured ones as they are. Nothing that was laid over is in it.
   */
  readonly stored: Readonly<Record<string, unknown>>;
  /** `encryptionsalt` of the file. */
  readonly encryptionSalt?: string;
  /** Warnings met on the way. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads one environment. Throws EngineError `no-such-environment` or `configuration`. */
export async function loadEnvironment(
  project: Project,
  environment: string,
  overrides: readonly Override[],
  processEnvironment: NodeJS.ProcessEnv,
): Promise<EnvironmentConfiguration> {
  const path = environmentFile(project, environment);
  if (path === undefined) throw noSuchEnvironment(project, environment);
  const name = basename(path);
  const file = readYamlFile(path, "configuration").value ?? {};
  if (!isRecord(file)) throw new EngineError("configuration", [`${name}: expected a map with config`]);
  const config = file.config ?? {};
  if (!isRecord(config)) throw new EngineError("configuration", [`${name}: config: expected a map`]);

  const stored: Record<string, unknown> = {
    ...qualify(projectDefaults(project.config), project.name),
    ...qualify(config, project.name),
  };
  const raw = overrides.reduce(applyOverride, stored);
  const { decrypt, diagnostics } = await unlock(file, raw, name, processEnvironment);
  const locked = new LockedSecrets();
  const problems: string[] = [];
  const revealed: string[] = [];
  const reveal = (key: string, ciphertext: string): string => {
    if (decrypt === undefined) return locked.issue();
    try {
      const text = decrypt(ciphertext);
      revealed.push(text);
      return text;
    } catch {
      problems.push(`${name}: ${key}: the secret cannot be decrypted with the passphrase of this file`);
      return "";
    }
  };
  const secretKeys: string[] = [];
  const values: Record<string, string> = {};
  for (const [key, value] of Object.entries(raw)) {
    if (value === undefined) continue;
    if (hasSecret(stored[key]) || hasSecret(value)) secretKeys.push(key);
    values[key] = asText(openSecrets(value, (ciphertext) => reveal(key, ciphertext)));
    if (isSecure(stored[key]) && !isSecure(value)) revealed.push(values[key]);
  }
  if (problems.length > 0) throw new EngineError("configuration", problems);
  const salt = file.encryptionsalt;
  const encryptionSalt = typeof salt === "string" ? salt : undefined;
  return {
    environment,
    values,
    secretKeys,
    locked,
    revealed,
    stored: asKept(stored),
    diagnostics,
    ...(encryptionSalt === undefined ? {} : { encryptionSalt }),
  };
}

function noSuchEnvironment(project: Project, environment: string): EngineError {
  const known = listEnvironments(project);
  const existing = known.length === 0 ? "there is none yet" : `there are ${known.join(", ")}`;
  return new EngineError("no-such-environment", [
    `no environment "${environment}": ${existing}; an environment is a file Pulumi.<name>.yaml beside Pulumi.yaml`,
  ]);
}

/** Keys without a namespace are the project's own. */
function qualify(config: Readonly<Record<string, unknown>>, project: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.includes(":") ? key.replace(":config:", ":") : `${project}:${key}`,
      value,
    ]),
  );
}

/** In Pulumi.yaml an entry is a value, or a declaration with a `value` or a `default`. */
function projectDefaults(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, entry]) => [
      key,
      isRecord(entry) && !isSecure(entry) ? (entry.value ?? entry.default) : entry,
    ]),
  );
}

async function unlock(
  file: Record<string, unknown>,
  raw: Record<string, unknown>,
  name: string,
  processEnvironment: NodeJS.ProcessEnv,
): Promise<{ decrypt?: Decrypter; diagnostics: Diagnostic[] }> {
  const passphrase = passphraseFrom(processEnvironment);
  const salt = file.encryptionsalt;
  if (typeof salt !== "string" || passphrase === undefined || !hasSecret(raw)) return { diagnostics: [] };
  const decrypt = await decrypterFor(salt, passphrase);
  if (decrypt !== undefined) return { decrypt, diagnostics: [] };
  const message = `${name}: the passphrase is not the one of this file; its secrets stay locked and count as unknown`;
  return { diagnostics: [{ severity: "warning", message }] };
}

function asKept(stored: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.entries(stored).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([key, value]) => [key, typeof value === "object" && value !== null ? value : asText(value)]),
  );
}

/** As Pulumi's CLI does it; an entry without a value is an empty text. */
function asText(value: unknown): string {
  if (value === null) return "";
  return typeof value === "object" ? asJson(value) : String(value);
}

/** JSON as the CLI hands it to programs, which see its order: keys sorted, and written so that HTML may hold it. */
function asJson(value: unknown): string {
  const sorted = JSON.stringify(value, (_, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
  return sorted.replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
