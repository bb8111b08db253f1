/** Judges what environments declare: each by the rules of the pack, then all of them side by side. */
import type { Declaration } from "../../engine/monitor/declaration";
import type { Project } from "../../engine/project/project";
import { type EnvironmentFacts, estateOf } from "../../policies/estate";
import { exemptionRules } from "../../policies/exemptions/audit";
import type { Exemption } from "../../policies/exemptions/schema";
import { isolationRules } from "../../policies/isolation";
import type { EnvironmentView } from "../../policies/isolation/landscape";
import { type Judgement, judge } from "../../policies/judge";
import type { RuleRecord } from "../../policies/rule";
import { rules } from "../../policies/rules";
import { compare } from "./compare";
import { environmentFacts } from "./environments";
import { exemptionsOf, withExemptions } from "./exemptions";
import { finish, type RawFinding, type RawUndetermined } from "./findings";
import { Locator } from "./locate";
import type { AnswersByEnvironment, PackAnswers } from "./packs";
import type { CheckFailure, CheckReport } from "./report";
import { type EnvironmentSubject, subjectOf } from "./subject";
import { undeclaredIn } from "./undeclared";
import { imageHistories, viewOf } from "./views";

/** How answers are judged. */
export interface JudgingOptions {
  /** Whether an answer that could not be given fails the check. */
  readonly strict: boolean;
  /** The day by which exemptions are judged: 2026-12-31. */
  readonly today: string;
}

/** What the rules of the pack said of one environment. */
interface JudgedEnvironment {
  readonly declaration: Declaration;
  readonly subject: EnvironmentSubject;
  readonly facts: EnvironmentFacts;
  readonly judgement: Judgement;
  /** What other packs said of it. */
  readonly answers?: PackAnswers;
}

/** What is read of a project beside its programs: while they are evaluated in another process. */
export interface Known {
  readonly facts: readonly EnvironmentFacts[];
  readonly exemptions: readonly Exemption[];
  readonly histories: ReturnType<typeof imageHistories>;
}

/** Throws EngineError when the exemptions have mistakes. */
export function readKnown(
  project: Project,
  { today, signal }: { readonly today: string; readonly signal: AbortSignal },
): Known {
  const exemptions = exemptionsOf(project, today);
  const facts = environmentFacts(project);
  const histories = imageHistories(project, facts, signal);
  // Whatever fails first is told; this must not end the process before it is awaited.
  histories.catch(() => {});
  return { facts, exemptions, histories };
}

/** Judges environments as their programs end, and all of them together when the last one has. */
export class Judging {
  readonly #early = new Map<Declaration, JudgedEnvironment>();

  constructor(
    private readonly project: Project,
    private readonly known: Known,
    private readonly options: JudgingOptions,
  ) {}

  /** Judges an environment by itself, while others are still evaluated. */
  take(declaration: Declaration): void {
    this.#early.set(declaration, judgeEnvironment(declaration, this.known.facts, undefined));
  }

  /**
   * Judges those that were not taken yet, then all of them side by side.
   *
   * @param answers what packs said in Pulumi's own runner
   */
  async finish(
    declarations: readonly Declaration[],
    answers: AnswersByEnvironment = new Map(),
  ): Promise<CheckReport> {
    const { facts, exemptions, histories } = this.known;
    const judged = declarations.map((declaration) => {
      const given = answers.get(declaration.environment);
      const early = given?.own === undefined ? this.#early.get(declaration) : undefined;
      if (early === undefined) return judgeEnvironment(declaration, facts, given);
      return given === undefined ? early : { ...early, answers: given };
    });
    const past = await histories;
    const views = judged.map(({ declaration, subject, facts: own }) =>
      viewOf(
        declaration,
        subject,
        own,
        past.get(own.name),
        facts.map(({ name }) => name),
      ),
    );
    const { strict, today } = this.options;
    const leftOut = facts
      .map(({ name }) => name)
      .filter((name) => !declarations.some(({ environment }) => environment === name));
    const found = report(this.project, judged, views, leftOut, strict);
    return withExemptions(found, { project: this.project, exemptions, declarations, today });
  }
}

function judgeEnvironment(
  declaration: Declaration,
  all: readonly EnvironmentFacts[],
  answers: PackAnswers | undefined,
): JudgedEnvironment {
  const { environment } = declaration;
  const subject = subjectOf(declaration);
  const facts = all.find(({ name }) => name === environment) ?? { name: environment, claims: [] };
  const judgement = answers?.own ?? judge(subject, estateOf(environment, all), rules);
  return { declaration, subject, facts, judgement, ...(answers === undefined ? {} : { answers }) };
}

function report(
  project: Project,
  judged: readonly JudgedEnvironment[],
  views: readonly EnvironmentView[],
  leftOut: readonly string[],
  strict: boolean,
): CheckReport {
  const own = judged.flatMap(({ declaration, judgement }) =>
    judgement.violations.map(
      (violation): RawFinding => ({
        ...violation,
        environment: declaration.environment,
      }),
    ),
  );
  const compared = compare(views, own);
  const packs = judged.flatMap(({ answers }) => answers ?? []);
  const undetermined: RawUndetermined[] = [
    ...judged.flatMap(({ declaration: { environment }, judgement }) =>
      judgement.undetermined.map((each) => ({ ...each, environment })),
    ),
    ...judged.flatMap(({ declaration }) => undeclaredIn(declaration)),
    ...packs.flatMap((answers) => answers.undetermined),
    ...compared.undetermined,
  ];
  const subjects = judged.map(({ declaration, subject }) => [declaration.environment, subject] as const);
  const facts = judged.map((each) => each.facts);
  const locator = new Locator(project, facts, new Map(subjects));
  const records: readonly RuleRecord[] = [...rules, ...isolationRules, ...exemptionRules];
  return {
    project: project.name,
    environments: judged.map(({ declaration, judgement }) => ({
      name: declaration.environment,
      outcome: declaration.outcome,
      resources: declaration.resources.filter(({ defaultProvider }) => !defaultProvider).length,
      compliant: [...judgement.compliant.values()].reduce((sum, count) => sum + count, 0),
      diagnostics: declaration.diagnostics,
    })),
    leftOut,
    rules: [
      ...records.map(({ id, title, severity, level, why, fix, prevents }) => ({
        ...{ id, title, severity, level, why, fix, prevents },
      })),
      // One environment's processes have the same policies as another's.
      ...new Map(packs.flatMap((answers) => answers.rules).map((rule) => [rule.id, rule])).values(),
    ],
    findings: finish(
      [...own, ...packs.flatMap((answers) => answers.findings), ...compared.findings],
      records,
      judged.map(({ declaration }) => declaration),
      (finding) => locator.inConfiguration(finding),
    ),
    undetermined,
    failures: [
      ...judged.flatMap(failuresOf),
      ...packs.flatMap((answers) => answers.failures),
      ...compared.failures,
    ],
    strict,
  };
}

/** Why an environment could not be judged, or not as a whole. */
function failuresOf({ declaration, judgement }: JudgedEnvironment): CheckFailure[] {
  const { environment, outcome } = declaration;
  const how = {
    failed: "its program failed, so that only what it declared before was judged",
    misconfigured: "its program refused its configuration",
    cancelled: "cancelled",
  };
  return [
    ...(outcome === "succeeded" ? [] : [{ environment, message: how[outcome] }]),
    ...judgement.failures.map(({ rule, urn, message }) => ({
      environment,
      rule,
      message: `the rule broke${urn === undefined ? "" : ` on ${urn}`}: ${message}`,
    })),
  ];
}
