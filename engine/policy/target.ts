/** What a policy pack is told of the environment that it judges. */
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";

/** The environment that a pack judges. */
export interface PolicyTarget {
  readonly project: string;
  readonly environment: string;
  /** @default "organization", as Pulumi's file backend says */
  readonly organization?: string;
  /** `namespace:key` to value; structured values as JSON text. */
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** Texts that nothing may show: secrets in clear, and what stands for locked ones. */
  readonly hidden: readonly string[];
  /** Whether nothing is changed, so that values may be unknown. @default true */
  readonly dryRun?: boolean;
  /** Tags of the stack. @default {} */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Pulumi's file backend calls its only organization so. */
const ORGANIZATION = "organization";

/** The variables of its process: the only way for project, environment and configuration into its code. */
export function environmentOf({
  project,
  environment,
  organization,
  values,
  dryRun = true,
}: PolicyTarget): NodeJS.ProcessEnv {
  const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    PULUMI_NODEJS_ORGANIZATION: organization ?? ORGANIZATION,
    PULUMI_NODEJS_PROJECT: project,
    PULUMI_NODEJS_STACK: environment,
    PULUMI_NODEJS_DRY_RUN: String(dryRun),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(sorted)),
  };
}

/** The pack takes only the stack's tags from it. */
export function stackRequest({
  project,
  environment,
  organization,
  values,
  secretKeys,
  dryRun = true,
  tags = {},
}: PolicyTarget): analyzer.AnalyzerStackConfigureRequest {
  const request = new analyzer.AnalyzerStackConfigureRequest()
    .setProject(project)
    .setStack(environment)
    .setOrganization(organization ?? ORGANIZATION)
    .setDryRun(dryRun)
    .setConfigSecretKeysList([...secretKeys]);
  for (const [key, value] of Object.entries(values)) request.getConfigMap().set(key, value);
  for (const [name, value] of Object.entries(tags)) request.getTagsMap().set(name, value);
  return request;
}
