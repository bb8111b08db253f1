/**
 * Judges a declaration by policy packs, as the official engine does in a preview: first every resource's inputs,
 * remediated where a policy does that, then the whole stack's outputs.
 */
import { EngineError } from "../diagnostic";
import type { Declaration, DeclaredResource } from "../monitor/declaration";
import { plannedOutputs } from "../monitor/planned";
import { withoutRevealed } from "../property/revealed-secrets";
import type { PropertyMap } from "../property/values";
import { referencedUrn } from "../provider-reference";
import { isProviderType, isStack, makeUrn, STACK_TYPE } from "../urn";
import { hiddenTexts } from "./hidden-texts";
import type { PackJudgement, PolicyStep } from "./judgement";
import { analyzeRequest, type JudgedResource, type PackAnswer, stackResource } from "./messages";
import { remediated } from "./properties";
import { PackRecord } from "./record";
import type { ReadyPack, RunningPack } from "./runner";

/** Resources that are sent before the first of them is answered. A pack works on one at a time. */
const IN_FLIGHT = 8;

/** A pack and what it has said so far. */
interface Judge {
  readonly running: RunningPack;
  readonly ready: ReadyPack;
  readonly remediates: boolean;
  readonly record: PackRecord;
}

/**
 * What every pack says of the declaration, in the order of the packs. The same declaration gives the same
 * judgements, however fast the packs answer. Secrets are blanked in what they say. Throws EngineError: `policy`
 * when a pack does not start, throws, ends or does not answer; `configuration` when its configuration is refused.
 */
export async function judge(
  declaration: Declaration,
  packs: readonly RunningPack[],
): Promise<PackJudgement[]> {
  try {
    const judges = await Promise.all(packs.map(prepare));
    return await judgements(declaration, judges);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(error.code, withoutRevealed(error.problems, hiddenTexts(declaration)));
  }
}

async function prepare(running: RunningPack): Promise<Judge> {
  const ready = await running.ready;
  const remediates = ready.policies.some(({ level }) => level === "remediate");
  return { running, ready, remediates, record: new PackRecord(ready) };
}

async function judgements(declaration: Declaration, judges: readonly Judge[]): Promise<PackJudgement[]> {
  const inputs = await remediateAll(declaration, judges);
  const managed = managedResources(declaration, inputs);
  const known = new Set(managed.map(({ resource }) => resource.urn));
  const askAll = (
    step: PolicyStep,
    urn: string,
    ask: (running: RunningPack) => Promise<PackAnswer>,
  ): Promise<void> =>
    inTurns(
      judges,
      async ({ running, record }) => record.answer(await ask(running), step, urn, known),
      judges.length,
    );
  await inTurns(managed, (judged) => {
    const { resource } = judged;
    const request = analyzeRequest(judged, resource.inputs, "without-internal");
    return askAll("analyze", resource.urn, (running) => running.analyze(request));
  });
  const stackJudged = declaration.outcome === "succeeded";
  if (stackJudged) {
    const resources = managed.map((judged) => stackResource(judged, outputsOf(judged.resource, inputs)));
    await askAll("analyze-stack", rootUrn(declaration), (running) => running.analyzeStack(resources));
  }
  const hidden = [...hiddenTexts(declaration), ...judges.flatMap(({ running }) => running.target.hidden)];
  const order = new Map(declaration.resources.map(({ urn }, at) => [urn, at]));
  return judges.map(({ record, running }) =>
    record.judgement(order, running.tellsNoSecrets ? [] : hidden, stackJudged),
  );
}

/** The resources that the program manages, with the given inputs; what it only reads is not judged. */
function managedResources(
  declaration: Declaration,
  inputs: ReadonlyMap<string, PropertyMap>,
): JudgedResource[] {
  const current = declaration.resources
    .filter(({ external }) => !external)
    .map((resource) => ({ ...resource, inputs: inputs.get(resource.urn) ?? resource.inputs }));
  const byUrn = new Map(current.map((resource) => [resource.urn, resource]));
  return current.map((resource) => {
    const provider =
      resource.provider === undefined ? undefined : byUrn.get(referencedUrn(resource.provider));
    return { resource, ...(provider === undefined ? {} : { provider }) };
  });
}

/** Inputs by URN of the resources that a policy changed. Providers first: their resources are told of them. */
async function remediateAll(
  declaration: Declaration,
  judges: readonly Judge[],
): Promise<ReadonlyMap<string, PropertyMap>> {
  const changed = new Map<string, PropertyMap>();
  const remediating = judges.filter(({ remediates }) => remediates);
  if (remediating.length === 0) return changed;
  for (const ofProviders of [true, false]) {
    const turn = managedResources(declaration, changed).filter(
      ({ resource }) => isProviderType(resource.type) === ofProviders,
    );
    await inTurns(turn, async (judged) => {
      const { urn, inputs } = judged.resource;
      const after = await remediate(judged, remediating);
      if (after !== inputs) changed.set(urn, after);
    });
  }
  return changed;
}

/** One resource through every pack in turn: each sees what those before it made. */
async function remediate(judged: JudgedResource, judges: readonly Judge[]): Promise<PropertyMap> {
  const { urn, inputs } = judged.resource;
  let current = inputs;
  for (const { running, record } of judges) {
    const answer = await running.remediate(analyzeRequest(judged, current, "with-internal"));
    for (const remediation of answer.remediations) {
      if (remediation.diagnostic !== "") {
        record.diagnostic(
          { ...remediation, level: "advisory", message: remediation.diagnostic, urn },
          "remediate",
        );
        continue;
      }
      const after = remediated(current, remediation.properties);
      record.remediation({
        policy: remediation.policy,
        description: remediation.description,
        urn,
        before: current,
        after,
      });
      current = after;
    }
    record.notApplicable(answer.notApplicable, "remediate", urn);
  }
  return current;
}

/** Inputs that a policy changed are echoed as outputs, as those of the program were. */
function outputsOf(resource: DeclaredResource, inputs: ReadonlyMap<string, PropertyMap>): PropertyMap {
  const { urn, type, custom, remote, options, outputs } = resource;
  const changed = inputs.get(urn);
  return changed === undefined || !(custom || remote) ? outputs : plannedOutputs(type, changed, options);
}

/** The root of the stack, whether or not the program came so far as to register it. */
function rootUrn({ project, environment, resources }: Declaration): string {
  const root = resources.find(isStack);
  return root?.urn ?? makeUrn(environment, project, "", STACK_TYPE, `${project}-${environment}`);
}

/** Does the work for all items, some at a time. When any fails, the first of them in order is thrown. */
async function inTurns<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  width = IN_FLIGHT,
): Promise<void> {
  const queue = [...items.entries()];
  const failures = new Map<number, unknown>();
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && failures.size === 0; next = queue.shift()) {
      const [at, item] = next;
      await work(item).catch((error: unknown) => failures.set(at, error));
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
}
