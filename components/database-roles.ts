/**
 * The roles of one database, a private step of `Database`. Nobody logs in as the owner or as a group; every
 * login is a member of exactly one of them, and its membership stands in its own `roles`, because the
 * provider revokes memberships granted elsewhere whenever it updates a role.
 */
import * as postgresql from "@pulumi/postgresql";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { type Rotation, type Slot, slotsOf } from "./rotation";

/** Physical names, all built from the database's name. */
export interface RoleNames {
  readonly owner: string;
  readonly readWrite: string;
  readonly readOnly: string;
  readonly application: Record<Slot, string>;
  readonly migration: string;
  readonly reader: string;
}

/** Length of the longest suffix below, `_migrate`: a database's name must leave room for it. */
export const LONGEST_ROLE_SUFFIX = 8;

export function roleNames(database: string): RoleNames {
  return {
    owner: `${database}_owner`,
    readWrite: `${database}_rw`,
    readOnly: `${database}_ro`,
    application: { a: `${database}_app_a`, b: `${database}_app_b` },
    migration: `${database}_migrate`,
    reader: `${database}_read`,
  };
}

export interface RolesArgs {
  readonly names: RoleNames;
  readonly searchPaths: string[];
  readonly rotation: Rotation;
  readonly passwordGenerations: { readonly migration: number; readonly reader: number };
  readonly connectionLimits: {
    readonly application: number;
    readonly migration: number;
    readonly reader: number;
  };
  readonly timeouts: { readonly statementMs?: number; readonly idleInTransactionMs?: number };
  /** How production's roles are kept from being dropped. */
  readonly keep: pulumi.CustomResourceOptions;
}

/** A login that works. */
export interface Login {
  readonly name: string;
  readonly role: postgresql.Role;
  readonly password: pulumi.Output<string>;
}

export interface Roles {
  readonly owner: postgresql.Role;
  readonly readWrite: postgresql.Role;
  readonly readOnly: postgresql.Role;
  /** The application's slot in use. The other one is declared too, and handed to nobody. */
  readonly application: Login;
  readonly migration: Login;
  readonly reader: Login;
}

/** What a login may do: as member of which role, and with which settings. */
interface Membership {
  readonly name: string;
  readonly of: postgresql.Role;
  readonly settings: postgresql.RoleArgs;
}

/** @param prefix logical name of the database component */
export function declareRoles(parent: pulumi.Resource, prefix: string, args: RolesArgs): Roles {
  const { names, searchPaths, connectionLimits, passwordGenerations } = args;
  const timeouts = timeoutSettings(args.timeouts);
  const owner = group("owner", names.owner);
  const readWrite = group("rw", names.readWrite);
  const readOnly = group("ro", names.readOnly);
  const writer = {
    name: names.readWrite,
    of: readWrite,
    settings: { connectionLimit: connectionLimits.application, ...timeouts },
  };
  const becomesOwner = {
    name: names.owner,
    of: owner,
    // On connecting, so that whatever it creates belongs to the owner and the owner's default privileges
    // apply. No timeouts: a migration may take long.
    settings: { assumeRole: names.owner, connectionLimit: connectionLimits.migration },
  };
  const readsOnly = {
    name: names.readOnly,
    of: readOnly,
    settings: { connectionLimit: connectionLimits.reader, ...timeouts },
  };
  return {
    owner,
    readWrite,
    readOnly,
    application: applicationSlots(writer),
    migration: login("migrate", names.migration, becomesOwner, passwordGenerations.migration),
    reader: login("read", names.reader, readsOnly, passwordGenerations.reader),
  };

  function applicationSlots(membership: Membership): Login {
    const { active, idle } = slotsOf(args.rotation);
    const idleName = names.application[idle.slot];
    if (idle.generation === 0) {
      // Never used: there is no password with which anyone could log in.
      role(`app-${idle.slot}`, idleName, { login: false }, membership);
    } else {
      // Closed, it keeps its last password, so that it can be opened again for a client that was forgotten.
      login(`app-${idle.slot}`, idleName, membership, idle.generation, idle.open);
    }
    return login(`app-${active.slot}`, names.application[active.slot], membership, active.generation);
  }

  function login(
    suffix: string,
    name: string,
    membership: Membership,
    generation: number,
    open = true,
  ): Login {
    const { result: password } = new random.RandomPassword(
      `${prefix}-${suffix}-password`,
      // Letters and digits only: nothing that a URL, a shell or a .env file would have to escape.
      { length: 40, special: false, keepers: { generation: `${generation}` } },
      { parent },
    );
    return { name, password, role: role(suffix, name, { login: open, password }, membership) };
  }

  function group(suffix: string, name: string): postgresql.Role {
    return role(suffix, name, { login: false });
  }

  function role(
    suffix: string,
    name: string,
    settings: postgresql.RoleArgs,
    membership?: Membership,
  ): postgresql.Role {
    const asMember = membership && { roles: [membership.name], ...membership.settings };
    return new postgresql.Role(
      `${prefix}-${suffix}`,
      { name, ...settings, searchPaths, ...asMember },
      { parent, ...args.keep, dependsOn: membership ? [membership.of] : [] },
    );
  }
}

function timeoutSettings(timeouts: RolesArgs["timeouts"]): postgresql.RoleArgs {
  const { statementMs, idleInTransactionMs } = timeouts;
  return {
    ...(statementMs !== undefined && { statementTimeout: statementMs }),
    ...(idleInTransactionMs !== undefined && { idleInTransactionSessionTimeout: idleInTransactionMs }),
  };
}
