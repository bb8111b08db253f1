/** Names of another environment are found in any field of what is declared and read. */
import { describe, expect, it } from "vitest";
import { foreignReference } from "../../../policies/isolation/foreign-reference";
import type { EnvironmentView } from "../../../policies/isolation/landscape";
import type { Resource } from "../../../policies/resource";
import { UNKNOWN } from "../../../policies/value";
import { claim, configuration, declared, deployment, open, read, told, view } from "./views";

const dev = view("dev", {
  configured: [
    claim("database", "shop_dev"),
    claim("role", "shop_dev_rw"),
    claim("namespace", "shop-dev"),
    claim("host", "api-dev.example.org"),
    claim("vault-prefix", "secret/shop/dev"),
    claim("vault-policy", "shop-dev-api"),
    claim("vault-role", "shop-dev-api"),
    claim("iam-user", "mail-dev"),
    claim("sns-topic", "mail-dev"),
    claim("ses-identity", "dev.example.org"),
    claim("ses-configuration-set", "shop-dev"),
  ],
});
const prod = (...resources: readonly Resource[]) => view("prod", { declared: resources });
const reading = (...reads: EnvironmentView["reads"]) => view("prod", { reads });

describe("a declared resource", () => {
  it("that names another environment's host in a setting is told, and its own host is not", () => {
    const calling = (host: string) =>
      prod(deployment("web", { web: { env: [{ name: "API_URL", value: `https://${host}/v1` }] } }));
    expect(told(foreignReference, dev, calling("api-dev.example.org"))).toEqual([
      "prod web spec.template.spec.containers[0].env[0].value api-dev.example.org",
    ]);
    expect(told(foreignReference, dev, calling("api.example.org"))).toEqual([]);
  });

  it("is told in fields that no rule of a family knows", () => {
    const bucket = declared("aws:s3/bucket:Bucket", "b", { tags: { peer: "https://api-dev.example.org" } });
    expect(told(foreignReference, dev, prod(bucket))).toEqual(["prod b tags.peer api-dev.example.org"]);
  });

  it("is told of the environment that claims the name by declaring it", () => {
    const declaring = view("dev", {
      declared: [declared("postgresql:index/database:Database", "d", { name: "shop" })],
    });
    const grant = prod(declared("postgresql:index/grant:Grant", "g", { database: "shop" }));
    expect(told(foreignReference, declaring, grant)).toEqual(["prod g database shop"]);
    expect(told(foreignReference, view("dev"), grant)).toEqual([]);
  });

  it("may name what its own environment claims, whoever claims it too", () => {
    const both = view("prod", {
      configured: [claim("database", "shop_dev")],
      declared: [declared("postgresql:index/grant:Grant", "g", { database: "shop_dev" })],
    });
    expect(told(foreignReference, dev, both)).toEqual([]);
  });

  it("is told of the one with the best right, in any order of environments", () => {
    const qa = view("qa", {
      declared: [declared("postgresql:index/database:Database", "d", { name: "shop_dev" })],
    });
    const grant = prod(declared("postgresql:index/grant:Grant", "g", { database: "shop_dev" }));
    const message = (...views: readonly EnvironmentView[]) =>
      foreignReference.check(views).findings.map((finding) => finding.message);
    expect(message(dev, qa, grant)).toEqual(message(grant, qa, dev));
    expect(message(qa, dev, grant)[0]).toContain("of dev");
  });

  it("that repeats what stands below it as a component is not told", () => {
    const component = declared(
      "shop:index:Web",
      "w",
      { url: "https://api-dev.example.org" },
      { component: true },
    );
    expect(told(foreignReference, dev, prod(component))).toEqual([]);
  });

  it("is told when it is a provider's settings", () => {
    const provider = declared(
      "pulumi:providers:postgresql",
      "p",
      { database: "shop_dev" },
      { component: true },
    );
    expect(told(foreignReference, dev, prod(provider))).toEqual(["prod p database shop_dev"]);
  });
});

