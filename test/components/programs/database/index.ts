/** One database, as the environments declare theirs; its logins are the stack's outputs. */
import * as pulumi from "@pulumi/pulumi";
import { Database } from "../../../../components/database";
import type { DatabaseLogin } from "../../../../components/handles";

const config = new pulumi.Config("trial");
const environment = pulumi.getStack();

const database = new Database("shop", {
  environment: { name: environment, production: environment === "prod" },
  databaseName: `shop_${environment}`,
  host: "127.0.0.1",
  writePort: 5432,
  readPort: 5433,
  connectionLimits: { database: 40, application: 20, migration: 3, reader: 5 },
  rotation: {
    generation: config.requireNumber("generation"),
    idleSlot: config.require<"open" | "closed">("idleSlot"),
  },
  schemas: ["public", "reports"],
  extensions: ["pg_trgm"],
  locale: config.require("locale"),
});

function output({ role, password }: DatabaseLogin): pulumi.Output<{ user: string; password: string }> {
  return pulumi.secret({ user: role, password });
}

export const application = output(database.applicationLogin);
export const migration = output(database.migrationLogin);
export const reader = output(database.readerLogin);
