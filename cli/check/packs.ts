/**
 * Runs policy packs in Pulumi's own runner: packs of others, and with `--official-runner` this project's own. Each
 * environment has processes of its own, since a pack learns which one it judges from its process. They load while
 * the programs are evaluated.
 */
import { join } from "node:path";
import { EngineError } from "../../engine/diagnostic";
import type { Declaration } from "../../engine/monitor/declaration";
import { judge } from "../../engine/policy/analyze";
import { type PolicySettings, readPolicySettings } from "../../engine/policy/configuration";
import { loadPack, type PolicyPack } from "../../engine/policy/pack";
import { type RunningPack, startPack } from "../../engine/policy/runner";
import type { PolicyTarget } from "../../engine/policy/target";
import { loadEnvironment } from "../../engine/project/environment";
import type { Project } from "../../engine/project/project";
import type { Judgement } from "../../policies/judge";
import { PROJECT_ROOT } from "../../policies/pack/project";
import { AS_DATA } from "../../policies/pack/told";
import type { RawFinding, RawUndetermined } from "./findings";
import { brokenJudgement, findingsOf, ownJudgement, rulesOf, undeterminedOf } from "./pack-answers";
import type { CheckFailure, ReportedRule } from "./report";

/** A pack of others, as the command line names it. */
export interface PackChoice {
  /** The folder that holds PulumiPolicy.yaml. */
  readonly folder: string;
  /** A `--policy-pack-config` file. */
  readonly settingsFile?: string;
}

/** What packs said of one environment. */
export interface PackAnswers {
  /** What this project's own pack said, where it was asked in Pulumi's runner. */
  readonly own?: Judgement;
  readonly findings: readonly RawFinding[];
  readonly undetermined: readonly RawUndetermined[];
  readonly failures: readonly CheckFailure[];
  readonly rules: readonly ReportedRule[];
}

/** How packs are run. */
export interface PackRunOptions {
  readonly packs: readonly PackChoice[];
  /** Whether this project's own pack is run here too. */
  readonly officialRunner: boolean;
  readonly processEnvironment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Answers by the names of environments. */
export type AnswersByEnvironment = ReadonlyMap<string, PackAnswers>;

/** The folder of this project's own pack. */
const OWN_PACK = join(__dirname, "..", "..", "policies");

/** Environments whose packs run at a time: each process loads every module for itself. */
const ENVIRONMENTS_AT_A_TIME = 2;

/** A pack that can be started. */
interface Prepared {
  readonly pack: PolicyPack;
  readonly settings?: PolicySettings;
  readonly own: boolean;
}

/**
 * Judges environments by packs; an empty map when there are none. A pack that throws, ends or does not answer is a
 * failure of its environment. Throws EngineError before anything runs when a pack or a configuration cannot be
 * read, and `configuration` when a pack refuses its own.
 *
 * @param evaluated the declarations, in whichever order; packs are started before they are there
 */
export async function judgeByPacks(
  project: Project,
  environments: readonly string[],
  evaluated: Promise<readonly Declaration[]>,
  options: PackRunOptions,
): Promise<AnswersByEnvironment> {
  const prepared = prepare(options);
  const answers = new Map<string, PackAnswers>();
  if (prepared.length === 0) return answers;
  const queue = [...environments];
  const work = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      answers.set(name, await judgeOne(project, name, evaluated, prepared, options));
    }
  };
  await Promise.all(Array.from({ length: ENVIRONMENTS_AT_A_TIME }, work));
  return answers;
}

function prepare({ packs, officialRunner }: PackRunOptions): Prepared[] {
  const own = officialRunner ? [{ pack: loadPack(OWN_PACK), own: true }] : [];
  const others = packs.map(({ folder, settingsFile }) => ({
    pack: loadPack(folder),
    own: false,
    ...(settingsFile === undefined ? {} : { settings: readPolicySettings(settingsFile) }),
  }));
  return [...own, ...others];
}

async function judgeOne(
  project: Project,
  environment: string,
  evaluated: Promise<readonly Declaration[]>,
  prepared: readonly Prepared[],
  options: PackRunOptions,
): Promise<PackAnswers> {
  const target = await targetOf(project, environment, options);
  const running = prepared.map(({ pack, settings, own }) => ({
    own,
    pack: startPack(pack, target, {
      processEnvironment: own
        ? { ...options.processEnvironment, [PROJECT_ROOT]: project.root, [AS_DATA]: "1" }
        : options.processEnvironment,
      signal: options.signal,
      ...(own ? { tellsNoSecrets: true } : {}),
      ...(settings === undefined ? {} : { settings }),
    }),
  }));
  try {
    const declaration = (await evaluated).find((each) => each.environment === environment);
    if (declaration === undefined) throw new Error(`nothing was evaluated for ${environment}`);
    return merged(await Promise.all(running.map(({ pack, own }) => answersOf(pack, own, declaration))));
  } finally {
    await Promise.all(running.map(({ pack }) => pack.end()));
  }
}

/** Each pack by itself: one that fails says nothing about what the others found. */
async function answersOf(running: RunningPack, own: boolean, declaration: Declaration): Promise<PackAnswers> {
  const { environment } = declaration;
  const none = { findings: [], undetermined: [], failures: [], rules: [] };
  try {
    const [judgement] = await judge(declaration, [running]);
    if (judgement === undefined) return none;
    if (own) return { ...none, own: ownJudgement(judgement) };
    return {
      findings: findingsOf(judgement, environment),
      undetermined: undeterminedOf(judgement, environment),
      failures: [],
      rules: rulesOf(judgement),
    };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "policy") throw error;
    const message = error.problems.join("\n");
    return own
      ? { ...none, own: brokenJudgement(), failures: [{ environment, message }] }
      : { ...none, failures: [{ environment, message }] };
  }
}

async function targetOf(
  project: Project,
  environment: string,
  { processEnvironment }: PackRunOptions,
): Promise<PolicyTarget> {
  const { values, secretKeys, revealed, locked } = await loadEnvironment(
    project,
    environment,
    [],
    processEnvironment,
  );
  return { project: project.name, environment, values, secretKeys, hidden: [...revealed, ...locked.markers] };
}

function merged(answers: readonly PackAnswers[]): PackAnswers {
  const own = answers.find((each) => each.own !== undefined)?.own;
  return {
    ...(own === undefined ? {} : { own }),
    findings: answers.flatMap(({ findings }) => findings),
    undetermined: answers.flatMap(({ undetermined }) => undetermined),
    failures: answers.flatMap(({ failures }) => failures),
    rules: answers.flatMap(({ rules }) => rules),
  };
}
