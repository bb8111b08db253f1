/**
 * Decides the steps of each resource as a program registers it, and says why. It asks providers what they think and
 * changes nothing: not the world, not the state. One resource is decided at a time, in the order of registration.
 *
 * Rules: facts of pulumi/pulumi, pkg/resource/deploy/step_generator.go.
 */
import { randomBytes } from "node:crypto";
import type { ResourceState } from "../checkpoint/state";
import type { PropertyMap } from "../property/values";
import { referencedId, referencedUrn } from "../provider-reference";
import { isProviderType } from "../urn";
import { formerUrns } from "./aliases";
import { deletionsBefore } from "./cascade";
import { planDeletions } from "./deletions";
import {
  askForDifference,
  compareExactly,
  type Difference,
  replacedBecauseOf,
  SAME,
  withReplaceOnChanges,
} from "./difference";
import { desiredState, type Goal, type ReadGoal, timesOf } from "./goal";
import { withCheckedInputs } from "./inputs";
import type { PlannerOptions } from "./options";
import { Progress } from "./progress";
import { DiffUnavailableError } from "./providers";
import { refuseImported, refuseProtected } from "./refusals";
import { type DeleteStep, type ForgetStep, NO_DIFF, type Reason, type Step } from "./step";
import { isTriggered } from "./trigger";

/** The steps of one resource. An import is decided in two parts: what is to change depends on what was found. */
export interface ResourcePlan {
  readonly steps: readonly Step[];
  /** The steps that follow the import, by the state that it found. None when there is nothing to change. */
  readonly afterImport?: (imported: ResourceState) => Promise<readonly Step[]>;
}

/** One resource on the way to its steps. */
interface Subject {
  readonly goal: Goal;
  readonly old: ResourceState | undefined;
  readonly new: ResourceState;
  /** The same for every question about this resource. */
  readonly randomSeed: Uint8Array;
}

export class Planner {
  readonly #progress: Progress;

  constructor(private readonly options: PlannerOptions) {
    this.#progress = new Progress(options.snapshot);
  }

  /** Decides the steps of a resource. Throws RegistrationError when it breaks a rule or a provider refuses it. */
  async register(goal: Goal): Promise<ResourcePlan> {
    this.#progress.see(goal.urn);
    const { state: old, former: alias } = this.#progress.find(goal.urn, this.#formerUrns(goal));
    const subject = { goal, old, new: desiredState(goal, old, alias), randomSeed: randomBytes(32) };
    const { importId } = goal.options;
    this.#takeOver(goal);
    if (goal.custom && importId !== undefined && isToImport(old, importId)) {
      return this.#import(subject, importId);
    }
    return { steps: await this.#decide(subject) };
  }

  /** Decides the steps of a resource that the program reads. */
  read(goal: ReadGoal): readonly Step[] {
    this.#progress.see(goal.urn);
    const { state: old, former } = this.#progress.find(goal.urn, this.#formerUrns(goal));
    const state = { ...desiredState(goal, old, former), external: true, id: goal.id };
    this.#progress.handle(goal.urn);
    this.#progress.takeOver({ type: goal.type, id: goal.id }, goal.urn);
    const isThere = old !== undefined && !this.#leavesPlace(old);
    const replaces = isThere && old.external !== true && old.id !== goal.id;
    if (!replaces) return [{ op: "read", reason: "read", new: state, ...(old === undefined ? {} : { old }) }];
    this.#progress.replaced.add(goal.urn);
    this.#progress.superseded.add(old);
    return [
      { op: "read-replacement", reason: "taken-over", old, new: state },
      { op: "replace", reason: "taken-over", old, new: state, diff: NO_DIFF },
    ];
  }

  /** Takes note of a resource that is left as it is: what it was is its own, by whichever name. */
  skip(goal: Goal): void {
    this.#progress.see(goal.urn);
    this.#progress.find(goal.urn, this.#formerUrns(goal));
    this.#takeOver(goal);
  }

  /** Decides what is deleted. To be asked when the program has registered all, and nothing failed. */
  deletions(): (DeleteStep | ForgetStep)[][] {
    return planDeletions(this.#progress);
  }

  /** What an old state depends on, directly or not. */
  everythingUnder(state: ResourceState): ReadonlySet<ResourceState> {
    return this.#progress.graph.has(state) ? this.#progress.graph.everythingUnder(state) : new Set();
  }

  /** What depends on an old state or is within it, directly or not. */
  everythingOver(state: ResourceState): readonly ResourceState[] {
    return this.#progress.graph.everythingOver(state);
  }

  /** The states of the last deployment that a resource of this run was or was to be, and whose object it imports. */
  oldStates(urn: string): ResourceState[] {
    const former = this.#progress.formerUrn(urn);
    return this.options.snapshot.resources.filter(
      (state) => state.urn === urn || state.urn === former || this.#progress.takenOverBy(state) === urn,
    );
  }

  #takeOver({ type, urn, options: { importId } }: Goal): void {
    if (importId !== undefined) this.#progress.takeOver({ type, id: importId }, urn);
  }

  /** Whether a resource was deleted to be made anew, now or earlier: what is in its place now is not that one. */
  #leavesPlace(old: ResourceState): boolean {
    return this.#progress.deleted.delete(old.urn) || old.pendingReplacement === true;
  }

