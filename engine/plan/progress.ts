/** What a plan has decided so far: which resources it has seen, and what becomes of the old ones. */
import type { ResourceState, Snapshot } from "../checkpoint/state";
import { RegistrationError } from "../registration-error";
import { isProviderType } from "../urn";
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
  /** Objects that resources of this run say they import or read, by objectKey, with the URN of the last of them. */
  readonly #imported = new Map<string, string>();
  /** What earlier runs imported, as long as the program said so. */
  readonly #importers: readonly ResourceState[];
  /** Properties for which a deleted dependent is made anew. */
  readonly dependentKeys = new Map<string, readonly string[]>();

  constructor(readonly snapshot: Snapshot) {
    this.old = new Map(
      snapshot.resources.filter((state) => state.delete !== true).map((state) => [state.urn, state]),
    );
    for (const state of snapshot.resources) {
      this.#states.set(state.urn, [...(this.#states.get(state.urn) ?? []), state]);
    }
    this.#importers = snapshot.resources.filter(
      (state) => state.importId !== undefined && state.delete !== true,
    );
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
    { replaceWith = [], deletedWith }: Pick<ResourceState, "replaceWith" | "deletedWith">,
  ): "replaceWith" | "deletedWith" | undefined {
    if (!this.graph.has(old)) return undefined;
    const isReplaced = (urn: string): boolean => this.replaced.has(urn) || this.#isLeftBehind(old, urn);
    if (replaceWith.some(isReplaced)) return "replaceWith";
    return deletedWith !== undefined && isReplaced(deletedWith) ? "deletedWith" : undefined;
  }

  /** Whether an earlier run replaced the resource of a URN, and was stopped before it came to what follows it. */
  #isLeftBehind({ created }: ResourceState, urn: string): boolean {
    const states = this.#states.get(urn) ?? [];
    const living = states.find((state) => state.delete !== true);
    if (states.length < 2 || created === undefined || living?.created === undefined) return false;
    return Date.parse(living.created) > Date.parse(created);
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
   * What a state goes with when it is deleted: the resource that it is `deletedWith`. Undefined where that one stays,
   * is nothing that a provider deletes, or left something over: nobody can tell then in which of the two it is.
   *
   * @param goes whether a state is deleted too, or is gone
   */
  containerOf(
    { deletedWith = "" }: ResourceState,
    goes: (state: ResourceState) => boolean,
  ): ResourceState | undefined {
    const [container, leftover] = this.#states.get(deletedWith) ?? [];
    if (container === undefined || leftover !== undefined) return undefined;
    if (!container.custom || container.external === true || this.isTakenOver(container)) return undefined;
    return goes(container) ? container : undefined;
  }

  /** Notes that a resource of this run is, or reads, an object that exists. */
  takeOver(object: Pick<ResourceState, "type" | "id">, urn: string): void {
    this.#imported.set(objectKey(object), urn);
  }

  /** The URN of the resource of this run that took over a state's object, if it is another one. */
  takenOverBy(state: ResourceState): string | undefined {
    const urn = this.#imported.get(objectKey(state));
    return urn === this.presentUrn(state.urn) ? undefined : urn;
  }

  /**
   * Whether the object of a state is another resource's now, which imported it in this run or in an earlier one.
   *
   * @param stays whether a state of the last deployment stays
   */
  isTakenOver(
    state: ResourceState,
    stays = (other: ResourceState): boolean => !this.condemned.has(other) && !this.superseded.has(other),
  ): boolean {
    if (!state.custom || isProviderType(state.type)) return false;
    const key = objectKey(state);
    const isOther = (other: ResourceState): boolean =>
      other.urn !== state.urn && objectKey(other) === key && stays(other);
    return this.takenOverBy(state) !== undefined || this.#importers.some(isOther);
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
function objectKey({ type, id = "" }: Pick<ResourceState, "type" | "id">): string {
  return `${type} ${id}`;
}
