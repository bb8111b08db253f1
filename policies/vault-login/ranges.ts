/** Addresses and ranges that a login is bound to. */
import { isIPv4, isIPv6 } from "node:net";

/** Lengths of the widest range that still means one place: a rack, a subnet of one host. */
const WIDEST = { ipv4: 24, ipv6: 64 } as const;

/** Whether a text is an address, or a range that is no wider than allowed. */
export function isNarrow(text: string): boolean {
  const match = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text);
  const [, address = "", length] = match ?? [];
  const bits = length === undefined ? undefined : Number(length);
  if (isIPv4(address)) return bits === undefined || (bits >= WIDEST.ipv4 && bits <= 32);
  return isIPv6(address) && (bits === undefined || (bits >= WIDEST.ipv6 && bits <= 128));
}
