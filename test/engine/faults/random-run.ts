/**
 * A random life of a stack: programs deployed, previewed, refreshed and destroyed, with failing providers and
 * cancellations in between. After each operation the state must be whole and agree with the world; in the end, when
 * nothing fails any more, there must be nothing to do.
 */
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { openStack } from "../../../engine/checkpoint/open-stack";
import type { ResourceState, Snapshot } from "../../../engine/checkpoint/state";
import type { DeployResult } from "../../../engine/deploy/events";
import { EngineError } from "../../../engine/diagnostic";
import { withoutSecrets } from "../../../engine/property/secretness";
import type { PropertyMap } from "../../../engine/property/values";
import { parseUrn } from "../../../engine/urn";
import { type Body, PASSPHRASE, SALT, Trial } from "../deploy/trial";
import type { Fault, FaultKind, FaultOperation } from "../support/faults";
import { MADE, NAMED, TestingProvider } from "../support/testing-provider";
import { leftovers, wholeState } from "./killing";
import { containerOf, NestedWorld } from "./nested-world";
import { bodyOf, type ProgramSpec, prepareWorld, program, SLOTS } from "./random-program";

export interface FaultSpec {
  readonly slot: number;
  readonly renamed: boolean;
  readonly operation: FaultOperation;
  readonly kind: FaultKind;
}

export interface OperationSpec {
  readonly operation: "up" | "preview" | "refresh" | "destroy";
  readonly program: ProgramSpec;
  readonly faults: readonly FaultSpec[];
  /** So many steps begin before it is cancelled; it is not when absent. */
  readonly cancelAfter: number | undefined;
  readonly continueOnError: boolean;
}

const OPERATIONS = [
  "create",
  "create",
  "update",
  "update",
  "delete",
  "delete",
  "read",
  "check",
  "diff",
] as const;
const KINDS: readonly FaultKind[] = [
  "error-before",
  "error-after",
  "mistake",
  "init-failed",
  "garbage",
  "unknown",
  "hang-before",
  "hang-after",
];

const fault: fc.Arbitrary<FaultSpec> = fc
  .record({
    slot: fc.nat(SLOTS),
    renamed: fc.nat(4).map((number) => number === 1),
    operation: fc.constantFrom<FaultOperation[]>(...OPERATIONS, "configure", "checkConfig", "diffConfig"),
    kind: fc.constantFrom(...KINDS),
  })
  // Only what changes something has a time limit here.
  .filter(
    ({ operation, kind }) => !kind.startsWith("hang") || ["create", "update", "delete"].includes(operation),
  );

const operation: fc.Arbitrary<OperationSpec> = fc.record({
  operation: fc.oneof(
    { weight: 6, arbitrary: fc.constant("up" as const) },
    { weight: 1, arbitrary: fc.constant("preview" as const) },
    { weight: 1, arbitrary: fc.constant("refresh" as const) },
    { weight: 1, arbitrary: fc.constant("destroy" as const) },
  ),
  program,
  faults: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(fault, { minLength: 1, maxLength: 4 }) },
  ),
  cancelAfter: fc.option(fc.nat(8), { freq: 6, nil: undefined }).map((after) => after),
  continueOnError: fc.boolean(),
});

export const life: fc.Arbitrary<OperationSpec[]> = fc.array(operation, { minLength: 1, maxLength: 5 });

/** Where files need not survive a power failure. */
const MEMORY = "/dev/shm";

/** Lives one life. Throws an error that says what was not as it must be. */
export async function live(operations: readonly OperationSpec[]): Promise<void> {
  const root = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), "kb-life-"));
  const stack = new LivingStack(root);
  try {
    for (const [index, spec] of operations.entries()) await stack.operate(spec, index);
    await stack.comeToRest(
      operations.at(-1)?.program ?? { resources: [], sequential: true },
      operations.length,
    );
  } finally {
    stack.trial.remove();
  }
}

const NOTHING: Body = async () => {};

class LivingStack {
  readonly trial: Trial;
  readonly #world: NestedWorld;
  #faults: readonly Fault[] = [];
  /** What may be in the world although the state does not have it, by URN, and by id. */
  readonly #lost = new Set<string>();
  readonly #retained = new Set<string>();
  /** What was deleted although the delete failed, and was not made again, as `<type> <id>`. */
  readonly #deletedAfterAll = new Set<string>();
  /** So many entries of the journal are explained. */
  #explained = 0;

