/** Environments made by hand, as small as a case needs them. */
import { type Claim, type ClaimKind, type Draft, readEnvironmentFile } from "../../../config";
import type {
  EnvironmentView,
  IsolationRule,
  LandscapeFinding,
  ReadResource,
} from "../../../policies/isolation/landscape";
import type { ProviderResource, Resource } from "../../../policies/resource";
import type { Value } from "../../../policies/value";

type Properties = Readonly<Record<string, Value>>;

/** An environment; production when its name begins so. */
export function view(name: string, parts: Partial<EnvironmentView> = {}): EnvironmentView {
  return {
    name,
    production: name.startsWith("prod"),
    configured: [],
    declared: [],
    reads: [],
    secrets: [],
    ...parts,
  };
}

interface Options {
  readonly environment?: string;
  readonly parent?: Resource;
  readonly component?: true;
  /** Settings of the provider. */
  readonly settings?: Properties;
}

/** A resource of its package's provider. */
export function declared(
  type: string,
  name: string,
  properties: Properties = {},
  { environment = "any", parent, component, settings = {} }: Options = {},
): Resource {
  const provider: ProviderResource = {
    urn: `urn:pulumi:${environment}::shop::pulumi:providers:any::default`,
    type: "pulumi:providers:any",
    name: "default",
    properties: settings,
  };
  return {
    urn: `urn:pulumi:${environment}::shop::${type}::${name}`,
    type,
    name,
    properties,
    protect: false,
    ...(component ? {} : { provider }),
    ...(parent === undefined ? {} : { parent: parent.urn }),
  };
}

/** A resource that is read. */
export function read(type: string, id: Value, properties: Properties = {}): ReadResource {
  return { ...declared(type, "read", properties), id };
}

/** A Deployment; its containers by name. */
export function deployment(
  name: string,
  containers: Readonly<Record<string, Properties>>,
  pod: Properties = {},
  logical = name,
): Resource {
  const list = Object.entries(containers).map(([called, body]) => ({ name: called, ...body }));
  return declared("kubernetes:apps/v1:Deployment", logical, {
    metadata: { name, namespace: "shop" },
    spec: { template: { spec: { containers: list, ...pod } } },
  });
}

/** What configuration claims. */
export function claim(kind: ClaimKind, name: string, place = `keybuzz:${kind}`): Claim {
  return { kind, name, place, path: [] };
}

/** A configuration of KeyBuzz that says so little. */
export function configuration(environment: string, without: readonly string[] = []): Draft {
  const list = without.length === 0 ? "" : `\n    without: ${JSON.stringify(without)}`;
  const text = `config:\n  keybuzz:environment:\n    name: ${environment}\n    production: ${environment === "prod"}${list}\n`;
  const reading = readEnvironmentFile(text);
  if (reading === undefined) throw new Error("no configuration");
  return reading.configuration;
}

export function findingsOf(rule: IsolationRule, ...views: readonly EnvironmentView[]): LandscapeFinding[] {
  return [...rule.check(views).findings];
}

/** Findings as environment, place and the name that is told of. */
export function told(rule: IsolationRule, ...views: readonly EnvironmentView[]): string[] {
  return findingsOf(rule, ...views).map(({ environment, property, reference, urn }) =>
    [environment, urn?.split("::").at(-1) ?? "-", property || "-", reference?.name ?? "-"].join(" "),
  );
}

/** Undetermined answers as environment, resource and properties. */
export function open(rule: IsolationRule, ...views: readonly EnvironmentView[]): string[] {
  return (rule.check(views).undetermined ?? []).map(({ environment, urn, properties }) =>
    [environment, urn.split("::").at(-1), ...properties].join(" "),
  );
}
