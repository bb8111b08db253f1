/** Arithmetic on IPv4 addresses and ranges. */
import { isIPv4 } from "node:net";

/** Whether an IPv4 address lies in a range; a host name holds none. */
export function contains(range: string, address: string): boolean {
  const [network = "", length = "32"] = range.split("/");
  if (!isIPv4(network)) return false;
  const size = 2 ** (32 - Number(length));
  return Math.floor(numberOf(network) / size) === Math.floor(numberOf(address) / size);
}

function numberOf(address: string): number {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
