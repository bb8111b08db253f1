/**
 * Cases of a rule as data, so that the same ones run directly, in the form that a provider's check returns, and in
 * Pulumi's own policy runner.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readEnvironmentFile } from "../../config";
import { type EnvironmentFacts, type Estate, estateOf } from "../../policies/estate";
import type { Resource } from "../../policies/resource";
import type { Rule, Verdict } from "../../policies/rule";
import type { Value, ValueMap } from "../../policies/value";
import { repository } from "../support/project";

/** One case: what is given, and what the rule must say about the resource named `subject`. */
export interface RuleCase {
  /** A full sentence about the outcome. */
  readonly name: string;
  /** @default prod */
  readonly environment?: "dev" | "prod";
  /** The first is the subject; a stack rule sees all of them. */
  readonly given: Resource | readonly Resource[];
  readonly want: Verdict["outcome"];
  /** Properties of the findings, or of what is not known, in order. */
  readonly at?: readonly string[];
}

export interface RuleCases {
  readonly rule: Rule;
  readonly cases: readonly RuleCase[];
}

/** A resource of a provider. Its package's provider manages it, unless `options` says that it is a component. */
export function resource(
  type: string,
  properties: Readonly<Record<string, Value>>,
  options: { readonly name?: string; readonly protect?: boolean; readonly component?: true } = {},
): Resource {
  const { name = "subject", protect = false, component } = options;
  const [packageName = ""] = type.split(":");
  const isProvider = type.startsWith("pulumi:providers:");
  const provider = {
    urn: urn(`pulumi:providers:${packageName}`, "provider"),
    type: `pulumi:providers:${packageName}`,
    name: "provider",
    properties: {},
  };
  return {
    urn: urn(type, name),
    type,
    name,
    properties,
    protect,
    ...(component || isProvider ? {} : { provider }),
  };
}

function urn(type: string, name: string): string {
  return `urn:pulumi:prod::keybuzz::${type}::${name}`;
}

/** A Kubernetes object; `type` as in `apps/v1:Deployment`. */
export function object(type: string, body: Readonly<Record<string, Value>>, name?: string): Resource {
  const [version = "", kind = ""] = type.split(":");
  const apiVersion = version.replace(/^core\//, "");
  return resource(`kubernetes:${type}`, { apiVersion, kind, ...body }, name === undefined ? {} : { name });
}

const files = ["dev", "prod"].map((name): EnvironmentFacts => {
  const text = readFileSync(
    join(repository, "test", "official", "environments", `Pulumi.${name}.yaml`),
    "utf8",
  );
  const reading = readEnvironmentFile(text);
  return { name, claims: [], ...reading };
});

/** DEV or PROD of KeyBuzz, as their files declare them. */
export function estate(environment: "dev" | "prod" = "prod"): Estate {
  return estateOf(environment, files);
}

/** The resource as a provider's check returns it: a Secret's values in base64, the bridge's marks. */
export function checkedForm(given: Resource): Resource {
  const { type, properties } = given;
  if (type === "kubernetes:core/v1:Secret") return { ...given, properties: folded(properties) };
  return type.startsWith("kubernetes:") || given.provider === undefined
    ? given
    : { ...given, properties: { ...properties, __defaults: [] } };
}

function folded({ stringData, data, ...rest }: ValueMap): ValueMap {
  if (stringData === undefined) return data === undefined ? rest : { ...rest, data };
  if (typeof stringData !== "object" || stringData === null || stringData.constructor !== Object)
    return { ...rest, data: stringData };
  const encoded = Object.entries(stringData as ValueMap).map(([key, value]) => [
    key,
    typeof value === "string" ? Buffer.from(value).toString("base64") : value,
  ]);
  return { ...rest, data: { ...(data as ValueMap | undefined), ...Object.fromEntries(encoded) } };
}
