/**
 * Records what the official CLI previews of a project, with a stand-in for every provider, as a fixture that
 * another engine's preview is compared with.
 *
 *     npx tsx test/official/record-official-preview.ts --pulumi PATH [--project DIR] [--configuration DIR] \
 *       --stack NAME --out FILE [--answers FILE]
 *
 * `--pulumi` names the CLI, with its Node.js language host beside it; `--configuration` the directory of
 * `Pulumi.<stack>.yaml`, if it is not the project's; `--answers` a JSON object of what functions of providers
 * return, by their token (`test/official/answers.json`: unknown values). The project is left as it is: state,
 * settings and configuration are of a temporary directory, the configuration's secrets are placeholders, and
 * nothing but the stand-ins on 127.0.0.1 is reached.
 */
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { jsonObject } from "./json";
import { describeFailure, makeFixture, type PreviewFixture } from "./preview-fixture";
import { copyStack } from "./stack-copy";
import { debugProviders, type InvokeAnswers, type StandIn, startStandIn } from "./stand-in-provider";

/** Protects nothing but placeholders. */
const PASSPHRASE = "recording";

/** A port that nothing listens on: whatever would leave the machine fails at once. */
const NO_PROXY_THERE = "http://127.0.0.1:9";

/** File in the temporary directory for what the program asks the CLI. */
const CALL_LOG = "calls.json";

/** A program that does not end is taken to hang. */
const TIME_LIMIT_MS = 300_000;

const providerManifest = z.object({
  version: z.string(),
  pulumi: z.object({ resource: z.literal(true), name: z.string() }),
});

/** What to record. */
export interface Recording {
  /** Path of the official CLI. */
  readonly pulumi: string;
  /** Directory of Pulumi.yaml. */
  readonly project: string;
  readonly stack: string;
  /** Directory of the stack's configuration, if it is not the project's. */
  readonly configuration?: string | undefined;
  readonly answers: InvokeAnswers;
}

/** Runs the CLI and returns its standard output; throws what it says when it fails. */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolvePromise, reject) => {
    const child = spawn(command, args, {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIME_LIMIT_MS,
      killSignal: "SIGINT",
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const text = Buffer.concat(output).toString("utf8");
      if (code === 0) {
        resolvePromise(text);
        return;
      }
      const details = [describeFailure(text), Buffer.concat(errors).toString("utf8")].join("\n").trim();
      const end = signal === null ? `code ${code}` : `${signal}, perhaps after ${TIME_LIMIT_MS / 1000} s`;
      reject(new Error(`pulumi ${args[0]} failed (${end}):\n${details}`));
    });
  });
}

/** The nearest `node_modules/@pulumi` at or above a directory. */
function findPackages(directory: string): string {
  const packages = join(directory, "node_modules", "@pulumi");
  if (existsSync(packages)) {
    return packages;
  }
  const parent = dirname(directory);
  if (parent === directory) {
    throw new Error("The project has no node_modules/@pulumi: install its dependencies first.");
  }
  return findPackages(parent);
}

/** Starts a stand-in for each provider whose SDK is installed, in that SDK's version. */
function startStandIns(project: string, answers: InvokeAnswers): Promise<StandIn[]> {
  const packages = findPackages(project);
  const manifests = readdirSync(packages)
    .map((directory) => join(packages, directory, "package.json"))
    .filter((file) => existsSync(file))
    .map((file) => providerManifest.safeParse(JSON.parse(readFileSync(file, "utf8"))).data)
    .filter((manifest) => manifest !== undefined);
  return Promise.all(manifests.map(({ pulumi, version }) => startStandIn(pulumi.name, version, answers)));
}

