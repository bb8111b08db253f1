/** Whose name a name is: this environment's, another's, or one of those that nothing declared may use. */
import type { Claim, ClaimKind } from "../config";

/** Kinds of names that a resource can refer to: each kind of claim at the place where it stands. */
export type ReferenceKind = Exclude<ClaimKind, "vault-prefix"> | "vault-path";

export type Owner =
  | { readonly whose: "own" }
  | { readonly whose: "other"; readonly environment: string; readonly claim: string }
  | { readonly whose: "legacy" };

interface Claims {
  readonly name: string;
  readonly claims: readonly Pick<Claim, "kind" | "name">[];
}

/** Answers in constant time; a name that several environments claim belongs to the one that asks. */
export class Ownership {
  readonly #owners = new Map<string, Owner>();
  readonly #kinds = new Set<ClaimKind>();

  constructor(
    own: Claims["claims"],
    others: readonly Claims[],
    readonly isLegacy: (kind: string, name: string) => boolean,
  ) {
    for (const { name: environment, claims } of others) {
      for (const { kind, name } of claims) {
        this.#owners.set(`${kind} ${name}`, { whose: "other", environment, claim: name });
      }
    }
    for (const { kind, name } of own) {
      this.#owners.set(`${kind} ${name}`, { whose: "own" });
      this.#kinds.add(kind);
    }
  }

  /** @param name in the form in which claims of this kind are compared (references/names.ts) */
  ownerOf(kind: ReferenceKind, name: string): Owner | undefined {
    if (kind === "vault-path") return this.#ownerOfPath(name);
    return (
      this.#owners.get(`${kind} ${name}`) ?? (this.isLegacy(kind, name) ? { whose: "legacy" } : undefined)
    );
  }

  /** Whether this environment claims names of a kind, so that a name that nobody claims is a stranger. */
  claims(kind: ClaimKind): boolean {
    return this.#kinds.has(kind);
  }

  /** The owner of the longest prefix that a path lies below, or is. */
  #ownerOfPath(path: string): Owner | undefined {
    const parts = path.split("/");
    for (let length = parts.length; length > 0; length -= 1) {
      const owner = this.#owners.get(`vault-prefix ${parts.slice(0, length).join("/")}`);
      if (owner !== undefined) return owner;
    }
    return undefined;
  }
}
