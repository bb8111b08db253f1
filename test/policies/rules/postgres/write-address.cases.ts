import { writeAddress } from "../../../../policies/rules/postgres/write-address";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases, resource } from "../../cases";

const data = (values: Readonly<Record<string, Value>>) =>
  object("core/v1:ConfigMap", { metadata: { name: "keybuzz-api-postgres" }, data: values });
const secret = (stringData: Value, annotations: Readonly<Record<string, Value>> = {}) =>
  object("core/v1:Secret", { metadata: { name: "keybuzz-api-postgres", annotations }, stringData });
const pod = (container: Readonly<Record<string, Value>>, list = "containers") =>
  object("apps/v1:Deployment", { spec: { template: { spec: { [list]: [{ name: "api", ...container }] } } } });
const env = (values: Readonly<Record<string, Value>>) =>
  pod({ env: Object.entries(values).map(([name, value]) => ({ name, value })) });
const provider = (properties: Readonly<Record<string, Value>>) =>
  resource("pulumi:providers:postgresql", properties);
const entry = (dataJson: Value) =>
  resource("vault:kv/secretV2:SecretV2", {
    mount: "secret",
    name: "keybuzz/prod/backend/postgres",
    dataJson,
  });

const CONTAINER = "spec.template.spec.containers[0]";

