/**
 * Words of a text that are names by their form: hosts, paths in Vault, ARNs, service accounts. A host of one word
 * has no form of its own, so it is one only where something says so.
 */
import { arnReferences } from "./arns";
import type { Named } from "./named";
import { type HostAndPort, hostAndPort, namespaceOf, vaultPath } from "./names";
import type { SettingKind } from "./settings";

/**
 * A host, the service's namespace when it is one of the cluster, and the address when there is a port.
 * @param said whether the text, or its place, says that this is a host
 */
export function fromHost(parsed: HostAndPort, said: boolean): Named[] {
  const { host, port } = parsed;
  const namespace = namespaceOf(parsed);
  const isEvident = said || (namespace?.includes("-") ?? false) || host.includes(".svc");
  return [
    { kind: "host", name: host },
    ...(port === undefined ? [] : [{ kind: "backend-address", name: `${host}:${port}` } as const]),
    ...(namespace !== undefined && isEvident ? [{ kind: "namespace", name: namespace } as const] : []),
  ];
}

/** The names among the words that stand outside of URLs. */
export function wordNames(text: string, kind: SettingKind | undefined): Named[] {
  if (!/[./:\\\u3002\uff0e\uff61]/.test(text)) return [];
  return outsideUrls(text)
    .split(/[\s"'`<>()[\]{},;|!&$^]+/)
    .flatMap((word) => {
      if (!/[./:\u3002\uff0e\uff61]/.test(word)) return [];
      // What follows a question mark are words of a query.
      return (word.split("?", 1)[0] ?? "").split("=").flatMap((part) => nameOf(part, kind));
    });
}

/** Web addresses, up to where the text goes on: behind the host, or at the end of the word. */
const URL_IN_TEXT = /[a-z][a-z0-9+.]{0,20}:[\\/]{2}[^\s"'`<>/?#,;]*(?:[/?#][^\s"'`<>]*)?/gi;

function outsideUrls(text: string): string {
  const plain = text.includes("\\") ? text.replace(/\\[nrt]/g, " ") : text;
  return plain.includes(":") ? plain.replace(URL_IN_TEXT, " ") : plain;
}

const SERVICE_ACCOUNT = /^system:serviceaccounts?:([^:]+)/;

function nameOf(word: string, kind: SettingKind | undefined): Named[] {
  if (word.startsWith("arn:")) return arnReferences(word.replace(/[.:]+$/, ""));
  const [, namespace] = SERVICE_ACCOUNT.exec(word) ?? [];
  if (namespace !== undefined) return [{ kind: "namespace", name: namespace }];
  const path = word.includes("/") && !isFile(word, kind) ? vaultPath(word) : undefined;
  return [...(path === undefined ? [] : [{ kind: "vault-path", name: path } as const]), ...hostOf(word)];
}

/** Absolute paths are files where something says so, and relative ones where they begin with a dot. */
function isFile(word: string, kind: SettingKind | undefined): boolean {
  return /^\.{1,2}\//.test(word) || (kind === "file" && word.startsWith("/"));
}

function hostOf(word: string): Named[] {
  const [authority = ""] = word.replace(/^[\\/]{2,}/, "").split(/[/\\#]/, 1);
  if (!/[.:\u3002\uff0e\uff61]/.test(authority)) return [];
  // An address of a person is none of a host, unless a password, a port or a path follows.
  if (/^[^:]+@[^:]+$/.test(authority) && !word.includes("/")) return [];
  const parsed = hostAndPort(authority);
  return parsed?.host.includes(".") ? fromHost(parsed, false) : [];
}