  constructor(root: string) {
    this.#world = new NestedWorld(join(root, "world"));
    const testing = () => new TestingProvider({ world: this.#world, faults: this.#faults });
    this.trial = new Trial({ factories: { testing } }, root);
  }

  async operate(spec: OperationSpec, index: number): Promise<void> {
    prepareWorld(spec.program, this.#world);
    // The number makes it another fault than that of an earlier operation.
    this.#faults = spec.faults.map(({ slot, renamed, operation, kind }) => ({
      name: operation === "configure" ? "testing" : slot === SLOTS ? "*" : `${renamed ? "q" : "r"}${slot}`,
      operation,
      kind,
      times: 1,
      milliseconds: index,
    }));
    const before = this.#world.journal.length;
    const result = await this.#run(spec, index);
    for (const { severity, urn, message } of result?.diagnostics ?? []) {
      if (severity === "error" && urn === undefined) throw new Error(`names no resource: ${message}`);
    }
    if (spec.operation === "preview" && this.#world.journal.length > before) {
      throw new Error("a preview changed the world");
    }
    await this.#verify();
  }

  async #run(spec: OperationSpec, index: number): Promise<DeployResult | undefined> {
    const cancelling = new AbortController();
    let begun = 0;
    if (spec.cancelAfter === 0) cancelling.abort();
    const options = {
      signal: cancelling.signal,
      continueOnError: spec.continueOnError,
      parallel: spec.program.sequential ? 1 : 8,
      events: {
        started: () => {
          begun += 1;
          if (begun === spec.cancelAfter) cancelling.abort();
        },
      },
    };
    const { trial } = this;
    const body = bodyOf(spec.program, index);
    try {
      switch (spec.operation) {
        case "up":
          return await trial.up(body, options);
        case "preview":
          return await trial.preview(body, options);
        case "refresh":
          return await trial.refresh(options);
        case "destroy":
          return await trial.destroy(options);
      }
    } catch (error) {
      // What was interrupted could not be looked for.
      if (error instanceof EngineError && error.message.includes("cannot be looked for")) return undefined;
      throw error;
    }
  }

  /** The state is whole, and what it and the world have differs only in what a fault explains. */
  async #verify(): Promise<Snapshot> {
    const state = await wholeState(this.trial);
    const left = leftovers(this.trial);
    if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
    this.#explain(state);
    const known = new Set(state.resources.flatMap(keysOf));
    for (const { type, id, urn } of this.#world.objects) {
      if (urn === "" || known.has(`${type} ${id}`)) continue;
      if (this.#retained.has(`${type} ${id}`) || this.#lost.has(urn)) continue;
      throw new Error(`orphaned: ${type} ${id} of ${urn}`);
    }
    for (const resource of state.resources) {
      for (const key of keysOf(resource)) {
        const [type = "", id = ""] = key.split(" ");
        if (this.#world.object(type, id) !== undefined || this.#world.fell.has(key)) continue;
        if (this.#deletedAfterAll.has(key)) continue;
        throw new Error(`the state has ${type} ${id} of ${resource.urn}, and the world has not`);
      }
    }
    return state;
  }

  #explain(state: Snapshot): void {
    const retained = new Set<string>();
    for (const resource of state.resources) {
      // What is to be deleted with something that is retained, is retained too.
      if (resource.retainOnDelete !== true && !retained.has(resource.deletedWith ?? "")) continue;
      retained.add(resource.urn);
      for (const key of keysOf(resource)) this.#retained.add(key);
    }
    for (const { resource } of state.pendingOperations) this.#lost.add(resource.urn);
    const explains = ({ operation, kind, name }: Fault, wanted: FaultOperation, urn: string): boolean =>
      operation === wanted && kind.endsWith("-after") && (name === "*" || name === parseUrn(urn).name);
    for (const { effect, type, id, urn } of this.#world.journal.slice(this.#explained)) {
      if (effect === "created") this.#deletedAfterAll.delete(`${type} ${id}`);
      if (urn === "") continue;
      if (effect === "created" && this.#faults.some((fault) => explains(fault, "create", urn)))
        this.#lost.add(urn);
      if (effect === "deleted" && this.#faults.some((fault) => explains(fault, "delete", urn))) {
        this.#deletedAfterAll.add(`${type} ${id}`);
      }
    }
    this.#explained = this.#world.journal.length;
  }

  /** What a user does after all these troubles: unprotects, removes what was lost, refreshes, and deploys. */
  async comeToRest(spec: ProgramSpec, edit: number): Promise<void> {
    const last = { ...spec, resources: spec.resources.map((one) => ({ ...one, protect: false })) };
    this.#faults = [];
    await this.#unprotect();
    await this.#removeUnknown();
    succeeded("refresh", await this.trial.refresh({ clearPendingCreates: true }));
    // Taken into the state, an object may be one that is retained.
    await this.#verify();
    if (hasWaitingName(await this.trial.state())) {
      succeeded("up of nothing", await this.trial.up(NOTHING));
      await this.#verify();
      // What was retained has its name still.
      await this.#removeUnknown();
    }
    prepareWorld(last, this.#world);
    const body = bodyOf(last, edit);
    succeeded("up", await this.trial.up(body));
    const state = await this.#verify();
    quiet(await this.trial.preview(body));
    quiet(await this.trial.up(body));
    this.#agree(state);
    succeeded("destroy", await this.trial.destroy());
    if ((await this.#verify()).resources.length > 0) throw new Error("destroy left resources");
    const left = this.#world.objects;
    for (const object of left) {
      const { type, id, urn } = object;
      // What is to be deleted with something that is retained, is retained too.
      const within = containerOf(object);
      if (urn === "" || this.#retained.has(`${type} ${id}`) || left.some((one) => one.id === within))
        continue;
      throw new Error(`destroy left ${type} ${id}`);
    }
  }

  /** Removes what the state does not have. */
  async #removeUnknown(): Promise<void> {
    const { resources, pendingOperations } = await this.trial.state();
    const known = new Set(resources.flatMap(keysOf));
    const pending = new Set(pendingOperations.map(({ resource }) => resource.id));
    for (const { type, id, urn } of this.#world.objects) {
      if (urn === "" || known.has(`${type} ${id}`) || pending.has(id)) continue;
      this.#world.record({ effect: "deleted", type, id, urn: "" });
    }
  }

  /** What the world holds is what the state says, value by value. */
  #agree({ resources }: Snapshot): void {
    for (const resource of resources) {
      for (const key of keysOf(resource)) {
        const [type = "", id = ""] = key.split(" ");
        const object = this.#world.object(type, id);
        const [told, real] = [plain(resource.inputs), plain(object?.inputs ?? {})];
        if (told !== real) throw new Error(`${resource.urn}: ${told} in the state, ${real} in the world`);
      }
    }
  }

  async #unprotect(): Promise<void> {
    if (!existsSync(join(this.trial.backend, ".pulumi"))) return;
    const stack = await openStack(
      { backend: this.trial.backend, project: "trial", stack: "dev" },
      { secrets: { passphrase: PASSPHRASE, encryptionSalt: SALT }, kind: "update" },
    );
    const { snapshot } = stack;
    const unprotected = ({ protect: _, ...resource }: ResourceState): ResourceState => resource;
    const pendingOperations = snapshot.pendingOperations.map((pending) => ({
      ...pending,
      resource: unprotected(pending.resource),
    }));
    await stack.rewrite({
      ...snapshot,
      resources: snapshot.resources.map(unprotected),
      pendingOperations,
    });
    await stack.finish({ result: "succeeded", resourceChanges: {} });
  }
}

/** What stands for an object of the world. */
function keysOf({ type, id, external, pendingReplacement }: ResourceState): string[] {
  const stands = (type === NAMED || type === MADE) && external !== true && pendingReplacement !== true;
  return stands ? [`${type} ${id}`] : [];
}

/**
 * Whether a name cannot be given again yet, since what has it waits for its deletion: a leftover, or one of two
 * resources of a slot, of which the program goes on with the other one.
 */
function hasWaitingName({ resources }: Snapshot): boolean {
  const slotOf = ({ urn }: ResourceState): string => parseUrn(urn).name.slice(1);
  const waits = (one: ResourceState): boolean =>
    one.delete === true || resources.some((other) => other !== one && slotOf(other) === slotOf(one));
  return resources.some((resource) => /^[ni]\d/.test(resource.id ?? "") && waits(resource));
}

/** Values in one order of keys, whether they are marked as secret or not. */
function plain(properties: PropertyMap): string {
  return JSON.stringify(Object.entries(withoutSecrets(properties)).sort());
}

function succeeded(what: string, { outcome, diagnostics }: DeployResult): void {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (outcome === "succeeded" && errors.length === 0) return;
  throw new Error(`${what} ${outcome}: ${errors.map(({ message }) => message).join("; ")}`);
}

function quiet(result: DeployResult): void {
  succeeded("a further deployment", result);
  const changes = Object.keys(result.changes).filter((op) => op !== "same" && op !== "read");
  if (changes.length > 0) throw new Error(`a further deployment has something to do: ${changes.join(", ")}`);
}
