/** Proves that no legal step of a rotation ends a credential that a client holds when the step starts. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Problems } from "../../components/problems";
import {
  checkRotation,
  isUsable,
  type Rotation,
  type RotationStep,
  slotOfGeneration,
  slotsByName,
  slotsOf,
  stepBetween,
} from "../../components/rotation";

const at = (generation: number, idleSlot: Rotation["idleSlot"]): Rotation => ({ generation, idleSlot });

describe("the slots of a generation", () => {
  const cases: { why: string; given: Rotation; a: [number, boolean]; b: [number, boolean] }[] = [
    { why: "a new credential stands in slot a alone", given: at(1, "closed"), a: [1, true], b: [0, false] },
    { why: "a slot never used cannot be open", given: at(1, "open"), a: [1, true], b: [0, false] },
    { why: "rotating opens slot b beside slot a", given: at(2, "open"), a: [1, true], b: [2, true] },
    { why: "closing ends slot a, left behind", given: at(2, "closed"), a: [1, false], b: [2, true] },
    { why: "the next rotation comes back to slot a", given: at(3, "open"), a: [3, true], b: [2, true] },
    { why: "closing then ends slot b", given: at(3, "closed"), a: [3, true], b: [2, false] },
  ];
  test.each(cases)("$why", ({ given, a, b }) => {
    expect(slotsByName(given)).toEqual({
      a: { slot: "a", generation: a[0], open: a[1] },
      b: { slot: "b", generation: b[0], open: b[1] },
    });
  });

  test("the active slot is the one that its generation's parity names", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom("open", "closed"),
        (generation, idleSlot) => {
          const { active, idle } = slotsOf(at(generation, idleSlot));
          expect(active).toEqual({ slot: slotOfGeneration(generation), generation, open: true });
          expect(idle.slot).not.toBe(active.slot);
          expect(idle.generation).toBe(generation - 1);
          expect(isUsable(at(generation, idleSlot), generation)).toBe(true);
          expect(isUsable(at(generation, idleSlot), generation + 1)).toBe(false);
        },
      ),
    );
  });
});

describe("steps", () => {
  const cases: { from: Rotation; to: Rotation; want: RotationStep | undefined; why: string }[] = [
    { from: at(1, "closed"), to: at(1, "closed"), want: "none", why: "nothing changes" },
    { from: at(1, "closed"), to: at(2, "open"), want: "rotate", why: "the first rotation" },
    { from: at(2, "open"), to: at(2, "closed"), want: "close", why: "clients have moved" },
    { from: at(2, "closed"), to: at(2, "open"), want: "reopen", why: "a client was forgotten" },
    { from: at(2, "closed"), to: at(3, "open"), want: "rotate", why: "the next rotation" },
    { from: at(2, "closed"), to: at(3, "closed"), want: undefined, why: "clients still hold generation 2" },
    { from: at(2, "open"), to: at(3, "open"), want: undefined, why: "slot a is still in use" },
    { from: at(2, "open"), to: at(3, "closed"), want: undefined, why: "both at once" },
    { from: at(2, "closed"), to: at(4, "open"), want: undefined, why: "a generation is skipped" },
    { from: at(2, "closed"), to: at(1, "closed"), want: undefined, why: "generations never go back" },
    { from: at(1, "closed"), to: at(1, "open"), want: undefined, why: "slot b was never used" },
  ];
  test.each(cases)("$from.generation/$from.idleSlot to $to.generation/$to.idleSlot is $want: $why", (c) => {
    expect(stepBetween(c.from, c.to)).toBe(c.want);
  });

  test("after any sequence of legal steps, what a client held before a step still works after it", () => {
    const wish = fc.constantFrom<"rotate" | "flip">("rotate", "flip");
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 40 }), (wishes) => {
        let now = at(1, "closed");
        for (const step of wishes) {
          const next =
            step === "rotate"
              ? at(now.generation + 1, "open")
              : at(now.generation, now.idleSlot === "open" ? "closed" : "open");
          if (stepBetween(now, next) === undefined) continue;
          const held = slotsOf(now).active;
          expect(isUsable(next, held.generation)).toBe(true);
          // And in the same slot: the login or key itself did not change under the client.
          expect(slotsByName(next)[held.slot].generation).toBe(held.generation);
          now = next;
        }
      }),
    );
  });

  test("every step refused between neighbouring states would break a credential that may be held", () => {
    // Held may be the active generation, and the one left behind as long as its slot is open.
    for (const generation of [2, 3, 4]) {
      for (const before of [at(generation, "open"), at(generation, "closed")]) {
        for (const after of [at(generation + 1, "open"), at(generation + 1, "closed")]) {
          const held = [slotsOf(before).active, slotsOf(before).idle].filter((state) => state.open);
          const allKept = held.every((state) => isUsable(after, state.generation));
          expect(stepBetween(before, after) === "rotate").toBe(allKept);
        }
      }
    }
  });
});

describe("validation", () => {
  const problemsOf = (rotation: Rotation): string => {
    const problems = new Problems("Database x");
    checkRotation(problems, "rotation", rotation);
    try {
      problems.throwIfAny();
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each([at(1, "closed"), at(2, "open"), at(2, "closed"), at(17, "open")])("%o is taken", (rotation) => {
    expect(problemsOf(rotation)).toBe("");
  });

  test.each([0, -1, 1.5, Number.NaN])("generation %s is refused", (generation) => {
    expect(problemsOf(at(generation, "closed"))).toContain("rotation.generation");
  });

  test("an unknown state of the idle slot is refused", () => {
    expect(problemsOf(at(2, "ajar" as "open"))).toContain('rotation.idleSlot: is "ajar"');
  });

  test("an open idle slot at generation 1 is refused: there is nothing in it", () => {
    expect(problemsOf(at(1, "open"))).toContain("closed at generation 1");
  });
});
