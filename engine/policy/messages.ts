/** Turns a declaration into the messages of Pulumi's Analyzer service, and its answers into plain data. */
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { seconds } from "../duration";
import type { DeclaredResource } from "../monitor/declaration";
import { propertiesFrom, structFrom } from "../monitor/wire";
import type { PropertyMap } from "../property/values";
import { parseUrn } from "../urn";
import type { ConfiguredPolicy, PolicySetting } from "./configuration";
import type {
  EnforcementLevel,
  Json,
  PolicyInfo,
  PolicyProperties,
  PolicySchema,
  PolicySeverity,
} from "./judgement";
import { forPack, withoutInternal } from "./properties";

/** A resource and what a pack is told of its surroundings. */
export interface JudgedResource {
  readonly resource: DeclaredResource;
  /** The provider's own resource. */
  readonly provider?: DeclaredResource;
}

/** A violation, or a policy that could not answer, as a pack reports it. */
export interface PackDiagnostic {
  readonly policy: string;
  readonly pack: string;
  readonly version: string;
  readonly level: EnforcementLevel;
  readonly severity?: PolicySeverity;
  readonly message: string;
  readonly description: string;
  /** Empty when the policy named no resource. */
  readonly urn: string;
}

/** What a pack answers to a resource or to the stack. */
export interface PackAnswer {
  readonly diagnostics: readonly PackDiagnostic[];
  readonly notApplicable: readonly { readonly policy: string; readonly reason: string }[];
}

/** What a remediation did, or why it could not. */
export interface PackRemediation {
  readonly policy: string;
  readonly pack: string;
  readonly version: string;
  readonly description: string;
  /** Empty when the remediation ran. */
  readonly diagnostic: string;
  readonly properties: PropertyMap;
}

export interface RemediationAnswer {
  readonly remediations: readonly PackRemediation[];
  readonly notApplicable: PackAnswer["notApplicable"];
}

/** A pack as it describes itself. */
export interface PackDescription {
  readonly name: string;
  readonly version: string;
  readonly supportsConfig: boolean;
  readonly policies: readonly PolicyInfo[];
  readonly initial: Readonly<Record<string, PolicySetting>>;
}

const LEVELS: readonly EnforcementLevel[] = ["advisory", "mandatory", "disabled", "remediate"];
const SEVERITIES: readonly (PolicySeverity | undefined)[] = [undefined, "low", "medium", "high", "critical"];
const KINDS: readonly PolicyInfo["kind"][] = ["unknown", "resource", "stack"];

/** A resource with the given inputs. Only a remediation sees Pulumi's own properties. */
export function analyzeRequest(
  { resource, provider }: JudgedResource,
  inputs: PropertyMap,
  internal: "with-internal" | "without-internal",
): analyzer.AnalyzeRequest {
  const seen = internal === "with-internal" ? inputs : withoutInternal(inputs);
  return new analyzer.AnalyzeRequest()
    .setUrn(resource.urn)
    .setType(resource.type)
    .setName(parseUrn(resource.urn).name)
    .setProperties(structFrom(forPack(seen)))
    .setOptions(optionsOf(resource))
    .setProvider(providerOf(provider));
}

/** A resource of the whole stack, with its outputs. */
export function stackResource(
  { resource, provider }: JudgedResource,
  outputs: PropertyMap,
): analyzer.AnalyzerResource {
  const message = new analyzer.AnalyzerResource()
    .setUrn(resource.urn)
    .setType(resource.type)
    .setName(parseUrn(resource.urn).name)
    .setProperties(structFrom(forPack(withoutInternal(outputs))))
    .setOptions(optionsOf(resource))
    .setProvider(providerOf(provider))
    .setParent(resource.parent ?? "")
    .setDependenciesList([...resource.dependencies]);
  for (const [key, urns] of Object.entries(resource.propertyDependencies)) {
    if (urns.length === 0) continue;
    const dependencies = new analyzer.AnalyzerPropertyDependencies().setUrnsList([...urns]);
    message.getPropertydependenciesMap().set(key, dependencies);
  }
  return message;
}

/**
 * Always there: packs refuse a resource without options. There are no aliases, since the engine tells only the one
 * under which it found the resource in the stack's state.
 */
function optionsOf({ options, parent }: DeclaredResource): analyzer.AnalyzerResourceOptions {
  const { create = "", update = "", delete: remove = "", read = "" } = options.customTimeouts ?? {};
  const timeouts = new analyzer.AnalyzerResourceOptions.CustomTimeouts()
    .setCreate(seconds(create) ?? 0)
    .setUpdate(seconds(update) ?? 0)
    .setDelete(seconds(remove) ?? 0)
    .setRead(seconds(read) ?? 0);
  return new analyzer.AnalyzerResourceOptions()
    .setProtect(options.protect ?? false)
    .setIgnorechangesList([...(options.ignoreChanges ?? [])])
    .setDeletebeforereplace(options.deleteBeforeReplace ?? false)
    .setDeletebeforereplacedefined(options.deleteBeforeReplace !== undefined)
    .setAdditionalsecretoutputsList([...(options.additionalSecretOutputs ?? [])])
    .setCustomtimeouts(timeouts)
    .setParent(parent ?? "");
}

