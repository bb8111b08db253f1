/** Checks of mail: domains, the way mail is sent, and the secrets beside it. */
import { isIPv4 } from "node:net";
import { contains } from "../addresses";
import type { Check } from "../check";

export const mailChecks: readonly Check[] = [
  {
    rule: "`mail.sender` lies in the domain `mail.identity`: SES sends for that domain alone.",
    find: ({ mail }) => {
      const [sender, identity] = [mail?.sender, mail?.identity];
      if (sender === undefined || identity === undefined || sender.split("@")[1] === identity) return [];
      const problem = "lies outside the identity's domain";
      return [{ path: ["mail", "sender"], value: sender, problem, allowed: `an address at ${identity}` }];
    },
  },
  {
    rule: "`mail.mailFromDomain` is a domain below `mail.identity`, as SES asks.",
    find: ({ mail }) => {
      const [domain, identity] = [mail?.mailFromDomain, mail?.identity];
      if (domain === undefined || identity === undefined || domain.endsWith(`.${identity}`)) return [];
      const problem = "is not below the identity's domain";
      return [
        {
          path: ["mail", "mailFromDomain"],
          value: domain,
          problem,
          allowed: `a name such as bounce.${identity}`,
        },
      ];
    },
  },
  {
    rule: "`mail.smtp.address` is given where `mail.smtp.host` is a name, and otherwise is that address.",
    find: ({ mail }) => {
      const { host, address } = mail?.smtp ?? {};
      if (host === undefined) return [];
      if (isIPv4(host)) {
        if (address === undefined || address === host) return [];
        const problem = "is not the host's address";
        return [{ path: ["mail", "smtp", "address"], value: address, problem, allowed: host }];
      }
      if (address !== undefined && address !== host) return [];
      const allowed = "an IPv4 address: network policies know no names";
      return [{ path: ["mail", "smtp", "address"], problem: "is missing", allowed, at: "missing" }];
    },
  },
  {
    rule: "In mode `relay` the server stands in `kubernetes.privateNetwork`: it is spoken to in clear, without a login.",
    find: ({ mail, kubernetes }) => {
      const { mode, host, address } = mail?.smtp ?? {};
      const network = kubernetes?.privateNetwork;
      // By the server's address where its host is a name.
      const key = host !== undefined && isIPv4(host) ? "host" : "address";
      const value = key === "host" ? host : address;
      if (mode !== "relay" || network === undefined || value === undefined || !isIPv4(value)) return [];
      if (contains(network, value)) return [];
      const problem = "is a relay outside the private network";
      return [{ path: ["mail", "smtp", key], value, problem, allowed: `an address in ${network}` }];
    },
  },
  {
    rule: "`secrets.smtp.source` is `none` in mode `relay`, which asks for no credentials, and not in `submission`.",
    find: ({ mail, secrets }) => {
      const [mode, source] = [mail?.smtp?.mode, secrets?.smtp?.source];
      if (mode === undefined || source === undefined || (mode === "relay") === (source === "none")) return [];
      const relay = mode === "relay";
      const problem = relay
        ? "gives credentials that mode relay never asks for"
        : "gives no credentials for submission";
      const allowed = relay ? "none in mode relay" : "vault, config in mode submission";
      return [{ path: ["secrets", "smtp", "source"], value: source, problem, allowed }];
    },
  },
  {
    rule: "`mail.smtp.retries.initialDelayMs` is at most `maxDelayMs`.",
    find: ({ mail }) => {
      const { initialDelayMs, maxDelayMs } = mail?.smtp?.retries ?? {};
      if (initialDelayMs === undefined || maxDelayMs === undefined || initialDelayMs <= maxDelayMs) return [];
      const path = ["mail", "smtp", "retries", "initialDelayMs"];
      return [
        {
          path,
          value: initialDelayMs,
          problem: "is above the longest delay",
          allowed: `at most ${maxDelayMs}`,
        },
      ];
    },
  },
  {
    rule: "`secrets.clientAuth` does not name NEXTAUTH_SECRET, which `secrets.nextAuthSecret` gives.",
    find: ({ secrets }) => {
      const auth = secrets?.clientAuth;
      const name = "NEXTAUTH_SECRET";
      const keys = auth?.keys;
      if (keys === undefined) return [];
      const key = "length" in keys ? (keys as readonly string[]).indexOf(name) : name in keys ? name : -1;
      if (key === -1) return [];
      const problem = `names ${name} a second time`;
      return [
        {
          path: ["secrets", "clientAuth", "keys", key],
          problem,
          allowed: "the sign-in variables alone",
          at: "key",
        },
      ];
    },
  },
];
