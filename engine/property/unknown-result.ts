/** The answer of a provider function of which nothing is known, as host/unknown-results.cjs takes it for the program. */
import { type PropertyMap, UNKNOWN } from "./values";

/** No provider function has a result of this name. */
export const UNKNOWN_RESULT: PropertyMap = { "keybuzz:unknown-result": UNKNOWN };
