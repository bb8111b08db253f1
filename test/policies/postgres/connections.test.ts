/** Connections to PostgreSQL: where each is read from, and what is known of it. */
import { describe, expect, it } from "vitest";
import { connectionsOf } from "../../../policies/postgres/connections";
import type { Resource } from "../../../policies/resource";
import { OWN_UNKNOWN, pathText, UNKNOWN, type Value } from "../../../policies/value";
import { object, resource } from "../cases";

type Values = Readonly<Record<string, Value>>;
const KNOWN = {
  ports: ["5432", "6543"],
  hosts: ["pg.example.org"],
  isDatabase: (name: string) => name === "shop",
};

/** Each endpoint as `host:port at path`, with what it reads by, databases and unknown places, in order of text. */
function read(subject: Resource): string[] {
  const { endpoints, databases, unknown } = connectionsOf(subject, KNOWN);
  const lines = [
    ...endpoints.map(({ host = "", port = "", hostPath, portPath, reads }) => {
      const places = [...new Set([pathText(hostPath), pathText(portPath)])].join(" ");
      return `${host}:${port} at ${places}${typeof reads === "object" ? ` reads by ${pathText(reads)}` : reads ? " reads" : ""}`;
    }),
    ...databases.map(({ name, path, quotable }) => `${quotable ? name : "[not shown]"} at ${pathText(path)}`),
    ...unknown.map((path) => `unknown ${pathText(path)}`),
  ];
  // A text may be read in several ways.
  return [...new Set(lines)].sort();
}
const data = (values: Values) => object("core/v1:ConfigMap", { data: values });
const pod = (spec: Value) => object("v1:Pod", { spec });
const env = (variables: Value) => pod({ containers: [{ env: variables }] });

describe("a connection", () => {
  it.each<[string, Resource, string[]]>([
    [
      "is read from settings that stand together",
      data({ PGHOST: "a", PGPORT: "1", PGDATABASE: "d", PGUSER: "u" }),
      ["a:1 at data.PGHOST data.PGPORT", "d at data.PGDATABASE"],
    ],
    [
      "takes no port of another connection",
      data({ A_PGHOST: "a", B_PGPORT: "1" }),
      ["a: at data.A_PGHOST", ":1 at data.B_PGPORT"],
    ],
    [
      "takes the host that it shares with one that writes",
      data({ PGHOST: "a", PGPORT_READ: "2" }),
      ["a: at data.PGHOST", "a:2 at data.PGHOST data.PGPORT_READ reads"],
    ],
    [
      "takes user and session of its own",
      data({ PGHOST: "a", PGUSER: "u", PGHOST_READ: "b", PGUSER_READ: "r" }),
      ["a: at data.PGHOST", "b: at data.PGHOST_READ reads"],
    ],
    ["may read by its user", data({ PGHOST: "a", PGUSER: "d_ro" }), ["a: at data.PGHOST reads"]],
    [
      "may read by its session",
      data({ PGHOST: "a", PGTARGETSESSIONATTRS: "standby" }),
      ["a: at data.PGHOST reads"],
    ],
    ["may read by a port of its own", data({ PGPORT: "1", PGUSER: "d_read" }), [":1 at data.PGPORT reads"]],
    [
      "may read by the session of its port",
      data({ PGPORT: "1", PGTARGETSESSIONATTRS: "standby" }),
      [":1 at data.PGPORT reads"],
    ],
    [
      "may read by a user that is not known",
      env([
        { name: "PGHOST", value: "a" },
        { name: "PGUSER", value: UNKNOWN },
      ]),
      ["a: at spec.containers[0].env[0].value reads by spec.containers[0].env[1].value"],
    ],
    [
      "is one for each of several hosts",
      data({ PGHOST: "a:1,,b", PGPORT: "2" }),
      ["a:1 at data.PGHOST", "b:2 at data.PGHOST data.PGPORT"],
    ],
    ["has no host that says nothing", data({ PGHOST: "" }), []],
    ["needs no host for its port", data({ PGHOST: "", PGPORT: "1" }), []],
    ["is known by a driver", data({ TYPE: "postgres", host: "a" }), ["a: at data.host"]],
    ["is known by a port", data({ host: "a", port: "6543" }), ["a:6543 at data.host data.port"]],
    ["is known by a host", data({ host: "pg.example.org" }), ["pg.example.org: at data.host"]],
    [
      "is known by a database",
      data({ host: "a", database: "shop" }),
      ["a: at data.host", "shop at data.database"],
    ],
    ["is none by another driver", data({ TYPE: "mysql", host: "a" }), []],
    ["is none by another port", data({ host: "a", port: "6379" }), []],
    ["is none without a host", data({ port: "6543", database: "shop" }), []],
    ["is none beside one, where names say nothing", data({ PGHOST: "a", host: "b" }), ["a: at data.PGHOST"]],
    [
      "is one beside one, where names say database",
      data({ PGHOST: "a", X_DB_HOST: "b" }),
      ["a: at data.PGHOST", "b: at data.X_DB_HOST"],
    ],
    ["is none where names say database and nothing else", data({ DB_HOST: "b", DB_NAME: "c" }), []],
    [
      "is none where a number is not known",
      env([
        { name: "HOST", value: UNKNOWN },
        { name: "PORT", value: 1 },
      ]),
      [],
    ],
    [
      "has no database from a connection string's setting",
      data({ PGDATABASE: "postgres://u@h/d" }),
      ["h:5432 at data.PGDATABASE", "d at data.PGDATABASE"],
    ],
    ["has no database from a variable", data({ PGDATABASE: "$(NAME)" }), []],
    ["has a database that is not shown", data({ PGDATABASE: "a@b" }), ["[not shown] at data.PGDATABASE"]],
  ])("%s", (_, subject, want) => {
    expect(read(subject)).toEqual([...want].sort());
  });
});

