/**
 * The judgement that most rules of isolation share: a resource names nothing that belongs to another environment,
 * and nothing that no environment may use.
 */
import type { Estate } from "./estate";
import type { ReferenceKind } from "./ownership";
import { type Reference, scan } from "./references/scan";
import type { Resource } from "./resource";
import { COMPLIANT, type Finding, NOT_APPLICABLE, type Verdict } from "./rule";

/** How a kind of name is called in messages. */
const WORDS: Readonly<Record<ReferenceKind, string>> = {
  database: "database",
  role: "PostgreSQL role",
  namespace: "namespace",
  host: "host",
  "vault-path": "Vault path",
  "vault-policy": "Vault policy",
  "vault-role": "Vault role",
  "iam-user": "IAM user",
  "ses-identity": "SES identity",
  "ses-configuration-set": "SES configuration set",
  "sns-topic": "SNS topic",
  "mail-from-domain": "MAIL FROM domain",
  "backend-address": "backend address",
  "environment-image": "image built for one environment",
};

/** Every kind of name that a resource can refer to. */
export const referenceKinds = Object.keys(WORDS) as readonly ReferenceKind[];

/** Judges the references of these kinds in a resource, wherever in it they stand. */
export function judgeReferences(
  resource: Resource,
  estate: Estate,
  kinds: readonly ReferenceKind[],
): Verdict {
  const { references, unknown } = scan(resource);
  const findings = foreignReferences(resource, estate, kinds);
  if (findings.length > 0) return { outcome: "findings", findings };
  const maybe = unknown.filter(({ kind }) => kind === undefined || kinds.includes(kind));
  const open = maybe.filter(({ own }) => !own);
  if (open.length > 0) {
    return { outcome: "undetermined", properties: [...new Set(open.map(({ property }) => property))] };
  }
  return maybe.length > 0 || references.some(({ kind }) => kinds.includes(kind)) ? COMPLIANT : NOT_APPLICABLE;
}

/** Names of these kinds in a resource that are another environment's, or legacy. */
export function foreignReferences(
  resource: Resource,
  estate: Estate,
  kinds: readonly ReferenceKind[],
): Finding[] {
  const findings = scan(resource).references.flatMap((reference) =>
    kinds.includes(reference.kind) ? foreignReference(reference, estate) : [],
  );
  if (findings.length < 2) return findings;
  const key = ({ property, reference }: Finding): string =>
    `${property} ${reference?.kind} ${reference?.name}`;
  return [...new Map(findings.map((finding) => [key(finding), finding])).values()];
}

/** A finding when the name is another environment's, or legacy. */
export function foreignReference(
  { kind, name, property }: Reference,
  { owners, environment }: Estate,
): Finding[] {
  const owner = owners.ownerOf(kind, name);
  if (owner === undefined || owner.whose === "own") return [];
  const whose =
    owner.whose === "legacy"
      ? `the legacy ${WORDS[kind]} ${name}, which nothing declared may use`
      : `the ${WORDS[kind]} ${name} of ${owner.environment}`;
  return [{ property, message: `names ${whose}; ${environment} has its own`, reference: { kind, name } }];
}
