/** Names that two environments claim are told once per environment too many, and nothing else is. */
import { describe, expect, it } from "vitest";
import { type ClaimKind, claimKinds } from "../../../config";
import { disjointClaims } from "../../../policies/isolation/disjoint-claims";
import type { Resource } from "../../../policies/resource";
import { UNKNOWN, type Value } from "../../../policies/value";
import { claim, declared, deployment, told, view } from "./views";

const one = (name: string, ...resources: readonly Resource[]) => view(name, { declared: resources });
const namespace = (name: string) => declared("kubernetes:core/v1:Namespace", "n", { metadata: { name } });
const database = (name: Value, host?: string) =>
  declared("postgresql:index/database:Database", "d", { name }, host ? { settings: { host } } : {});
const ingress = (host: string) =>
  declared("kubernetes:networking.k8s.io/v1:Ingress", "i", { spec: { rules: [{ host }] } });
const entry = (name: string) => declared("vault:kv/secretV2:SecretV2", "e", { mount: "secret", name });

const DECLARED: Readonly<Partial<Record<ClaimKind, readonly [resource: Resource, property: string]>>> = {
  database: [database("shop"), "name"],
  role: [declared("postgresql:index/role:Role", "r", { name: "shop_rw" }), "name"],
  namespace: [namespace("shop"), "metadata.name"],
  host: [ingress("shop.example.org"), "spec.rules[0].host"],
  "vault-prefix": [entry("shop/mail"), "name"],
  "vault-policy": [declared("vault:index/policy:Policy", "p", { name: "shop" }), "name"],
  "vault-role": [
    declared("vault:kubernetes/authBackendRole:AuthBackendRole", "a", { roleName: "shop" }),
    "roleName",
  ],
  "iam-user": [declared("aws:iam/user:User", "u", { name: "shop" }), "name"],
  "ses-identity": [
    declared("aws:sesv2/emailIdentity:EmailIdentity", "s", { emailIdentity: "example.org" }),
    "emailIdentity",
  ],
  "ses-configuration-set": [
    declared("aws:sesv2/configurationSet:ConfigurationSet", "c", { configurationSetName: "shop" }),
    "configurationSetName",
  ],
  "sns-topic": [declared("aws:sns/topic:Topic", "t", { name: "shop" }), "name"],
  "mail-from-domain": [
    declared("aws:ses/mailFrom:MailFrom", "m", { mailFromDomain: "bounce.example.org" }),
    "mailFromDomain",
  ],
};

describe("claims by configuration", () => {
  it.each(claimKinds)("of the kind %s that two environments make are told at production", (kind) => {
    const shared = { configured: [claim(kind, "a/shop")] };
    expect(told(disjointClaims, view("prod", shared), view("dev", shared))).toEqual([
      `prod - keybuzz:${kind} a/shop`,
    ]);
    expect(
      told(disjointClaims, view("prod", shared), view("dev", { configured: [claim(kind, "a/shop2")] })),
    ).toEqual([]);
  });

  it("are not in conflict when their kinds differ", () => {
    const dev = view("dev", { configured: [claim("role", "shop")] });
    expect(told(disjointClaims, dev, view("prod", { configured: [claim("database", "shop")] }))).toEqual([]);
  });

  it("that follow from one key are told once", () => {
    const names = { configured: ["shop", "shop_rw", "shop_ro"].map((name) => claim("role", name, "k:db")) };
    expect(told(disjointClaims, view("prod", names), view("dev", names))).toEqual(["prod - k:db shop"]);
  });

  it("win against what a program declares, whoever is production", () => {
    const dev = one("dev", database("shop"));
    const prod = view("prod", { configured: [claim("database", "shop")] });
    expect(told(disjointClaims, prod, dev)).toEqual(["dev d name shop"]);
  });

  it("are told at the resource that bears the name", () => {
    const both = { configured: [claim("database", "shop")], declared: [database("shop")] };
    expect(told(disjointClaims, view("prod", both), view("dev", both))).toEqual(["prod d name shop"]);
  });
});

describe("claims by declaration", () => {
  it.each(Object.entries(DECLARED))("of the kind %s are told in any project", (_, [resource, property]) => {
    const found = told(disjointClaims, one("dev", resource), one("prod", resource));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`prod ${resource.name} ${property} `);
    expect(told(disjointClaims, one("dev", resource), one("prod"))).toEqual([]);
  });

  it("are told once per environment too many, wherever production stands among them", () => {
    const views = ["dev", "qa", "prod"].map((name) => one(name, namespace("shop")));
    const found = ["prod n metadata.name shop", "qa n metadata.name shop"];
    expect(told(disjointClaims, ...views).sort()).toEqual(found);
    expect(told(disjointClaims, ...views.reverse()).sort()).toEqual(found);
  });

  it("are told once in an environment that declares a name twice", () => {
    const twice = [ingress("shop.example.org"), { ...ingress("shop.example.org"), urn: "a::b::c::second" }];
    expect(told(disjointClaims, one("dev", ...twice), one("prod", ...twice))).toEqual([
      "prod i spec.rules[0].host shop.example.org",
    ]);
  });

  it("mean the same host in upper case and with a trailing dot", () => {
    expect(
      told(
        disjointClaims,
        one("dev", ingress("Shop.Example.org.")),
        one("prod", ingress("shop.example.org")),
      ),
    ).toHaveLength(1);
    expect(
      told(disjointClaims, one("dev", ingress("shop.example.org")), one("prod", ingress("shop.example.com"))),
    ).toEqual([]);
  });

  it("are seen in lists of objects and in routes of the Gateway API", () => {
    const list = declared("kubernetes:core/v1:NamespaceList", "l", {
      items: [{ metadata: { name: "shop" } }],
    });
    expect(told(disjointClaims, one("dev", list), one("prod", namespace("shop")))).toHaveLength(1);
    const route = declared("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "h", {
      spec: { hostnames: ["shop.example.org"] },
    });
    expect(told(disjointClaims, one("dev", ingress("shop.example.org")), one("prod", route))).toEqual([
      "prod h spec.hostnames[0] shop.example.org",
    ]);
  });

  it("are made neither by components, references nor patches", () => {
    const harmless = [
      declared("postgresql:index/database:Database", "d", { name: "shop" }, { component: true }),
      declared("kubernetes:core/v1:NamespacePatch", "p", { metadata: { name: "shop" } }),
      declared("postgresql:index/grant:Grant", "g", { database: "shop", role: "shop_rw" }),
      deployment("shop", { shop: { env: [{ name: "PGDATABASE", value: "shop" }] } }),
    ];
    expect(told(disjointClaims, one("dev", ...harmless), one("prod", ...harmless))).toEqual([]);
  });

  it("are not made by what is read", () => {
    const reads = [database("shop")];
    expect(told(disjointClaims, view("dev", { reads }), view("prod", { reads }))).toEqual([]);
  });

  it("are not made on names that are not known", () => {
    expect(told(disjointClaims, one("dev", database(UNKNOWN)), one("prod", database(UNKNOWN)))).toEqual([]);
  });
});

