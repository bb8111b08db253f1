/** Databases to test with, and what is read from their recordings. */
import * as postgresql from "@pulumi/postgresql";
import { Database } from "../../components/database";
import type { DatabaseArgs } from "../../components/database-args";
import { type RecordedResource, type RecordOptions, recordResources, resourcesOf } from "./mocks";

export const DATABASE = "postgresql:index/database:Database";
export const ROLE = "postgresql:index/role:Role";
export const SCHEMA = "postgresql:index/schema:Schema";
export const EXTENSION = "postgresql:index/extension:Extension";
export const GRANT = "postgresql:index/grant:Grant";
export const DEFAULTS = "postgresql:index/defaultPrivileges:DefaultPrivileges";
export const PASSWORD = "random:index/randomPassword:RandomPassword";

export const dev: DatabaseArgs = {
  environment: { name: "dev", production: false },
  databaseName: "keybuzz_dev",
  host: "10.0.0.10",
  writePort: 5432,
  readPort: 5433,
  connectionLimits: { database: 60, application: 40, migration: 3, reader: 5 },
  rotation: { generation: 1, idleSlot: "closed" },
};
export const prod: DatabaseArgs = {
  ...dev,
  environment: { name: "prod", production: true },
  databaseName: "keybuzz_prod",
};

export function declare(args: DatabaseArgs): Database {
  const provider = new postgresql.Provider("postgres", { host: args.host });
  return new Database("api", args, { provider });
}

export function record(
  args: Partial<DatabaseArgs> = {},
  options: RecordOptions = {},
): Promise<RecordedResource[]> {
  return recordResources(() => declare({ ...dev, ...args }), options);
}

/** Inputs of all resources of a type, by the last part of their logical name. */
export function inputsByName(resources: RecordedResource[], type: string): Record<string, unknown> {
  return Object.fromEntries(
    resourcesOf(resources, type).map(({ name, inputs }) => [name.replace(/^api-/, ""), inputs]),
  );
}
