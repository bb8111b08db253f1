/** Whoever talks to Vault makes sure that it is Vault. */
import { isTrue } from "../../literals";
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isUnknown } from "../../value";

export const verifiedServer: ResourceRule = {
  id: "vault/verified-server",
  title: "The provider reaches Vault by https and verifies its certificate",
  why:
    "Vault's certificate is self-signed, and one report named an address where no Vault answered: with verification " +
    "off, whatever listens at an address is handed the deploying token.",
  prevents: ["F12"],
  fix: "Give the provider caCertFile with Vault's own certificate, an https address, and no skipTlsVerify.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: ({ type, properties: { address, skipTlsVerify } }) => {
    if (type !== "pulumi:providers:vault") return NOT_APPLICABLE;
    const assessment = new Assessment();
    if (isUnknown(skipTlsVerify)) assessment.unknown(["skipTlsVerify"]);
    else if (isTrue(skipTlsVerify))
      assessment.finding(["skipTlsVerify"], "is true: any certificate would do");
    if (isUnknown(address)) assessment.unknown(["address"]);
    else if (
      typeof address === "string" &&
      /^http:/i.test(address) &&
      !/^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?:[:/]|$)/i.test(address)
    ) {
      assessment.finding(["address"], "is http: the token crosses the network in clear");
    }
    return assessment.verdict;
  },
};
