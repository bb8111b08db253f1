/**
 * The passphrase of the sandbox's state: the user's, where the environment names one, else one that the sandbox keeps
 * beside its data, so that trying things asks for nothing.
 */
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The file in which the sandbox's own passphrase stands. */
export function passphraseFile(folder: string): string {
  return join(folder, "passphrase");
}

/** The environment with a passphrase in it; one is made where there is none. */
export function withPassphrase(environment: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  if (environment.PULUMI_CONFIG_PASSPHRASE !== undefined || environment.PULUMI_CONFIG_PASSPHRASE_FILE) {
    return environment;
  }
  const file = passphraseFile(folder);
  if (!existsSync(file))
    writeFileSync(file, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  return { ...environment, PULUMI_CONFIG_PASSPHRASE_FILE: file };
}
