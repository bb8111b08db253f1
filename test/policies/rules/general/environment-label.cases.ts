import type { Resource } from "../../../../policies/resource";
import { environmentLabel } from "../../../../policies/rules/general/environment-label";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCases, resource } from "../../cases";

const LABEL = "keybuzz.io/environment";
const TAG = "keybuzz:environment";
const label = 'metadata.labels["keybuzz.io/environment"]';
const tag = 'tags["keybuzz:environment"]';

const labelled = (value: Value) => ({ labels: { [LABEL]: value } });
const config = (metadata: Readonly<Record<string, Value>>) =>
  object("core/v1:ConfigMap", { metadata: { name: "a", ...metadata } });
const user = (properties: Readonly<Record<string, Value>>) =>
  resource("aws:iam/user:User", { name: "keybuzz-ses-prod", ...properties });
const entry = (properties: Readonly<Record<string, Value>>) =>
  resource("vault:kv/secretV2:SecretV2", { mount: "secret", name: "keybuzz/prod/ses", ...properties });
const deployment = (template: Value) =>
  object("apps/v1:Deployment", { metadata: labelled("prod"), spec: { template } });

/** A resource whose provider gives all of its own these tags. */
const below = (given: Resource, defaultTags: Value): Resource => ({
  ...given,
  ...(given.provider && { provider: { ...given.provider, properties: { defaultTags } } }),
});

export const cases: RuleCases = {
  rule: environmentLabel,
  cases: [
    { name: "an object of this environment is right", given: config(labelled("prod")), want: "compliant" },
    {
      name: "DEV's objects carry DEV's name",
      environment: "dev",
      given: config(labelled("dev")),
      want: "compliant",
    },
    { name: "an object without labels is refused", given: config({}), want: "findings", at: [label] },
    {
      name: "an object with other labels is refused",
      given: config({ labels: { environment: "prod" } }),
      want: "findings",
      at: [label],
    },
    {
      name: "another environment's name is refused",
      given: config(labelled("dev")),
      want: "findings",
      at: [label],
    },
    {
      name: "a name is compared letter by letter",
      given: config(labelled("Prod")),
      want: "findings",
      at: [label],
    },
    { name: "an empty name is refused", given: config(labelled("")), want: "findings", at: [label] },
    { name: "a truth value is no name", given: config(labelled(true)), want: "findings", at: [label] },
    {
      name: "a name that is not known stays open",
      given: config(labelled(OWN_UNKNOWN)),
      want: "undetermined",
      at: [label],
    },
    {
      name: "pods carry the name too",
      given: deployment({ metadata: labelled("prod") }),
      want: "compliant",
    },
    {
      name: "pods without the name are refused",
      given: deployment({ metadata: { labels: { app: "a" } } }),
      want: "findings",
      at: [`spec.template.${label}`],
    },
    {
      name: "pods of another environment are refused",
      given: deployment({ metadata: labelled("dev") }),
      want: "findings",
      at: [`spec.template.${label}`],
    },
    {
      name: "pods of a CronJob carry the name too",
      given: object("batch/v1:CronJob", {
        metadata: labelled("prod"),
        spec: { jobTemplate: { spec: { template: { metadata: {} } } } },
      }),
      want: "findings",
      at: [`spec.jobTemplate.spec.template.${label}`],
    },
    {
      name: "a Pod says it once",
      given: object("core/v1:Pod", { metadata: labelled("prod"), spec: {} }),
      want: "compliant",
    },
    {
      name: "objects in a list are judged each",
      given: object("core/v1:ConfigMapList", { items: [{ metadata: labelled("prod") }, { metadata: {} }] }),
      want: "findings",
      at: [`items[1].${label}`],
    },
    {
      name: "objects that are not known stay open",
      given: object("core/v1:ConfigMapList", { items: UNKNOWN }),
      want: "undetermined",
      at: ["items"],
    },
    {
      name: "an object that is not known stays open beside one that is",
      given: object("core/v1:ConfigMapList", { items: [{ metadata: labelled("prod") }, UNKNOWN] }),
      want: "undetermined",
      at: ["items[1]"],
    },
    { name: "a user with the tag is right", given: user({ tags: { [TAG]: "prod" } }), want: "compliant" },
    { name: "a user without tags is refused", given: user({}), want: "findings", at: [tag] },
    {
      name: "a user with another environment's tag is refused",
      given: user({ tags: { [TAG]: "dev" } }),
      want: "findings",
      at: [tag],
    },
    {
      name: "tags that are not known stay open",
      given: user({ tags: UNKNOWN }),
      want: "undetermined",
      at: [tag],
    },
    {
      name: "a provider may give the tag",
      given: below(user({}), { tags: { [TAG]: "prod" } }),
      want: "compliant",
    },
    {
      name: "a provider may give the tag as the SDK sends it",
      given: below(user({}), JSON.stringify({ tags: { [TAG]: "prod" } })),
      want: "compliant",
    },
    {
      name: "a provider that gives another tag is refused",
      given: below(user({}), JSON.stringify({ tags: { [TAG]: "dev" } })),
      want: "findings",
      at: [tag],
    },
    {
      name: "a resource's own tag counts before its provider's",
      given: below(user({ tags: { [TAG]: "dev" } }), { tags: { [TAG]: "prod" } }),
      want: "findings",
      at: [tag],
    },
    {
      name: "default tags that are no JSON give nothing",
      given: below(user({}), "{"),
      want: "findings",
      at: [tag],
    },
    {
      name: "default tags that are not known stay open",
      given: below(user({}), UNKNOWN),
      want: "undetermined",
      at: [tag],
    },
    {
      name: "whatever has tags has this one",
      given: resource("aws:sfn/stateMachine:StateMachine", { tags: { a: "b" } }),
      want: "findings",
      at: [tag],
    },
    {
      name: "an entry in Vault says it in its metadata",
      given: entry({ customMetadata: { data: { environment: "prod" } } }),
      want: "compliant",
    },
    {
      name: "an entry in Vault without metadata is refused",
      given: entry({}),
      want: "findings",
      at: ["customMetadata.data.environment"],
    },
    {
      name: "an entry in Vault of another environment is refused",
      given: entry({ customMetadata: { data: { environment: "dev" } } }),
      want: "findings",
      at: ["customMetadata.data.environment"],
    },
    {
      name: "what takes no tags is left alone",
      given: resource("aws:iam/accessKey:AccessKey", { user: "a" }),
      want: "not-applicable",
    },
    {
      name: "a role of PostgreSQL has no place for it",
      given: resource("postgresql:index/role:Role", { name: "a" }),
      want: "not-applicable",
    },
    {
      name: "a release of Helm is no object",
      given: resource("kubernetes:helm.sh/v3:Release", { name: "a" }),
      want: "not-applicable",
    },
    {
      name: "a patch leaves labels to whoever declares the object",
      given: object("core/v1:ConfigMapPatch", { metadata: { name: "a" } }),
      want: "not-applicable",
    },
    {
      name: "components are left alone",
      given: resource("kubernetes:core/v1:ConfigMap", { metadata: {} }, { component: true }),
      want: "not-applicable",
    },
  ],
};
