/**
 * The passphrase of the sandbox's state: the user's, where the environment names one, else one that the sandbox keeps
 * beside its data, so that trying things asks for nothing.
 */
import { randomBytes } from "node:crypto";
import { existsSync, linkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../../sandbox/errors";

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
  if (!existsSync(file)) makePassphrase(file);
  return { ...environment, PULUMI_CONFIG_PASSPHRASE_FILE: file };
}

/** Another command may do the same at the same moment: the first passphrase stays, and it is there as a whole. */
function makePassphrase(file: string): void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  try {
    linkSync(own, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    rmSync(own);
  }
}
