/**
 * What a run tells the checkpoint about itself: before a step that it begins, and after it what became of it. The
 * recorder knows states and their fate, not why a step is taken.
 */
import type { OperationType, ResourceState } from "./state";

/** What a step that succeeded did to the checkpoint. States are named by identity. */
export interface Change {
  /** The resource's new state; absent when it has none any more. */
  readonly made?: ResourceState;
  /** The state that is no longer true: of the checkpoint that the run started from, or made in this run. */
  readonly removes?: ResourceState;
  /** The state that stays, to be deleted later. */
  readonly marksForDeletion?: ResourceState;
  /** The state that stays although its resource was deleted, until another takes its place. */
  readonly marksPendingReplacement?: ResourceState;
  /** States that share the fate of the one that is removed, or marked as pending replacement. */
  readonly along?: readonly ResourceState[];
  /**
   * What a refresh does: the new state stands where the removed one stood, and otherwise follows what was made
   * before. Without a new state the resource is gone: references to it are dropped, its children become its parent's.
   */
  readonly inPlace?: boolean;
  /** Nothing is lost if this is not kept: it may wait for the next write. */
  readonly unimportant?: boolean;
}

/** A step under way. One of its methods is called, once. */
export interface Recording {
  succeed(change: Change): Promise<void>;
  /** The step did nothing that must be known. */
  fail(): Promise<void>;
}

/** Keeps what happens. Its promises are fulfilled when the record will survive the end of this process. */
export interface Recorder {
  /**
   * Records an intent. With an operation, a run that ends before the recording did leaves a pending operation
   * on this resource.
   */
  begin(operation?: { readonly type: OperationType; readonly resource: ResourceState }): Promise<Recording>;
  /**
   * Replaces a state by one with outputs that a component registered. The run may name the state by either object
   * from then on.
   */
  outputs(before: ResourceState, after: ResourceState, unimportant: boolean): Promise<void>;
}