describe("what belongs to nobody", () => {
  it.each(["default", "kube-system", "kube-public", "kube-node-lease"])("the namespace %s", (name) => {
    expect(told(disjointClaims, one("dev", namespace(name)), one("prod", namespace(name)))).toEqual([]);
  });

  it("the maintenance database and its role", () => {
    const role = declared("postgresql:index/role:Role", "r", { name: "postgres" });
    const shared = [database("postgres"), role];
    expect(told(disjointClaims, one("dev", ...shared), one("prod", ...shared))).toEqual([]);
  });

  it("the server and the mount that entries stand on", () => {
    const mount = declared("vault:index/mount:Mount", "m", { path: "secret", type: "kv-v2" });
    expect(
      told(disjointClaims, one("dev", mount, entry("a/dev/x")), one("prod", mount, entry("a/prod/x"))),
    ).toEqual([]);
  });
});

describe("names on two servers", () => {
  it("are two databases where both providers say which server", () => {
    expect(
      told(disjointClaims, one("dev", database("shop", "a")), one("prod", database("shop", "b"))),
    ).toEqual([]);
    expect(
      told(disjointClaims, one("dev", database("shop", "A.")), one("prod", database("shop", "a"))),
    ).toHaveLength(1);
  });

  it("are one database where a provider does not say which server", () => {
    const views = [
      one("dev", database("shop", "a")),
      one("prod", database("shop")),
      one("qa", database("shop", "b")),
    ];
    expect(told(disjointClaims, ...views).sort()).toEqual(["prod d name shop"]);
  });

  it("are one name where configuration claims it", () => {
    const configured = [claim("database", "shop")];
    const dev = view("dev", { configured, declared: [database("shop", "a")] });
    const prod = view("prod", { configured, declared: [database("shop", "b")] });
    expect(told(disjointClaims, dev, prod)).toEqual(["prod d name shop"]);
  });

  it("are two roles at two mounts of an auth method", () => {
    const role = (backend: string) =>
      declared("vault:kubernetes/authBackendRole:AuthBackendRole", "a", { roleName: "shop", backend });
    expect(told(disjointClaims, one("dev", role("k8s-dev")), one("prod", role("k8s-prod")))).toEqual([]);
    expect(told(disjointClaims, one("dev", role("k8s")), one("prod", role("k8s")))).toHaveLength(1);
  });

  it("are two identities where they are addresses of one domain", () => {
    const mail = (email: string) => declared("aws:ses/emailIdentity:EmailIdentity", "s", { email });
    const dev = one("dev", mail("dev@example.org"));
    expect(told(disjointClaims, dev, one("prod", mail("shop@example.org")))).toEqual([]);
    expect(told(disjointClaims, dev, one("prod", mail("DEV@example.org")))).toHaveLength(1);
  });
});

describe("prefixes in Vault", () => {
  const prefix = (name: string, path: string, ...resources: readonly Resource[]) =>
    view(name, { configured: [claim("vault-prefix", path)], declared: resources });

  it("inside one another are told once, at the inner one", () => {
    const prod = prefix("prod", "secret/shop/prod", entry("shop/prod/db"), entry("shop/prod/mail"));
    expect(told(disjointClaims, prefix("dev", "secret/shop"), prod)).toEqual([
      "prod - keybuzz:vault-prefix secret/shop/prod",
    ]);
    expect(told(disjointClaims, prefix("dev", "secret/shop/dev"), prod)).toEqual([]);
  });

  it("that are equal do not make every entry below them a finding", () => {
    const prod = prefix("prod", "secret/shop", entry("shop/a"), entry("shop/b"));
    expect(told(disjointClaims, prefix("dev", "secret/shop"), prod)).toEqual([
      "prod - keybuzz:vault-prefix secret/shop",
    ]);
  });

  it("hold the entries of another environment", () => {
    expect(told(disjointClaims, prefix("dev", "secret/shop/dev"), one("prod", entry("shop/dev/db")))).toEqual(
      ["prod e name secret/shop/dev/db"],
    );
    expect(
      told(disjointClaims, prefix("dev", "secret/shop/dev"), one("prod", entry("shop/dev2/db"))),
    ).toEqual([]);
  });

  it("are not made of an entry that another one's stands below", () => {
    expect(told(disjointClaims, one("dev", entry("shop")), one("prod", entry("shop/prod")))).toEqual([]);
  });
});