describe("a connection string", () => {
  it.each<[string, Resource, string[]]>([
    [
      "is read in any text",
      pod({ note: "see postgres://u@h/d now" }),
      ["h:5432 at spec.note", "d at spec.note"],
    ],
    ["is read in lists", pod({ notes: ["", "pg://h:1/d"] }), ["h:1 at spec.notes[1]", "d at spec.notes[1]"]],
    ["is read with a port of its own", data({ A: "postgresql://h:1/d" }), ["h:1 at data.A", "d at data.A"]],
    ["is read for JDBC", data({ A: "jdbc:postgresql://h:1/d" }), ["h:1 at data.A", "d at data.A"]],
    ["of another server is none", data({ A: "mysql://h/d", B: "redis://h/0" }), []],
    [
      "may read by its query",
      data({ A: "postgres://h/d?targetServerType=secondary" }),
      ["h:5432 at data.A reads", "d at data.A"],
    ],
    ["may be keywords", data({ A: "host=h dbname=d" }), ["h:5432 at data.A", "d at data.A"]],
    [
      "may be keywords known by their database",
      data({ A: "Server=h;Database=shop" }),
      ["h:5432 at data.A", "shop at data.A"],
    ],
    [
      "may be keywords known by their host",
      data({ A: "host=pg.example.org user=u" }),
      ["pg.example.org:5432 at data.A"],
    ],
    ["may be keywords known by their port", data({ A: "host=h port=6543" }), ["h:6543 at data.A"]],
    ["of keywords of another server is none", data({ A: "Server=h;Database=d" }), []],
    ["of keywords that say nothing is none", data({ A: "user=u port=6543" }), []],
    ["has no database in a variable", data({ A: "postgres://h/$(D)" }), ["h:5432 at data.A"]],
    [
      "stays open where its host does",
      data({ A: "postgres://u:p@$(X):1/d" }),
      ["d at data.A", "unknown data.A"],
    ],
    [
      "may take its password from a variable",
      data({ A: "postgres://u:$(P)@h/d" }),
      ["h:5432 at data.A", "d at data.A"],
    ],
    [
      "below a component is the component's",
      resource("a:b:C", { url: "postgres://h/d" }, { component: true }),
      [],
    ],
    [
      "of a provider is judged with it",
      resource("pulumi:providers:postgresql", { url: "postgres://h/d" }),
      [],
    ],
  ])("%s", (_, subject, want) => {
    expect(read(subject)).toEqual([...want].sort());
  });
});

