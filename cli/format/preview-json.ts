/**
 * `kb preview --json`, described in docs/preview-json.md. One document for all environments; inside an
 * environment the form of `pulumi preview --json`, so that what reads that can read this.
 */
import type { Declaration, DeclaredResource } from "../../engine/monitor/declaration";
import { countOperations, operationOf } from "./operation";
import type { PolicySummary } from "./policy-summary";
import { withoutSecrets } from "./properties";

/** Raised when the form changes in a way that readers must know of. */
const FORMAT_VERSION = 1;

/** The whole document, ending in a line break. */
export function previewJson(
  declarations: readonly Declaration[],
  policies?: ReadonlyMap<string, PolicySummary>,
): string {
  const document = {
    version: FORMAT_VERSION,
    kind: "preview",
    basis: "empty-state",
    environments: declarations.map((declaration) =>
      environmentJson(declaration, policies?.get(declaration.environment)),
    ),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function environmentJson(declaration: Declaration, policies: PolicySummary | undefined): object {
  return {
    project: declaration.project,
    environment: declaration.environment,
    outcome: declaration.outcome,
    steps: declaration.resources.map(step),
    outputs: withoutSecrets(declaration.outputs),
    diagnostics: declaration.diagnostics,
    invokes: declaration.invokes,
    changeSummary: countOperations(declaration.resources),
    ...(policies === undefined ? {} : { policies }),
  };
}

function step(resource: DeclaredResource): object {
  const { urn, provider } = resource;
  return {
    op: operationOf(resource),
    urn,
    ...(provider === undefined ? {} : { provider }),
    newState: {
      urn,
      custom: resource.custom,
      ...(resource.id === undefined ? {} : { id: resource.id }),
      type: resource.type,
      inputs: withoutSecrets(resource.inputs),
      outputs: withoutSecrets(resource.outputs),
      ...(resource.parent === undefined ? {} : { parent: resource.parent }),
      ...(resource.external ? { external: true } : {}),
      ...(provider === undefined ? {} : { provider }),
      dependencies: resource.dependencies,
      propertyDependencies: resource.propertyDependencies,
      ...resource.options,
      ...(resource.replacementTrigger === undefined
        ? {}
        : withoutSecrets({ replacementTrigger: resource.replacementTrigger })),
      ...(resource.sourcePosition === undefined ? {} : { sourcePosition: resource.sourcePosition }),
    },
  };
}
