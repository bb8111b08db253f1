/**
 * The configuration of a pack's policies: what the pack itself says, with a `--policy-pack-config` file laid over
 * it. The order and the special key `all` follow pkg/resource/analyzer/config.go of pulumi/pulumi; unlike there,
 * a policy that the pack does not have is refused, since nothing would ever tell of the misspelling.
 */
import { readFileSync } from "node:fs";
import { EngineError } from "../diagnostic";
import { isRecord } from "../project/yaml-file";
import {
  ENFORCEMENT_LEVELS,
  type EnforcementLevel,
  type Json,
  type PolicyInfo,
  type PolicyProperties,
} from "./judgement";
import { schemaProblems } from "./schema";

/** What is said of one policy, or of `all`. */
export interface PolicySetting {
  readonly level?: EnforcementLevel;
  readonly properties: PolicyProperties;
}

/** Settings by policy, and where they come from. */
export interface PolicySettings {
  /** Names the source in messages: the path of the file. */
  readonly source: string;
  readonly settings: Readonly<Record<string, PolicySetting>>;
}

/** What a policy is run with. */
export interface ConfiguredPolicy {
  readonly level: EnforcementLevel;
  readonly properties: PolicyProperties;
}

/** What a pack says of itself, as far as it decides about the configuration. */
export interface Configurable {
  readonly name: string;
  readonly version: string;
  readonly supportsConfig: boolean;
  readonly policies: readonly PolicyInfo[];
  /** What the pack's program passes as its initial configuration. */
  readonly initial: Readonly<Record<string, PolicySetting>>;
}

/** Stands for every policy of a pack. */
const ALL = "all";

/** Names Pulumi ESC environments, which need Pulumi's service. */
const ENVIRONMENTS = "environments";

const LEVELS = ENFORCEMENT_LEVELS.join(", ");

/** Reads a configuration file. Throws EngineError `configuration` with every problem. */
export function readPolicySettings(file: string): PolicySettings {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw refused([`${file}: cannot be read: ${(error as Error).message}`]);
  }
  if (text.trim() === "") return { source: file, settings: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused([`${file}: malformed JSON: ${(error as Error).message}`]);
  }
  if (!isRecord(value)) throw refused([`${file}: expected a map with policies as keys`]);
  const problems: string[] = [];
  const settings = Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      settingFrom(name, entry, (problem) => problems.push(`${file}: ${name}: ${problem}`)),
    ]),
  );
  if (problems.length > 0) throw refused(problems);
  return { source: file, settings };
}

function settingFrom(name: string, entry: unknown, report: (problem: string) => void): PolicySetting {
  if (name === ENVIRONMENTS) {
    report("environments of Pulumi ESC need Pulumi's service; write the values into this file instead");
    return { properties: {} };
  }
  const { enforcementLevel, ...properties } = isRecord(entry) ? entry : { enforcementLevel: entry };
  if (typeof entry !== "string" && !isRecord(entry)) {
    report(`found ${JSON.stringify(entry)}; allowed is a level (${LEVELS}) or a map with enforcementLevel`);
    return { properties: {} };
  }
  if (name === ALL && Object.keys(properties).length > 0) {
    const names = Object.keys(properties).join(", ");
    report(`found ${names}; only enforcementLevel can be set for all policies: name the policy instead`);
  }
  if (enforcementLevel === undefined) return { properties: properties as PolicyProperties };
  const level = ENFORCEMENT_LEVELS.find((known) => known === enforcementLevel);
  if (level === undefined) {
    report(`enforcementLevel: found ${JSON.stringify(enforcementLevel)}; allowed are ${LEVELS}`);
    return { properties: {} };
  }
  return { level, properties: properties as PolicyProperties };
}

/**
 * The configuration of every policy of a pack: its level and its schema's defaults, then the pack's initial
 * configuration, then the file's. Throws EngineError `configuration` with every policy and property that is
 * wrong. Undefined for a pack that takes none.
 */
export function configurePolicies(
  pack: Configurable,
  file: PolicySettings | undefined,
): Readonly<Record<string, ConfiguredPolicy>> | undefined {
  const label = `policy pack ${pack.name}@${pack.version}`;
  if (!pack.supportsConfig) {
    if (file === undefined) return undefined;
    throw refused([`${file.source}: ${label} takes no configuration; leave the file out`]);
  }
  const names = new Set(pack.policies.map(({ name }) => name));
  const unknown = Object.keys(file?.settings ?? {}).filter((name) => name !== ALL && !names.has(name));
  if (file !== undefined && unknown.length > 0) {
    const known = [...names].join(", ");
    throw refused(
      unknown.map((name) => `${file.source}: ${name}: ${label} has no such policy; it has ${known}`),
    );
  }
  const configured = Object.fromEntries(
    pack.policies.map((policy) => {
      const layers = [pack.initial, file?.settings ?? {}];
      return [
        policy.name,
        layers.reduce((below, layer) => lay(policy.name, below, layer), defaultsOf(policy)),
      ];
    }),
  );
  const problems = pack.policies.flatMap((policy) => {
    const { properties = {}, required = [] } = policy.schema ?? {};
    const schema = { type: "object", properties, required };
    return schemaProblems(schema, configured[policy.name]?.properties ?? {}).map(({ path, message }) =>
      [`${label}: configuration of ${policy.name}`, path, message].filter((part) => part !== "").join(": "),
    );
  });
  if (problems.length > 0) {
    const where =
      file === undefined ? "; set it in a file and name that with --policy-pack-config" : ` (${file.source})`;
    throw refused(problems.map((problem) => `${problem}${where}`));
  }
  return configured;
}

function defaultsOf(policy: PolicyInfo): ConfiguredPolicy {
  const defaults = Object.entries(policy.schema?.properties ?? {}).flatMap(([key, schema]) =>
    isRecord(schema) && schema.default !== undefined ? [[key, schema.default as Json] as const] : [],
  );
  return { level: policy.level, properties: Object.fromEntries(defaults) };
}

function lay(
  name: string,
  below: ConfiguredPolicy,
  layer: Readonly<Record<string, PolicySetting>>,
): ConfiguredPolicy {
  const own = Object.hasOwn(layer, name) ? layer[name] : undefined;
  const all = Object.hasOwn(layer, ALL) ? layer[ALL] : undefined;
  return {
    level: own?.level ?? all?.level ?? below.level,
    properties: { ...below.properties, ...own?.properties },
  };
}

function refused(problems: readonly string[]): EngineError {
  return new EngineError("configuration", problems);
}
