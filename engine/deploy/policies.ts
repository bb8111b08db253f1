/**
 * Policy packs in a deployment: every resource's checked inputs are remediated and judged before its steps, and the
 * whole stack's outputs at the end. What breaks a mandatory policy is not touched; in a preview it is told, and
 * everything else too.
 *
 * Rules: facts of pulumi/pulumi, pkg/resource/deploy/step_generator.go.
 */
import type { ResourceState } from "../checkpoint/state";
import { type Diagnostic, EngineError } from "../diagnostic";
import type { Declaration, DeclaredResource } from "../monitor/declaration";
import type { Goal } from "../plan/goal";
import { readPolicySettings } from "../policy/configuration";
import { hiddenTexts } from "../policy/hidden-texts";
import type { PackJudgement, PolicyStep } from "../policy/judgement";
import { analyzeRequest, type JudgedResource, type PackAnswer, stackResource } from "../policy/messages";
import { loadPack } from "../policy/pack";
import { remediated } from "../policy/properties";
import { PackRecord } from "../policy/record";
import { type ReadyPack, type RunningPack, startPack } from "../policy/runner";
import type { PolicyTarget } from "../policy/target";
import { withoutRevealed } from "../property/revealed-secrets";
import type { PropertyMap } from "../property/values";
import { referencedUrn } from "../provider-reference";
import { RegistrationError } from "../registration-error";
import { isStack } from "../urn";

/** A policy pack, as a user names it. */
export interface PolicyPackChoice {
  /** The folder that holds PulumiPolicy.yaml. */
  readonly folder: string;
  /** A `--policy-pack-config` file. */
  readonly settingsFile?: string;
}

/** What packs are run with. */
export interface PolicyRun {
  readonly packs: readonly PolicyPackChoice[];
  readonly target: PolicyTarget;
  readonly processEnvironment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** What packs tell while they judge. */
export interface PolicyListener {
  report(diagnostic: Diagnostic): void;
  /** A pack failed: the run ends with it, whatever else the caller would go on with. */
  fail(): void;
}

/** A pack that is ready, and what it has said. */
interface Judge {
  readonly running: RunningPack;
  readonly ready: ReadyPack;
  readonly remediates: boolean;
  readonly record: PackRecord;
}

export class DeployPolicies {
  readonly #running: readonly RunningPack[];
  readonly #target: PolicyTarget;
  /** What was judged, by URN, with the inputs that it has after remediation. */
  readonly #judged = new Map<string, DeclaredResource>();
  #judges: readonly Judge[] = [];
  #stackJudged = false;
  /** To be set before anything is judged. */
  listener: PolicyListener = { report: () => {}, fail: () => {} };

  /** Starts the packs and returns at once. Throws EngineError, with nothing started, for one that cannot be read. */
  constructor({ packs, target, processEnvironment, signal }: PolicyRun) {
    this.#target = target;
    const prepared = packs.map(({ folder, settingsFile }) => ({
      pack: loadPack(folder),
      ...(settingsFile === undefined ? {} : { settings: readPolicySettings(settingsFile) }),
    }));
    this.#running = prepared.map(({ pack, ...settings }) =>
      startPack(pack, target, { processEnvironment, signal, ...settings }),
    );
  }