function providerOf(provider: DeclaredResource | undefined): analyzer.AnalyzerProviderResource | undefined {
  if (provider === undefined) return undefined;
  return new analyzer.AnalyzerProviderResource()
    .setUrn(provider.urn)
    .setType(provider.type)
    .setName(parseUrn(provider.urn).name)
    .setProperties(structFrom(forPack(withoutInternal(provider.inputs))));
}

export function configureRequest(
  configured: Readonly<Record<string, ConfiguredPolicy>>,
): analyzer.ConfigureAnalyzerRequest {
  const request = new analyzer.ConfigureAnalyzerRequest();
  for (const [name, { level, properties }] of Object.entries(configured)) {
    const policy = new analyzer.PolicyConfig()
      .setEnforcementlevel(LEVELS.indexOf(level) as 0)
      .setProperties(structFrom(properties));
    request.getPolicyconfigMap().set(name, policy);
  }
  return request;
}

export function descriptionFrom(message: analyzer.AnalyzerInfo): PackDescription {
  const initial: Record<string, PolicySetting> = {};
  message.getInitialconfigMap().forEach((setting, name) => {
    // The message has no way to leave the level out: a pack that sets only properties says advisory.
    initial[name] = {
      level: levelFrom(setting.getEnforcementlevel()),
      properties: jsonFrom(setting.getProperties()),
    };
  });
  const policies = message.getPoliciesList().map(policyFrom);
  return {
    name: message.getName(),
    version: message.getVersion(),
    supportsConfig: message.getSupportsconfig(),
    policies: policies.sort((a, b) => (a.name < b.name ? -1 : 1)),
    initial,
  };
}

function policyFrom(message: analyzer.PolicyInfo): PolicyInfo {
  const severity = SEVERITIES[message.getSeverity()];
  return {
    name: message.getName(),
    description: message.getDescription(),
    ...named("displayName", message.getDisplayname()),
    kind: KINDS[message.getPolicyType()] ?? "unknown",
    level: levelFrom(message.getEnforcementlevel()),
    ...(severity === undefined ? {} : { severity }),
    tags: message.getTagsList(),
    ...named("url", message.getUrl()),
    ...named("remediationSteps", message.getRemediationSteps()),
    ...schemaFrom(message.getConfigschema()),
  };
}

/** An entry for a text that is not empty. */
function named<K extends string>(key: K, text: string): { readonly [P in K]?: string } {
  return text === "" ? {} : ({ [key]: text } as { [P in K]?: string });
}

function schemaFrom(message: analyzer.PolicyConfigSchema | undefined): { schema?: PolicySchema } {
  if (message === undefined) return {};
  return { schema: { properties: jsonFrom(message.getProperties()), required: message.getRequiredList() } };
}

function jsonFrom(struct: Parameters<typeof propertiesFrom>[0]): PolicyProperties {
  return propertiesFrom(struct) as Readonly<Record<string, Json>>;
}

function levelFrom(level: number): EnforcementLevel {
  const known = LEVELS[level];
  if (known === undefined) throw new Error(`it uses the unknown enforcement level ${level}`);
  return known;
}

export function answerFrom(message: analyzer.AnalyzeResponse): PackAnswer {
  return {
    diagnostics: message.getDiagnosticsList().map((diagnostic) => {
      const severity = SEVERITIES[diagnostic.getSeverity()];
      return {
        policy: diagnostic.getPolicyname(),
        pack: diagnostic.getPolicypackname(),
        version: diagnostic.getPolicypackversion(),
        level: levelFrom(diagnostic.getEnforcementlevel()),
        ...(severity === undefined ? {} : { severity }),
        message: diagnostic.getMessage(),
        description: diagnostic.getDescription(),
        urn: diagnostic.getUrn(),
      };
    }),
    notApplicable: notApplicableFrom(message),
  };
}

export function remediationsFrom(message: analyzer.RemediateResponse): RemediationAnswer {
  return {
    remediations: message.getRemediationsList().map((remediation) => ({
      policy: remediation.getPolicyname(),
      pack: remediation.getPolicypackname(),
      version: remediation.getPolicypackversion(),
      description: remediation.getDescription(),
      diagnostic: remediation.getDiagnostic(),
      properties: propertiesFrom(remediation.getProperties()),
    })),
    notApplicable: notApplicableFrom(message),
  };
}

function notApplicableFrom(message: {
  getNotApplicableList(): analyzer.PolicyNotApplicable[];
}): PackAnswer["notApplicable"] {
  return message
    .getNotApplicableList()
    .map((entry) => ({ policy: entry.getPolicyName(), reason: entry.getReason() }));
}
