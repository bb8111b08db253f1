/**
 * What a run made of the checkpoint that it started from. Every state has a slot: those of the checkpoint in its
 * order, then one for each state that was made, in the order of completion. A snapshot is the made ones that still
 * stand, then the others that still stand; this order is right because what a made state refers to was made, or
 * kept, before it. Changes cost the same however large the checkpoint is.
 *
 * Source: pulumi/pulumi, pkg/backend/snapshot.go and journal.go.
 */
import type { Change } from "./recorder";
import { withCurrentNames, withoutDangling } from "./references";
import type { PendingOperation, ResourceState, Snapshot } from "./state";

/** Where a state stands. Its number is its index in the checkpoint, or follows those of all slots before it. */
export interface Slot {
  readonly number: number;
  state: ResourceState | undefined;
}

/** A change with slots in place of the states that it names. */
export interface SlotChange {
  readonly made?: ResourceState;
  readonly removes?: Slot;
  readonly marksForDeletion?: Slot;
  readonly marksPendingReplacement?: Slot;
  readonly along?: readonly Slot[];
  readonly inPlace?: boolean;
}

/** The checkpoint that a journal starts from. */
export interface Base {
  readonly snapshot: Snapshot;
  /** How many of its first resources were made by the run that goes on. @default 0 */
  readonly made?: number;
  /** How many of its first pending operations belong to steps under way, which the journal is told again. @default 0 */
  readonly underWay?: number;
}

/** What a journal knows, assembled. */
export interface Assembled {
  readonly snapshot: Snapshot;
  /** The slot of each resource, in the same order. */
  readonly slots: readonly Slot[];
  /** How many of the first resources this run made. */
  readonly made: number;
  /** How many of the first pending operations belong to steps under way. */
  readonly underWay: number;
  /** Whether references to what is gone were dropped. */
  readonly refreshed: boolean;
}

/** Keeps the changes of one run. */
export class Journal {
  readonly #made: Slot[] = [];
  readonly #kept: Slot[];
  readonly #slots = new Map<ResourceState, Slot>();
  readonly #byNumber: Slot[] = [];
  readonly #underWay = new Map<number, PendingOperation | undefined>();
  readonly #base: Base;
  #refreshed: boolean;

  /** `refreshed`: what a removed resource leaves behind is mended from the start, not only after changes in place. */
  constructor(base: Base, refreshed = false) {
    this.#base = base;
    this.#refreshed = refreshed;
    const slots = base.snapshot.resources.map((state) => this.#newSlot(state));
    this.#made.push(...slots.slice(0, base.made ?? 0));
    this.#kept = slots.slice(base.made ?? 0);
  }

  /** The slot of a state that the checkpoint holds or this run made. Throws for any other. */
  slotOf(state: ResourceState): Slot {
    const slot = this.#slots.get(state);
    if (slot === undefined) {
      throw new Error(`${state.urn}: its state is neither in the checkpoint nor made in this run`);
    }
    return slot;
  }

  /** The slot with a number. Throws when there is none. */
  slotAt(number: number): Slot {
    const slot = this.#byNumber[number];
    if (slot === undefined) throw new Error(`there is no slot ${number}`);
    return slot;
  }

  /** The change with the slots of the states that it names. */
  placed(change: Change): SlotChange {
    const { made, removes, marksForDeletion, marksPendingReplacement, along, inPlace } = change;
    return {
      ...(made === undefined ? {} : { made }),
      ...(removes === undefined ? {} : { removes: this.slotOf(removes) }),
      ...(marksForDeletion === undefined ? {} : { marksForDeletion: this.slotOf(marksForDeletion) }),
      ...(marksPendingReplacement === undefined
        ? {}
        : { marksPendingReplacement: this.slotOf(marksPendingReplacement) }),
      ...(along === undefined ? {} : { along: along.map((state) => this.slotOf(state)) }),
      ...(inPlace === undefined ? {} : { inPlace }),
    };
  }

  begin(step: number, operation: PendingOperation | undefined): void {
    this.#underWay.set(step, operation);
  }

  /** Ends a step; a step that failed changes nothing. */
  end(step: number, change: SlotChange = {}): void {
    this.#underWay.delete(step);
    const { made, removes, marksForDeletion, marksPendingReplacement, along = [], inPlace = false } = change;
    if (inPlace) this.#refreshed = true;
    if (marksForDeletion?.state) marksForDeletion.state = { ...marksForDeletion.state, delete: true };
    if (marksPendingReplacement !== undefined) {
      for (const slot of [marksPendingReplacement, ...along]) {
        if (slot.state) slot.state = { ...slot.state, pendingReplacement: true };
      }
    }
    if (made !== undefined && removes !== undefined && inPlace) {
      this.replace(removes, made);
      return;
    }
    if (removes !== undefined) for (const slot of [removes, ...along]) slot.state = undefined;
    if (made !== undefined) this.#made.push(this.#newSlot(made));
  }

  /** Puts a state into the place of another. */
  replace(slot: Slot, state: ResourceState): void {
    slot.state = state;
    this.#slots.set(state, slot);
  }

  /** The checkpoint as it is now. */
  assemble(): Assembled {
    const standing = (slots: readonly Slot[]): Slot[] => slots.filter(({ state }) => state !== undefined);
    const made = standing(this.#made);
    const slots = [...made, ...standing(this.#kept)];
    const named = withCurrentNames(slots.flatMap(({ state }) => state ?? []));
    const resources = this.#refreshed ? withoutDangling(named) : named;
    const underWay = [...this.#underWay.values()].flatMap((operation) => operation ?? []);
    const { pendingOperations, others } = this.#base.snapshot;
    // Only a user can tell what became of a creation that was interrupted.
    const creating = pendingOperations
      .slice(this.#base.underWay ?? 0)
      .filter(({ type }) => type === "creating");
    return {
      snapshot: { resources, pendingOperations: [...underWay, ...creating], others },
      slots,
      made: made.length,
      underWay: underWay.length,
      refreshed: this.#refreshed,
    };
  }

  /** A journal that goes on from what this one assembled. Whoever refers to a state by identity still can. */
  continued(assembled: Assembled): Journal {
    const next = new Journal(assembled, this.#refreshed);
    const positions = new Map(assembled.slots.map((slot, index) => [slot, index]));
    for (const [state, slot] of this.#slots) {
      const position = positions.get(slot);
      if (position !== undefined) next.#slots.set(state, next.slotAt(position));
    }
    for (const [step, operation] of this.#underWay) next.#underWay.set(step, operation);
    return next;
  }

  /** The steps under way, by number. */
  get underWay(): ReadonlyMap<number, PendingOperation | undefined> {
    return this.#underWay;
  }

  #newSlot(state: ResourceState): Slot {
    const slot = { number: this.#byNumber.length, state };
    this.#byNumber.push(slot);
    this.#slots.set(state, slot);
    return slot;
  }
}
