/**
 * What a running pack remembers between the questions of Pulumi's engine. The engine asks about each resource by
 * its inputs, then once about the whole stack by its outputs; each time every policy is run, in the order of the
 * pack. Knows nothing of @pulumi/policy.
 */
import type { Estate } from "../estate";
import type { Exempting } from "../exemptions";
import { placeOfError, type Undetermined } from "../judge";
import type { Resource } from "../resource";
import type { PackProject } from "./project";

/** The whole stack, with the answers about it that stay open. */
export interface StackQuestion {
  readonly resources: readonly Resource[];
  readonly byUrn: ReadonlyMap<string, Resource>;
  readonly open: Undetermined[];
}

/** Something read once for all policies, and the last policy that asked for it. */
interface Shared<T> {
  readonly value: T;
  last: number;
}

export class PackSession {
  readonly #resources = new Map<string, Shared<Promise<Resource>>>();
  #stack: Shared<Promise<StackQuestion>> | undefined;
  /** By rule: the resources about which it could not decide by their inputs. */
  readonly #undecided = new Map<string, Map<string, readonly string[]>>();
  readonly #compliant = new Map<string, number>();
  #project: PackProject | undefined;

  /** @param readProject called when it is first needed: whoever only lists the pack's policies has no environment */
  constructor(private readonly readProject: () => PackProject) {}

  get estate(): Estate {
    return this.#known.estate;
  }

  get exempting(): Exempting {
    return this.#known.exempting;
  }

  get #known(): PackProject {
    this.#project ??= this.readProject();
    return this.#project;
  }

  /**
   * A resource by its inputs.
   *
   * @param policy position of the policy that asks; one that does not come after the last one begins a new question
   */
  resource(urn: string, policy: number, read: () => Promise<Resource>): Promise<Resource> {
    const shared = next(this.#resources.get(urn), policy, read);
    this.#resources.set(urn, shared);
    return shared.value;
  }

  /** The whole stack by its outputs; `read` gets the properties that were inputs, where they are known. */
  stack(
    policy: number,
    read: (inputsOf: (urn: string) => Promise<Resource | undefined>) => Promise<readonly Resource[]>,
  ): Promise<StackQuestion> {
    this.#stack = next(this.#stack, policy, async () => {
      const resources = await read(async (urn) => this.#resources.get(urn)?.value);
      return { resources, byUrn: new Map(resources.map((each) => [each.urn, each])), open: [] };
    });
    return this.#stack.value;
  }

  /** Keeps what a rule could not decide about a resource, until the whole stack is known. */
  postpone(rule: string, urn: string, properties: readonly string[]): void {
    const resources = this.#undecided.get(rule) ?? new Map<string, readonly string[]>();
    this.#undecided.set(rule, resources.set(urn, properties));
  }

  /** Forgets what was postponed: the resource is judged anew. */
  begin(rule: string, urn: string): void {
    this.#undecided.get(rule)?.delete(urn);
  }

  hasPostponed(rule: string): boolean {
    return (this.#undecided.get(rule)?.size ?? 0) > 0;
  }

  /** What was postponed, once. */
  takePostponed(rule: string): ReadonlyMap<string, readonly string[]> {
    const resources = this.#undecided.get(rule) ?? new Map<string, readonly string[]>();
    this.#undecided.delete(rule);
    return resources;
  }

  countCompliant(rule: string): void {
    this.#compliant.set(rule, (this.#compliant.get(rule) ?? 0) + 1);
  }

  /** How many resources each rule found compliant since this was last asked. */
  takeCompliant(): Readonly<Record<string, number>> {
    const counts = Object.fromEntries(this.#compliant);
    this.#compliant.clear();
    return counts;
  }
}

function next<T>(before: Shared<T> | undefined, policy: number, read: () => T): Shared<T> {
  if (before === undefined || policy <= before.last) return { value: read(), last: policy };
  before.last = policy;
  return before;
}

/**
 * Runs a rule. What it throws is thrown on as the failure of the whole pack, without the message, which could quote
 * a value.
 */
export function guarded<T>(rule: string, urn: string | undefined, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const subject = urn === undefined ? "the stack" : urn;
    throw new Error(`rule ${rule} broke on ${subject}: ${placeOfError(error)}`);
  }
}
