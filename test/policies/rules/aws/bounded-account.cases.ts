import { boundedAccount } from "../../../../policies/rules/aws/bounded-account";
import { UNKNOWN, type Value } from "../../../../policies/value";
import { type RuleCases, resource } from "../../cases";

const provider = (properties: Readonly<Record<string, Value>>) =>
  resource("pulumi:providers:aws", { region: "eu-west-1", ...properties });
const at = ["allowedAccountIds"];

export const cases: RuleCases = {
  rule: boundedAccount,
  cases: [
    {
      name: "the configured account alone is right, as the SDK sends it",
      given: provider({ allowedAccountIds: '["123456789012"]' }),
      want: "compliant",
    },
    {
      name: "the configured account alone is right as a list",
      given: provider({ allowedAccountIds: ["123456789012"] }),
      want: "compliant",
    },
    { name: "a provider for any account is refused", given: provider({}), want: "findings", at },
    {
      name: "an empty text is no bound",
      given: provider({ allowedAccountIds: "" }),
      want: "findings",
      at,
    },
    {
      name: "an empty list is no bound",
      given: provider({ allowedAccountIds: "[]" }),
      want: "findings",
      at,
    },
    {
      name: "another account is refused",
      given: provider({ allowedAccountIds: ["210987654321"] }),
      want: "findings",
      at,
    },
    {
      name: "another account behind the right one is refused",
      given: provider({ allowedAccountIds: '["123456789012","210987654321"]' }),
      want: "findings",
      at,
    },
    {
      name: "one finding is told for each account too many",
      given: provider({ allowedAccountIds: ["210987654321", "123456789012", "111111111111"] }),
      want: "findings",
      at: [...at, ...at],
    },
    {
      name: "a text that is no list is refused",
      given: provider({ allowedAccountIds: "123456789012" }),
      want: "findings",
      at,
    },
    {
      name: "a text that is no JSON is refused",
      given: provider({ allowedAccountIds: "[123456789012" }),
      want: "findings",
      at,
    },
    {
      name: "a truth value is no list of accounts",
      given: provider({ allowedAccountIds: true }),
      want: "findings",
      at,
    },
    {
      name: "a list that is not known stays open",
      given: provider({ allowedAccountIds: UNKNOWN }),
      want: "undetermined",
      at,
    },
    {
      name: "an account that is not known stays open",
      given: provider({ allowedAccountIds: ["123456789012", UNKNOWN] }),
      want: "undetermined",
      at,
    },
    {
      name: "providers of other packages are left alone",
      given: resource("pulumi:providers:kubernetes", { context: "keybuzz" }),
      want: "not-applicable",
    },
    {
      name: "resources of AWS are left alone",
      given: resource("aws:iam/user:User", { name: "keybuzz-ses-prod" }),
      want: "not-applicable",
    },
  ],
};
