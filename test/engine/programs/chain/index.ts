/**
 * Roles of the names in `trial:roles`, each made after the one before. With `trial:database`, then a database of that
 * name, of as many connections as `trial:connections` says, and a schema in it; with `trial:read`, a role that is only
 * read; with `trial:port`, all on the server there, as `trial:username`, without which it is its superuser.
 */
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config("trial");
const port = config.getNumber("port");
const provider =
  port === undefined
    ? undefined
    : new postgresql.Provider("elsewhere", {
        host: "127.0.0.1",
        port,
        username: config.get("username") ?? "postgres",
        password: config.requireSecret("password"),
        sslmode: "disable",
      });
const opts = provider === undefined ? {} : { provider };

const before: pulumi.Resource[] = [];
for (const name of (config.get("roles") ?? "").split(",").filter(Boolean)) {
  before.push(new postgresql.Role(name, { name }, { ...opts, dependsOn: [...before] }));
}

const name = config.get("database");
if (name !== undefined) {
  const database = new postgresql.Database(
    "database",
    { name, connectionLimit: config.getNumber("connections") ?? -1 },
    { ...opts, dependsOn: before },
  );
  new postgresql.Schema(
    "schema",
    { name: "part", database: database.name },
    { ...opts, deletedWith: database },
  );
}

const read = config.get("read");
if (read !== undefined) postgresql.Role.get("seen", read, {}, opts);
