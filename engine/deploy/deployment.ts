/**
 * One run over a stack: plans each resource when it is asked for, carries its steps out, and in the end what follows
 * from all. It holds the order of things, and the consequences of a failure; decisions are the planner's, deeds the
 * executor's.
 */
import { bulkhead } from "cockatiel";
import type { ExecutableStep, Executor } from "../apply/executor";
import type { ResourceState } from "../checkpoint/state";
import { type Diagnostic, messageOf } from "../diagnostic";
import { isUnownedProvider } from "../monitor/default-providers";
import type { Goal, ReadGoal } from "../plan/goal";
import { referencesOf } from "../plan/graph";
import type { Planner, ResourcePlan } from "../plan/planner";
import { goingAlong, type Step, urnOf } from "../plan/step";
import type { PropertyMap } from "../property/values";
import { RegistrationError } from "../registration-error";
import { StoppedError } from "../stopped-error";
import { isStack } from "../urn";
import { AwaitedDeletions } from "./awaited-deletions";
import { type DeployEvents, recordOf, type StepRecord } from "./events";
import { Staying } from "./staying";
import { UnderWay } from "./under-way";

/** The state that a registration came to; without one, the run went on after an error. */
export type Registered =
  | { readonly state: ResourceState }
  | { readonly state?: undefined; readonly result: "failed" | "skipped" };

export interface DeploymentOptions {
  readonly planner: Planner;
  readonly executor: Executor;
  /** Steps at a time. */
  readonly parallel: number;
  /** Whether what does not depend on a failed resource is still deployed. */
  readonly continueOnError: boolean;
  /** Whether nothing is changed; then an error keeps nothing else from being told. */
  readonly preview: boolean;
  readonly events: DeployEvents;
}

export class Deployment {
  /** Plans one resource at a time: a decision may concern resources that come later. */
  readonly #planning = bulkhead(1, Number.POSITIVE_INFINITY);
  readonly #working;
  /** What this run knows of its resources, by URN. */
  readonly #states = new Map<string, ResourceState>();
  readonly #defaultProviders = new Set<string>();
  readonly #deletions = new AwaitedDeletions();
  readonly #broken = new Set<string>();
  readonly #records: StepRecord[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #underWay = new UnderWay();
  #stackOutputs: { readonly urn: string; readonly outputs: PropertyMap } | undefined;
  #stopped: "no" | "failed" | "cancelled" = "no";

  constructor(private readonly options: DeploymentOptions) {
    this.#working = bulkhead(options.parallel, Number.POSITIVE_INFINITY);
  }

  get records(): readonly StepRecord[] {
    return this.#records;
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics;
  }

  get failed(): boolean {
    return this.#stopped === "failed" || this.#diagnostics.some(({ severity }) => severity === "error");
  }

  /** Whether no step begins any more. */
  get stopped(): boolean {
    return this.#stopped !== "no";
  }

  /** The state of a resource that this run has dealt with. */
  state(urn: string): ResourceState | undefined {
    return this.#states.get(urn);
  }

  /** The states of what this run registered or read, with the outputs that the stack is to have. */
  finalStates(): ResourceState[] {
    const own = this.#stackOutputs;
    return [...this.#states.values()].map((state) =>
      state.urn === own?.urn ? { ...state, outputs: own.outputs } : state,
    );
  }

  readonly report = (diagnostic: Diagnostic): void => {
    this.#diagnostics.push(diagnostic);
    this.options.events.diagnostic?.(diagnostic);
  };

