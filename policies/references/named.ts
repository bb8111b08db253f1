/** What reading a text comes to. */
import type { ReferenceKind } from "../ownership";

/** A name that stands in a text. */
export interface Named {
  readonly kind: ReferenceKind;
  /** In the form in which claims are compared. */
  readonly name: string;
}
