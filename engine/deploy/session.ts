/**
 * One operation on a stack, from reading its configuration to writing its state. A preview reads the state without a
 * lock and writes nothing; anything else holds the stack, and leaves it whole however the operation ends.
 */
import { builtinProvider } from "../apply/builtin-provider";
import { Executor } from "../apply/executor";
import { ProviderRegistry } from "../apply/registry";
import type { StackLocation } from "../checkpoint/backend";
import type { RunKind } from "../checkpoint/history";
import type { StackSecrets } from "../checkpoint/keyring";
import { type OpenStack, openStack, readStack } from "../checkpoint/open-stack";
import type { Recovered } from "../checkpoint/recovery";
import type { ResourceState, Snapshot } from "../checkpoint/state";
import { readTags } from "../checkpoint/tags";
import { type Diagnostic, EngineError } from "../diagnostic";
import type { Outcome } from "../monitor/declaration";
import { defaultProvider, isUnownedProvider } from "../monitor/default-providers";
import { Planner } from "../plan/planner";
import { type EnvironmentConfiguration, loadEnvironment } from "../project/environment";
import { parseOverride } from "../project/overrides";
import { passphraseFrom } from "../project/passphrase";
import type { Project } from "../project/project";
import type { PropertyMap } from "../property/values";
import { packageOf, parseUrn } from "../urn";
import { Deployment } from "./deployment";
import { countChanges, type DeployResult } from "./events";
import { settleInterrupted } from "./interrupted";
import type { DeployOptions } from "./options";
import { DeployPolicies } from "./policies";
import { stackOutputsOf } from "./stack-outputs";

/** What an operation works with. */
export interface Session {
  readonly project: Project;
  readonly configuration: EnvironmentConfiguration;
  readonly snapshot: Snapshot;
  readonly registry: ProviderRegistry;
  readonly executor: Executor;
  readonly deployment: Deployment;
  readonly planner: Planner;
  /** Absent in a preview. */
  readonly stack: OpenStack | undefined;
  /** Absent where nothing judges. */
  readonly policies: DeployPolicies | undefined;
}

/** Does an operation on the stack of an environment. Throws EngineError when it cannot even begin. */
export async function onStack(
  project: Project,
  environment: string,
  kind: RunKind,
  options: DeployOptions,
  operate: (session: Session) => Promise<Outcome>,
): Promise<DeployResult> {
  const configuration = await configurationOf(project, environment, options);
  const location = { backend: options.backend, project: project.name, stack: environment };
  const policies = kind === "update" ? await policiesFor(location, configuration, options) : undefined;
  try {
    await policies?.begin();
    return await onOpenStack({ project, configuration, location, policies }, kind, options, operate);
  } finally {
    await policies?.end();
  }
}

/** Where an operation works. */
interface Place extends Pick<Session, "project" | "configuration" | "policies"> {
  readonly location: StackLocation;
}

async function onOpenStack(
  place: Place,
  kind: RunKind,
  options: DeployOptions,
  operate: (session: Session) => Promise<Outcome>,
): Promise<DeployResult> {
  const { configuration, location, policies } = place;
  const secrets = secretsOf(configuration, options);
  const { preview, message } = options;
  const stack = preview
    ? undefined
    : await openStack(location, { secrets, kind, message, config: configuration.stored });
  const unserved = new Set<string>();
  const before = stack?.snapshot ?? (await readStack(location, secrets));
  const registry = new ProviderRegistry({
    factories: {
      ...options.factories,
      pulumi: () => builtinProvider(stackOutputsOf(location, secrets)),
    },
    admission: options.admission,
    preview,
    old: before.resources,
    currentInputs: (state) => currentInputs(state, configuration),
    onPassThrough: (name) => unserved.add(name),
  });
  try {
    const settled = await settleInterrupted(before, registry);
    const { snapshot } = settled;
    if (snapshot !== before) await stack?.rewrite(snapshot);
    const session = sessionOn(place, snapshot, registry, stack, options);
    const { deployment } = session;
    for (const told of [
      ...recoveryOf(stack?.recovered),
      ...configuration.diagnostics,
      ...settled.diagnostics,
    ]) {
      deployment.report(told);
    }
    const stopListening = heedSignals(deployment, registry, options);
    const outcome = await operate(session);
    const outputs = await deployment.close();
    stopListening();
    const failed = outcome === "succeeded" && deployment.failed;
    const final = options.signal.aborted ? "cancelled" : failed ? "failed" : outcome;
    const changes = countChanges(deployment.records);
    await stack?.finish({
      result: final === "succeeded" ? "succeeded" : "failed",
      resourceChanges: changes as Readonly<Record<string, number>>,
    });
    const { records: steps, diagnostics } = deployment;
    return {
      outcome: final,
      steps,
      changes,
      outputs,
      diagnostics,
      unserved: [...unserved],
      policies: policies?.results() ?? [],
    };
  } catch (error) {
    await stack?.abandon();
    throw error;
  } finally {
    await registry.close();
  }
}

