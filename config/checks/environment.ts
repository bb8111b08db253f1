/** Checks of names, prefixes and of what production refuses. */
import type { Check } from "../check";
import type { Finding } from "../mistakes";
import type { Draft } from "../schema";
import type { Path } from "../schema/introspect";
import { namespaceKeys } from "../schema/kubernetes";

const workloadKeys = ["api", "outboundWorker", "client", "website"] as const;

export const environmentChecks: readonly Check[] = [
  {
    rule: "`environment.name` is the stack's name.",
    find: ({ environment }, { stack }) => {
      const name = environment?.name;
      if (name === undefined || name === stack) return [];
      return [
        { path: ["environment", "name"], value: name, problem: "is not the stack's name", allowed: stack },
      ];
    },
  },
  {
    rule: "`vault.prefix` ends with the environment's name as a segment, so that no two environments share entries.",
    find: ({ environment, vault }) => {
      const [name, prefix] = [environment?.name, vault?.prefix];
      if (name === undefined || prefix === undefined || prefix.split("/").at(-1) === name) return [];
      const problem = "does not end with the environment's name";
      return [
        { path: ["vault", "prefix"], value: prefix, problem, allowed: `a path such as keybuzz/${name}` },
      ];
    },
  },
  {
    rule:
      "The names of databases, namespaces and the IAM user hold the environment's name as a part, since all " +
      "environments share the cluster and the account: no copied line can reach into another one.",
    find: (config, { stack }) => {
      // A wrong name of the environment is one mistake, told above, and not one of every name.
      if (config.environment?.name !== stack) return [];
      return sharedPlaces(config).flatMap(({ path, value }) => unnamed(stack, path, value));
    },
  },
  {
    rule: "Outside production `mail.identity` has the environment's name as a label: the parent domain is production's.",
    find: ({ environment, mail }, { stack }) => {
      const [name, identity] = [environment?.name, mail?.identity];
      if (name !== stack || identity === undefined || environment?.production !== false) return [];
      if (identity.split(".").slice(0, -2).includes(name)) return [];
      const problem = "does not have the environment's name as a label";
      const allowed = `a domain such as ${name}.keybuzz.io`;
      return [{ path: ["mail", "identity"], value: identity, problem, allowed }];
    },
  },
  {
    rule: "In production no image has a `dev` tag, not even with a digest.",
    find: ({ environment, workloads }) =>
      workloadKeys.flatMap((key) => {
        const tag = workloads?.[key]?.image?.tag;
        // `dev` as a part of its own: v1.2-dev, dev-3f2c, not v1.2-device.
        if (!environment?.production || tag === undefined || !/(^|[._-])dev($|[._-])/i.test(tag)) return [];
        const path = ["workloads", key, "image", "tag"];
        return [
          { path, value: tag, problem: "is a build for development", allowed: "in production, a release" },
        ];
      }),
  },
  {
    rule: "`mail.smtp.forceFail` is on in no production environment.",
    find: ({ environment, mail }) => {
      if (!environment?.production || !mail?.smtp?.forceFail) return [];
      const problem = "makes every mail of production skip SMTP";
      return [{ path: ["mail", "smtp", "forceFail"], value: true, problem, allowed: "false in production" }];
    },
  },
];

interface Named {
  readonly path: Path;
  readonly value: string | undefined;
}

/** Names that stand where every environment's do. */
function sharedPlaces({ postgres, kubernetes, mail }: Draft): Named[] {
  const databases = (["api", "backend"] as const).map((key) => ({
    path: ["postgres", "databases", key, "name"],
    value: postgres?.databases?.[key]?.name,
  }));
  const spaces = namespaceKeys.map((key) => ({
    path: ["kubernetes", "namespaces", key, "name"],
    value: kubernetes?.namespaces?.[key]?.name,
  }));
  return [...databases, ...spaces, { path: ["mail", "iamUser"], value: mail?.iamUser }];
}

function unnamed(name: string, path: Path, value: string | undefined): Finding[] {
  if (value === undefined || value.split(/[^A-Za-z0-9]/).includes(name)) return [];
  const problem = "does not hold the environment's name";
  return [{ path, value, problem, allowed: `a name with the part ${name}` }];
}
