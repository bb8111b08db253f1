/** Runs the fixture packs on small declarations, in Pulumi's own runner. */
import { join } from "node:path";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { EngineError } from "../../../engine/diagnostic";
import type { Declaration, DeclaredResource } from "../../../engine/monitor/declaration";
import { plannedOutputs } from "../../../engine/monitor/planned";
import { judge } from "../../../engine/policy/analyze";
import type { PackJudgement } from "../../../engine/policy/judgement";
import { loadPack } from "../../../engine/policy/pack";
import { type PackOptions, type RunningPack, startPack } from "../../../engine/policy/runner";
import type { PolicyTarget } from "../../../engine/policy/target";
import type { PropertyMap } from "../../../engine/property/values";
import { makeUrn, STACK_TYPE } from "../../../engine/urn";

export const THING = "test:index:Thing";
export const STACK_URN = makeUrn("dev", "trial", "", STACK_TYPE, "trial-dev");

/** The folder of a fixture pack. */
export function packFolder(name: string): string {
  return join(__dirname, "packs", name);
}

/** The URN of a thing. */
export function urnOf(name: string, type = THING): string {
  return makeUrn("dev", "trial", "", type, name);
}

/** A thing; its outputs are its inputs, as in a preview. */
export function thing(
  name: string,
  inputs: PropertyMap = {},
  more: Partial<DeclaredResource> = {},
): DeclaredResource {
  const { type = THING, options = {} } = more;
  return {
    urn: urnOf(name, type),
    type,
    name,
    custom: true,
    remote: false,
    external: false,
    defaultProvider: false,
    parent: STACK_URN,
    inputs,
    outputs: plannedOutputs(type, inputs, options),
    dependencies: [],
    propertyDependencies: {},
    options,
    ...more,
  };
}

/** A declaration of a stack with the given resources below it. */
export function declarationOf(
  resources: readonly DeclaredResource[],
  more: Partial<Declaration> = {},
): Declaration {
  const { parent: _, ...root } = thing("trial-dev", {}, { type: STACK_TYPE, urn: STACK_URN, custom: false });
  return {
    project: "trial",
    environment: "dev",
    outcome: "succeeded",
    resources: [root, ...resources],
    outputs: {},
    invokes: {},
    diagnostics: [],
    ...more,
  };
}

/** What a test may say of the run of a pack. */
export interface PackTrial extends Partial<Omit<PackOptions, "processEnvironment">> {
  readonly target?: Partial<PolicyTarget>;
  readonly processEnvironment?: NodeJS.ProcessEnv;
}

function launch(pack: string, { target, ...options }: PackTrial = {}): RunningPack {
  return startPack(
    loadPack(pack.includes("/") ? pack : packFolder(pack)),
    { project: "trial", environment: "dev", values: {}, secretKeys: [], hidden: [], ...target },
    { processEnvironment: process.env, signal: new AbortController().signal, ...options },
  );
}

/** Starts a fixture pack, or one in another folder; it is ended after the test. */
export function start(pack: string, trial: PackTrial = {}): RunningPack {
  const running = launch(pack, trial);
  onTestFinished(() => running.end());
  return running;
}

/** A fixture pack that the tests of a file share; it keeps nothing of what it judged. */
export function sharedPack(pack: string): { judged(declaration: Declaration): Promise<PackJudgement> } {
  let running: RunningPack | undefined;
  beforeAll(() => {
    running = launch(pack);
  });
  afterAll(() => running?.end());
  return { judged: (declaration) => judgedBy(running, declaration) };
}

async function judgedBy(running: RunningPack | undefined, declaration: Declaration): Promise<PackJudgement> {
  const [judgement] = await judge(declaration, running === undefined ? [] : [running]);
  if (judgement === undefined) throw new Error("expected a judgement");
  return judgement;
}

/** What one fixture pack says of a declaration. */
export async function judged(
  pack: string,
  declaration: Declaration,
  trial: PackTrial = {},
): Promise<PackJudgement> {
  return judgedBy(start(pack, trial), declaration);
}

/** The error with which a check fails. */
export async function failureOf(work: Promise<unknown>): Promise<EngineError> {
  const result = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (result instanceof EngineError) return result;
  throw new Error(`expected an EngineError, found ${String(result)}`);
}
