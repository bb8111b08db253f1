/**
 * Collects everything that is wrong with the arguments of a component, so that one deployment attempt
 * reports all of it. Each problem names the property, the value seen, what is allowed, and what to do next.
 * Never hand it a secret: it prints what it is given.
 */
import { isIPv4 } from "node:net";
import * as pulumi from "@pulumi/pulumi";

export class Problems {
  private readonly found: string[] = [];

  /** @param subject what the arguments belong to: `Workload keybuzz-api` */
  constructor(private readonly subject: string) {}

  /** Notes a problem unless `holds`. `allowed` completes "must be …", `next` is what to do about it. */
  require(holds: boolean, property: string, seen: unknown, allowed: string, next: string): void {
    if (!holds) this.found.push(`${property}: ${shown(seen)}, must be ${allowed}; ${next}`);
  }

  wholeNumber(property: string, seen: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
    const holds = Number.isInteger(seen) && seen >= least && seen <= most;
    const upTo = most === Number.MAX_SAFE_INTEGER ? "" : ` to ${most}`;
    this.require(holds, property, seen, `a whole number from ${least}${upTo}`, "correct the number");
  }

  port(property: string, seen: number): void {
    this.wholeNumber(property, seen, 1, 65535);
  }

  /** A name that Kubernetes takes for every kind of object, a Service too. */
  objectName(property: string, seen: string): void {
    const holds = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(seen);
    const allowed = "1 to 63 lower-case letters, digits and inner hyphens, beginning with a letter";
    this.require(holds, property, seen, allowed, "rename it");
  }

  hostName(property: string, seen: string): void {
    const holds =
      seen.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/.test(seen);
    const allowed = "a full host name such as api.keybuzz.io";
    this.require(holds, property, seen, allowed, "give the name alone, without scheme, port or path");
  }

  address(property: string, seen: string): void {
    const next = "give the address: a network policy knows no names";
    this.require(isIPv4(seen), property, seen, "an IPv4 address", next);
  }

  cidr(property: string, seen: string): void {
    const [address = "", length = "", ...rest] = seen.split("/");
    const holds = isIPv4(address) && /^\d{1,2}$/.test(length) && Number(length) <= 32 && rest.length === 0;
    this.require(holds, property, seen, "an IPv4 range such as 10.0.0.0/16", "correct the range");
  }

  /** Ends the deployment with all problems in one error, if there are any. */
  throwIfAny(): void {
    if (this.found.length === 0) return;
    const count = this.found.length === 1 ? "a problem" : `${this.found.length} problems`;
    throw new pulumi.RunError(`${this.subject} has ${count}:\n${this.found.map((p) => `- ${p}`).join("\n")}`);
  }
}

function shown(seen: unknown): string {
  return seen === undefined ? "is not given" : `is ${JSON.stringify(seen)}`;
}
