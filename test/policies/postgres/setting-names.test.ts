/** Names of settings: which part of which connection they speak of. */
import { describe, expect, it } from "vitest";
import { saysReading, settingName } from "../../../policies/postgres/setting-names";

describe("the name of a setting", () => {
  it.each([
    ["PGHOST", "host postgres"],
    ["PGHOSTADDR", "host postgres"],
    ["PG_HOST", "host postgres"],
    ["POSTGRES_HOST", "host postgres"],
    ["postgresHost", "host postgres"],
    ["spring.datasource.host", "host some SPRING"],
    ["API_DB_HOST", "host some API"],
    ["DB_HOST_NAME", "host some NAME"],
    ["DBHOST", "host some"],
    ["host", "host none"],
    ["SMTP_HOST", "host none SMTP"],
    ["PGPORT", "port postgres"],
    ["DATABASE_PORT", "port some"],
    ["PGUSER", "user postgres"],
    ["DB_USER_NAME", "user some NAME"],
    ["PGDATABASE", "database postgres"],
    ["POSTGRES_DB", "database postgres"],
    ["DB_NAME", "database some"],
    ["POSTGRES_DB_2", "database postgres 2"],
    ["DATABASE_NAME", "database some"],
    ["PGTARGETSESSIONATTRS", "session postgres"],
    ["PG_TARGET_SESSION_ATTRS", "session postgres"],
    ["DB_CLIENT", "driver some"],
    ["PGHOST_READ", "host postgres, reads"],
    ["PG_HOSTS", "host postgres"],
    ["PG_HOSTNAME", "host postgres"],
    ["PG_HOSTADDR", "host postgres"],
    ["PG_ADDR", "host postgres"],
    ["PG_ADDRESS", "host postgres"],
    ["PG_SERVER", "host postgres"],
    ["PG_ENDPOINT", "host postgres"],
    ["DB_USERNAME", "user some"],
    ["DB_LOGIN", "user some"],
    ["DB_ROLE", "user some"],
    ["DB_DRIVER", "driver some"],
    ["DB_DIALECT", "driver some"],
    ["DB_TYPE", "driver some"],
    ["DB_ENGINE", "driver some"],
    ["DB_ADAPTER", "driver some"],
    ["DBNAME", "database some"],
    ["SQL_DBNAME", "database some"],
    ["db", "database none"],
    ["database", "database none"],
    ["POSTGRESQL_PORT", "port postgres"],
    ["PSQL_PORT", "port postgres"],
    ["PGSQL_PORT", "port postgres"],
    ["DATABASE_USER_NAME", "user some NAME"],
    ["DB_SERVER_NAME", "host some NAME"],
    ["SHOP_API_PG_HOST", "host postgres SHOP_API"],
    ["PGUSER_PORT", "port postgres USER"],
    ["DB_ATTRS", "session some"],
    ["DB_NAME_READ", "database some, reads"],
    ["POSTGRES_SQL_PORT", "port postgres"],
    ["PGHOST_READS", "host postgres, reads"],
    ["PGHOST_READER", "host postgres, reads"],
    ["PGHOST_READERS", "host postgres, reads"],
    ["PGHOST_READONLY", "host postgres, reads"],
    ["PGHOST_RO", "host postgres, reads"],
    ["PGHOST_REPLICA", "host postgres, reads"],
    ["PGHOST_REPLICAS", "host postgres, reads"],
    ["PGHOST_STANDBY", "host postgres, reads"],
    ["PGHOST_SECONDARY", "host postgres, reads"],
    ["DB_READ_ONLY_HOST", "host some, reads"],
    ["replicaDbHost", "host some, reads"],
  ])("%s says: %s", (name, want) => {
    const said = settingName(name);
    const stem = said?.stem === "" ? "" : ` ${said?.stem}`;
    expect(`${said?.part} ${said?.store}${stem}${said?.reads ? ", reads" : ""}`).toBe(want);
  });

  it.each([
    "APP_NAME",
    "NODE_ENV",
    "PGPASSWORD",
    "DATABASE_URL",
    "POSTGRES_DB_PASSWORD",
    "DB_HOST_KEY",
    "PG_DATABASE_POOL_SIZE",
    "",
  ])("%s says nothing", (name) => {
    expect(settingName(name)).toBeUndefined();
  });

  it("says that it is for reading by a word, never by a part of one", () => {
    expect(saysReading("DATABASE_READ_URL")).toBe(true);
    expect(saysReading("databaseReplicaUrl")).toBe(true);
    expect(saysReading("THREAD_DATABASE_URL")).toBe(false);
  });
});