/** What is refused, by what it says. */
const refused: RuleCase[] = [
  {
    name: "a node as PGHOST is refused",
    given: data({ PGHOST: "10.0.0.121" }),
    want: "findings",
    at: ["data.PGHOST"],
  },
  {
    name: "a node in a Secret is refused",
    given: secret({ PGHOST: "10.0.0.122", PGPORT: "5432" }),
    want: "findings",
  },
  {
    name: "a node in the backend's DATABASE_URL is refused",
    given: entry('{"DATABASE_URL":"postgresql://kb:p@10.0.0.122:5432/keybuzz_backend_prod"}'),
    want: "findings",
    at: ["dataJson"],
  },
  {
    name: "a node with a dot behind it and upper-case scheme is refused",
    given: data({ DATABASE_URL: "POSTGRES://u:p@10.0.0.121./keybuzz_prod" }),
    want: "findings",
    at: ["data.DATABASE_URL"],
  },
  {
    name: "a node among several hosts is refused",
    given: data({ PGHOST: "10.0.0.10, 10.0.0.120" }),
    want: "findings",
    at: ["data.PGHOST"],
  },
  {
    name: "a node for reading is refused, too",
    given: data({ PGHOST_READ: "10.0.0.120", PGPORT_READ: "5432" }),
    want: "findings",
    at: ["data.PGHOST_READ"],
  },
  {
    name: "another host is refused",
    given: data({ PGHOST: "db.example.org" }),
    want: "findings",
    at: ["data.PGHOST"],
  },
  {
    name: "a node beside a right connection string is refused",
    given: data({
      PGHOST: "10.0.0.121",
      DATABASE_URL: "postgres://keybuzz_prod_app_a:p@10.0.0.10:5432/keybuzz_prod",
    }),
    want: "findings",
    at: ["data.PGHOST"],
  },
  {
    name: "a node put together of two variables is refused",
    given: env({ NODE: "121", PGHOST: "10.0.0.$(NODE)" }),
    want: "findings",
    at: [`${CONTAINER}.env[1].value`],
  },
  {
    name: "a node in a connection string put together of variables is refused",
    given: env({ NODE: "10.0.0.121", DATABASE_URL: "postgres://u:p@$(NODE):5432/keybuzz_prod" }),
    want: "findings",
    at: [`${CONTAINER}.env[1].value`],
  },
  {
    name: "a node in an init container's arguments is refused",
    given: pod({ args: ["migrate", "--db-host=10.0.0.121", "--db-name", "keybuzz_prod"] }, "initContainers"),
    want: "findings",
    at: ["spec.template.spec.initContainers[0].args[1]"],
  },
  {
    name: "a node as the argument behind its option is refused",
    given: pod({ command: ["psql", "--pghost", "10.0.0.121"] }),
    want: "findings",
    at: [`${CONTAINER}.command[2]`],
  },
  {
    name: "a node in a connection string among the arguments is refused",
    given: pod({ args: ["postgres://u@10.0.0.121/keybuzz_prod"] }),
    want: "findings",
    at: [`${CONTAINER}.args[0]`],
  },
  {
    name: "DB_HOST is a setting of PostgreSQL where it names a node",
    given: data({ DB_HOST: "10.0.0.121" }),
    want: "findings",
    at: ["data.DB_HOST"],
  },
  {
    name: "DB_HOST is a setting of PostgreSQL beside the port of one",
    given: data({ DB_HOST: "db.example.org", DB_PORT: "5432" }),
    want: "findings",
    at: ["data.DB_HOST"],
  },
  {
    name: "DB_HOST is a setting of PostgreSQL beside one of its databases",
    given: data({ DB_HOST: "db.example.org", DB_NAME: "keybuzz_prod" }),
    want: "findings",
    at: ["data.DB_HOST"],
  },
  {
    name: "DB_HOST is a setting of PostgreSQL beside its driver",
    given: data({ DB_HOST: "db.example.org", DB_CLIENT: "pg" }),
    want: "findings",
    at: ["data.DB_HOST"],
  },
  {
    name: "DB_HOST is a setting of PostgreSQL beside PGUSER",
    given: data({ DB_HOST: "db.example.org", PGUSER: "keybuzz_prod_app_a" }),
    want: "findings",
    at: ["data.DB_HOST"],
  },
  {
    name: "host and port in a JSON file are seen",
    given: data({ "config.json": '{"db":{"host":"10.0.0.120","port":5432}}' }),
    want: "findings",
    at: ['data["config.json"]'],
  },
  {
    name: "host and port in a YAML file are seen",
    given: data({ "config.yaml": "server:\n  log: info\n  host: 10.0.0.120\n  port: 5432\n" }),
    want: "findings",
    at: ['data["config.yaml"]'],
  },
  {
    name: "a file of settings in a Secret is read line by line",
    given: secret({ ".env": 'NODE_ENV=production\nexport PGHOST="10.0.0.121"\n' }),
    want: "findings",
  },
  {
    name: "libpq's keywords are read",
    given: data({ DSN: "host=10.0.0.121 dbname=keybuzz_prod user=keybuzz_prod_app_a" }),
    want: "findings",
    at: ["data.DSN"],
  },
  {
    name: "Vault's database engine must not connect to a node",
    given: resource("vault:database/secretBackendConnection:SecretBackendConnection", {
      postgresql: { connectionUrl: "postgresql://{{username}}:{{password}}@10.0.0.121:5432/keybuzz_prod" },
    }),
    want: "findings",
    at: ["postgresql.connectionUrl"],
  },
  {
    name: "the read port is refused to the application's login",
    given: data({ PGHOST: "10.0.0.10", PGPORT: "5433", PGUSER: "keybuzz_prod_app_a" }),
    want: "findings",
    at: ["data.PGPORT"],
  },
  {
    name: "the read port alone is refused",
    given: data({ PGPORT: "5433" }),
    want: "findings",
    at: ["data.PGPORT"],
  },
  {
    name: "the read port in a connection string is refused to the application's login",
    given: data({ DATABASE_URL: "postgres://keybuzz_prod_app_a:p@10.0.0.10:5433/keybuzz_prod" }),
    want: "findings",
    at: ["data.DATABASE_URL"],
  },
  {
    name: "the read port behind the host's name is refused",
    given: data({ PGHOST: "10.0.0.10:5433", PGPORT: "5432" }),
    want: "findings",
    at: ["data.PGHOST"],
  },
  {
    name: "a session that may write is refused the read port",
    given: data({ PGHOST: "10.0.0.10", PGPORT: "5433", PGTARGETSESSIONATTRS: "any" }),
    want: "findings",
    at: ["data.PGPORT"],
  },
  {
    name: "a port behind which no database is, is refused",
    given: data({ PGHOST: "10.0.0.10", PGPORT: "5431" }),
    want: "findings",
    at: ["data.PGPORT"],
  },
  {
    name: "ports as numbers are read",
    given: env({ PGHOST: "10.0.0.10", PGPORT: 5433 }),
    want: "findings",
    at: [`${CONTAINER}.env[1].value`],
  },
  {
    name: "the provider must not connect to a node",
    given: provider({ host: "10.0.0.120" }),
    want: "findings",
    at: ["host"],
  },
  {
    name: "the provider must not connect to the read port",
    given: provider({ host: "10.0.0.10", port: "5433" }),
    want: "findings",
    at: ["port"],
  },
  {
    name: "the provider must not connect to another port",
    given: provider({ host: "10.0.0.10", port: 6432 }),
    want: "findings",
    at: ["port"],
  },
];

