/** `kb promote` for a reader: what was changed, and what is left to do. */
import type { PastImage } from "../git/image-history";
import { type Decision, imageText, leftBehind, type Side } from "../promotion/decide";
import type { Paint } from "./color";

/** What a promotion did, or would do. */
export interface PromotionReport {
  readonly from: Side;
  readonly to: Side;
  readonly decisions: readonly Exclude<Decision, { kind: "refused" }>[];
  /** The line of each changed workload's tag in the target's file. */
  readonly lines: Readonly<Record<string, number>>;
  /** The older tag that was asked for. */
  readonly tag: string | undefined;
  readonly dryRun: boolean;
  /** Why the source's history says less than it could; undefined when it says all. */
  readonly historyProblem: string | undefined;
  readonly paint: Paint;
}

/** The text, which ends with what to do next. */
export function promotionText(report: PromotionReport): string {
  const { from, to, decisions, dryRun, paint } = report;
  const changes = decisions.filter(({ kind }) => kind === "change").length;
  const parts = [
    paint("bold", `Promoting from ${from.environment} to ${to.environment}`),
    ...decisions.map((decision) => decisionLines(decision, report).join("\n")),
    ...notes(report).map((note) => `${paint("yellow", "note:")} ${note}`),
    changes === 0 ? `Nothing to do: ${to.file} is as it was.` : whatNext(to, dryRun),
  ];
  return `${parts.join("\n\n")}\n`;
}

function decisionLines(decision: PromotionReport["decisions"][number], report: PromotionReport): string[] {
  const { from, to, lines, paint } = report;
  const { workload } = decision;
  if (decision.kind === "there") {
    return [`${workload}: ${to.environment} has ${imageText(decision.image)} already`];
  }
  const { before, after, past } = decision;
  const dropped =
    before.digest !== undefined && after.digest === undefined
      ? [
          `  the old digest is taken out: it would go on running the old image, and ${from.file} gives no new one`,
        ]
      : [];
  return [
    `${workload} (${to.file}:${lines[workload]})`,
    paint("red", `  - ${imageText(before)}`),
    paint("green", `  + ${imageText(after)}`),
    `  ${sinceWhen(past, report)}`,
    ...dropped,
  ];
}

/** The first time counts, also where the source went back to an image that it had left. */
function sinceWhen(past: PastImage | undefined, { from, historyProblem }: PromotionReport): string {
  if (past?.commit !== undefined && past.authorDate !== undefined) {
    const day = past.authorDate.slice(0, 10);
    const when =
      historyProblem === undefined ? `first in ${from.file} on ${day}` : `in ${from.file} by ${day}`;
    return `${when} (commit ${past.commit.slice(0, 10)})${past.current ? "" : ", no longer there"}`;
  }
  if (historyProblem !== undefined)
    return `how long ${from.environment} has had it is not known: ${historyProblem}`;
  return `not committed in ${from.file} yet: has ${from.environment} run it?`;
}

function notes({ decisions, from, to, tag }: PromotionReport): string[] {
  return leftBehind(decisions, to).map(({ workload, image, of }) => {
    const older = tag === undefined ? "" : ` --tag ${tag}`;
    const both = `kb promote ${of} ${workload} --from ${from.environment} --to ${to.environment}${older}`;
    return `${workload} runs the image ${image.name} too and stays at ${imageText(image)}; to promote both: ${both}`;
  });
}

function whatNext(to: Side, dryRun: boolean): string {
  if (dryRun) return `Nothing is written (--dry-run); without it, ${to.file} is changed.`;
  const steps = [
    [`git diff ${to.file}`, "review it, then commit it"],
    ["npx kb check", "the rules, over all environments"],
    [`pulumi preview -s ${to.environment}`, "what the deployment will change"],
  ] as const;
  const width = Math.max(...steps.map(([command]) => command.length));
  return [
    `${to.file} is changed. Next:`,
    ...steps.map(([command, why]) => `  ${command.padEnd(width)}  ${why}`),
  ].join("\n");
}
