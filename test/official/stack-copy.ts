/**
 * A project's stack as a preview needs it, beside the project: its configuration with placeholders for its
 * secrets. The CLI writes `encryptionsalt` into a configuration file and cannot read secrets without their
 * passphrase; with the copy neither concerns the project.
 */
import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isScalar, parse, parseDocument, visit } from "yaml";
import { z } from "zod";

/** What stands in the place of every secret of the configuration. */
export const SECRET_PLACEHOLDER = "placeholder";

const ITERATIONS = 1_000_000;

const projectFile = z.object({ name: z.string(), stackConfigDir: z.string().default(".") });

/** A copy of a stack's settings in a directory of its own. */
export interface StackCopy {
  /** Directory with a `Pulumi.yaml` of the project's name and the stack's configuration. */
  readonly directory: string;
  readonly configFile: string;
}

/** Encrypts a text as the CLI's passphrase manager does: AES-256-GCM, `v1:<nonce>:<ciphertext and tag>`. */
function encrypt(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const ciphertext = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${ciphertext.toString("base64")}`;
}

/** Gives a configuration a salt of its own and a placeholder, encrypted under it, for each of its secrets. */
export function replaceSecrets(config: string, passphrase: string): string {
  const salt = randomBytes(8);
  const key = pbkdf2Sync(passphrase, salt, ITERATIONS, 32, "sha256");
  const document = parseDocument(config.trim() === "" ? "{}" : config, { intAsBigInt: true });
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key) && pair.key.value === "secure") {
        pair.value = document.createNode(encrypt(key, SECRET_PLACEHOLDER));
      }
    },
  });
  document.delete("secretsprovider");
  document.delete("encryptedkey");
  document.set("encryptionsalt", `v1:${salt.toString("base64")}:${encrypt(key, "pulumi")}`);
  return document.toString({ lineWidth: 0 });
}

/** Copies what the CLI needs of a stack into an empty directory; `configuration` may name another than the project's. */
export function copyStack(
  { project, stack, configuration }: { project: string; stack: string; configuration?: string | undefined },
  directory: string,
  passphrase: string,
): StackCopy {
  const { name, stackConfigDir } = projectFile.parse(
    parse(readFileSync(join(project, "Pulumi.yaml"), "utf8")),
  );
  const fileName = `Pulumi.${stack}.yaml`;
  const original = join(configuration ?? join(project, stackConfigDir), fileName);
  const config = existsSync(original) ? readFileSync(original, "utf8") : "";
  const configFile = join(directory, fileName);
  writeFileSync(join(directory, "Pulumi.yaml"), `name: ${JSON.stringify(name)}\nruntime: nodejs\n`);
  writeFileSync(configFile, replaceSecrets(config, passphrase));
  return { directory, configFile };
}