/** The CLI's whole environment: ambient credentials and settings must not reach a provider's inputs. */
function environment(pulumi: string, temporary: string, standIns: readonly StandIn[]): NodeJS.ProcessEnv {
  return {
    PATH: [dirname(pulumi), process.env.PATH].join(delimiter),
    HOME: temporary,
    TMPDIR: temporary,
    HTTP_PROXY: NO_PROXY_THERE,
    HTTPS_PROXY: NO_PROXY_THERE,
    NO_PROXY: "127.0.0.1,localhost",
    PULUMI_HOME: join(temporary, "home"),
    PULUMI_BACKEND_URL: `file://${join(temporary, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Makes `--event-log` available.
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_DEBUG_PROVIDERS: debugProviders(standIns),
    PULUMI_DEBUG_GRPC: join(temporary, CALL_LOG),
  };
}

/** Previews the stack against an empty state in a temporary directory. */
async function preview(
  recording: Recording,
  temporary: string,
  standIns: readonly StandIn[],
): Promise<PreviewFixture> {
  const { pulumi, project, stack } = recording;
  for (const name of ["home", "state", "stack"]) {
    mkdirSync(join(temporary, name));
  }
  const env = environment(pulumi, temporary, standIns);
  const copy = copyStack(recording, join(temporary, "stack"), PASSPHRASE);
  const eventLog = join(temporary, "events.json");
  const cli = await run(pulumi, ["version"], env);
  await run(
    pulumi,
    ["stack", "init", stack, "--no-select", "--non-interactive", "--cwd", copy.directory],
    env,
  );
  const document = await run(
    pulumi,
    [
      ...["preview", "--json", "--non-interactive", "--skip-plugin-pre-install", "--show-reads"],
      ...["--cwd", project, "--stack", stack, "--config-file", copy.configFile, "--event-log", eventLog],
    ],
    env,
  );
  return makeFixture({
    cli: cli.trim(),
    document,
    eventLog: readFileSync(eventLog, "utf8"),
    callLog: readFileSync(join(temporary, CALL_LOG), "utf8"),
    invokes: standIns.flatMap(({ invokes }) => invokes),
    directories: [
      [temporary, "temporary"],
      [project, "project"],
    ],
  });
}

/** Adds to a failure the functions that had no answer: what they did not return is a likely cause. */
function withUnanswered(error: unknown, standIns: readonly StandIn[], answers: InvokeAnswers): unknown {
  const called = standIns.flatMap(({ invokes }) => invokes.map(({ token }) => token));
  const unanswered = [...new Set(called)].filter((token) => answers[token] === undefined);
  if (!(error instanceof Error) || unanswered.length === 0) {
    return error;
  }
  const note = `Functions without an answer, which returned an empty object: ${unanswered.join(", ")}`;
  return new Error(`${error.message}\n${note}`, { cause: error });
}

/** Records one preview. */
export async function recordPreview(recording: Recording): Promise<PreviewFixture> {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), "official-preview-")));
  const standIns: StandIn[] = [];
  try {
    standIns.push(...(await startStandIns(recording.project, recording.answers)));
    return await preview(recording, temporary, standIns);
  } catch (error) {
    throw withUnanswered(error, standIns, recording.answers);
  } finally {
    for (const standIn of standIns) {
      standIn.close();
    }
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Reads the answers of functions: a JSON object of objects. */
function readAnswers(file: string | undefined): InvokeAnswers {
  return file === undefined
    ? {}
    : z.record(z.string(), jsonObject).parse(JSON.parse(readFileSync(file, "utf8")));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pulumi: { type: "string" },
      project: { type: "string", default: "." },
      configuration: { type: "string" },
      stack: { type: "string" },
      out: { type: "string" },
      answers: { type: "string" },
    },
  });
  const { pulumi, stack, out } = values;
  if (pulumi === undefined || stack === undefined || out === undefined) {
    throw new Error(
      "usage: record-official-preview --pulumi PATH [--project DIR] [--configuration DIR] --stack NAME --out FILE [--answers FILE]",
    );
  }
  const fixture = await recordPreview({
    pulumi: resolve(pulumi),
    project: realpathSync(values.project),
    stack,
    configuration: values.configuration,
    answers: readAnswers(values.answers),
  });
  writeFileSync(out, `${JSON.stringify(fixture, undefined, 2)}\n`);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
