/**
 * Makes Pulumi policies of rules. The only code that knows @pulumi/policy: what it hands over becomes plain data
 * before a rule sees it.
 *
 * A rule about single resources is judged by their inputs. Where it cannot decide, it is asked again when the whole
 * stack is known, with what unknown values come from; what stays open is told by `general/determined`.
 */
import {
  PolicyPack,
  type PolicyProviderResource,
  type PolicyResource,
  type ReportViolation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationArgs,
  type StackValidationPolicy,
  UnknownValueError,
} from "@pulumi/policy";
import { determined } from "./general/determined";
import { appliesTo } from "./judge";
import { writeChanges } from "./pack/mended";
import { guarded, type PackSession, type StackQuestion } from "./pack/session";
import { AS_DATA, type Told, toldText } from "./pack/told";
import { readProperties } from "./pack/values";
import { withEnvironmentLabel } from "./remediation";
import type { ProviderResource, Resource } from "./resource";
import type { ResourceRule, Rule, RuleRecord, StackRule, Verdict } from "./rule";
import { environmentLabel } from "./rules/general/environment-label";

/** Reads others' resources; its outputs belong to another stack. */
const STACK_REFERENCE = "pulumi:pulumi:StackReference";

/** A provider returns the first as the second, and the dependencies stay with the first. */
const FOLDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "kubernetes:core/v1:Secret": { data: "stringData" },
};

/** Starts the pack in Pulumi's policy runner. */
export function servePack(rules: readonly Rule[], session: PackSession): void {
  const policies = rules.map((rule, position) =>
    rule.scope === "resource"
      ? resourcePolicy(rule, position, session)
      : stackPolicy(rule, position, session),
  );
  new PolicyPack("keybuzz-environments", {
    displayName: "KeyBuzz environments",
    description: "Keeps KeyBuzz's environments apart, and each of them as it was decided to be",
    tags: [...new Set(rules.map(familyOf))],
    // The last: it tells what the others left open.
    policies: [...policies, determinedPolicy(rules.length, session)],
  });
}

function familyOf({ id }: RuleRecord): string {
  return id.slice(0, id.indexOf("/"));
}

/** What Pulumi tells of a policy. */
function described(record: RuleRecord) {
  const { id, title, why, level, severity, prevents, fix } = record;
  const [reason = ""] = why.split(/(?<=\.) (?=[A-Z])/);
  return {
    name: id,
    displayName: title,
    description: `${title}. ${reason}`,
    enforcementLevel: level,
    severity,
    tags: [familyOf(record), ...prevents],
    remediationSteps: fix,
  };
}

function resourcePolicy(
  rule: ResourceRule,
  position: number,
  session: PackSession,
): ResourceValidationPolicy & Partial<StackValidationPolicy> {
  return {
    ...described(rule),
    validateResource: async (args, report) => {
      const { estate } = session;
      const { urn } = args;
      session.begin(rule.id, urn);
      if (!appliesTo(rule, estate)) return notApplicable(args, "it is for production");
      const resource = await session.resource(urn, position, () => declaredResource(args));
      const verdict = guarded(rule.id, urn, () => rule.check(resource, estate));
      if (verdict.outcome === "undetermined") {
        session.postpone(rule.id, urn, verdict.properties);
        // Pulumi counts whatever is neither a violation nor this as passed.
        return notApplicable(args, "it is decided when the whole stack is known");
      }
      tellVerdict(rule, urn, verdict, report, session);
      if (verdict.outcome === "not-applicable") notApplicable(args, "it is for other resources");
    },
    // There only while something is open: the runner would unpack the whole stack for each policy that has it.
    get validateStack() {
      return session.hasPostponed(rule.id)
        ? (args: StackValidationArgs, report: ReportViolation) =>
            decideLate(rule, position, session, args, report)
        : undefined;
    },
    ...(rule === environmentLabel ? { remediateResource: (args) => addLabel(args, session) } : {}),
  } as ResourceValidationPolicy & Partial<StackValidationPolicy>;
}

/** Judges again what could not be decided by the inputs. */
async function decideLate(
  rule: ResourceRule,
  position: number,
  session: PackSession,
  args: StackValidationArgs,
  report: ReportViolation,
): Promise<void> {
  const stack = await wholeStack(args, position, session);
  for (const [urn, properties] of session.takePostponed(rule.id)) {
    const resource = stack.byUrn.get(urn);
    const verdict: Verdict =
      resource === undefined
        ? { outcome: "undetermined", properties }
        : guarded(rule.id, urn, () => rule.check(resource, session.estate));
    tellVerdict(rule, urn, verdict, report, session, stack);
  }
}