const right: RuleCase[] = [
  {
    name: "HAProxy's write port is right",
    given: data({ PGHOST: "10.0.0.10", PGPORT: "5432", PGUSER: "keybuzz_prod_app_a" }),
    want: "compliant",
  },
  { name: "HAProxy without a port is right", given: secret({ PGHOST: "10.0.0.10" }), want: "compliant" },
  {
    name: "HAProxy in a connection string is right, with libpq's port where none is said",
    given: data({ DATABASE_URL: "postgres://u:p@10.0.0.10/keybuzz_prod" }),
    want: "compliant",
  },
  {
    name: "a port whose host stands elsewhere is left to that one",
    given: data({ PGPORT: "6432", PGUSER: "keybuzz_prod_app_a" }),
    want: "compliant",
  },
  {
    name: "a provider's port is read without the spaces around it",
    given: provider({ host: "10.0.0.10", port: " 5432 " }),
    want: "compliant",
  },
  {
    name: "the read port is right for a login that reads",
    given: data({ PGHOST: "10.0.0.10", PGPORT: "5433", PGUSER: "keybuzz_prod_read" }),
    want: "compliant",
  },
  {
    name: "the read port is right for settings that say that they are for reading",
    given: data({ PGHOST: "10.0.0.10", PGPORT: "5432", DB_READ_HOST: "10.0.0.10", DB_READ_PORT: "5433" }),
    want: "compliant",
  },
  {
    name: "the read port is right beside a shared host, if its name says that it is for reading",
    given: data({ PGHOST: "10.0.0.10", PGPORT: "5432", PGPORT_READ: "5433" }),
    want: "compliant",
  },
  {
    name: "the read port is right for a session on a standby",
    given: data({ PGHOST: "10.0.0.10", PGPORT: "5433", PGTARGETSESSIONATTRS: "prefer-standby" }),
    want: "compliant",
  },
  {
    name: "the read port is right in a connection string for a standby",
    given: data({ REPORTS: "postgres://u:p@10.0.0.10:5433/keybuzz_prod?target_session_attrs=read-only" }),
    want: "compliant",
  },
  {
    name: "the read port is right in a connection string of a login that reads",
    given: data({ REPORTS: "postgres://keybuzz_prod_ro:p@10.0.0.10:5433/keybuzz_prod" }),
    want: "compliant",
  },
  {
    name: "the read port is right in a connection string whose name says that it is for reading",
    given: data({ DATABASE_READ_URL: "postgres://u:p@10.0.0.10:5433/keybuzz_prod" }),
    want: "compliant",
  },
  {
    name: "a connection string that takes the host from PGHOST is judged there",
    given: env({ PGPORT: "5432", DATABASE_URL: "postgres://u:p@$(PGHOST):5432/keybuzz_prod" }),
    want: "compliant",
  },
  {
    name: "where the program itself listens is no address of a database",
    given: env({
      PGHOST: "10.0.0.10",
      PGPORT: "5432",
      HOST: "0.0.0.0",
      PORT: "3001",
      SMTP_HOST: "10.0.0.160",
    }),
    want: "compliant",
  },
  {
    name: "the provider at HAProxy is right",
    given: provider({ host: "10.0.0.10", port: "5432" }),
    want: "compliant",
  },
  {
    name: "the provider without a port takes libpq's",
    given: provider({ host: "10.0.0.10" }),
    want: "compliant",
  },
];