  #formerUrns(goal: Goal): string[] {
    return formerUrns(goal, this.options, this.#progress.formerUrn);
  }

  #import(subject: Subject, id: string): ResourcePlan {
    const { old, new: state, goal } = subject;
    this.#progress.handle(goal.urn);
    const afterImport = async (imported: ResourceState): Promise<readonly Step[]> => {
      const wanted = { ...state, ...timesOf(imported) };
      const steps = await this.#decide({ ...subject, old: imported, new: wanted });
      return steps.filter(({ op }) => op !== "same");
    };
    if (old === undefined) {
      return { steps: [{ op: "import", reason: "imported", new: state, id }], afterImport };
    }
    this.#progress.replaced.add(goal.urn);
    if (this.#leavesPlace(old)) {
      return {
        steps: [
          { op: "replace", reason: "imported", old, new: state, diff: NO_DIFF },
          { op: "import", reason: "imported", old, new: state, id },
        ],
        afterImport,
      };
    }
    this.#progress.superseded.add(old);
    return {
      steps: [
        { op: "import-replacement", reason: "imported", old, new: state, id },
        { op: "replace", reason: "imported", old, new: state, diff: NO_DIFF },
      ],
      afterImport,
    };
  }

  async #decide(subject: Subject): Promise<readonly Step[]> {
    const { goal, old } = subject;
    const { urn } = goal;
    const recreated = old !== undefined && this.#progress.deleted.has(old.urn);
    const wasExternal = old?.external === true;
    const state = await this.#checked(subject, recreated || wasExternal ? undefined : old);
    this.#progress.handle(urn);
    if (recreated) {
      this.#progress.deleted.delete(old.urn);
      this.#progress.replaced.add(urn);
      const diff = { ...NO_DIFF, replaces: this.#progress.dependentKeys.get(old.urn) ?? [] };
      return [
        { op: "replace", reason: "dependency-replaced", old, new: state, diff },
        { op: "create-replacement", reason: "dependency-replaced", old, new: state, diff, keepsOld: false },
      ];
    }
    if (old === undefined) return [{ op: "create", reason: "declared", new: state }];
    if (wasExternal) return this.#replaceAfterwards(old, state, "taken-over", SAME);
    const { difference, reason } = await this.#difference({ ...subject, old, new: state });
    const notInOrder = (old.initErrors ?? []).length > 0;
    // Nobody says of a component which of its inputs need another one.
    const final = goal.custom
      ? withReplaceOnChanges(difference, goal.options.replaceOnChanges ?? [], notInOrder)
      : difference;
    const interrupted = old.pendingReplacement === true;
    if (final.replace || interrupted) {
      const why = difference.replace
        ? reason
        : final.replace
          ? "replace-on-changes"
          : "replacement-interrupted";
      return this.#replace({ ...subject, old, new: state }, final, why);
    }
    if (final.changed) return [{ op: "update", reason: "changed", old, new: state, diff: final }];
    if (notInOrder) return [{ op: "update", reason: "not-in-order", old, new: state, diff: NO_DIFF }];
    return [{ op: "same", reason: "unchanged", old, new: state }];
  }

  #checked(subject: Subject, old: ResourceState | undefined): Promise<ResourceState> {
    return withCheckedInputs(subject.goal, subject.new, old, subject.randomSeed, this.options);
  }

  async #difference(
    subject: Subject & { readonly old: ResourceState },
  ): Promise<{ difference: Difference; reason: Reason }> {
    const { goal, old, new: state } = subject;
    if (isTriggered(goal, old, this.options.preview)) {
      return { difference: replacedBecauseOf("replacementTrigger"), reason: "replacement-trigger" };
    }
    const companion = this.#progress.replacedCompanion(old, state);
    if (companion !== undefined) {
      return { difference: replacedBecauseOf(companion), reason: "replaced-with" };
    }
    if (await this.#isProviderReplaced(old, state)) {
      return { difference: replacedBecauseOf("provider"), reason: "provider-replaced" };
    }
    if (!goal.custom) return { difference: compareExactly(old.inputs, state.inputs), reason: "changed" };
    return { difference: await this.#ask(goal, old, state.inputs), reason: "irreplaceable-change" };
  }

  async #ask(goal: Goal, old: ResourceState, inputs: PropertyMap): Promise<Difference> {
    const advisor = await this.options.providers.advisorOf(goal);
    try {
      return await askForDifference(advisor, old, inputs, goal.options.ignoreChanges ?? []);
    } catch (error) {
      if (!(error instanceof DiffUnavailableError)) throw error;
      this.options.report({ severity: "warning", message: error.message, urn: goal.urn });
      return { ...SAME, changed: true };
    }
  }

  async #isProviderReplaced(old: ResourceState, state: ResourceState): Promise<boolean> {
    if (old.provider === state.provider) return false;
    if (old.provider === undefined || state.provider === undefined) return true;
    const urn = referencedUrn(state.provider);
    const isRenamed =
      this.#progress.formerUrn(urn) !== undefined &&
      this.#progress.presentUrn(referencedUrn(old.provider)) === urn;
    // Renamed and replaced at once, it is another one.
    if (isRenamed && referencedId(old.provider) === referencedId(state.provider)) return false;
    return this.options.providers.mustReplaceResources(old.provider, state.provider);
  }

  async #replace(
    subject: Subject & { readonly old: ResourceState },
    difference: Difference,
    reason: Reason,
  ): Promise<readonly Step[]> {
    const { goal, old } = subject;
    if (goal.options.protect === true && old.protect === true)
      refuseProtected(old.urn, old.urn, this.options);
    if (goal.options.importId !== undefined) refuseImported(goal, difference, this.options);
    this.#progress.replaced.add(goal.urn);
    // Another resource owes nothing to the old one's inputs.
    const state = await this.#checked(subject, undefined);
    const first = goal.options.deleteBeforeReplace ?? difference.deleteBeforeReplace;
    const deletions = first ? await deletionsBefore(old, reason, this.#progress, this.options) : [];
    const isFree = old.pendingReplacement === true || (first && !isProviderType(goal.type));
    return isFree
      ? this.#replaceNow(deletions, old, state, reason, difference)
      : [...deletions, ...this.#replaceAfterwards(old, state, reason, difference)];
  }

  /** Creates first; the old resource goes at the end. */
  #replaceAfterwards(old: ResourceState, state: ResourceState, reason: Reason, diff: Difference): Step[] {
    this.#progress.superseded.add(old);
    return [
      { op: "create-replacement", reason, old, new: state, diff, keepsOld: true },
      { op: "replace", reason, old, new: state, diff },
    ];
  }

  #replaceNow(
    deletions: readonly Step[],
    old: ResourceState,
    state: ResourceState,
    reason: Reason,
    diff: Difference,
  ): Step[] {
    return [
      ...deletions,
      { op: "replace", reason, old, new: state, diff },
      { op: "create-replacement", reason, old, new: state, diff, keepsOld: false },
    ];
  }
}

function isToImport(old: ResourceState | undefined, id: string): boolean {
  if (old === undefined || old.external === true || old.pendingReplacement === true) return true;
  return (old.importId ?? old.id) !== id;
}