function stackPolicy(rule: StackRule, position: number, session: PackSession): StackValidationPolicy {
  return {
    ...described(rule),
    validateStack: async (args, report) => {
      const { estate } = session;
      if (!appliesTo(rule, estate)) return notApplicable(args, "it is for production");
      const stack = await wholeStack(args, position, session);
      const verdicts = guarded(rule.id, undefined, () => rule.check(stack, estate));
      for (const { urn, verdict } of verdicts) tellVerdict(rule, urn, verdict, report, session, stack);
      if (verdicts.every(({ verdict }) => verdict.outcome === "not-applicable")) {
        notApplicable(args, "it is for resources that the stack does not have");
      }
    },
  };
}

function determinedPolicy(position: number, session: PackSession): StackValidationPolicy {
  return {
    ...described(determined),
    validateStack: async (args, report) => {
      const { open } = await wholeStack(args, position, session);
      for (const { rule, urn, properties } of open) tell({ undetermined: { rule, properties } }, report, urn);
      tell({ compliant: session.takeCompliant() }, report);
    },
  };
}

/** Tells what a rule found. Every finding of the pack comes through here. */
function tellVerdict(
  rule: Rule,
  urn: string,
  verdict: Verdict,
  report: ReportViolation,
  session: PackSession,
  stack?: StackQuestion,
): void {
  if (verdict.outcome === "findings") {
    const counting = verdict.findings.filter(
      ({ property }) => session.exempting({ rule: rule.id, urn, property }) === undefined,
    );
    for (const finding of counting) tell({ finding }, report, urn);
  } else if (verdict.outcome === "undetermined") {
    stack?.open.push({ rule: rule.id, urn, properties: verdict.properties });
  } else if (verdict.outcome === "compliant") {
    session.countCompliant(rule.id);
  }
}

function tell(told: Told, report: ReportViolation, urn?: string): void {
  const text = toldText(told, process.env[AS_DATA] !== undefined);
  if (text !== undefined) report(text, urn);
}

/** Most answers are this one, and Pulumi makes an error of each: its stack trace would cost more than the rule. */
function notApplicable(args: Pick<ResourceValidationArgs, "notApplicable">, reason: string): never {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return args.notApplicable(reason);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Adds the environment's name where it is missing, if the level of the policy is `remediate`. */
async function addLabel(
  args: ResourceValidationArgs,
  session: PackSession,
): Promise<Record<string, unknown> | undefined> {
  const { type, props, provider } = args;
  // A component is not what can carry a label.
  if (provider === undefined) return undefined;
  const { values, hasArchive } = await readProperties(props, isUnknownError);
  const mended = withEnvironmentLabel(type, values, session.estate.environment);
  if (mended === values || hasArchive) return undefined;
  writeChanges(props, values, mended);
  return props;
}

function isUnknownError(error: unknown): boolean {
  return error instanceof UnknownValueError;
}

/** A resource by its inputs. What an unknown value comes from is not told at this stage. */
async function declaredResource({
  urn,
  type,
  name,
  props,
  opts,
  provider,
}: ResourceValidationArgs): Promise<Resource> {
  const { values } = await readProperties(props, isUnknownError);
  return {
    ...{ urn, type, name, properties: values, protect: opts.protect },
    ...(provider === undefined ? {} : { provider: await knownProvider(provider) }),
    ...(opts.parent === undefined ? {} : { parent: opts.parent }),
  };
}

function wholeStack(
  { resources }: StackValidationArgs,
  position: number,
  session: PackSession,
): Promise<StackQuestion> {
  return session.stack(position, (inputsOf) =>
    Promise.all(resources.map(async (resource) => knownResource(resource, await inputsOf(resource.urn)))),
  );
}

/**
 * A resource by its outputs. An unknown value is this environment's own when it was not among the inputs, or when
 * everything that it depends on is managed here; of what the program only reads, Pulumi tells a policy nothing.
 */
async function knownResource(resource: PolicyResource, declared: Resource | undefined): Promise<Resource> {
  const { urn, type, name, props, opts, parent, provider, propertyDependencies } = resource;
  const isOwn = (property: string): boolean => {
    if (declared !== undefined && !Object.hasOwn(declared.properties, property)) return true;
    const folded = FOLDED[type]?.[property];
    const sources = [property, ...(folded === undefined ? [] : [folded])].flatMap(
      (key) => propertyDependencies[key] ?? [],
    );
    return sources.length > 0 && sources.every((source) => source.type !== STACK_REFERENCE);
  };
  const { values } = await readProperties(props, isUnknownError, isOwn);
  return {
    ...{ urn, type, name, properties: values, protect: opts.protect },
    ...(provider === undefined ? {} : { provider: await knownProvider(provider) }),
    ...(parent === undefined ? {} : { parent: parent.urn }),
  };
}

async function knownProvider({ urn, type, name, props }: PolicyProviderResource): Promise<ProviderResource> {
  const { values } = await readProperties(props, isUnknownError);
  return { urn, type, name, properties: values };
}