describe("settings", () => {
  it.each<[string, Resource, string[]]>([
    [
      "stand in a Secret's data in base64",
      object("v1:Secret", { data: { PGHOST: "YQ==" } }),
      ["a: at data.PGHOST"],
    ],
    [
      "stand in a Secret's data as they are",
      object("v1:Secret", { stringData: { PGHOST: "a" } }),
      ["a: at stringData.PGHOST"],
    ],
    [
      "stand in each object of a list",
      object("v1:ConfigMapList", { items: [{ data: { PGHOST: "a" } }] }),
      ["a: at items[0].data.PGHOST"],
    ],
    [
      "stand in an environment that is a map",
      pod({ env: { PGHOST: "a", PGPORT: 1 } }),
      ["a:1 at spec.env.PGHOST spec.env.PGPORT"],
    ],
    [
      "stand in an entry of Vault as a map",
      resource("vault:kv/secret:Secret", { data: { PGHOST: "a" } }),
      ["a: at data.PGHOST"],
    ],
    [
      "stand in an entry of Vault as JSON",
      resource("vault:kv/secretV2:SecretV2", { dataJson: '{"PGHOST":"a"}' }),
      ["a: at dataJson"],
    ],
    ["stand in no other resource", resource("vault:index/mount:Mount", { data: { PGHOST: "a" } }), []],
    [
      "stand in options",
      pod({ containers: [{ args: ["--pg-host=a", "--pg-port", "1"] }] }),
      ["a:1 at spec.containers[0].args[0] spec.containers[0].args[2]"],
    ],
    ["stand in options that lack a value", pod({ containers: [{ args: ["--pg-host"] }] }), []],
    ["stand in lists in JSON", data({ a: '{"list":[{"PGHOST":"a"}]}' }), ["a: at data.a"]],
    ["stand in JSON with numbers", data({ a: '{"PGHOST":"a","PGPORT":1}' }), ["a:1 at data.a"]],
    ["stand in lines of every kind", data({ a: "export PGHOST='a'\r\n- PGPORT: 1\n# x" }), ["a:1 at data.a"]],
    ["stand in no line that is alone", data({ a: "PGHOST=a" }), []],
    ["stand in no JSON that cannot be read", data({ a: '{"PGHOST":"a"' }), []],
  ])("%s", (_, subject, want) => {
    expect(read(subject)).toEqual(want);
  });

  it.each<[string, Resource, string[]]>([
    ["a specification", pod(UNKNOWN), ["spec"]],
    ["a template", object("v1:Deployment", { spec: { template: UNKNOWN } }), ["spec.template"]],
    ["containers", pod({ containers: UNKNOWN }), ["spec.containers"]],
    ["init containers", pod({ initContainers: UNKNOWN }), ["spec.initContainers"]],
    ["an environment", env(UNKNOWN), ["spec.containers[0].env"]],
    ["arguments", pod({ containers: [{ args: UNKNOWN }] }), ["spec.containers[0].args"]],
    ["a command", pod({ containers: [{ command: UNKNOWN }] }), ["spec.containers[0].command"]],
    ["a Secret's data", object("v1:Secret", { data: UNKNOWN }), ["data"]],
    ["one host of a ConfigMap", data({ PGHOST: UNKNOWN }), ["data.PGHOST"]],
    ["one address of a ConfigMap", data({ DATABASE_URL: UNKNOWN }), ["data.DATABASE_URL"]],
    ["an entry", resource("vault:kv/secretV2:SecretV2", { dataJson: UNKNOWN }), ["dataJson"]],
  ])("from elsewhere stay open: %s", (_, subject, want) => {
    expect(read(subject)).toEqual(want.map((path) => `unknown ${path}`));
  });

  it.each<[string, Resource]>([
    ["this environment's own", data({ PGHOST: OWN_UNKNOWN, DATABASE_URL: OWN_UNKNOWN, PGPORT: OWN_UNKNOWN })],
    ["this environment's own as a whole", object("v1:Secret", { data: OWN_UNKNOWN })],
    ["of other kinds", data({ REDIS_HOST: UNKNOWN, STRIPE_KEY: UNKNOWN })],
    ["a host of a kind that nothing says", data({ host: UNKNOWN })],
    ["a status", object("v1:Pod", { status: UNKNOWN })],
    [
      "of a Secret that says which entry they are",
      object("v1:Secret", {
        metadata: { annotations: { "keybuzz.io/vault-entry": "a/b" } },
        data: { PGHOST: UNKNOWN },
        stringData: UNKNOWN,
      }),
    ],
  ])("that are not known are left alone: %s", (_, subject) => {
    expect(read(subject)).toEqual([]);
  });

  it("of a ConfigMap stay open, whatever entry it names", () => {
    const annotations = { "keybuzz.io/vault-entry": "a/b" };
    expect(read(object("v1:ConfigMap", { metadata: { annotations }, data: UNKNOWN }))).toEqual([
      "unknown data",
    ]);
  });
});
