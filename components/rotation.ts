/**
 * Two-slot rotation of a credential, for database logins and IAM access keys alike. One counter decides
 * everything: generation n stands in slot a when n is odd and in slot b when n is even, and the other slot
 * holds generation n - 1. Guarantee: a legal step never ends the credential that clients hold when it starts.
 *
 * 1. rotate: the next generation goes into the slot that was closed; clients move to it while the slot that
 *    they leave stays open.
 * 2. close: once every client has moved, a second change closes the slot left behind. Only then may the
 *    next rotation put a new credential into it.
 */
import type { Problems } from "./problems";

export type Slot = "a" | "b";

/** What stands in an environment's configuration. */
export interface Rotation {
  /** Counts up by one with every rotation. @default 1 for a new credential */
  readonly generation: number;
  /** Whether the slot left behind may still be used: `open` during a rotation, `closed` otherwise. */
  readonly idleSlot: "open" | "closed";
}

export interface SlotState {
  readonly slot: Slot;
  /** Which credential the slot holds; 0 when it never held one. */
  readonly generation: number;
  /** Whether that credential works. */
  readonly open: boolean;
}

export interface Slots {
  /** The slot that clients use from now on. */
  readonly active: SlotState;
  /** The slot that clients left, or have never used. */
  readonly idle: SlotState;
}

export function slotsOf(rotation: Rotation): Slots {
  const { generation, idleSlot } = rotation;
  const activeSlot = slotOfGeneration(generation);
  const left = generation - 1;
  return {
    active: { slot: activeSlot, generation, open: true },
    idle: { slot: otherSlot(activeSlot), generation: left, open: left > 0 && idleSlot === "open" },
  };
}

/** The same states, in the order in which the slots are named. */
export function slotsByName(rotation: Rotation): Record<Slot, SlotState> {
  const { active, idle } = slotsOf(rotation);
  return active.slot === "a" ? { a: active, b: idle } : { a: idle, b: active };
}

export function slotOfGeneration(generation: number): Slot {
  return generation % 2 === 1 ? "a" : "b";
}

/** Whether a credential of that generation works. */
export function isUsable(rotation: Rotation, generation: number): boolean {
  const { active, idle } = slotsOf(rotation);
  return [active, idle].some((state) => state.open && state.generation === generation);
}

export type RotationStep = "none" | "rotate" | "close" | "reopen";

/** The step that leads from one configuration to the next; undefined when it would cut clients off. */
export function stepBetween(before: Rotation, after: Rotation): RotationStep | undefined {
  if (after.generation === before.generation) {
    if (after.idleSlot === before.idleSlot) return "none";
    if (after.idleSlot === "closed") return "close";
    return before.generation > 1 ? "reopen" : undefined;
  }
  const isNext = after.generation === before.generation + 1;
  return isNext && before.idleSlot === "closed" && after.idleSlot === "open" ? "rotate" : undefined;
}

/** Notes what is wrong with a rotation that stands at `property`. */
export function checkRotation(problems: Problems, property: string, rotation: Rotation): void {
  const { generation, idleSlot } = rotation;
  problems.wholeNumber(`${property}.generation`, generation, 1);
  problems.require(
    idleSlot === "open" || idleSlot === "closed",
    `${property}.idleSlot`,
    idleSlot,
    "open or closed",
    "write open to begin a rotation, closed to end it",
  );
  problems.require(
    generation !== 1 || idleSlot !== "open",
    `${property}.idleSlot`,
    idleSlot,
    "closed at generation 1, where the other slot was never used",
    "write closed, or generation 2 to rotate",
  );
}

function otherSlot(slot: Slot): Slot {
  return slot === "a" ? "b" : "a";
}
