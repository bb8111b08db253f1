/** What a plan has decided so far: which resources it has seen, and what becomes of the old ones. */
import type { ResourceState, Snapshot } from "../checkpoint/state";
import { RegistrationError } from "../registration-error";
import { DependencyGraph } from "./graph";

export class Progress {
  /** The resources of the last deployment by URN, but for those that are only to be deleted. */
  readonly old: ReadonlyMap<string, ResourceState>;
  readonly graph: DependencyGraph;
  /** All states of the last deployment by URN, with those that are only to be deleted. */
  readonly #states = new Map<string, ResourceState[]>();
  /** URNs that this run registered or read. */
  readonly #seen = new Set<string>();
  /** Former URN to the present one of the resource that was found under it, and the other way round. */
  readonly #present = new Map<string, string>();
  readonly #former = new Map<string, string>();
  /** URNs of which the old state has been dealt with. */
  readonly #handled = new Set<string>();
  /** URNs that are made anew. */
  readonly replaced = new Set<string>();
  /** URNs that are deleted before what they depend on is replaced, or for good. */
  readonly deleted = new Set<string>();
  /** Old states of which a deletion was planned. */
  readonly condemned = new Set<ResourceState>();
  /** Old states that were replaced, and are deleted at the end. */
  readonly superseded = new Set<ResourceState>();
  /** Objects that resources of this run say they import, now or earlier, by objectKey. */
  readonly imported = new Set<string>();
  /** Properties for which a deleted dependent is made anew. */
  readonly dependentKeys = new Map<string, readonly string[]>();

  constructor(readonly snapshot: Snapshot) {
    this.old = new Map(
      snapshot.resources.filter((state) => state.delete !== true).map((state) => [state.urn, state]),
    );
    for (const state of snapshot.resources) {
      this.#states.set(state.urn, [...(this.#states.get(state.urn) ?? []), state]);
    }
    this.graph = new DependencyGraph(snapshot.resources);
  }

  /** Notes a resource of this run. Throws RegistrationError for a second of the same URN. */
  see(urn: string): void {
    if (this.#seen.has(urn)) {
      throw new RegistrationError(`Duplicate resource URN '${urn}'; try giving it a unique name`, urn);
    }
    const successor = this.#present.get(urn);
    if (successor !== undefined) {
      throw new RegistrationError(
        `Duplicate resource URN '${urn}' conflicting with alias on resource with URN '${successor}'`,
        urn,
      );
    }
    this.#seen.add(urn);
  }

  /** The old state of a resource, by its URN or a former one. */
  find(
    urn: string,
    formerUrns: readonly string[],
  ): { readonly state: ResourceState | undefined; readonly former: string | undefined } {
    for (const candidate of [urn, ...formerUrns]) {
      const state = this.old.get(candidate);
      if (state === undefined) continue;
      if (candidate === urn) return { state, former: undefined };
      const other = this.#seen.has(candidate) ? candidate : this.#present.get(candidate);
      if (other !== undefined) {
        throw new RegistrationError(
          `Duplicate resource alias '${candidate}' applied to resource with URN '${urn}' conflicting with resource with URN '${other}'`,
          urn,
        );
      }
      this.#present.set(candidate, urn);
      this.#former.set(urn, candidate);
      return { state, former: candidate };
    }
    return { state: undefined, former: undefined };
  }

  /** The former URN under which a resource of this run was found. */
  readonly formerUrn = (urn: string): string | undefined => this.#former.get(urn);

  /** The URN that a resource has in this run, by any that it has or had. */
  presentUrn(urn: string): string {
    return this.#present.get(urn) ?? urn;
  }

  /** The option by which a resource follows one that is replaced. What was just imported has nothing to do with it. */
  replacedCompanion(
    old: ResourceState,
    { replaceWith, deletedWith = "" }: Pick<ResourceState, "replaceWith" | "deletedWith">,
  ): "replaceWith" | "deletedWith" | undefined {
    if (!this.graph.has(old)) return undefined;
    if (replaceWith?.some((urn) => this.replaced.has(urn)) === true) return "replaceWith";
    return this.replaced.has(deletedWith) ? "deletedWith" : undefined;
  }

  /** Notes that the old state of a URN has been dealt with. */
  handle(urn: string): void {
    this.#handled.add(urn);
  }

  /** Whether a resource is dealt with: by its own URN, or as the former self of another. */
  isHandled(urn: string): boolean {
    return this.#handled.has(this.presentUrn(urn));
  }

  /**
   * Whether everything that has a URN goes: one that is to be deleted, and what is left over of an earlier
   * replacement. While either stays, nobody can tell in which of them is what is deleted with that URN.
   *
   * @param urns those that are deleted
   * @param isDoomed whether a state is deleted at the end
   */
  whatGoes(
    urns: ReadonlySet<string>,
    isDoomed: (state: ResourceState) => boolean = () => false,
  ): (urn: string) => boolean {
    const goes = (state: ResourceState) =>
      state.pendingReplacement === true || this.condemned.has(state) || isDoomed(state);
    return (urn) => urns.has(urn) && (this.#states.get(urn) ?? []).every(goes);
  }

  /** Whether the state is that of a resource that no step of this run is about yet. */
  isUntouched(urn: string): boolean {
    return !this.isHandled(urn) && !this.deleted.has(urn);
  }
}

/**
 * What stands for an object: two resources with one key may be one. Providers are not told apart, since two of them
 * may lead to the same server, and what is left over does less harm than what is gone.
 */
export function objectKey({ type, id = "" }: Pick<ResourceState, "type" | "id">): string {
  return `${type} ${id}`;
}
