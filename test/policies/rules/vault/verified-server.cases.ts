import { verifiedServer } from "../../../../policies/rules/vault/verified-server";
import { UNKNOWN, type Value } from "../../../../policies/value";
import { type RuleCase, type RuleCases, resource } from "../../cases";

const provider = (properties: Readonly<Record<string, Value>> = {}) =>
  resource("pulumi:providers:vault", { address: "https://10.0.0.150:8200", ...properties });

export const cases: RuleCases = {
  rule: verifiedServer,
  cases: [
    {
      name: "any certificate is refused",
      given: provider({ skipTlsVerify: "true" }),
      want: "findings",
      at: ["skipTlsVerify"],
    },
    {
      name: "any certificate, as a truth value, is refused",
      given: provider({ skipTlsVerify: true }),
      want: "findings",
      at: ["skipTlsVerify"],
    },
    ...[
      "http://10.0.0.150:8200",
      "HTTP://vault-01",
      "http://127.0.0.1.example.org",
      "http://localhost.example.org",
      "http://vault-01/http://127.0.0.1",
    ].map(
      (address): RuleCase => ({
        name: `${address} is refused`,
        given: provider({ address }),
        want: "findings",
        at: ["address"],
      }),
    ),
    ...["http://127.0.0.1:8200", "http://localhost", "http://[::1]:8200/", "https://vault-01/http:"].map(
      (address): RuleCase => ({
        name: `${address} is right`,
        given: provider({ address }),
        want: "compliant",
      }),
    ),
    {
      name: "verification that is left on is right",
      given: provider({ skipTlsVerify: "false" }),
      want: "compliant",
    },
    {
      name: "a setting that is not known stays open",
      given: provider({ skipTlsVerify: UNKNOWN }),
      want: "undetermined",
      at: ["skipTlsVerify"],
    },
    {
      name: "an address that is not known stays open",
      given: provider({ address: UNKNOWN }),
      want: "undetermined",
      at: ["address"],
    },
    {
      name: "other providers are left alone",
      given: resource("pulumi:providers:postgresql", { skipTlsVerify: "true", address: "http://a" }),
      want: "not-applicable",
    },
  ],
};
