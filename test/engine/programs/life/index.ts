/**
 * A shop's database. Its stages: `made`; `changed`, where everything can stay; `replaced`, where some things cannot;
 * `taken`, which also takes over what somebody else made; `claimed`, which claims more of that without saying so.
 */
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const STAGES = ["made", "changed", "replaced"];

const stage = new pulumi.Config("trial").require("stage");
/** Whether the stack has come to a stage; those that are not in the list come after all. */
const reached = (name: string): boolean =>
  !STAGES.includes(stage) || STAGES.indexOf(stage) >= STAGES.indexOf(name);
const [changed, replaced] = [reached("changed"), reached("replaced")];

const secret = new random.RandomPassword("secret", {
  length: 30,
  special: false,
  keepers: { round: replaced ? "2" : "1" },
});
const tag = new random.RandomId("tag", { byteLength: 8 });
const owner = new postgresql.Role("owner", { name: "shop_owner" });
const readers = new postgresql.Role("readers", { name: "shop_readers" });
const login = new postgresql.Role("login", {
  name: changed ? "shop_web" : "shop_login",
  login: true,
  password: secret.result,
  connectionLimit: changed ? 7 : 5,
  searchPaths: ["sales", "public"],
  ...(changed && { statementTimeout: 9000 }),
});
// A list of its own would be complete; without one, what another resource grants stays.
new postgresql.GrantRole("member", { role: login.name, grantRole: readers.name, withAdminOption: replaced });

const database = new postgresql.Database("database", {
  name: "shop",
  owner: owner.name,
  connectionLimit: changed ? 20 : 10,
  lcCollate: replaced ? "C" : "C.UTF-8",
  lcCtype: "C.UTF-8",
});
const inside = { dependsOn: [database], deletedWith: database };
const sales = new postgresql.Schema(
  "sales",
  { name: "sales", database: database.name, owner: owner.name },
  inside,
);
new postgresql.Extension(
  "trigrams",
  { name: "pg_trgm", database: database.name, schema: sales.name },
  inside,
);
new postgresql.Grant(
  "usage",
  {
    role: readers.name,
    database: database.name,
    schema: sales.name,
    objectType: "schema",
    privileges: ["USAGE"],
  },
  inside,
);
new postgresql.Grant("connect", {
  role: replaced ? login.name : readers.name,
  database: database.name,
  objectType: "database",
  privileges: changed ? ["CONNECT", "TEMPORARY"] : ["CONNECT"],
});
new postgresql.DefaultPrivileges(
  "defaults",
  {
    role: readers.name,
    owner: owner.name,
    database: database.name,
    schema: sales.name,
    objectType: "table",
    privileges: changed ? ["SELECT", "INSERT"] : ["SELECT"],
  },
  inside,
);

if (stage === "taken" || stage === "claimed") {
  new postgresql.Role("found", { name: "old_hand", login: true }, { import: "old_hand" });
  new postgresql.Database("archive", { name: "archive" }, { import: "archive" });
}
if (stage === "claimed") {
  new postgresql.Role("mine", { name: "strangers_role" });
  new postgresql.Database("mine-too", { name: "strangers_database" });
}

export const password = secret.result;
export const number = tag.hex;
