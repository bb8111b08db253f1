/**
 * Proves what a Database declares beside roles and privileges, that production cannot lose its data by
 * accident, where its handles lead, and that two environments share nothing.
 */
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { Database } from "../../components/database";
import type { DatabaseLogin } from "../../components/handles";
import {
  DATABASE,
  DEFAULTS,
  declare,
  dev,
  EXTENSION,
  GRANT,
  inputsByName,
  PASSWORD,
  prod,
  ROLE,
  record,
  SCHEMA,
} from "../support/databases";
import {
  type RecordedResource,
  readOutput,
  recordProgram,
  resourceOf,
  resourcesOf,
  waitsFor,
} from "../support/mocks";

describe("database, schemas and extensions", () => {
  test("the owner owns the database, whose locale is spelt as the server reads it back", async () => {
    const database = resourceOf(await record(), DATABASE);
    expect(database.inputs).toEqual({
      name: "keybuzz_dev",
      owner: "keybuzz_dev_owner",
      alterObjectOwnership: true,
      connectionLimit: 60,
      encoding: "UTF8",
      lcCollate: "C.UTF-8",
      lcCtype: "C.UTF-8",
      template: "template0",
    });
    expect(resourceOf(await record({ locale: "fr_FR.UTF-8" }), DATABASE).inputs).toMatchObject({
      lcCollate: "fr_FR.UTF-8",
      lcCtype: "fr_FR.UTF-8",
    });
  });

  test("the owner owns schema public unless other schemas are given", async () => {
    const owner = "keybuzz_dev_owner";
    expect(inputsByName(await record(), SCHEMA)).toEqual({
      "schema-public": { name: "public", database: "keybuzz_dev", owner },
    });
    const resources = await record({ schemas: ["app", "audit"] });
    expect(inputsByName(resources, SCHEMA)).toEqual({
      "schema-app": { name: "app", database: "keybuzz_dev", owner },
      "schema-audit": { name: "audit", database: "keybuzz_dev", owner },
    });
    expect(resourceOf(resources, ROLE, "api-migrate").inputs.searchPaths).toEqual(["app", "audit"]);
  });

  test("extensions go into the first schema, before any privilege", async () => {
    expect(resourcesOf(await record(), EXTENSION)).toEqual([]);
    const resources = await record({ extensions: ["pg_trgm", "uuid-ossp"], schemas: ["app", "audit"] });
    const extensions = resourcesOf(resources, EXTENSION);
    expect(extensions.map(({ inputs }) => inputs)).toEqual([
      { name: "pg_trgm", database: "keybuzz_dev", schema: "app" },
      { name: "uuid-ossp", database: "keybuzz_dev", schema: "app" },
    ]);
    const functions = resourceOf(resources, GRANT, "api-grant-rw-function-app");
    for (const extension of extensions) expect(waitsFor(resources, functions, extension)).toBe(true);
  });

  test("what stands in the database goes and comes with it", async () => {
    const resources = await record({ extensions: ["pg_trgm"] });
    const database = resourceOf(resources, DATABASE);
    const inside = [SCHEMA, EXTENSION, GRANT, DEFAULTS].flatMap((type) => resourcesOf(resources, type));
    expect(inside.length).toBeGreaterThan(10);
    for (const { name, options, propertyDependencies } of inside) {
      expect(options.deletedWith, name).toBe("api-database");
      // By value, not only by order: an engine then replaces them when it replaces the database.
      expect(propertyDependencies.database, name).toEqual([database.urn]);
    }
  });
});

describe("production", () => {
  test("its database, schemas, extensions and roles are protected and retained, DEV's are not", async () => {
    const kept = [DATABASE, SCHEMA, EXTENSION, ROLE];
    for (const [args, options] of [
      [prod, { protect: true, retainOnDelete: true }],
      [dev, {}],
    ] as const) {
      const resources = await record({ ...args, extensions: ["pg_trgm"] });
      for (const type of kept) {
        for (const { name, options: seen } of resourcesOf(resources, type)) {
          const { protect, retainOnDelete } = seen;
          expect({ protect, retainOnDelete }, name).toEqual({ ...options });
        }
      }
      // A privilege taken out of the program must really go.
      for (const { options: seen } of resourcesOf(resources, GRANT)) {
        expect(seen.protect).toBeUndefined();
        expect(seen.retainOnDelete).toBeUndefined();
      }
      // A protected password could not be rotated.
      for (const { options: seen } of resourcesOf(resources, PASSWORD)) expect(seen.protect).toBeUndefined();
    }
  });

  test("nothing that would replace its database counts as a change", async () => {
    const replacing = ["encoding", "lcCollate", "lcCtype", "template"];
    expect(resourceOf(await record(prod), DATABASE).options.ignoreChanges).toEqual(replacing);
    expect(resourceOf(await record(dev), DATABASE).options.ignoreChanges).toEqual([]);
  });
});

