/**
 * The form in which names are compared: the form of claims (config/claims.ts). Text that cannot be such a name is
 * undefined, so that nothing is found by accident.
 */
import { isIP } from "node:net";
import { domainToASCII } from "node:url";

/** Host names in lower case, without the trailing dot, international names in their ASCII form; addresses as they are. */
export function hostName(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^\[|\]$/g, "")
    .replace(/\.+$/, "");
  if (isIP(bare) !== 0) return bare.toLowerCase();
  // domainToASCII reads `1.2` as an address and drops ports; what it returns must still be a name.
  const ascii = /^[\x21-\x7e]+$/.test(bare) ? bare.toLowerCase() : domainToASCII(bare);
  return /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/.test(ascii)
    ? ascii
    : undefined;
}

/** `host:port`, with the host as hostName gives it. */
export function hostAndPort(text: string): { host: string; port?: string } | undefined {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text.trim());
  const host = match?.[1] === undefined ? undefined : hostName(match[1]);
  if (host === undefined) return undefined;
  return { host, ...(match?.[2] === undefined ? {} : { port: match[2] }) };
}

/** Segments of the API of a KV version 2 engine that stand between mount and path. */
const KV_SEGMENTS: ReadonlySet<string> = new Set([
  "data",
  "metadata",
  "delete",
  "undelete",
  "destroy",
  "subkeys",
]);

/**
 * A path in Vault as mount and path, whatever the way in which it is written: `/v1/secret/data/keybuzz/dev/ses`,
 * `secret/keybuzz/dev/ses#key` and `secret//keybuzz/./dev/ses` are `secret/keybuzz/dev/ses`.
 */
export function vaultPath(text: string): string | undefined {
  const plain = decoded(text.replace(/[#?].*$/s, "").replace(/^vault:/i, ""));
  if (!/^[\w./@: +*-]*\/[\w./@: +*-]*$/.test(plain)) return undefined;
  const parts: string[] = [];
  for (const part of plain.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  if (parts[0] === "v1") parts.shift();
  const [mount, api, ...rest] = parts;
  if (mount === undefined || api === undefined) return undefined;
  return [mount, ...(KV_SEGMENTS.has(api) ? rest : [api, ...rest])].join("/");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The domain of an address, as the host name that it is. */
export function mailDomain(text: string): string | undefined {
  const match = /^(?:[^<>]*<)?[^\s<>@]+@([^\s<>@]+?)>?$/.exec(text.trim());
  return match?.[1] === undefined ? undefined : hostName(match[1]);
}
