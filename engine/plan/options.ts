/** What a plan is made from. */
import type { ResourceState, Snapshot } from "../checkpoint/state";
import type { Diagnostic } from "../diagnostic";
import type { PropertyMap } from "../property/values";
import type { StackName } from "./aliases";
import type { Goal } from "./goal";
import type { PlanProviders } from "./providers";

export interface PlannerOptions extends StackName {
  readonly snapshot: Snapshot;
  readonly providers: PlanProviders;
  /** Whether this only shows what would be. */
  readonly preview: boolean;
  /** Gets what the user should know beside the steps. */
  readonly report: (diagnostic: Diagnostic) => void;
  /** Judges checked inputs by policies, and returns them as these want them. Throws RegistrationError to refuse. */
  readonly judge?: (state: ResourceState, goal: Goal) => Promise<PropertyMap>;
}
