/**
 * The steps of a deployment, as data: what is done to one resource, and why. A step says nothing of how it is
 * carried out. Names of operations are Pulumi's (pulumi/pulumi, pkg/display).
 */
import type { ResourceState } from "../checkpoint/state";
import type { PropertyDiff } from "../provider/provider";

/** Why a step is taken. It explains, and decides nothing. */
export type Reason =
  /** Nothing is different. */
  | "unchanged"
  /** The program declares it for the first time. */
  | "declared"
  /** Inputs differ. */
  | "changed"
  /** The last deployment left it not in order. */
  | "not-in-order"
  /** A change that cannot be made in place. */
  | "irreplaceable-change"
  /** The program asks for a replacement when these inputs change, or when this trigger does. */
  | "replace-on-changes"
  | "replacement-trigger"
  /** Its provider became another one. */
  | "provider-replaced"
  /** What it depends on is replaced, and it cannot be kept meanwhile. */
  | "dependency-replaced"
  /** What it is replaced with, or deleted with, is replaced. */
  | "replaced-with"
  /** An interrupted replacement goes on. */
  | "replacement-interrupted"
  /** It was read before, and is managed now; or is another object now. */
  | "taken-over"
  /** The program reads it. */
  | "read"
  /** The program imports it. */
  | "imported"
  /** The program does not declare it any more, or the stack is destroyed. */
  | "undeclared"
  /** Another resource took its place. */
  | "superseded";

/** What a provider, or the engine in its place, says of a change. */
export interface StepDiff {
  /** Properties that make a replacement necessary. */
  readonly replaces: readonly string[];
  readonly changes: readonly string[];
  readonly detailed: Readonly<Record<string, PropertyDiff>>;
}

export const NO_DIFF: StepDiff = { replaces: [], changes: [], detailed: {} };

interface Registered {
  readonly reason: Reason;
  /** The state that the program asks for, still without an id and outputs. */
  readonly new: ResourceState;
}

/** Nothing is done; what the program says of dependencies and options is taken over. */
export interface SameStep extends Registered {
  readonly op: "same";
  readonly old: ResourceState;
}

export interface CreateStep extends Registered {
  readonly op: "create";
}

export interface UpdateStep extends Registered {
  readonly op: "update";
  readonly old: ResourceState;
  readonly diff: StepDiff;
}

/** Makes the resource that takes another's place. */
export interface CreateReplacementStep extends Registered {
  readonly op: "create-replacement";
  readonly old: ResourceState;
  readonly diff: StepDiff;
  /** Whether the old resource is still there, and is deleted at the end. Otherwise its place in the state is free. */
  readonly keepsOld: boolean;
}

/** Says that a resource is replaced; its creation and deletion are steps of their own. */
export interface ReplaceStep extends Registered {
  readonly op: "replace";
  readonly old: ResourceState;
  readonly diff: StepDiff;
}

/** Why a deletion does not ask the provider. */
export type Spared =
  | "external"
  | "retained"
  | "deleted-with"
  /** Another resource imports, or reads, the same object. */
  | "taken-over";

export interface DeleteStep {
  readonly op: "delete" | "delete-replaced" | "discard" | "discard-replaced";
  readonly reason: Reason;
  readonly old: ResourceState;
  /** Whether the state stays, until the replacement was made. */
  readonly awaitsReplacement: boolean;
  readonly spared?: Spared;
  /** What is `deletedWith` the resource: nobody is asked, and it is gone in the same moment or not at all. */
  readonly along?: readonly DeleteStep[];
  /** URNs of resources of this run that have to be what they are to be before, since they depend on it until then. */
  readonly after?: readonly string[];
}

/** The steps of all that goes with a deletion, at any depth; none for any other step. */
export function goingAlong(step: Step): DeleteStep[] {
  const along = "along" in step ? (step.along ?? []) : [];
  return along.flatMap((each) => [...goingAlong(each), each]);
}

/** Forgets a resource that was deleted for a replacement that nobody wants any more. */
export interface ForgetStep {
  readonly op: "remove-pending-replace";
  readonly reason: Reason;
  readonly old: ResourceState;
}

export interface ReadStep extends Registered {
  readonly op: "read" | "read-replacement";
  readonly old?: ResourceState;
}

/** Takes over an object that exists. What the program wants to be different follows as an update. */
export interface ImportStep extends Registered {
  readonly op: "import" | "import-replacement";
  readonly id: string;
  /** The resource that the imported one replaces; with `import` it is gone already, and leaves its place. */
  readonly old?: ResourceState;
}

/** Reads what is really there. */
export interface RefreshStep {
  readonly op: "refresh";
  readonly reason: Reason;
  readonly old: ResourceState;
}

export type Step =
  | SameStep
  | CreateStep
  | UpdateStep
  | CreateReplacementStep
  | ReplaceStep
  | DeleteStep
  | ForgetStep
  | ReadStep
  | ImportStep
  | RefreshStep;

export type StepOp = Step["op"];

/** The resource that a step is about. */
export function urnOf(step: Step): string {
  return "new" in step ? step.new.urn : step.old.urn;
}

/** Whether a step counts in a summary. Those that only carry out a replacement are counted by it. */
export function isLogical({ op }: Pick<Step, "op">): boolean {
  return !PARTS_OF_REPLACEMENTS.has(op);
}

const PARTS_OF_REPLACEMENTS: ReadonlySet<StepOp> = new Set([
  "create-replacement",
  "import-replacement",
  "read-replacement",
  "delete-replaced",
  "discard-replaced",
  "remove-pending-replace",
]);
