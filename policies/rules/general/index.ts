/** Rules on resources of every kind: what they are called, whose they are, and whether they can be lost. */
import type { Rule } from "../../rule";
import { environmentLabel } from "./environment-label";
import { explicitNames } from "./explicit-names";
import { protectedData } from "./protected-data";

export const generalRules: readonly Rule[] = [explicitNames, environmentLabel, protectedData];