  /** Waits until every pack is ready to judge. Throws EngineError `policy` or `configuration`. */
  async begin(): Promise<void> {
    this.#judges = await Promise.all(
      this.#running.map(async (running) => {
        const ready = await running.ready;
        const remediates = ready.policies.some(({ level }) => level === "remediate");
        return { running, ready, remediates, record: new PackRecord(ready) };
      }),
    );
  }

  /**
   * The inputs of a resource as the policies want them. Throws RegistrationError for those that break a mandatory one,
   * outside of a preview, and when a pack fails.
   */
  async judge(state: ResourceState, goal: Goal): Promise<PropertyMap> {
    // A resource that is made anew is checked twice, and told of once.
    const again = this.#judged.has(state.urn);
    const judges = again
      ? this.#judges.map((judge) => ({ ...judge, record: new PackRecord(judge.ready) }))
      : this.#judges;
    const resource = declared(state, goal);
    const inputs = await this.#asking(state.urn, () => this.#remediate(resource, judges, again));
    const current = { ...resource, inputs };
    this.#judged.set(state.urn, current);
    const request = analyzeRequest(this.#withProvider(current), inputs, "without-internal");
    const broken = await this.#ask(
      judges,
      "analyze",
      state.urn,
      (running) => running.analyze(request),
      again,
    );
    if (broken.length > 0 && this.#target.dryRun === false) {
      throw new RegistrationError(broken.join("\n"), state.urn);
    }
    return inputs;
  }

  /** Judges the stack by its final states. */
  async judgeStack(states: readonly ResourceState[]): Promise<void> {
    const resources = states.flatMap((state) => {
      const judged = this.#judged.get(state.urn);
      return judged === undefined ? [] : [stackResource(this.#withProvider(judged), state.outputs)];
    });
    const root = states.find(isStack);
    this.#stackJudged = true;
    const broken = await this.#ask(this.#judges, "analyze-stack", root?.urn ?? "", (running) =>
      running.analyzeStack(resources),
    );
    if (this.#target.dryRun !== false) return;
    for (const message of broken) this.listener.report({ severity: "error", message });
  }

  /** Everything that the packs said, in the order of the packs. */
  results(): PackJudgement[] {
    const order = new Map([...this.#judged.keys()].map((urn, at) => [urn, at]));
    const hidden = this.#hidden();
    return this.#judges.map(({ record }) => record.judgement(order, hidden, this.#stackJudged));
  }

  /** Ends the packs; resolves when they are gone. */
  async end(): Promise<void> {
    await Promise.all(this.#running.map((running) => running.end()));
  }

  /** One resource through every pack in turn: each sees what those before it made. */
  async #remediate(
    resource: DeclaredResource,
    judges: readonly Judge[],
    silent: boolean,
  ): Promise<PropertyMap> {
    const { urn } = resource;
    const judged = this.#withProvider(resource);
    let current = resource.inputs;
    for (const { running, remediates, record } of judges) {
      if (!remediates) continue;
      const answer = await running.remediate(analyzeRequest(judged, current, "with-internal"));
      for (const remediation of answer.remediations) {
        const { policy, description, diagnostic, properties } = remediation;
        if (diagnostic !== "") {
          record.diagnostic({ ...remediation, level: "advisory", message: diagnostic, urn }, "remediate");
          if (!silent) this.#tell("warning", told("advisory", remediation, diagnostic), urn);
          continue;
        }
        const after = remediated(current, properties);
        record.remediation({ policy, description, urn, before: current, after });
        if (!silent) this.#tell("info", told("remediate", remediation, description), urn);
        current = after;
      }
      record.notApplicable(answer.notApplicable, "remediate", urn);
    }
    return current;
  }

  /** Asks every pack; what breaks mandatory policies is returned, and in a preview told at once as all else is. */
  async #ask(
    judges: readonly Judge[],
    step: PolicyStep,
    urn: string,
    ask: (running: RunningPack) => Promise<PackAnswer>,
    silent = false,
  ): Promise<string[]> {
    const known = new Set(this.#judged.keys());
    const answers = await this.#asking(urn, () =>
      Promise.all(judges.map(async ({ running, record }) => ({ record, answer: await ask(running) }))),
    );
    const broken: string[] = [];
    for (const { record, answer } of answers) {
      record.answer(answer, step, urn, known);
      for (const diagnostic of answer.diagnostics) {
        const mandatory = diagnostic.level === "mandatory" || diagnostic.level === "remediate";
        const about = step === "analyze-stack" && known.has(diagnostic.urn) ? diagnostic.urn : urn;
        const text = told(mandatory ? "mandatory" : "advisory", diagnostic, diagnostic.message);
        if (mandatory) broken.push(withoutRevealed(text, this.#hidden()));
        if (silent) continue;
        if (!mandatory) this.#tell("warning", text, about);
        else if (this.#target.dryRun !== false) this.#tell("error", text, about);
      }
    }
    return broken;
  }

  /** A pack that fails ends the run. */
  async #asking<T>(urn: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.listener.fail();
      throw new RegistrationError(withoutRevealed(error.problems.join("\n"), this.#hidden()), urn);
    }
  }

  #tell(severity: Diagnostic["severity"], message: string, urn: string): void {
    this.listener.report({
      severity,
      message: withoutRevealed(message, this.#hidden()),
      ...(urn === "" ? {} : { urn }),
    });
  }

  #withProvider(resource: DeclaredResource): JudgedResource {
    const { provider } = resource;
    const found = provider === undefined ? undefined : this.#judged.get(referencedUrn(provider));
    return { resource, ...(found === undefined ? {} : { provider: found }) };
  }

  /** A pack sees secrets in clear, and may write them into its messages. */
  #hidden(): string[] {
    const { project, environment, hidden } = this.#target;
    const declaration: Declaration = {
      project,
      environment,
      outcome: "succeeded",
      resources: [...this.#judged.values()],
      outputs: {},
      invokes: {},
      diagnostics: [],
    };
    return [...hidden, ...hiddenTexts(declaration)];
  }
}

function declared(state: ResourceState, goal: Goal): DeclaredResource {
  const { urn, type, custom, inputs, parent, provider, dependencies, propertyDependencies } = state;
  return {
    urn,
    type,
    name: goal.name,
    custom,
    remote: false,
    external: false,
    defaultProvider: false,
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined ? {} : { provider }),
    inputs,
    outputs: {},
    dependencies,
    propertyDependencies,
    options: goal.options,
  };
}

/** `[mandatory] pack v1.0.0, policy: message` */
function told(
  level: "advisory" | "mandatory" | "remediate",
  { pack, version, policy }: { readonly pack: string; readonly version: string; readonly policy: string },
  message: string,
): string {
  return `[${level}] ${pack} v${version}, ${policy}: ${message}`;
}
