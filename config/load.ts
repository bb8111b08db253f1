/**
 * What the program calls: the configuration of the stack that Pulumi runs, validated as a whole. A mistake ends
 * the deployment before anything is declared, with one message that lists all mistakes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { formatMistakes, type Mistake } from "./mistakes";
import { PROJECT } from "./names";
import { type EnvironmentConfig, sectionNames } from "./schema";
import { validateEnvironment } from "./validate";

/** The configuration has mistakes. Pulumi shows the message alone, without a stack. */
export class ConfigurationError extends pulumi.RunError {
  override readonly name = "ConfigError";

  constructor(
    /** What the configuration belongs to: a file's name, or a stack's where there is none. */
    subject: string,
    readonly mistakes: readonly Mistake[],
  ) {
    const count = mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`;
    super(`${subject} has ${count}:\n${formatMistakes(mistakes)}`);
  }
}

export function loadEnvironment(): EnvironmentConfig {
  const stack = pulumi.getStack();
  const file = `Pulumi.${stack}.yaml`;
  const source = textOf(file);
  const validation = validateEnvironment(configuredValues(), {
    stack,
    ...(source === undefined ? {} : { file, source }),
  });
  if (validation.valid) return validation.config;
  throw new ConfigurationError(source === undefined ? `stack ${stack}` : file, validation.mistakes);
}

/**
 * All values of the project's namespace, those that are not in the file too. Pulumi hands every value over as
 * text. Text that should be JSON and is not stays text: validation says so, with its place.
 */
function configuredValues(): Record<string, unknown> {
  const namespace = `${PROJECT}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).flatMap(([name, text]) => {
    if (!name.startsWith(namespace)) return [];
    const key = name.slice(namespace.length);
    return [[key, (sectionNames as readonly string[]).includes(key) ? parsed(text) : text] as const];
  });
  return Object.fromEntries(own);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The text of the stack's file. It need not exist: values can come from elsewhere. */
function textOf(file: string): string | undefined {
  const root = pulumi.getRootDirectory();
  if (root === "") return undefined;
  try {
    return readFileSync(join(root, file), "utf8");
  } catch {
    return undefined;
  }
}
