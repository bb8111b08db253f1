/** AWS's own policies, by their ARNs, where a program gives them to a user, a group or a role. */
import { isPhysical, type Resource } from "../resource";
import { isList, itemsOf, type Path, type Value } from "../value";

/** A managed policy that somebody is given. */
export interface ManagedPolicyPlace {
  readonly path: Path;
  readonly arn: Value;
}

/** The property that names one policy or several, by type. Source: the schemas of @pulumi/aws. */
const GIVEN_BY: Readonly<Record<string, string>> = {
  "aws:iam/role:Role": "managedPolicyArns",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
  "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": "policyArns",
  "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
};

/** The managed policies that a resource gives somebody. */
export function managedPoliciesIn(resource: Resource): readonly ManagedPolicyPlace[] {
  const { type, properties } = resource;
  const property = Object.hasOwn(GIVEN_BY, type) ? GIVEN_BY[type] : undefined;
  if (property === undefined || !isPhysical(resource)) return [];
  const given = properties[property];
  if (given === undefined || given === null) return [];
  return isList(given)
    ? itemsOf(given).map(([index, arn]) => ({ path: [property, index], arn }))
    : [{ path: [property], arn: given }];
}

/**
 * Whether AWS wrote a policy with wildcards for actions that change things: the administrators' ones, and those
 * called `…FullAccess`. Source: AWS managed policy reference.
 */
export function allowsEverything(arn: string): boolean {
  return /^arn:[\w-]+:iam::aws:policy\/(?:[\w-]+\/)*(?:AdministratorAccess(?:-[\w-]+)?|PowerUserAccess|SystemAdministrator|DatabaseAdministrator|NetworkAdministrator|[\w-]*FullAccess(?:_?v\d+)?)$/i.test(
    arn,
  );
}
