/**
 * What an exemption says, as one definition: types, the mistakes of a file and the editors' schema are made of it.
 * What only shows when entries are compared with each other or with the day is in read.ts.
 */
import type { z } from "zod";
import { type Form, group, sequence, text } from "../../config/schema/fields";
import { isDay } from "./days";

/** Where exemptions stand: the file's name in the project's root, beside Pulumi.yaml. */
export const EXEMPTIONS_FILE = "policy-exemptions.yaml";

/** Findings about exemptions begin so. They cannot be exempted. */
const OWN_FAMILY = "exemptions/";

const rule: Form = {
  noun: "the id of one rule",
  allowed:
    "an id such as postgres/dedicated-role, or <pack>/<policy> of another pack; no pattern, none of exemptions/",
  pattern: /^[\w.@-]+(?:\/[\w.:@-]+)+$/,
  refuse: (value) =>
    value.startsWith(OWN_FAMILY)
      ? "is about exemptions themselves, and cannot be exempted: mend or remove the entry that it tells of"
      : undefined,
};

const environment: Form = {
  noun: "the name of one environment",
  allowed: "a name such as prod; leave it out for all environments",
  pattern: /^[\w.-]+$/,
};

const noPattern = (value: string): string | undefined =>
  /^[*?.[\]]+$/.test(value) ? "is a pattern, and every place has to be named" : undefined;

const resource: Form = {
  noun: "a resource",
  allowed:
    "a URN, <type>::<name>, or the resource's logical name; leave it out for a finding without a resource",
  pattern: /^\S(?:.*\S)?$/,
  refuse: noPattern,
};

const property: Form = {
  noun: "the path of a property",
  allowed:
    "a path as findings show it, such as spec.replicas; leave it out for all properties of the resource",
  pattern: /^\S(?:.*\S)?$/,
  refuse: noPattern,
};

const reason: Form = {
  noun: "a reason",
  allowed: "10 to 500 characters, at least two words: why the finding can be lived with until it expires",
  pattern: /^(?=\s*\S+\s+\S)[\s\S]{10,500}$/,
};

const owner: Form = {
  noun: "an e-mail address or a team",
  allowed:
    "who answers for it: an address such as platform@keybuzz.io, or a team such as @keybuzzio/platform",
  pattern: /^(?:[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}|@?[A-Za-z][\w-]+(?:[/ .][\w-]+)*)$/,
  refuse: (value) =>
    /^(?:todo|tbd|nobody|none|unknown|someone|everyone)$/i.test(value) ? "is nobody who answers" : undefined,
};

const expires: Form = {
  noun: "a day",
  allowed: "its last day as 2026-12-31, in UTC, at most a year from today",
  pattern: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  refuse: (value) => (isDay(value) ? undefined : "is no day of the calendar"),
};

export const exemptionSchema = group("One finding, or the findings of one rule about one resource.", {
  rule: text("The rule whose findings are exempted: an id as `kb rules` lists it.", rule),
  environment: text(
    "The environment of the findings. Without it, all environments.",
    environment,
  ).exactOptional(),
  resource: text(
    "The resource of the findings. Without it, findings that are about no resource.",
    resource,
  ).exactOptional(),
  property: text(
    "The property at fault, exactly as the finding shows it. Without it, every property.",
    property,
  ).exactOptional(),
  reason: text("Why the finding can be lived with for this time.", reason),
  owner: text("Who answers for it, and is asked when it expires.", owner),
  expires: text("The last day on which it holds, in UTC.", expires),
});

export const exemptionsSchema = group("Findings of `kb check` that are accepted for some time.", {
  exemptions: sequence("The exemptions. An empty list when there is none.", exemptionSchema),
});

/** What an entry of the file says. */
export type ExemptionTerms = z.infer<typeof exemptionSchema>;

/** An entry with its place. */
export interface Exemption extends ExemptionTerms {
  /** Place in the list, from 0. */
  readonly index: number;
  /** Where the entry begins in the file; both from 1. */
  readonly line: number;
  readonly column: number;
}
