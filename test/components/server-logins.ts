/** The logins of a deployed database, as its stack hands them out. */
import { join } from "node:path";
import { SandboxStack } from "../engine/programs/sandbox-stack";
import type { TrialSandbox } from "../sandbox/trial-sandbox";

export interface ServerLogin {
  readonly user: string;
  readonly password: string;
}

export type LoginKind = "application" | "migration" | "reader";

export const LOGIN_KINDS: readonly LoginKind[] = ["application", "migration", "reader"];

/** The stack of programs/database in an environment. */
export function databaseStack(sandbox: TrialSandbox, environment: "dev" | "prod"): SandboxStack {
  return new SandboxStack(sandbox, join(__dirname, "programs/database"), environment);
}

export async function loginsOf(stack: SandboxStack): Promise<Record<LoginKind, ServerLogin>> {
  const outputs = (await stack.outputs()) as Record<string, unknown>;
  const login = (kind: LoginKind): ServerLogin => outputs[kind] as ServerLogin;
  return { application: login("application"), migration: login("migration"), reader: login("reader") };
}
