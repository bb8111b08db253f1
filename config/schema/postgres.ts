/** `keybuzz:postgres`: the address of the cluster, and the databases that the environment owns in it. */
import { choice, group, integer, list, port, text } from "./fields";
import { databaseName, ipv4 } from "./forms";

/** Two slots for one credential; see `rotation` in the reference. */
export function rotation(description: string) {
  return group(description, {
    generation: integer(
      "Counts the rotations. Odd generations use the first slot, even ones the second. Raising it by one gives " +
        "the idle slot a new credential and moves the consumers to it.",
      1,
      100_000,
    ).default(1),
    idleSlot: choice(
      "Whether the credential left behind still works. Open it in the change that raises the generation, close " +
        "it in a later one, when nothing uses it any more.",
      ["open", "closed"],
    ).default("closed"),
  }).prefault({});
}

function database(description: string) {
  return group(description, {
    name: text("Name of the database. The names of its roles are made of it: `<name>_app_a`.", databaseName),
    connectionLimits: group("How many connections may be open at once.", {
      database: integer("All roles of the database together.", 1, 10_000),
      application: integer("Each of the application's two logins.", 1, 10_000),
      migration: integer("The migration login.", 1, 100).default(3),
      reader: integer("The read-only login for people and reports.", 1, 1_000).default(5),
    }),
    rotation: rotation("The application's login: which of its two slots is in use."),
    passwordGenerations: group(
      "The other logins have one slot each: raising a number changes the password at once.",
      {
        migration: integer("The migration login's.", 1, 100_000).default(1),
        reader: integer("The read-only login's.", 1, 100_000).default(1),
      },
    ).prefault({}),
  });
}

export const postgres = group(
  "The PostgreSQL cluster, which is shared, and this environment's databases in it.",
  {
    host: text("Write address: HAProxy's, never a Patroni node's, since the leader moves.", ipv4),
    writePort: port("HAProxy's port that leads to the writable leader.").default(5432),
    readPort: port("HAProxy's port that leads to the replicas.").default(5433),
    nodes: list(
      "Addresses of the Patroni members behind HAProxy: named so that nothing else may point at them.",
      text("Address of a Patroni member.", ipv4),
      1,
    ),
    sslMode: choice("How connections are encrypted, in libpq's words.", [
      "disable",
      "allow",
      "prefer",
      "require",
      "verify-ca",
      "verify-full",
    ]).default("prefer"),
    databases: group("The databases that this environment owns.", {
      api: database("The API's and the outbound worker's database."),
      backend: database("The database of the legacy backend on its own machine."),
    }),
  },
);
