/** Collects what one pack says, and puts it in the order of the declaration, whenever it was said. */
import { withoutRevealed } from "../property/revealed-secrets";
import type {
  NotApplicable,
  PackJudgement,
  PolicyStep,
  Remediation,
  Undetermined,
  Violation,
} from "./judgement";
import type { PackAnswer, PackDiagnostic } from "./messages";
import type { ReadyPack } from "./runner";

const STEPS: readonly PolicyStep[] = ["remediate", "analyze", "analyze-stack"];

interface Entry<T> {
  readonly step: PolicyStep;
  /** The resource by which it is ordered. */
  readonly urn: string;
  readonly item: T;
}

export class PackRecord {
  readonly #violations: Entry<Violation>[] = [];
  readonly #undetermined: Entry<Undetermined>[] = [];
  readonly #notApplicable: Entry<NotApplicable>[] = [];
  readonly #remediations: Entry<Remediation>[] = [];

  constructor(private readonly pack: ReadyPack) {}

  /** Keeps an answer to a question about a resource, or about the stack whose root `urn` is. */
  answer(
    { diagnostics, notApplicable }: PackAnswer,
    step: PolicyStep,
    urn: string,
    known: ReadonlySet<string>,
  ): void {
    for (const diagnostic of diagnostics) {
      // A stack policy may name the resource; a resource policy judges the one that it was asked about.
      const named = step === "analyze-stack" && known.has(diagnostic.urn);
      this.diagnostic({ ...diagnostic, urn: named ? diagnostic.urn : urn }, step);
    }
    this.notApplicable(notApplicable, step, urn);
  }

  diagnostic(diagnostic: PackDiagnostic, step: PolicyStep): void {
    const { policy, urn, message, description } = diagnostic;
    if (isUndetermined(diagnostic)) {
      this.#undetermined.push({ step, urn, item: { policy, urn, message } });
      return;
    }
    // Without a severity of its own a violation has that of its policy.
    const severity = diagnostic.severity ?? this.pack.policies.find(({ name }) => name === policy)?.severity;
    const item: Violation = {
      policy,
      level: violationLevel(diagnostic),
      ...(severity === undefined ? {} : { severity }),
      message,
      description,
      urn,
    };
    this.#violations.push({ step, urn, item });
  }

  notApplicable(policies: PackAnswer["notApplicable"], step: PolicyStep, urn: string): void {
    for (const { policy, reason } of policies) {
      const item = { policy, step, ...(step === "analyze-stack" ? {} : { urn }), reason };
      this.#notApplicable.push({ step, urn, item });
    }
  }

  remediation(item: Remediation): void {
    this.#remediations.push({ step: "remediate", urn: item.urn, item });
  }

  /** Everything that was kept. `order` gives the place of each resource; hidden texts are blanked. */
  judgement(
    order: ReadonlyMap<string, number>,
    hidden: readonly string[],
    stackJudged: boolean,
  ): PackJudgement {
    const place = ({ urn, step }: Entry<unknown>): number =>
      (order.get(urn) ?? -1) * STEPS.length + STEPS.indexOf(step);
    const inOrder = <T>(entries: readonly Entry<T>[]): T[] =>
      [...entries].sort((a, b) => place(a) - place(b)).map(({ item }) => item);
    const blanked = <T extends object>(item: T, keys: readonly (keyof T)[]): T => ({
      ...item,
      ...Object.fromEntries(keys.map((key) => [key, withoutRevealed(item[key], hidden)])),
    });
    const { name, version, policies } = this.pack;
    return {
      name,
      version,
      stackJudged,
      policies,
      violations: inOrder(this.#violations).map((item) => blanked(item, ["message", "description"])),
      undetermined: inOrder(this.#undetermined).map((item) => blanked(item, ["message"])),
      notApplicable: inOrder(this.#notApplicable).map((item) => blanked(item, ["reason"])),
      remediations: inOrder(this.#remediations).map((item) => blanked(item, ["before", "after"])),
    };
  }
}

/** Whether the policy touched an unknown value: @pulumi/policy then reports this text, whatever its level. */
function isUndetermined({ policy, pack, version, level, message }: PackDiagnostic): boolean {
  const pattern = (kind: string): string =>
    `can't run ${kind} '${policy}' from policy pack '${pack}@v${version}' during preview: `;
  return level === "advisory" && ["policy", "remediation"].some((kind) => message.startsWith(pattern(kind)));
}

/** What remains after a remediation is mandatory; a violation of a level that is none of one is told. */
function violationLevel({ level }: PackDiagnostic): Violation["level"] {
  return level === "mandatory" || level === "remediate" ? "mandatory" : "advisory";
}
