/**
 * The form in which names are compared: the form of claims (config/claims.ts). Text that cannot be such a name is
 * undefined, so that nothing is found by accident.
 */
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { percentDecoded } from "./encodings";

/** A host, and its port where one is written or follows from a scheme. */
export interface HostAndPort {
  readonly host: string;
  readonly port?: string;
}

/** Source: RFC 1035, 2.3.4. With room for dots and for characters that are longer in Unicode. */
const LONGEST_HOST = 512;

const HOST = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;

/** Host names in lower case, without the trailing dot, international names in their ASCII form; addresses as they are. */
export function hostName(text: string): string | undefined {
  if (text.length > LONGEST_HOST) return undefined;
  const bare = text
    .trim()
    .replace(/^\[|\]$/g, "")
    .replace(/\.+$/, "");
  if (isIP(bare) === 4) return bare;
  if (isIP(bare) === 6) return plainAddress(bare);
  // domainToASCII reads `1.2` as an address and drops ports; what it returns must still be a name.
  const ascii = /^[\x21-\x7e]+$/.test(bare) ? bare.toLowerCase() : domainToASCII(bare).replace(/\.+$/, "");
  return HOST.test(ascii) ? ascii : undefined;
}

/** The shortest form of an IPv6 address; the IPv4 address where it stands for one. */
function plainAddress(address: string): string | undefined {
  if (!URL.canParse(`http://[${address}]`)) return undefined;
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  const [one, two] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [one >> 8, one & 255, two >> 8, two & 255].join(".");
}

/** Addresses in the spellings that URLs know beside the usual: `0x0a0000fa`, `167772410`, `012.0.0.1`. */
export function urlHost(text: string): string | undefined {
  const host = hostName(percentDecoded(text));
  if (host === undefined || !/(?:^|\.)(?:0x[0-9a-f]*|\d+)$/.test(host) || isIP(host) !== 0) return host;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;
}

/** `host:port`, `[::1]:port`, `user@host`, with the host as hostName gives it. */
export function hostAndPort(text: string, read = hostName): HostAndPort | undefined {
  if (text.length > LONGEST_HOST) return undefined;
  const authority = text.trim();
  const bare = authority.slice(authority.lastIndexOf("@") + 1);
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]+)(?::0*(\d{1,5})?)?$/.exec(bare);
  const host = match?.[1] === undefined ? undefined : read(match[1]);
  if (host === undefined) return isIP(bare) === 6 ? { host: plainAddress(bare) ?? bare } : undefined;
  return { host, ...(match?.[2] === undefined ? {} : { port: match[2] }) };
}

/** Endings of public names that a namespace could be called, too. Every word of two letters is one. */
const PUBLIC =
  /^(?:[a-z]{2}|com|net|org|info|biz|dev|app|pro|page|name|cloud|online|site|website|shop|store|tech|live|run|host|team|work|tools|zone|systems|services|software|solutions|support|network|agency|email|blog|news|media|digital|world|global|group|link|test|local|internal|example|invalid)$/;

/**
 * The namespace of a host that is a service of the cluster: `api.shop.svc.cluster.local`, `api.shop`. A name of two
 * words that could be a public one is a service where its port is none of the web's.
 */
export function namespaceOf({ host, port }: HostAndPort): string | undefined {
  const [, whole] = /\.([^.]+)\.(?:svc(?:\.|$)|pod\.cluster\.)/.exec(host) ?? [];
  if (whole !== undefined) return whole;
  const [service, namespace, third] = host.split(".");
  if (service === "*" || namespace === undefined || third !== undefined) return undefined;
  const isWeb = port === undefined || port === "80" || port === "443";
  return isWeb && PUBLIC.test(namespace) ? undefined : namespace;
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

const LONGEST_PATH = 2048;

/**
 * A path in Vault as mount and path, whatever the way in which it is written: `/v1/secret/data/keybuzz/dev/ses`,
 * `secret/keybuzz/dev/ses#key` and `secret//keybuzz/./dev/ses` are `secret/keybuzz/dev/ses`.
 */
export function vaultPath(text: string): string | undefined {
  if (text.length > LONGEST_PATH) return undefined;
  const plain = percentDecoded(text.replace(/[#?].*$/s, "").replace(/^\s*vault:/i, ""));
  if (!plain.includes("/") || !/^[\w./@: +*-]+$/.test(plain)) return undefined;
  const parts: string[] = [];
  for (const part of plain.trim().split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  if (parts[0] === "v1") parts.shift();
  const [mount, api, ...rest] = parts;
  if (mount === undefined || api === undefined) return undefined;
  return [mount, ...(KV_SEGMENTS.has(api) ? rest : [api, ...rest])].join("/");
}

/** The domain of an address, as the host name that it is. */
export function mailDomain(text: string): string | undefined {
  if (text.length > LONGEST_PATH) return undefined;
  const match = /^(?:[^<>]*<)?(?:mailto:)?[^\s<>@]+@([^\s<>@?]+)(?:\?[^\s<>]*)?>?$/i.exec(text.trim());
  return match?.[1] === undefined ? undefined : hostName(percentDecoded(match[1]));
}

/** An image by its tag, whose registry is a host. A digest says which build a tag stood for; the tag is claimed. */
export function imageName(text: string): string | undefined {
  const [, registry = "", rest = ""] = /^([^/]*)\/(.+)$/s.exec(text.trim().replace(/@.*$/s, "")) ?? [];
  return rest === "" ? undefined : `${registry.toLowerCase().replace(/\.?(?::443)?$/, "")}/${rest}`;
}
