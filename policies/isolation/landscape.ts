/**
 * All environments together, as rules see them that compare. Such rules hold for any Pulumi project: an environment
 * claims what its program declares, and what its configuration names.
 */
import type { Claim, Draft } from "../../config";
import type { Resource } from "../resource";
import type { Finding, RuleRecord } from "../rule";
import type { Value } from "../value";

/** A secret, by what can be compared of it. */
export interface SecretDigest {
  readonly urn: string;
  readonly property: string;
  /** Keyed hash of the value. The key is of this run alone, so that the hash is of no use to anybody later. */
  readonly digest: string;
}

/** Images that an environment's file has named, by the history of the file. */
export interface ImageHistory {
  /** As Kubernetes writes them, with a digest where the file had one: `ghcr.io/keybuzzio/keybuzz-api:v1`. */
  readonly images: ReadonlySet<string>;
  /** Why the history is not whole; undefined when it is. */
  readonly incomplete?: string;
}

/** A resource that is read and not managed: often its id is all that the program says of it. */
export interface ReadResource extends Resource {
  /** As its provider takes it: `namespace/name`, a role's name, `secret/data/keybuzz/dev/ses`. */
  readonly id?: Value;
}

/** One environment. */
export interface EnvironmentView {
  readonly name: string;
  readonly production: boolean;
  readonly configuration?: Draft;
  /** The names that its configuration claims. */
  readonly configured: readonly Claim[];
  /** By inputs. */
  readonly declared: readonly Resource[];
  /** Resources that it reads and does not manage. */
  readonly reads: readonly ReadResource[];
  readonly secrets: readonly SecretDigest[];
  /** What its file has named; absent where nothing tells what ran before. */
  readonly history?: ImageHistory;
  /** Whether its program failed, so that more may be declared than what is here. */
  readonly partial?: boolean;
  /** Names of all environments of the project, laid beside this one or not; absent when that is not known. */
  readonly project?: readonly string[];
}

/** A finding of a rule that compares. */
export interface LandscapeFinding extends Finding {
  /** Where it has to be mended. */
  readonly environment: string;
  /** The resource; absent for what only configuration says. */
  readonly urn?: string;
  /** The resource of another environment that was taken for a model. It is none where it should not be there. */
  readonly model?: { readonly environment: string; readonly urn: string };
}

/** Something that could not be decided. */
export interface LandscapeUndetermined {
  readonly environment: string;
  readonly urn: string;
  readonly properties: readonly string[];
  /** What is missing to decide, completing the sentence "not known: …". */
  readonly reason: string;
}

/** The answer of a rule that compares. */
export interface LandscapeVerdict {
  readonly findings: readonly LandscapeFinding[];
  readonly undetermined?: readonly LandscapeUndetermined[];
}

/** A rule that compares environments. */
export interface IsolationRule extends RuleRecord {
  readonly check: (environments: readonly EnvironmentView[]) => LandscapeVerdict;
}