/** Stops the deployment, and at last its providers, when the caller says so; until what it returns is called. */
function heedSignals(
  deployment: Deployment,
  registry: ProviderRegistry,
  { signal, giveUp }: DeployOptions,
): () => void {
  const cancel = (): void => deployment.stop("cancelled");
  const give = (): void => {
    cancel();
    void registry.cancel();
  };
  signal.addEventListener("abort", cancel);
  giveUp?.addEventListener("abort", give);
  if (signal.aborted) cancel();
  if (giveUp?.aborted === true) give();
  return () => {
    signal.removeEventListener("abort", cancel);
    giveUp?.removeEventListener("abort", give);
  };
}

function sessionOn(
  { project, configuration, policies }: Place,
  snapshot: Snapshot,
  registry: ProviderRegistry,
  stack: OpenStack | undefined,
  options: DeployOptions,
): Session {
  const executor = new Executor({
    registry,
    ...(stack === undefined ? {} : { recorder: stack.recorder }),
    now: () => new Date().toISOString(),
    gaveUp: () => options.giveUp?.aborted === true,
  });
  let report = (_diagnostic: Diagnostic): void => {};
  const planner = new Planner({
    project: project.name,
    stack: configuration.environment,
    snapshot,
    providers: registry,
    preview: options.preview,
    report: (diagnostic) => report(diagnostic),
    ...(policies === undefined ? {} : { judge: (state, goal) => policies.judge(state, goal) }),
  });
  const { parallel, continueOnError, preview, events } = options;
  const deployment = new Deployment({ planner, executor, parallel, continueOnError, preview, events });
  report = deployment.report;
  if (policies !== undefined) policies.listener = { report, fail: () => deployment.stop("failed") };
  return { project, configuration, snapshot, registry, executor, deployment, planner, stack, policies };
}

/** The packs that are to judge, started; undefined when there are none. Throws EngineError for one that cannot be. */
async function policiesFor(
  location: StackLocation,
  { values, secretKeys, revealed }: EnvironmentConfiguration,
  { policyPacks = [], preview, processEnvironment, signal }: DeployOptions,
): Promise<DeployPolicies | undefined> {
  if (policyPacks.length === 0) return undefined;
  const target = {
    project: location.project,
    environment: location.stack,
    values,
    secretKeys,
    hidden: revealed,
    dryRun: preview,
    tags: await readTags(location),
  };
  return new DeployPolicies({ packs: policyPacks, target, processEnvironment, signal });
}

/** The configuration with what the caller lays over it. Secrets must be open: a deployment uses them. */
async function configurationOf(
  project: Project,
  environment: string,
  { overrides, processEnvironment, settings }: DeployOptions,
): Promise<EnvironmentConfiguration> {
  const parsed = overrides.map((override) => parseOverride(override, project.name));
  const configuration = await loadEnvironment(project, environment, parsed, processEnvironment);
  if (configuration.locked.count > 0) {
    throw new EngineError("passphrase", [
      `Pulumi.${environment}.yaml: ${configuration.locked.count} secrets are locked; a deployment needs them: set ` +
        "PULUMI_CONFIG_PASSPHRASE to the passphrase of this file",
    ]);
  }
  return {
    ...configuration,
    values: { ...configuration.values, ...settings.values },
    secretKeys: [...new Set([...configuration.secretKeys, ...settings.secretKeys])],
    revealed: [...configuration.revealed, ...settings.secretKeys.map((key) => settings.values[key] ?? "")],
  };
}

function secretsOf(
  { encryptionSalt }: EnvironmentConfiguration,
  { processEnvironment }: DeployOptions,
): StackSecrets {
  return {
    passphrase: passphraseFrom(processEnvironment),
    ...(encryptionSalt === undefined ? {} : { encryptionSalt }),
  };
}

/** A default provider is configured as the configuration says now, and not as it did when it was made. */
function currentInputs(state: ResourceState, configuration: EnvironmentConfiguration): PropertyMap {
  if (!isUnownedProvider(state.urn)) return state.inputs;
  const text = (key: string): string => {
    const value = state.inputs[key];
    return typeof value === "string" ? value : "";
  };
  const descriptor = {
    name: packageOf(state.type),
    version: text("version"),
    pluginDownloadUrl: text("pluginDownloadURL"),
  };
  return defaultProvider(descriptor, configuration.values, configuration.secretKeys).inputs;
}

function recoveryOf(recovered: Recovered | undefined): Diagnostic[] {
  if (recovered === undefined) return [];
  if (recovered.outcome === "set-aside") {
    const message = `the log of an earlier deployment was set aside as ${recovered.path}: ${recovered.reason}`;
    return [{ severity: "warning", message }];
  }
  const { kind, started, steps, interrupted } = recovered;
  const names = interrupted.map(({ type, resource }) => `${type} ${parseUrn(resource.urn).name}`);
  const open = names.length === 0 ? "" : `; not seen to end: ${names.join(", ")}`;
  const message = `recovered an interrupted ${kind} of ${started}: ${steps.length} steps begun${open}`;
  return [{ severity: "warning", message }];
}