const open: RuleCase[] = [
  {
    name: "a host from elsewhere stays open",
    given: env({ PGHOST: UNKNOWN }),
    want: "undetermined",
    at: [`${CONTAINER}.env[0].value`],
  },
  {
    name: "a port from elsewhere stays open",
    given: env({ PGHOST: "10.0.0.10", PGPORT: UNKNOWN }),
    want: "undetermined",
    at: [`${CONTAINER}.env[1].value`],
  },
  {
    name: "a connection string from elsewhere stays open",
    given: env({ DATABASE_URL: UNKNOWN }),
    want: "undetermined",
  },
  {
    name: "a Secret from elsewhere stays open",
    given: secret(UNKNOWN),
    want: "undetermined",
    at: ["stringData"],
  },
  {
    name: "an entry from elsewhere stays open",
    given: entry(UNKNOWN),
    want: "undetermined",
    at: ["dataJson"],
  },
  {
    name: "an environment from elsewhere stays open",
    given: pod({ env: UNKNOWN }),
    want: "undetermined",
    at: [`${CONTAINER}.env`],
  },
  {
    name: "the read port for a login that is not known stays open",
    given: env({ PGHOST: "10.0.0.10", PGPORT: "5433", PGUSER: UNKNOWN }),
    want: "undetermined",
    at: [`${CONTAINER}.env[2].value`],
  },
  {
    name: "a host in a variable whose name says nothing stays open",
    given: env({ PGHOST: "$(WHEREVER)" }),
    want: "undetermined",
    at: [`${CONTAINER}.env[0].value`],
  },
  {
    name: "a connection string with the host in a variable whose name says nothing stays open",
    given: env({ DATABASE_URL: "postgres://u:p@$(WHEREVER):5432/keybuzz_prod" }),
    want: "undetermined",
    at: [`${CONTAINER}.env[0].value`],
  },
  {
    name: "a provider whose host PGHOST of whoever deploys decides stays open",
    given: provider({}),
    want: "undetermined",
    at: ["host"],
  },
  {
    name: "a provider's host from elsewhere stays open",
    given: provider({ host: UNKNOWN }),
    want: "undetermined",
    at: ["host"],
  },
  {
    name: "a provider whose host is empty takes the shell's",
    given: provider({ host: "", port: "5432" }),
    want: "undetermined",
    at: ["host"],
  },
  {
    name: "a provider's port from elsewhere stays open",
    given: provider({ host: "10.0.0.10", port: UNKNOWN }),
    want: "undetermined",
    at: ["port"],
  },
];

const elsewhere: RuleCase[] = [
  {
    name: "a Secret made of this environment's outputs says nothing",
    given: secret(OWN_UNKNOWN),
    want: "not-applicable",
  },
  {
    name: "a Secret that says which entry it is made of is judged there",
    given: secret(UNKNOWN, { "keybuzz.io/vault-entry": "secret/keybuzz/prod/api/postgres" }),
    want: "not-applicable",
  },
  {
    name: "other kinds of servers are left alone",
    given: data({
      REDIS_HOST: "10.0.0.60",
      REDIS_PORT: "6379",
      DB_HOST: "mysql.example.org",
      DB_PORT: "3306",
      BACKEND_URL: "http://10.0.0.121:8008/primary",
      host: "10.0.0.160",
      port: "25",
    }),
    want: "not-applicable",
  },
  {
    name: "a port on which a program listens is left alone",
    given: env({ PORT: "5433" }),
    want: "not-applicable",
  },
  {
    name: "a NetworkPolicy may open the way to the nodes",
    given: object("networking.k8s.io/v1:NetworkPolicy", {
      spec: { egress: [{ to: [{ ipBlock: { cidr: "10.0.0.121/32" } }], ports: [{ port: 5432 }] }] },
    }),
    want: "not-applicable",
  },
  {
    name: "what a component repeats is judged below it",
    given: resource(
      "keybuzz:secrets:ApplicationSecret",
      { plain: { DATABASE_URL: "postgres://u@10.0.0.121/a" } },
      { component: true },
    ),
    want: "not-applicable",
  },
];

export const cases: RuleCases = { rule: writeAddress, cases: [...refused, ...right, ...open, ...elsewhere] };
