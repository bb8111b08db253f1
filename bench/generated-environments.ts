/**
 * As many environments of this project as a measurement or a test asks for: DEV's file once per environment, with
 * every name that an environment claims made its own.
 */
import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const repository = resolve(__dirname, "..");

/** What a program needs to run. Its environments are left out. */
const PROGRAM = ["Pulumi.yaml", "package.json", "tsconfig.json", "stacks", "components", "config"];

/** A project and its environments. */
export interface GeneratedEnvironments {
  /** The folder of the project. Whoever asked for it removes it, unless it was given. */
  readonly root: string;
  /** The environments' names, in the order in which kb lists them: `gen001`, `gen002`, … */
  readonly names: readonly string[];
}

/** All backends are processes of one machine; DEV and PROD listen below. */
const FIRST_PORT = 10_001;

/** Of more environments, names would no longer be in the order of their numbers. */
const MOST = 999;

/**
 * Writes `Pulumi.<name>.yaml` for `count` environments into `directory`, which holds a copy of this project
 * without environments; without `directory`, a copy is made. Each has databases, namespaces, hosts, a Vault prefix,
 * a mail identity, an IAM user, a port of the backend's machine and a client image of its own.
 */
export function generateEnvironments(count: number, directory?: string): GeneratedEnvironments {
  if (!Number.isInteger(count) || count < 0 || count > MOST) {
    throw new Error(`environments to generate: ${count}; allowed is a whole number from 0 to ${MOST}`);
  }
  const root = directory ?? copyOfProgram();
  const dev = readFileSync(join(repository, "Pulumi.dev.yaml"), "utf8");
  const names = Array.from({ length: count }, (_, index) => `gen${String(index + 1).padStart(3, "0")}`);
  for (const [index, name] of names.entries()) {
    writeFileSync(join(root, `Pulumi.${name}.yaml`), environmentLike(dev, name, FIRST_PORT + index));
  }
  return { root, names };
}

function copyOfProgram(): string {
  const copy = mkdtempSync(join(tmpdir(), "kb-generated-"));
  for (const part of PROGRAM) cpSync(join(repository, part), join(copy, part), { recursive: true });
  symlinkSync(join(repository, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** DEV's file for another environment. Its own names all contain `dev` as a whole word, or between `_` and `-`. */
function environmentLike(dev: string, name: string, port: number): string {
  return dev
    .replaceAll(/(?<![a-z])dev(?![a-z])/g, name)
    .replace(/(?<=port: )4001$/m, String(port))
    .replaceAll(/(?<=tag: )[\w.-]+(?=, buildScope: environment)/g, `v1.0.0-${name}`);
}
