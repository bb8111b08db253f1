/** Checks of names, prefixes and of what production refuses. */
import type { Check } from "../checks";

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
