/**
 * Where an environment's file says the name that a finding is about. Only the keys that such a name is made of are
 * looked at: the same word elsewhere in the file has nothing to do with it.
 */
import type { Draft } from "../../config";
import type { Finding } from "../../policies/rule";

/** A path into the configuration. */
type Path = readonly string[];
/** A key with the name, or the beginning of a name, that it gives. */
type Entry = readonly [path: Path, name: string | undefined];

/** The path of the configuration that gives a name of some kind; undefined when none does. */
export function configurationPath(
  { kind, name }: NonNullable<Finding["reference"]>,
  configuration: Draft,
): Path | undefined {
  const entry = entriesOf(kind, configuration).find(
    ([, given]) => given !== undefined && (given === name || isDerived(kind, name, given)),
  );
  return entry?.[0];
}

/** Roles are named after their database, and Vault entries stand below the prefix. */
function isDerived(kind: string, name: string, given: string): boolean {
  return (
    (kind === "role" && name.startsWith(`${given}_`)) ||
    (kind === "vault-path" && name.startsWith(`${given}/`))
  );
}

function entriesOf(
  kind: string,
  { postgres, workloads, backend, kubernetes, vault, mail, registry }: Draft,
): Entry[] {
  switch (kind) {
    case "database":
    case "role":
      return Object.entries(postgres?.databases ?? {}).map(([key, database]) => [
        ["postgres", "databases", key, "name"],
        database?.name,
      ]);
    case "host":
      return [
        ...Object.entries(workloads ?? {}).map(
          ([key, workload]): Entry => [["workloads", key, "host"], hostOf(workload)],
        ),
        [["backend", "host"], backend?.host],
      ];
    case "backend-address":
      return [[["backend", "port"], `${backend?.address}:${backend?.port}`]];
    case "namespace":
      return Object.entries(kubernetes?.namespaces ?? {}).map(([key, namespace]) => [
        ["kubernetes", "namespaces", key, "name"],
        namespace?.name,
      ]);
    case "vault-path":
    case "vault-prefix":
      return [[["vault", "prefix"], `${vault?.mount}/${vault?.prefix}`]];
    case "iam-user":
      return [[["mail", "iamUser"], mail?.iamUser?.toLowerCase()]];
    case "ses-identity":
      return [
        [["mail", "identity"], mail?.identity],
        [["mail", "sender"], mail?.sender?.replace(/^.*@/, "")],
      ];
    case "mail-from-domain":
      return [[["mail", "mailFromDomain"], mail?.mailFromDomain]];
    case "environment-image":
      return Object.entries(workloads ?? {}).map(([key, workload]) => {
        const { name, tag } = workload?.image ?? {};
        return [["workloads", key, "image", "tag"], `${registry?.repository}/${name}:${tag}`];
      });
    default:
      return [];
  }
}

function hostOf(workload: object | undefined): string | undefined {
  const host = (workload as { host?: unknown } | undefined)?.host;
  return typeof host === "string" ? host : undefined;
}
