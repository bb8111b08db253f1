/**
 * The judgement that most rules of isolation share: a resource names nothing that belongs to another environment,
 * and nothing that no environment may use.
 */
import type { ClaimKind } from "../config";
import type { Estate } from "./estate";
import type { ReferenceKind } from "./ownership";
import { type Reference, scan } from "./references/scan";
import type { Resource } from "./resource";
import type { Verdict } from "./rule";
import { COMPLIANT, type Finding, NOT_APPLICABLE } from "./rule";

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

/** Judges the references of these kinds in a resource, wherever in it they stand. */
export function judgeReferences(
  resource: Resource,
  estate: Estate,
  kinds: readonly ReferenceKind[],
): Verdict {
  const { references, unknown } = scan(resource);
  const ofKind = references.filter(({ kind }) => kinds.includes(kind));
  const findings = ofKind.flatMap((reference) => foreignReference(reference, estate));
  if (findings.length > 0) return { outcome: "findings", findings: distinctPlaces(findings) };
  const open = unknown.filter(({ kind, own }) => !own && (kind === undefined || kinds.includes(kind)));
  if (open.length > 0) return { outcome: "undetermined", properties: open.map(({ property }) => property) };
  return ofKind.length > 0 || unknown.some(({ kind }) => kind === undefined || kinds.includes(kind))
    ? COMPLIANT
    : NOT_APPLICABLE;
}

/** A finding when the name is another environment's, or legacy. */
export function foreignReference(
  { kind, name, property }: Reference,
  { owners, environment }: Estate,
): Finding[] {
  const owner = owners.ownerOf(kind, name);
  if (owner === undefined || owner.whose === "own") return [];
  const reference = { kind, name };
  const whose =
    owner.whose === "legacy"
      ? `the legacy ${WORDS[kind]} ${name}, which nothing declared may use`
      : `the ${WORDS[kind]} ${name} of ${owner.environment}`;
  return [{ property, message: `names ${whose}; ${environment} has its own`, reference }];
}

/** A name that stands twice in one property, as a URL's host and as a word, is one finding. */
function distinctPlaces(findings: readonly Finding[]): Finding[] {
  const key = ({ property, reference }: Finding): string =>
    `${property} ${reference?.kind} ${reference?.name}`;
  return [...new Map(findings.map((finding) => [key(finding), finding])).values()];
}

/** The kind of claim that a reference is compared with. */
export function claimKindOf(kind: ReferenceKind): ClaimKind {
  return kind === "vault-path" ? "vault-prefix" : kind;
}
