/** What the process that evaluates programs and the one that asked for it tell each other. */
import type { Diagnostic } from "../diagnostic";
import type { Declaration, DeclaredResource } from "../monitor/declaration";
import type { EnvironmentConfiguration } from "../project/environment";
import type { LockedSecretsState } from "../property/locked-secrets";

/** Where the program is; passed when the process starts, so that it can load the SDK meanwhile. */
export interface ProgramLocation {
  readonly project: string;
  readonly root: string;
  readonly programDirectory: string;
  readonly entryPoint: string;
}

/** An environment's configuration in a form that crosses processes. */
export interface ConfigurationMessage
  extends Omit<EnvironmentConfiguration, "locked" | "revealed" | "diagnostics"> {
  readonly locked: LockedSecretsState;
}

/** To the evaluating process. */
export interface EvaluateMessage {
  readonly kind: "evaluate";
  readonly configurations: readonly ConfigurationMessage[];
}

/** A declaration in which outputs that are the inputs again are left out: half of what there is to send and keep. */
export interface PackedDeclaration extends Omit<Declaration, "resources"> {
  readonly resources: readonly PackedResource[];
}

type PackedResource = Omit<DeclaredResource, "outputs"> & Partial<Pick<DeclaredResource, "outputs">>;

/** The declaration to send. Reads it, and changes nothing of it. */
export function packed(declaration: Declaration): PackedDeclaration {
  const resources = declaration.resources.map((resource): PackedResource => {
    const { outputs, ...rest } = resource;
    return outputs === resource.inputs ? rest : resource;
  });
  return { ...declaration, resources };
}

/** The declaration that was sent. */
export function unpacked(declaration: PackedDeclaration): Declaration {
  const resources = declaration.resources.map((resource): DeclaredResource => {
    const { outputs = resource.inputs } = resource;
    return { ...resource, outputs };
  });
  return { ...declaration, resources };
}

/** From the evaluating process. */
export type HostMessage =
  | { readonly kind: "progress"; readonly environment: string; readonly resources: number }
  | { readonly kind: "declared"; readonly environment: string; readonly declaration: PackedDeclaration }
  /** The program needs a process of its own; `reason` says what it did. */
  | { readonly kind: "unsuitable"; readonly environment: string; readonly reason: string }
  /** How long a phase took; see EvaluationEvents.timing. */
  | { readonly kind: "timing"; readonly phase: string; readonly milliseconds: number }
  | { readonly kind: "finished" }
  /** The SDK could not be loaded. */
  | { readonly kind: "broken"; readonly diagnostic: Diagnostic };

/** How evaluations are followed. */
export interface EvaluationEvents {
  /** The number of resources that an environment has registered so far. */
  progress?(environment: string, resources: number): void;
  /**
   * How long a phase took: `start`, until the process had loaded the SDK; each environment by its name; and
   * `modules of <environment>`, the part of it in which the program's files and packages were loaded.
   */
  timing?(phase: string, milliseconds: number): void;
  /** An environment could not share a process, and is run in Pulumi's own runner. */
  fallback?(environment: string, reason: string): void;
  /** What an environment declares, as soon as its program has ended; others may still be evaluated. */
  declared?(declaration: Declaration): void;
}
