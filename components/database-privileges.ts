/**
 * Who may do what in one database, a private step of `Database`: PUBLIC nothing, the read-write group data
 * but no structure, the read-only group SELECT, both for what exists and for what the owner creates later.
 *
 * Every resource here waits for the one before it. The provider runs GRANT and REVOKE on one catalogue row
 * in parallel otherwise, and PostgreSQL answers "tuple concurrently updated"
 * (cyrilgdn/terraform-provider-postgresql#178). So whoever waits for the last one waits for all.
 */
import * as postgresql from "@pulumi/postgresql";
import type * as pulumi from "@pulumi/pulumi";
import type { RoleNames } from "./database-roles";

export interface PrivilegesArgs {
  /**
   * Name of the database as its resource's output: when the database is replaced, so is everything in it.
   * A grant that stood in state alone would leave PUBLIC its CONNECT on the new one.
   */
  readonly database: pulumi.Output<string>;
  readonly roles: RoleNames;
  readonly schemas: string[];
  /** Database, schemas, extensions and groups. */
  readonly after: pulumi.Resource[];
  /** Dropping the database drops these with it. */
  readonly deletedWith: pulumi.Resource;
}

type ObjectType = "table" | "sequence" | "function";

/**
 * What each group may do with objects of the owner. The read-only group may not execute functions: one
 * declared SECURITY DEFINER may write.
 */
const OBJECT_PRIVILEGES: Record<"rw" | "ro", Partial<Record<ObjectType, string[]>>> = {
  rw: {
    table: ["SELECT", "INSERT", "UPDATE", "DELETE"],
    sequence: ["USAGE", "SELECT", "UPDATE"],
    function: ["EXECUTE"],
  },
  ro: { table: ["SELECT"], sequence: ["SELECT"] },
};

/** Declares them in order; whoever waits for what it returns waits for all of them. */
export function declarePrivileges(
  parent: pulumi.Resource,
  name: string,
  args: PrivilegesArgs,
): pulumi.Resource[] {
  const { database, roles, schemas, deletedWith } = args;
  const groups = [
    { group: "rw", role: roles.readWrite, objects: OBJECT_PRIVILEGES.rw },
    { group: "ro", role: roles.readOnly, objects: OBJECT_PRIVILEGES.ro },
  ];
  let after = args.after;
  const options = (): pulumi.CustomResourceOptions => ({ parent, dependsOn: after, deletedWith });

  const grant = (suffix: string, grantArgs: Omit<postgresql.GrantArgs, "database">): void => {
    after = [new postgresql.Grant(`${name}-grant-${suffix}`, { database, ...grantArgs }, options())];
  };
  const grantByDefault = (
    suffix: string,
    defaults: Omit<postgresql.DefaultPrivilegesArgs, "database" | "owner">,
  ): void => {
    const privileges = { database, owner: roles.owner, ...defaults };
    after = [new postgresql.DefaultPrivileges(`${name}-default-${suffix}`, privileges, options())];
  };

  closeToPublic();
  for (const { group, role, objects } of groups) {
    grant(`${group}-database`, { role, objectType: "database", privileges: ["CONNECT"] });
    for (const schema of schemas) {
      grant(`${group}-schema-${schema}`, { role, schema, objectType: "schema", privileges: ["USAGE"] });
      for (const [objectType, privileges] of Object.entries(objects)) {
        const suffix = `${group}-${objectType}-${schema}`;
        grant(suffix, { role, schema, objectType, privileges });
        grantByDefault(suffix, { role, schema, objectType, privileges });
      }
    }
  }
  return after;

  /** What PostgreSQL gives every role of the cluster, so those of the other environment too. */
  function closeToPublic(): void {
    const role = "public";
    grant("public-database", { role, objectType: "database", privileges: [] });
    // Declared or not, every database has a schema `public`.
    grant("public-schema", { role, schema: "public", objectType: "schema", privileges: [] });
    // Without a schema, since default privileges of one schema can only add to the global ones.
    grantByDefault("public-function", { role, objectType: "function", privileges: [] });
  }
}