  /** No step begins any more; those under way come to their end. */
  stop(why: "failed" | "cancelled"): void {
    if (this.#stopped === "no") this.#stopped = why;
  }

  /** Deploys a resource. Throws RegistrationError when the run ends with it. */
  register(goal: Goal, defaultProvider = false): Promise<Registered> {
    if (defaultProvider) this.#defaultProviders.add(goal.urn);
    return this.#underWay.register(goal.urn, async () => {
      if (this.#dependsOnBroken(goal)) return this.#skip(goal);
      return this.#settled(goal.urn, async () => {
        const { steps, afterImport } = await this.#plan(() => this.options.planner.register(goal));
        const state = await this.#carryOut(steps);
        if (afterImport === undefined) return state;
        const further = await this.#plan(async () => ({ steps: await afterImport(state) }));
        return further.steps.length === 0 ? state : this.#carryOut(further.steps);
      });
    });
  }

  read(goal: ReadGoal): Promise<Registered> {
    return this.#underWay.register(goal.urn, async () => {
      if (this.#dependsOnBroken(goal)) return this.#skip(goal);
      return this.#settled(goal.urn, async () => {
        const { steps } = await this.#plan(async () => ({ steps: this.options.planner.read(goal) }));
        return this.#carryOut(steps);
      });
    });
  }

  /** Takes the outputs of a component; those of the stack are kept until the end. */
  async registerOutputs(urn: string, outputs: PropertyMap): Promise<void> {
    const before = this.#states.get(urn);
    if (before === undefined) {
      if (this.#broken.has(urn)) return;
      throw new RegistrationError(`cannot complete a resource that was not registered: ${urn}`, urn);
    }
    if (isStack(before)) this.#stackOutputs = { urn, outputs };
    else await this.#underWay.track(() => this.#takeOutputs(before, outputs));
  }

  /** Deletes what nobody asks for any more, if all went well. To be called when the program has registered all. */
  async finish(): Promise<void> {
    await this.idle();
    const { continueOnError, preview } = this.options;
    if (this.#stopped !== "no" || (this.failed && !continueOnError && !preview)) return;
    const { planner } = this.options;
    const staying = new Staying(planner);
    for (const urn of this.#broken) staying.keepAround(urn);
    for (const state of this.#deletions.remaining) staying.keep(state);
    for (const layer of planner.deletions()) {
      if (this.#stopped !== "no") return;
      const steps = staying.permitted(layer);
      const attempt = (step: (typeof steps)[number]) =>
        this.#execute(step).then(
          () => ({ step, error: undefined }),
          (error: unknown) => ({ step, error }),
        );
      const outcomes = await this.#underWay.track(() => Promise.all(steps.map(attempt)));
      for (const { step, error } of outcomes) {
        if (error === undefined) continue;
        this.report({ severity: "error", message: messageOf(error), urn: step.old.urn });
        staying.keepOf(step);
        if (!continueOnError && step.old.protect !== true) this.stop("failed");
      }
    }
  }

  /** Resolves when no step is under way. */
  idle(): Promise<void> {
    return this.#underWay.idle();
  }

  /**
   * Writes the stack's outputs. After an error those that are not known this time stay. Where the log cannot be written
   * any more that is reported, and the checkpoint, which is still to be written, carries them.
   */
  async close(): Promise<PropertyMap> {
    await this.idle();
    const stack = [...this.#states.values()].find(isStack);
    if (stack === undefined || this.#stackOutputs === undefined) return stack?.outputs ?? {};
    const { outputs } = this.#stackOutputs;
    const merged = this.failed || this.#stopped !== "no" ? { ...stack.outputs, ...outputs } : outputs;
    await this.#takeOutputs(stack, merged).catch((error: unknown) =>
      this.report({ severity: "error", message: messageOf(error), urn: stack.urn }),
    );
    return merged;
  }

  async #takeOutputs(before: ResourceState, outputs: PropertyMap): Promise<void> {
    const after = { ...before, outputs };
    this.#states.set(before.urn, after);
    await this.options.executor.outputs(before, after);
  }

  #plan(decide: () => Promise<ResourcePlan>): Promise<ResourcePlan> {
    return this.#planning.execute(async () => {
      this.#refuseWhenStopped();
      const plan = await decide();
      this.#deletions.expect(plan.steps, (state) => this.options.planner.everythingUnder(state));
      return plan;
    });
  }

  /** The steps one after the other; the state that the last of them left. */
  async #carryOut(steps: readonly Step[]): Promise<ResourceState> {
    let state: ResourceState | undefined;
    try {
      for (const step of steps) state = (await this.#carryOutOne(step)) ?? state;
    } finally {
      this.#deletions.end(steps, false);
    }
    if (state === undefined) throw new Error("a registration came to no state");
    this.#states.set(state.urn, state);
    return state;
  }

  async #carryOutOne(step: Step): Promise<ResourceState | undefined> {
    if (step.op === "replace") {
      this.note(recordOf(step, step.new, "done", this.#isDefaultProvider(urnOf(step))));
      return undefined;
    }
    if (step.op === "refresh") throw new Error("a registration is never refreshed");
    const obstacle = await this.#obstacle(step);
    if (obstacle !== undefined) {
      this.#refuseWhenStopped();
      throw new RegistrationError(obstacle);
    }
    const result = await this.#execute(step);
    this.#deletions.end([step], true);
    return "new" in step ? result : undefined;
  }

  /** What keeps a step from being taken, when what it waits for has ended. */
  async #obstacle(step: Step): Promise<string | undefined> {
    const dependent =
      "after" in step && step.after ? await this.#underWay.firstFailed(step.after) : undefined;
    if (dependent === undefined) return this.#deletions.obstacle(step);
    return `it is not deleted, because ${dependent}, which depends on it until now, could not be changed`;
  }

  #execute(step: ExecutableStep): Promise<ResourceState | undefined> {
    return this.#working.execute(async () => {
      this.#refuseWhenStopped();
      const urn = urnOf(step);
      const isDefault = this.#isDefaultProvider(urn);
      const { type } = "new" in step ? step.new : step.old;
      this.options.events.started?.({ op: step.op, urn, type });
      try {
        const state = await this.options.executor.execute(step);
        for (const each of goingAlong(step)) this.note(recordOf(each, undefined, "done", false));
        this.note(recordOf(step, state, "done", isDefault));
        return state;
      } catch (error) {
        this.note(recordOf(step, undefined, "failed", isDefault));
        throw error;
      }
    });
  }

  /** What a registration came to. An error ends the run, or only what depends on the resource. */
  async #settled(urn: string, work: () => Promise<ResourceState>): Promise<Registered> {
    try {
      return { state: await work() };
    } catch (error) {
      if (this.#stopped === "cancelled" && error instanceof StoppedError) throw error;
      const message = messageOf(error);
      if (!this.options.continueOnError || error instanceof StoppedError) {
        this.stop("failed");
        throw error instanceof RegistrationError ? error : new RegistrationError(message, urn);
      }
      this.report({ severity: "error", message, urn });
      this.#broken.add(urn);
      return { result: "failed" };
    }
  }

  #skip(goal: Goal): Registered {
    this.options.planner.skip(goal);
    this.#broken.add(goal.urn);
    return { result: "skipped" };
  }

  #dependsOnBroken(goal: Goal): boolean {
    if (this.#broken.size === 0) return false;
    const { parent = "", options } = goal;
    const references = referencesOf({ ...goal, ...options });
    return this.#broken.has(parent) || [...references].some((urn) => this.#broken.has(urn));
  }

  #isDefaultProvider(urn: string): boolean {
    return this.#defaultProviders.has(urn) || isUnownedProvider(urn);
  }

  /** Keeps what became of a step, and tells it. */
  note(record: StepRecord): void {
    this.#records.push(record);
    this.options.events.finished?.(record);
  }

  #refuseWhenStopped(): void {
    if (this.#stopped !== "no") throw new StoppedError();
  }
}
