/**
 * Brings what a role holds on objects to what it shall hold. A privilege that another role than the owner granted
 * is revoked in that role's name. What the role holds on columns stays while that on their table changes.
 */
import { ProviderError } from "../../engine/provider/errors";
import { changesFor, type Held, isDone, type Wanted } from "./acl";
import { keepingColumns } from "./column-privileges";
import type { GrantTarget } from "./grant-targets";
import { inNameOf } from "./grantor";
import { grantee, quoted } from "./names";
import type { Session } from "./session";

/** Objects in one statement. */
const MOST_OBJECTS = 500;

export interface GrantSync {
  readonly role: string;
  /** Oid of that role, 0 for PUBLIC. */
  readonly oid: string;
  /** `TABLE`. */
  readonly keyword: string;
  /** In which the objects stand, if they stand in one. */
  readonly schema: string | undefined;
  readonly wanted: Wanted;
  /** If given, no other privileges are revoked. */
  readonly only?: readonly string[];
  /** Reads the targets, before and after. */
  readonly targets: () => Promise<readonly GrantTarget[]>;
}

/** One statement for several objects. */
interface Statement {
  readonly grantor: string | undefined;
  readonly before: string;
  readonly privileges: readonly string[];
  readonly column: string | null;
  readonly references: string[];
}

export async function syncGrants(session: Session, sync: GrantSync): Promise<void> {
  const role = grantee(sync.role);
  const { revoke, grant } = statementsFor(sync, await sync.targets());
  for (const statement of revoke) {
    const { grantor, privileges, column, references: tables } = statement;
    const about = { what: `${privileges.join(", ")} on ${tables.join(", ")}`, schema: sync.schema };
    const run = () => inNameOf(session, grantor, about, sqlOf(statement, sync, `FROM ${role}`));
    const takesColumns = sync.keyword === "TABLE" && column === null;
    await (takesColumns ? keepingColumns(session, { ...sync, tables }, run) : run());
  }
  const option = sync.wanted.grantable ? " WITH GRANT OPTION" : "";
  for (const statement of grant) await session.run(...sqlOf(statement, sync, `TO ${role}${option}`));
  if (revoke.length + grant.length > 0) refuseLeftovers(sync, await sync.targets());
}

function statementsFor(
  sync: GrantSync,
  targets: readonly GrantTarget[],
): { revoke: Statement[]; grant: Statement[] } {
  const revoke = new Map<string, Statement>();
  const grant = new Map<string, Statement>();
  for (const target of targets) {
    const changes = changesOf(sync, target);
    for (const grantor of new Set([...changes.revoke, ...changes.revokeOption].map((held) => held.grantor))) {
      const by = (held: readonly Held[]): string[] =>
        held.filter((one) => one.grantor === grantor).map(({ privilege }) => privilege);
      const foreign = grantor === target.owner ? undefined : grantor;
      add(revoke, target, { grantor: foreign, before: "REVOKE", privileges: by(changes.revoke) });
      const before = "REVOKE GRANT OPTION FOR";
      add(revoke, target, { grantor: foreign, before, privileges: by(changes.revokeOption) });
    }
    add(grant, target, { grantor: undefined, before: "GRANT", privileges: changes.grant });
  }
  return { revoke: [...revoke.values()], grant: [...grant.values()] };
}

function changesOf({ wanted, only }: GrantSync, { held }: GrantTarget): ReturnType<typeof changesFor> {
  const changes = changesFor(held, wanted);
  if (only === undefined) return changes;
  return { ...changes, revoke: changes.revoke.filter(({ privilege }) => only.includes(privilege)) };
}

function add(
  statements: Map<string, Statement>,
  { reference, column }: GrantTarget,
  part: Pick<Statement, "grantor" | "before" | "privileges">,
): void {
  if (part.privileges.length === 0) return;
  const key = JSON.stringify([part, column]);
  const statement = statements.get(key) ?? { ...part, column, references: [] };
  statement.references.push(reference);
  statements.set(key, statement);
}

function sqlOf(
  { before, privileges, column, references }: Statement,
  { keyword }: GrantSync,
  end: string,
): string[] {
  const words = privileges.map((word) => (column === null ? word : `${word} (${column})`)).join(", ");
  const parts = Array.from({ length: Math.ceil(references.length / MOST_OBJECTS) }, (_, index) =>
    references.slice(index * MOST_OBJECTS, (index + 1) * MOST_OBJECTS),
  );
  return parts.map((part) => `${before} ${words} ON ${keyword} ${part.join(", ")} ${end}`);
}

/** GRANT and REVOKE only warn when they change nothing. */
function refuseLeftovers(sync: GrantSync, targets: readonly GrantTarget[]): void {
  const left = targets.filter((target) => !isDone(changesOf(sync, target)));
  if (left.length === 0) return;
  const names = left.map(({ name, owner }) => `${quoted(name)} of owner ${quoted(owner)}`).join(", ");
  throw new ProviderError(
    `the privileges of ${quoted(sync.role)} did not change on ${names}: connect as the owner, or as a superuser`,
  );
}
