/** Values of which a setting's name, or a place in a resource, says what they are. */
import { sessionRoles } from "./connections";
import type { Named } from "./named";
import { hostAndPort, hostName, imageName, mailDomain, urlHost, vaultPath } from "./names";
import type { SettingKind } from "./settings";
import { fromHost } from "./words";

/** The names that a value of that kind holds. Hosts, senders and policies may be several. */
export function namedBy(kind: SettingKind, text: string): Named[] {
  switch (kind) {
    case "host":
      return listed(text, /[\s,;|]+/).flatMap((value) => {
        const host = hostAndPort(value.replace(/^[\\/]{2}/, ""), urlHost);
        return host === undefined ? [] : fromHost(host, true);
      });
    case "sender":
      return text.split(/[,;]/).flatMap((value) => mailNames(mailDomain(value)));
    case "mail-domain":
      return listed(text, /[\s,;]+/).flatMap((value) => mailNames(mailDomain(value) ?? hostName(value)));
    case "vault-path":
      return listed(text, /[\s,;]+/).flatMap(vaultNames);
    case "iam-user":
    case "vault-policy":
    case "vault-role":
      return listed(text, /[\s,;]+/).map((value) => ({ kind, name: value.toLowerCase() }));
    case "environment-image": {
      const name = imageName(text);
      return name === undefined ? [] : [{ kind, name }];
    }
    case "session-options":
      return sessionRoles(text).map((name) => ({ kind: "role", name }));
    case "port":
    case "user":
    case "file":
      return [];
    default:
      return listed(text, /[,;]/).map((name) => ({ kind, name }));
  }
}

function listed(text: string, separator: RegExp): string[] {
  return text.split(separator).flatMap((part) => {
    const value = part.trim().replace(/^(["'])(.*)\1$/s, "$2");
    return value === "" ? [] : [value];
  });
}

function mailNames(domain: string | undefined): Named[] {
  if (domain === undefined) return [];
  return [
    { kind: "ses-identity", name: domain },
    { kind: "mail-from-domain", name: domain },
  ];
}

/** Where Vault's entries are, unless something says otherwise: its own default, and this project's. */
const USUAL_MOUNT = "secret";

/** A path with its mount, or below the usual one: clients take either. */
function vaultNames(text: string): Named[] {
  const path = vaultPath(text.includes("/") ? text : `${text}/`);
  const below = path?.startsWith(`${USUAL_MOUNT}/`) ? undefined : vaultPath(`${USUAL_MOUNT}/${text}`);
  return [path, below].flatMap((name) => (name === undefined ? [] : [{ kind: "vault-path", name }]));
}
