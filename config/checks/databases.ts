/** Checks of the PostgreSQL cluster's addresses and of what leads past them, of connection limits and of rotations. */
import { contains } from "../addresses";
import type { Check } from "../check";
import type { Finding } from "../mistakes";
import type { Draft } from "../schema";
import type { Path } from "../schema/introspect";
import { namespaceKeys } from "../schema/kubernetes";

const databaseKeys = ["api", "backend"] as const;

export const databaseChecks: readonly Check[] = [
  {
    rule: "`postgres.host` is none of `postgres.nodes`: the leader moves, and a node that lost the lead only reads.",
    find: ({ postgres }) => {
      const host = postgres?.host;
      if (host === undefined || !postgres?.nodes?.includes(host)) return [];
      const problem = "is a Patroni node, which takes no writes when another one leads";
      return [{ path: ["postgres", "host"], value: host, problem, allowed: "HAProxy's address" }];
    },
  },
  {
    rule:
      "Nothing else leads to one of `postgres.nodes` either: not Vault, the mail server, the backend or an " +
      "`extraEgress`, which would let pods past HAProxy.",
    find: (config) => {
      const nodes = config.postgres?.nodes ?? [];
      const problem = "leads to a Patroni node";
      const allowed = "PostgreSQL through HAProxy alone, another address for anything else";
      return addressesOf(config)
        .filter(({ range }) => nodes.some((node) => contains(range, node)))
        .map(({ path, value }) => ({ path, value, problem, allowed }));
    },
  },
  {
    rule: "`postgres.writePort` and `postgres.readPort` differ.",
    find: ({ postgres }) => {
      const readPort = postgres?.readPort;
      if (readPort === undefined || readPort !== postgres?.writePort) return [];
      const problem = "is the write port too";
      return [{ path: ["postgres", "readPort"], value: readPort, problem, allowed: "a port of its own" }];
    },
  },
  {
    rule:
      "A database's own connection limit has room for all its logins, and for the application's twice: while a " +
      "rotation runs both of its slots are open, and the new one must not wait for the old one to let go.",
    find: ({ postgres }) =>
      databaseKeys.flatMap((key) => {
        const { database, application, migration, reader } =
          postgres?.databases?.[key]?.connectionLimits ?? {};
        if (!database || !application || !migration || !reader) return [];
        const needed = 2 * application + migration + reader;
        if (database >= needed) return [];
        const path = ["postgres", "databases", key, "connectionLimits", "database"];
        const problem = "leaves no room for a rotation";
        const sum = `2 × ${application} + ${migration} + ${reader}`;
        return [{ path, value: database, problem, allowed: `at least ${needed} (${sum})` }];
      }),
  },
  {
    rule: "No slot is open beside the first generation: no credential stood there yet.",
    find: (config) => rotationsOf(config).flatMap(({ path, rotation }) => openTooEarly(path, rotation)),
  },
];

interface Address {
  readonly path: Path;
  readonly value: string;
  /** An address, or a network and its length. */
  readonly range: string;
}

/** Every address that pods are let out to or that something is bound to, beside PostgreSQL's own. */
function addressesOf({ vault, mail, backend, kubernetes }: Draft): Address[] {
  const vaultHost = vault?.address && new URL(vault.address).hostname;
  const given = [
    { path: ["vault", "address"], value: vault?.address, range: vaultHost },
    { path: ["mail", "smtp", "host"], value: mail?.smtp?.host, range: mail?.smtp?.host },
    { path: ["mail", "smtp", "address"], value: mail?.smtp?.address, range: mail?.smtp?.address },
    { path: ["backend", "address"], value: backend?.address, range: backend?.address },
    ...namespaceKeys.flatMap((key) =>
      (kubernetes?.namespaces?.[key]?.extraEgress ?? []).map(({ cidr }, index) => ({
        path: ["kubernetes", "namespaces", key, "extraEgress", index, "cidr"],
        value: cidr,
        range: cidr,
      })),
    ),
  ];
  // Without an address of its own the server's is its host: told once, there.
  const own = given.filter(({ path, value }) => path[2] !== "address" || value !== mail?.smtp?.host);
  return own.flatMap(({ path, value, range }) => (value && range ? [{ path, value, range }] : []));
}

type Rotation = { readonly generation?: number | undefined; readonly idleSlot?: string | undefined };

function rotationsOf({ postgres, mail }: Draft): { path: Path; rotation: Rotation | undefined }[] {
  const databases = databaseKeys.map((key) => ({
    path: ["postgres", "databases", key, "rotation"],
    rotation: postgres?.databases?.[key]?.rotation,
  }));
  return [...databases, { path: ["mail", "accessKeyRotation"], rotation: mail?.accessKeyRotation }];
}

function openTooEarly(path: Path, rotation: Rotation | undefined): Finding[] {
  if (rotation?.generation !== 1 || rotation.idleSlot !== "open") return [];
  const problem = "leaves a slot open that has no credential yet";
  return [{ path: [...path, "idleSlot"], value: "open", problem, allowed: "closed in generation 1" }];
}