describe("the component", () => {
  test("children stand below it, under names that begin with its own, at the given provider", async () => {
    const resources = await record({ extensions: ["pg_trgm"] });
    const children = resources.filter(({ parent }) => parent !== undefined);
    expect(children).toHaveLength(resources.length - 2);
    for (const { parent, name, type, provider } of children) {
      expect(parent).toBe("api");
      expect(name.startsWith("api-")).toBe(true);
      if (type !== PASSWORD) expect(provider, name).toBe("postgres");
    }
  });

  test("its plain arguments are recorded where rules see them, and its outputs name the logins", async () => {
    const component = resourceOf(
      await record({ extensions: ["pg_trgm"] }),
      "keybuzz:postgres:Database",
      "api",
    );
    const { environment, ...plain } = dev;
    expect(component.inputs).toEqual({
      ...plain,
      environment: environment.name,
      production: false,
      extensions: ["pg_trgm"],
    });
    expect(component.outputs).toEqual({
      database: "keybuzz_dev",
      applicationRole: "keybuzz_dev_app_a",
      migrationRole: "keybuzz_dev_migrate",
      readerRole: "keybuzz_dev_read",
    });
  });

  test("its handles lead to HAProxy and wait for the login and for every privilege", async () => {
    const { resources, result } = await recordProgram(async () => {
      const database = declare(dev);
      const { applicationLogin, migrationLogin, readerLogin } = database;
      const follow = (login: DatabaseLogin, name: string) =>
        new pulumi.ComponentResource(
          "test:index:Follower",
          name,
          { port: login.port },
          { dependsOn: login.resources },
        );
      follow(applicationLogin, "application");
      follow(migrationLogin, "migration");
      follow(readerLogin, "reader");
      return {
        handles: { applicationLogin, migrationLogin, readerLogin },
        password: await readOutput(applicationLogin.password),
      };
    });
    const common = { database: "keybuzz_dev", host: "10.0.0.10" };
    expect(result.handles.applicationLogin).toMatchObject({
      ...common,
      role: "keybuzz_dev_app_a",
      port: 5432,
    });
    expect(result.handles.migrationLogin).toMatchObject({
      ...common,
      role: "keybuzz_dev_migrate",
      port: 5432,
    });
    expect(result.handles.readerLogin).toMatchObject({ ...common, role: "keybuzz_dev_read", port: 5433 });
    const active = resourceOf(resources, ROLE, "api-app-a");
    expect(active.inputs.password).toEqual({ secret: result.password.value });
    expect(result.password.secret).toBe(true);
    for (const [follower, login] of [
      ["application", "app-a"],
      ["migration", "migrate"],
      ["reader", "read"],
    ]) {
      const waiting = resourceOf(resources, "test:index:Follower", follower);
      expect(waitsFor(resources, waiting, resourceOf(resources, ROLE, `api-${login}`))).toBe(true);
      for (const type of [GRANT, DEFAULTS, DATABASE]) {
        for (const other of resourcesOf(resources, type)) {
          expect(waitsFor(resources, waiting, other), `${follower} and ${other.name}`).toBe(true);
        }
      }
    }
  });

  test("two environments share no database, role or password", async () => {
    const one = await record(dev);
    const two = await record(prod);
    const claims = (resources: RecordedResource[]) => [
      ...[...resourcesOf(resources, DATABASE), ...resourcesOf(resources, ROLE)].map(
        ({ inputs }) => inputs.name,
      ),
      ...resourcesOf(resources, GRANT).map(({ inputs }) => inputs.database),
    ];
    expect(claims(one).filter((name) => claims(two).includes(name))).toEqual([]);
  });

  test("no role is granted anything of a database that is not its own", async () => {
    const { resources } = await recordProgram(() => {
      const provider = new postgresql.Provider("postgres", { host: dev.host });
      new Database("api", dev, { provider });
      new Database("backend", { ...dev, databaseName: "keybuzz_backend_dev" }, { provider });
    });
    for (const { inputs, name } of [...resourcesOf(resources, GRANT), ...resourcesOf(resources, DEFAULTS)]) {
      const { database, role } = inputs as { database: string; role: string };
      if (role !== "public") expect(role.replace(/_(rw|ro)$/, ""), name).toBe(database);
    }
    for (const { inputs } of resourcesOf(resources, ROLE)) {
      const own = (role: unknown) => `${role}`.replace(/_(owner|rw|ro|app_a|app_b|migrate|read)$/, "");
      for (const group of (inputs.roles as string[] | undefined) ?? [])
        expect(own(group)).toBe(own(inputs.name));
    }
  });
});
