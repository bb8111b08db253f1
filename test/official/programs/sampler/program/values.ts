/** Configuration, functions of providers, and values of every kind. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Untyped } from "./untyped";

export async function declareValues(): Promise<pulumi.Inputs> {
  const config = new pulumi.Config();
  const caller = await aws.getCallerIdentity();
  const zone = aws.route53.getZoneOutput({ name: "example.com" });
  const values = new Untyped("values", {
    value: {
      nothing: null,
      missing: undefined,
      list: [null, 0, -1.5, 1e21, "", [], {}, Promise.resolve("later")],
      "a.dotted[key]": { "": "empty key" },
    },
    settings: config.requireObject("settings"),
    size: config.requireNumber("size"),
    account: caller.accountId,
    zone: zone.zoneId,
    text: `account ${caller.accountId}`,
    late: pulumi.interpolate`zone ${zone.zoneId}`,
  });
  const referring = new Untyped("referring", {
    resource: values,
    inside: { list: [values] },
    value: values.value,
    computed: values.computed,
    id: values.id,
    urn: values.urn,
  });
  const scalars = [
    "decimal",
    "exponent",
    "hexadecimal",
    "octal",
    "date",
    "yes",
    "empty",
    "lines",
    "long",
    "zeros",
  ];
  return {
    settings: config.require("settings"),
    scalars: Object.fromEntries(scalars.map((key) => [key, config.get(key)])),
    stack: pulumi.getStack(),
    project: pulumi.getProject(),
    organization: pulumi.getOrganization(),
    color: config.require("color"),
    value: values.value,
    computed: referring.computed,
    nothing: null,
    missing: undefined,
    list: [1, "two", [referring.id]],
  };
}