describe("a legacy name", () => {
  const grant = declared("postgresql:index/grant:Grant", "g", {
    database: "keybuzz",
    role: "keybuzz_api_dev",
  });

  it("is refused where the configuration is KeyBuzz's", () => {
    const own = view("prod", { configuration: configuration("prod"), declared: [grant] });
    expect(told(foreignReference, own).sort()).toEqual([
      "prod g database keybuzz",
      "prod g role keybuzz_api_dev",
    ]);
  });

  it("is a name like any other elsewhere", () => {
    expect(told(foreignReference, view("prod", { declared: [grant] }))).toEqual([]);
  });
});

describe("a resource that is read", () => {
  it.each([
    ["kubernetes:core/v1:Secret", "shop-dev/db", "shop-dev"],
    ["kubernetes:core/v1:Namespace", "shop-dev", "shop-dev"],
    ["postgresql:index/role:Role", "shop_dev_rw", "shop_dev_rw"],
    ["postgresql:index/database:Database", "shop_dev", "shop_dev"],
    ["postgresql:index/schema:Schema", "shop_dev.public", "shop_dev"],
    ["vault:kv/secretV2:SecretV2", "secret/data/shop/dev/mail", "secret/shop/dev/mail"],
    ["vault:generic/secret:Secret", "secret/shop/dev/mail", "secret/shop/dev/mail"],
    ["vault:index/policy:Policy", "shop-dev-api", "shop-dev-api"],
    ["vault:kubernetes/authBackendRole:AuthBackendRole", "auth/kubernetes/role/shop-dev-api", "shop-dev-api"],
    ["aws:iam/user:User", "mail-dev", "mail-dev"],
    ["aws:sns/topic:Topic", "arn:aws:sns:eu-west-1:123456789012:mail-dev", "mail-dev"],
    ["aws:sesv2/emailIdentity:EmailIdentity", "dev.example.org", "dev.example.org"],
    ["aws:sesv2/configurationSet:ConfigurationSet", "shop-dev", "shop-dev"],
  ])("%s %s is told by its id", (type, id, name) => {
    expect(told(foreignReference, dev, reading(read(type, id)))).toEqual([`prod read id ${name}`]);
    const own = id.replaceAll("dev", "live");
    expect(told(foreignReference, dev, reading(read(type, own)))).toEqual([]);
  });

  it("is told by the properties that the program gives, too", () => {
    const secret = read("kubernetes:core/v1:Secret", "shop-live/db", { metadata: { namespace: "shop-dev" } });
    expect(told(foreignReference, dev, reading(secret))).toEqual(["prod read metadata.namespace shop-dev"]);
  });

  it("stays open when its id is not known", () => {
    expect(open(foreignReference, dev, reading(read("kubernetes:core/v1:Secret", UNKNOWN)))).toEqual([
      "prod read id",
    ]);
    expect(open(foreignReference, dev, reading(read("kubernetes:core/v1:Secret", "shop/db")))).toEqual([]);
  });
});

describe("a stack reference", () => {
  const stack = (name: string) => read("pulumi:pulumi:StackReference", name, { name });
  const from = (name: string) => told(foreignReference, view("prod"), view("dev", { reads: [stack(name)] }));

  it.each(["org/shop/prod", "organization/network/prod", "shop/prod", "prod"])(
    "to %s is told in DEV",
    (name) => {
      expect(from(name)).toEqual([`dev read name ${name}`]);
    },
  );

  it.each(["org/shop/dev", "org/prod/shared", "org/shop/production-network"])(
    "to %s is right in DEV",
    (name) => {
      expect(from(name)).toEqual([]);
    },
  );

  it("to a stack that is not known stays open", () => {
    const reads = [read("pulumi:pulumi:StackReference", UNKNOWN, { name: UNKNOWN })];
    expect(open(foreignReference, view("prod"), view("dev", { reads }))).toEqual(["dev read id"]);
  });
});
