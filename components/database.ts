/**
 * One PostgreSQL database of one environment, with the only roles that can reach it.
 *
 * - Nobody logs in as the owner; the migration login becomes the owner on connecting, so every object
 *   belongs to the owner and takes its default privileges.
 * - PUBLIC, and with it every role of another environment, may neither connect nor create anything.
 * - The application has two logins, so that its password can be rotated without a moment in which a client
 *   holds one that does not work (`rotation.ts`).
 * - Clients are told HAProxy's address, never a node's.
 * - In production nothing here is dropped or replaced: protected, retained, and locale and encoding as they
 *   were first created.
 */
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import type { DatabaseArgs } from "./database-args";
import { declarePrivileges } from "./database-privileges";
import { declareRoles, type Login, type Roles, roleNames } from "./database-roles";
import { DEFAULT_SCHEMAS, validateDatabase } from "./database-rules";
import type { DatabaseLogin } from "./handles";

export class Database extends pulumi.ComponentResource {
  /** Physical name. */
  readonly databaseName: string;
  /** The application's login in use, on the write port. */
  readonly applicationLogin: DatabaseLogin;
  /** For migrations: becomes the owner on connecting, on the write port. */
  readonly migrationLogin: DatabaseLogin;
  /** May only SELECT, on the read port. */
  readonly readerLogin: DatabaseLogin;

  private readonly args: DatabaseArgs;
  private readonly schemas: string[];

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    validateDatabase(name, args);
    super("keybuzz:postgres:Database", name, plainInputs(args), opts);
    this.args = args;
    this.databaseName = args.databaseName;
    this.schemas = args.schemas ?? DEFAULT_SCHEMAS;

    const roles = this.declareRoles(name);
    const database = this.declareDatabase(name, roles);
    const schemas = this.declareSchemas(name, database, roles);
    const extensions = this.declareExtensions(name, database, schemas);
    const ready = this.declarePrivileges(name, database, roles, [...schemas, ...extensions]);

    const { writePort, readPort } = args;
    this.applicationLogin = this.handle(roles.application, writePort, ready);
    this.migrationLogin = this.handle(roles.migration, writePort, ready);
    this.readerLogin = this.handle(roles.reader, readPort, ready);
    this.registerOutputs({
      database: args.databaseName,
      applicationRole: this.applicationLogin.role,
      migrationRole: this.migrationLogin.role,
      readerRole: this.readerLogin.role,
    });
  }

  private declareRoles(name: string): Roles {
    const { databaseName, rotation, connectionLimits, timeouts, passwordGenerations } = this.args;
    return declareRoles(this, name, {
      names: roleNames(databaseName),
      searchPaths: this.schemas,
      rotation,
      passwordGenerations: {
        migration: passwordGenerations?.migration ?? 1,
        reader: passwordGenerations?.reader ?? 1,
      },
      connectionLimits,
      timeouts: timeouts ?? {},
      keep: this.keep(),
    });
  }

  private declareDatabase(name: string, { owner }: Roles): postgresql.Database {
    const locale = this.args.locale ?? "C.UTF-8";
    return new postgresql.Database(
      `${name}-database`,
      {
        name: this.args.databaseName,
        owner: roleNames(this.args.databaseName).owner,
        alterObjectOwnership: true,
        connectionLimit: this.args.connectionLimits.database,
        // Spelt as the server reads them back: another spelling would look like a change, and these replace.
        encoding: "UTF8",
        lcCollate: locale,
        lcCtype: locale,
        template: "template0",
      },
      {
        parent: this,
        ...this.keep(),
        ...(this.args.environment.production && {
          ignoreChanges: ["encoding", "lcCollate", "lcCtype", "template"],
        }),
        dependsOn: [owner],
      },
    );
  }

  private declareSchemas(
    name: string,
    database: postgresql.Database,
    { owner, readWrite, readOnly }: Roles,
  ): pulumi.Resource[] {
    const schemas = this.schemas.map(
      (schema) =>
        new postgresql.Schema(
          `${name}-schema-${schema}`,
          { name: schema, database: database.name, owner: roleNames(this.args.databaseName).owner },
          { parent: this, ...this.keep(), dependsOn: [owner], deletedWith: database },
        ),
    );
    return [...schemas, readWrite, readOnly];
  }

  private declareExtensions(
    name: string,
    database: postgresql.Database,
    schemas: pulumi.Resource[],
  ): pulumi.Resource[] {
    const [schema = "public"] = this.schemas;
    return (this.args.extensions ?? []).map(
      (extension) =>
        new postgresql.Extension(
          `${name}-extension-${extension}`,
          { name: extension, database: database.name, schema },
          { parent: this, ...this.keep(), dependsOn: schemas, deletedWith: database },
        ),
    );
  }

  private declarePrivileges(
    name: string,
    database: postgresql.Database,
    roles: Roles,
    after: pulumi.Resource[],
  ): pulumi.Resource[] {
    return declarePrivileges(this, name, {
      database: database.name,
      roles: roleNames(this.args.databaseName),
      schemas: this.schemas,
      after: [database, roles.owner, roles.readWrite, roles.readOnly, ...after],
      deletedWith: database,
    });
  }

  /** Production's roles and data: a destroy, or a line lost from the program, must not drop them. */
  private keep(): pulumi.CustomResourceOptions {
    return this.args.environment.production ? { protect: true, retainOnDelete: true } : {};
  }

  private handle(login: Login, port: number, ready: pulumi.Resource[]): DatabaseLogin {
    return {
      role: login.name,
      password: login.password,
      database: this.databaseName,
      host: this.args.host,
      port,
      resources: [login.role, ...ready],
    };
  }
}

/** What rules and a preview can see of the arguments: all of it, none is secret. */
function plainInputs(args: DatabaseArgs): pulumi.Inputs {
  const { environment, ...rest } = args;
  return { environment: environment.name, production: environment.production, ...rest };
}
