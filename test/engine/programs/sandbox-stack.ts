/**
 * A stack on a sandbox of the test's own, worked on with the kb command in processes of its own, as users do. The
 * sandbox is started once per test file. PostgreSQL's own variables lead elsewhere in every run.
 */
import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { readStack } from "../../../engine/checkpoint/open-stack";
import type { ResourceState, Snapshot } from "../../../engine/checkpoint/state";
import { passphraseFrom } from "../../../engine/project/passphrase";
import { withoutSecrets } from "../../../engine/property/secretness";
import type { PropertyMap } from "../../../engine/property/values";
import { STACK_TYPE } from "../../../engine/urn";
import type { TrialSandbox } from "../../sandbox/trial-sandbox";
import { type KbResult, startKb } from "../../support/kb";

/** What `kb sandbox … --json` says. */
export interface Told {
  readonly outcome: string;
  readonly steps: readonly TellingStep[];
  readonly changeSummary: Readonly<Record<string, number>>;
  readonly diagnostics: readonly { readonly severity: string; readonly message: string }[];
}

interface TellingStep {
  readonly op: string;
  readonly urn: string;
  readonly status: string;
  readonly detailedDiff?: Readonly<Record<string, { readonly kind: string }>>;
}

/** A run of kb, with what it said. */
export interface Run extends KbResult {
  readonly told: Told;
}

export class SandboxStack {
  constructor(
    readonly sandbox: TrialSandbox,
    /** Folder of the program's Pulumi.yaml. */
    private readonly root: string,
    readonly environment = "dev",
    private readonly project = "trial",
  ) {}

  /** Starts kb with a command on this stack; `options` are those of its command line. */
  begin(
    command: "preview" | "up" | "refresh" | "destroy",
    options: readonly string[] = [],
  ): { readonly child: ChildProcess; readonly result: Promise<KbResult> } {
    return startKb(["-C", this.root, "sandbox", command, this.environment, "--json", ...options], {
      env: { ...elsewhere(this.sandbox.folder), KEYBUZZ_SANDBOX_DIR: this.sandbox.folder },
    });
  }

  /** Runs kb to its end. */
  async run(...[command, options]: Parameters<SandboxStack["begin"]>): Promise<Run> {
    const result = await this.begin(command, options).result;
    return { ...result, told: toldBy(result) };
  }

  /** Deploys without a complaint; afterwards a further deployment has nothing to do. */
  async settle(options: readonly string[] = []): Promise<Run> {
    const run = await this.run("up", options);
    expect({ code: run.code, complaints: complaints(run) }).toEqual({ code: 0, complaints: [] });
    await this.expectNothingToDo(options);
    return run;
  }

  /** Deploys again, which must change nothing. */
  async expectNothingToDo(options: readonly string[] = []): Promise<void> {
    const again = await this.run("up", ["--expect-no-changes", ...options]);
    expect({ code: again.code, complaints: complaints(again), steps: steps(again) }).toEqual({
      code: 0,
      complaints: [],
      steps: [],
    });
  }

  /** The state as it stands on disk, with its secrets open. */
  state(): Promise<Snapshot> {
    const { folder } = this.sandbox;
    const secrets = {
      passphrase: passphraseFrom({ PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase") }),
    };
    return readStack(
      { backend: join(folder, "state"), project: this.project, stack: this.environment },
      secrets,
    );
  }

  /** Outputs of the stack, in clear. */
  async outputs(): Promise<PropertyMap> {
    const { resources } = await this.state();
    const stack = resources.find(({ type, parent }) => type === STACK_TYPE && parent === undefined);
    if (stack === undefined) throw new Error("there is no stack");
    return withoutSecrets(stack.outputs);
  }

  /** The resource of a name in the state; it must be there. */
  async resource(name: string): Promise<ResourceState> {
    const { resources } = await this.state();
    const found = resources.find(({ urn }) => urn.endsWith(`::${name}`));
    if (found === undefined) throw new Error(`there is no ${name} in the state`);
    return found;
  }
}

/** What was done to resources, in order: `create a`; what was left alone is left out. */
export function steps({ told }: Pick<Run, "told">): string[] {
  return told.steps
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(({ op, urn, status }) => `${op} ${nameOf(urn)}${status === "failed" ? " (failed)" : ""}`);
}

/** Errors and warnings. */
export function complaints({ stderr, told }: Pick<Run, "stderr" | "told">): string[] {
  const errors = stderr.split("\n").filter((line) => line.startsWith("error:"));
  return [...errors, ...told.diagnostics.filter(isComplaint).map(({ message }) => message)];
}

export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

function isComplaint({ severity }: { readonly severity: string }): boolean {
  return severity === "error" || severity === "warning";
}

/** A run that could not begin says nothing on standard output. */
export function toldBy({ stdout }: KbResult): Told {
  if (stdout !== "") return JSON.parse(stdout) as Told;
  return { outcome: "", steps: [], changeSummary: {}, diagnostics: [] };
}

/** An environment in which everything that PostgreSQL's clients look at leads away from the sandbox. */
function elsewhere(folder: string): NodeJS.ProcessEnv {
  const passwords = join(folder, "pgpass");
  writeFileSync(passwords, "*:*:*:*:wrong\n", { mode: 0o600 });
  return {
    PGHOST: "192.0.2.1",
    PGPORT: "1",
    PGUSER: "nobody",
    PGPASSWORD: "wrong",
    PGPASSFILE: passwords,
    PGDATABASE: "nowhere",
    PGSSLMODE: "verify-full",
    PGOPTIONS: "-c search_path=nowhere",
  };
}
