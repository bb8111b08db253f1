/** A world in which what is within another object goes with it, as `deletedWith` takes for granted. */
import { isSecret } from "../../../engine/property/values";
import { VALUE } from "../support/testing-provider";
import { type Entry, World, type WorldObject } from "../support/testing-world";

export class NestedWorld extends World {
  /** What went with another object, as `<type> <id>`. */
  readonly fell = new Set<string>();

  /** A Value is in the state alone. */
  override get objects(): WorldObject[] {
    return super.objects.filter(({ type }) => type !== VALUE);
  }

  override record(entry: Entry): void {
    super.record(entry);
    if (entry.effect !== "deleted") return;
    for (const object of this.objects) {
      if (containerOf(object) !== entry.id) continue;
      const { type, id, urn } = object;
      this.fell.add(`${type} ${id}`);
      this.record({ effect: "deleted", type, id, urn });
    }
  }
}

/** The id of what an object is within. */
export function containerOf({ inputs: { within } }: Pick<WorldObject, "inputs">): unknown {
  return within !== undefined && isSecret(within) ? within.value : within;
}
