import { dedicatedDatabase } from "../../../../policies/rules/postgres/dedicated-database";
import { OWN_UNKNOWN, UNKNOWN } from "../../../../policies/value";
import { object, type RuleCases, resource } from "../../cases";

const secret = (stringData: object) =>
  object("core/v1:Secret", {
    metadata: { name: "keybuzz-api-postgres", namespace: "keybuzz-api-prod" },
    stringData: { ...stringData },
  });
const configMap = (data: object) =>
  object("core/v1:ConfigMap", { metadata: { name: "keybuzz-api-postgres" }, data: { ...data } });
const deployment = (container: object) =>
  object("apps/v1:Deployment", {
    metadata: { name: "keybuzz-api", namespace: "keybuzz-api-prod" },
    spec: { template: { spec: { initContainers: [{ name: "migrate", ...container }] } } },
  });
const database = (properties: object) =>
  resource("postgresql:index/database:Database", { name: "keybuzz_prod", ...properties });
const grant = (properties: object) =>
  resource("postgresql:index/grant:Grant", {
    database: "keybuzz_prod",
    role: "keybuzz_prod_rw",
    ...properties,
  });
const provider = (properties: object) =>
  resource("pulumi:providers:postgresql", { host: "10.0.0.10", ...properties });
const AT_VALUE = ["spec.template.spec.initContainers[0].env[0].value"];

export const cases: RuleCases = {
  rule: dedicatedDatabase,
  cases: [
    {
      name: "the legacy database in PROD's connection Secret is refused",
      given: secret({ PGHOST: "10.0.0.10", PGDATABASE: "keybuzz" }),
      want: "findings",
    },
    {
      name: "DEV's database in a DATABASE_URL is refused",
      given: secret({ DATABASE_URL: "postgres://keybuzz_prod_app_a:x@10.0.0.10:5432/keybuzz_dev" }),
      want: "findings",
    },
    {
      name: "DEV's database in an init container's environment is refused, told once",
      given: deployment({ env: [{ name: "PGDATABASE", value: "keybuzz_dev" }] }),
      want: "findings",
      at: AT_VALUE,
    },
    {
      name: "a grant on DEV's database is refused",
      given: grant({ database: "keybuzz_dev" }),
      want: "findings",
      at: ["database"],
    },
    {
      name: "PROD's own database is right, whatever other settings are called",
      given: configMap({ PGHOST: "10.0.0.10", PGDATABASE: "keybuzz_prod", LOG_NAME: "keybuzz_dev" }),
      want: "compliant",
    },
    {
      name: "PROD's environment names no database of DEV's file, either",
      environment: "dev",
      given: configMap({ PGDATABASE: "keybuzz_prod" }),
      want: "findings",
      at: ["data.PGDATABASE"],
    },
    {
      name: "a database that nobody owns is refused in PGDATABASE",
      given: configMap({ PGDATABASE: "keybuzz_prod_old" }),
      want: "findings",
      at: ["data.PGDATABASE"],
    },
    {
      name: "a database that differs in upper case is another one",
      given: configMap({ PGDATABASE: "KEYBUZZ_PROD" }),
      want: "findings",
      at: ["data.PGDATABASE"],
    },
    {
      name: "a database that nobody owns is refused in a connection string, told once",
      given: deployment({ env: [{ name: "DATABASE_URL", value: "postgresql://u:p@10.0.0.10/shop" }] }),
      want: "findings",
      at: AT_VALUE,
    },
    {
      name: "every database that nobody owns is told",
      given: configMap({ PGDATABASE: "shop", DSN: "host=10.0.0.10 dbname=old user=keybuzz_prod_app_a" }),
      want: "findings",
      at: ["data.PGDATABASE", "data.DSN"],
    },
    {
      name: "a database put together of two variables is seen",
      given: deployment({
        env: [
          { name: "STAGE", value: "old" },
          { name: "PGDATABASE", value: "keybuzz_$(STAGE)" },
        ],
      }),
      want: "findings",
      at: ["spec.template.spec.initContainers[0].env[1].value"],
    },
    {
      name: "a database that nobody owns is refused in libpq's keywords",
      given: configMap({ DSN: "host=10.0.0.10 dbname=shop user=keybuzz_prod_app_a" }),
      want: "findings",
      at: ["data.DSN"],
    },
    {
      name: "the server's own database is refused where a workload connects",
      given: configMap({ PGDATABASE: "postgres" }),
      want: "findings",
      at: ["data.PGDATABASE"],
    },
    {
      name: "a declared database that the configuration does not name is refused",
      given: database({ name: "shop", template: "template0" }),
      want: "findings",
      at: ["name"],
    },
    {
      name: "a grant on a database that nobody owns is refused",
      given: grant({ database: "shop" }),
      want: "findings",
      at: ["database"],
    },
    {
      name: "a grant on the server's own database is refused",
      given: grant({ database: "postgres" }),
      want: "findings",
      at: ["database"],
    },
    {
      name: "a copy of another database is refused",
      given: database({ template: "keybuzz_dev" }),
      want: "findings",
      at: ["template"],
    },
    {
      name: "a copy of a database that nobody owns is refused",
      given: database({ template: "shop" }),
      want: "findings",
      at: ["template"],
    },
    {
      name: "the server's templates may be copied",
      given: database({ template: "template0" }),
      want: "compliant",
    },
    {
      name: "the server's other template may be copied",
      given: database({ template: "template1" }),
      want: "compliant",
    },
    {
      name: "a template that is left empty is none",
      given: database({ template: "" }),
      want: "compliant",
    },
    {
      name: "a database of another kind of server is none of these",
      given: resource("mysql:index/grant:Grant", { database: "shop" }),
      want: "compliant",
    },
    {
      name: "the provider may connect to the server's own database",
      given: provider({ database: "postgres" }),
      want: "compliant",
    },
    {
      name: "the provider may not connect to the legacy database",
      given: provider({ database: "keybuzz" }),
      want: "findings",
      at: ["database"],
    },
    {
      name: "the provider may not connect to a database that nobody owns",
      given: provider({ database: "shop" }),
      want: "findings",
      at: ["database"],
    },
    {
      name: "a connection of Vault's database engine to a database that nobody owns is refused",
      given: resource("vault:database/secretBackendConnection:SecretBackendConnection", {
        name: "prod",
        postgresql: { connectionUrl: "postgresql://{{username}}:{{password}}@10.0.0.10:5432/shop" },
      }),
      want: "findings",
      at: ["postgresql.connectionUrl"],
    },
    {
      name: "a Secret with values from nowhere known stays open",
      given: object("core/v1:Secret", { metadata: { name: "a" }, stringData: UNKNOWN }),
      want: "undetermined",
      at: ["stringData"],
    },
    {
      name: "a grant on a database that is not known stays open",
      given: grant({ database: UNKNOWN }),
      want: "undetermined",
      at: ["database"],
    },
    {
      name: "a grant on a database that this environment makes is its own",
      given: grant({ database: OWN_UNKNOWN }),
      want: "compliant",
    },
    {
      name: "databases of other kinds of servers are left alone",
      given: configMap({ REDIS_HOST: "redis", REDIS_DATABASE_COUNT: "3", APP_NAME: "shop" }),
      want: "not-applicable",
    },
    {
      name: "a resource that names no database is left alone",
      given: object("core/v1:Namespace", { metadata: { name: "keybuzz-api-prod" } }),
      want: "not-applicable",
    },
  ],
};
