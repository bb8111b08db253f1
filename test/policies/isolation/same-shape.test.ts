/** What another environment has and production lacks is told once, and nothing that is meant or renamed. */
import { describe, expect, it } from "vitest";
import type { EnvironmentView } from "../../../policies/isolation/landscape";
import { sameShape } from "../../../policies/isolation/same-shape";
import type { Resource } from "../../../policies/resource";
import { UNKNOWN, type Value } from "../../../policies/value";
import { configuration, declared, deployment, findingsOf, open, told, view } from "./views";

const having = (name: string, ...resources: readonly Resource[]) => view(name, { declared: resources });
const lacking = (...views: readonly EnvironmentView[]) =>
  findingsOf(sameShape, ...views).map(({ environment, message, property }) =>
    `${environment} ${property} ${message}`.replace("  ", " "),
  );
const secret = (name: string, logical = name, namespace = "shop") =>
  declared("kubernetes:core/v1:Secret", logical, { metadata: { name, namespace } });
const api = deployment("api", { api: {} });
const envFrom = (...names: readonly string[]) => ({
  envFrom: names.map((name) => ({ secretRef: { name } })),
});

describe("a workload or an object", () => {
  it("that production lacks is told, and not when production has it", () => {
    expect(lacking(having("dev", api), having("prod"))).toEqual([
      "prod lacks the kubernetes:apps/v1:Deployment api that dev has",
    ]);
    expect(lacking(having("dev", api), having("prod", api))).toEqual([]);
  });

  it("that only production has is right", () => {
    expect(lacking(having("dev", api), having("prod", api, deployment("website", { website: {} })))).toEqual(
      [],
    );
  });

  it("that one environment of several without customers has is told once", () => {
    const models = ["dev", "qa", "staging"].map((name) => having(name, deployment(`api-${name}`, {})));
    expect(lacking(...models, having("prod"))).toHaveLength(1);
    expect(lacking(having("dev"), having("qa", api), having("prod"))).toHaveLength(1);
    expect(lacking(...models, having("prod", deployment("api-prod", {})))).toEqual([]);
  });

  it("is asked of every production environment by itself", () => {
    expect(lacking(having("dev", api), having("prod-eu"), having("prod-us", api))).toEqual([
      "prod-eu lacks the kubernetes:apps/v1:Deployment api that dev has",
    ]);
  });

  it("is asked of nobody where there is only one kind of environment", () => {
    expect(lacking(having("dev", api), having("qa"))).toEqual([]);
    expect(lacking(having("prod-a", api), having("prod-b"))).toEqual([]);
  });

  it.each([
    ["dev-api", "prod-api"],
    ["api-dev", "api-prod"],
    ["api_dev_v1", "api_prod_v1"],
    ["apiDev", "apiProd"],
  ])("is the same as %s and as %s", (theirs, ours) => {
    expect(lacking(having("dev", deployment(theirs, {})), having("prod", deployment(ours, {})))).toEqual([]);
    expect(
      lacking(having("dev", deployment(`${theirs}x`, {})), having("prod", deployment(ours, {}))),
    ).toHaveLength(1);
  });

  it("is the same when only the program calls it otherwise, or only the object is called otherwise", () => {
    const renamed = deployment("api", { api: {} }, {}, "server");
    expect(lacking(having("dev", api), having("prod", renamed))).toEqual([]);
    const other = deployment("api-v2", { api: {} }, {}, "api");
    expect(lacking(having("dev", api), having("prod", other))).toEqual([]);
  });

  it("is not the one that bears another one's name", () => {
    const worker = deployment("worker", { worker: {} });
    const swapped = deployment("worker", { worker: {} }, {}, "api");
    expect(lacking(having("dev", api, worker), having("prod", swapped))).toEqual([
      "prod lacks the kubernetes:apps/v1:Deployment api that dev has",
    ]);
  });

  it("is not the one of its name in another namespace", () => {
    const both = [secret("db", "a", "shop"), secret("db", "b", "jobs")];
    expect(lacking(having("dev", ...both), having("prod", ...both.slice(0, 1)))).toEqual([
      "prod lacks the kubernetes:core/v1:Secret b (db) that dev has",
    ]);
    expect(lacking(having("dev", ...both), having("prod", ...both))).toEqual([]);
  });

  it("whose name holds the word of an environment by chance is the same", () => {
    const portal = deployment("dev-portal", {});
    expect(lacking(having("dev", portal), having("prod", portal))).toEqual([]);
  });

  it("is the same in another version of its API", () => {
    const [old, now] = ["extensions/v1beta1", "networking.k8s.io/v1"].map((version) =>
      declared(`kubernetes:${version}:Ingress`, "web", { metadata: { name: "web", namespace: "shop" } }),
    );
    expect(lacking(having("dev", old as Resource), having("prod", now as Resource))).toEqual([]);
  });

  it("is not missed where production's program failed, nor proves by being missed there", () => {
    expect(lacking(having("dev", api), { ...having("prod"), partial: true })).toEqual([]);
  });
});

describe("below something that is missing", () => {
  const component = (environment: string, name = "shop") =>
    declared("shop:index:Web", name, {}, { component: true, environment });
  const parts = (parent: Resource) =>
    ["api", "worker"].map((name) => ({ ...deployment(name, {}), parent: parent.urn }));

  it("nothing more is told", () => {
    const theirs = component("dev");
    expect(lacking(having("dev", theirs, ...parts(theirs)), having("prod"))).toEqual([
      "prod lacks the shop:index:Web shop that dev has",
    ]);
  });

  it("each part is told when another one is there, and a renamed component is not", () => {
    const [theirs, ours] = [component("dev"), component("prod", "store")];
    const dev = having("dev", theirs, ...parts(theirs));
    expect(lacking(dev, having("prod", ours, ...parts(ours).slice(0, 1)))).toEqual([
      "prod lacks the kubernetes:apps/v1:Deployment worker that dev has",
    ]);
    expect(lacking(dev, having("prod", ours, ...parts(ours)))).toEqual([]);
  });

  it("does not stand what production has: its only part is told", () => {
    const [theirs, ours] = [component("dev"), component("prod")];
    const only = parts(theirs).slice(0, 1);
    expect(lacking(having("dev", theirs, ...only), having("prod", ours))).toEqual([
      "prod lacks the kubernetes:apps/v1:Deployment api that dev has",
    ]);
  });

  it("something is told when what is missing above it is no part of the shape", () => {
    const namespace = declared("kubernetes:core/v1:Namespace", "shop", { metadata: { name: "shop" } });
    expect(lacking(having("dev", namespace, { ...api, parent: namespace.urn }), having("prod"))).toEqual([
      "prod lacks the kubernetes:apps/v1:Deployment api that dev has",
    ]);
  });

  it("nothing is told when it is meant", () => {
    const theirs = component("dev");
    const prod = view("prod", { configuration: configuration("prod", ["shop"]) });
    expect(lacking(having("dev", theirs, ...parts(theirs)), prod)).toEqual([]);
  });
});

describe("what comes and goes", () => {
  it.each([
    "postgresql:index/role:Role",
    "random:index/randomPassword:RandomPassword",
    "aws:iam/accessKey:AccessKey",
    "kubernetes:policy/v1:PodDisruptionBudget",
    "kubernetes:core/v1:ResourceQuota",
    "pulumi:providers:kubernetes",
  ])("is not missed: %s", (type) => {
    expect(lacking(having("dev", declared(type, "a")), having("prod"))).toEqual([]);
  });

  it.each([
    "postgresql:index/database:Database",
    "vault:kv/secretV2:SecretV2",
    "aws:sesv2/emailIdentity:EmailIdentity",
    "kubernetes:batch/v1:CronJob",
    "kubernetes:core/v1:ConfigMap",
  ])("does not hold for %s", (type) => {
    expect(lacking(having("dev", declared(type, "a")), having("prod"))).toHaveLength(1);
  });
});

describe("a reference to a Secret", () => {
  const worker = (container: Readonly<Record<string, Value>>, pod: Readonly<Record<string, Value>> = {}) =>
    deployment("worker", { worker: container }, pod);
  const place = "prod worker spec.template.spec.containers[0].envFrom -";

  it("that production's container lacks is told at its list", () => {
    const dev = having("dev", worker(envFrom("db", "ses")));
    expect(told(sameShape, dev, having("prod", worker(envFrom("db"))))).toEqual([place]);
    expect(told(sameShape, dev, having("prod", worker(envFrom("ses", "db"))))).toEqual([]);
  });

  it("is told once, whatever number of environments have it", () => {
    const models = ["dev", "qa"].map((name) => having(name, worker(envFrom("db", `ses-${name}`))));
    expect(told(sameShape, ...models, having("prod", worker(envFrom("db"))))).toEqual([place]);
    expect(told(sameShape, ...models, having("prod", worker(envFrom("db", "ses-prod"))))).toEqual([]);
  });

  it("of one environment is told although the first one lacks it, too", () => {
    const models = [having("dev", worker({})), having("qa", worker(envFrom("ses")))];
    expect(told(sameShape, ...models, having("prod", worker({})))).toEqual([place]);
  });

  it("may be a single variable, a mounted file or optional in production", () => {
    const dev = having("dev", worker(envFrom("ses")));
    const ways = [
      worker({ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "ses", key: "a" } } }] }),
      worker({ envFrom: [{ secretRef: { name: "ses", optional: true } }] }),
      worker({}, { volumes: [{ name: "v", secret: { secretName: "ses" } }] }),
    ];
    for (const way of ways) expect(told(sameShape, dev, having("prod", way))).toEqual([]);
  });

  it("that is optional is not missed", () => {
    const dev = having("dev", worker({ envFrom: [{ secretRef: { name: "ses", optional: true } }] }));
    expect(told(sameShape, dev, having("prod", worker({})))).toEqual([]);
  });

  it("is missed in the container that needs it, wherever else it stands", () => {
    const dev = having("dev", deployment("api", { api: envFrom("db"), proxy: envFrom("db") }));
    const prod = having("prod", deployment("api", { proxy: envFrom("db"), api: {} }));
    expect(told(sameShape, dev, prod)).toEqual(["prod api spec.template.spec.containers[1].envFrom -"]);
  });

  it("is missed in init containers and volumes, and of ConfigMaps", () => {
    const init = { initContainers: [{ name: "migrate", ...envFrom("owner") }] };
    const volumes = { volumes: [{ name: "c", configMap: { name: "settings" } }] };
    const bare = { initContainers: [{ name: "migrate" }] };
    expect(
      told(
        sameShape,
        having("dev", worker({}, { ...init, ...volumes })),
        having("prod", worker({}, bare)),
      ).sort(),
    ).toEqual([
      "prod worker spec.template.spec.initContainers[0].envFrom -",
      "prod worker spec.template.spec.volumes -",
    ]);
  });

  it("is not missed in a container that is called otherwise and has it", () => {
    const dev = having("dev", deployment("api", { api: envFrom("db") }));
    expect(told(sameShape, dev, having("prod", deployment("api", { server: envFrom("db") })))).toEqual([]);
    expect(told(sameShape, dev, having("prod", deployment("api", { server: {} })))).toEqual([
      "prod api spec.template.spec.containers -",
    ]);
  });

  it("stays open where production takes what is not known", () => {
    const dev = having("dev", worker(envFrom("ses")));
    const prod = having("prod", worker({ envFrom: [{ secretRef: { name: UNKNOWN } }] }));
    expect(told(sameShape, dev, prod)).toEqual([]);
    expect(open(sameShape, dev, prod)).toEqual([
      "prod worker spec.template.spec.containers[0].envFrom[0].secretRef.name",
    ]);
    const value = having("prod", worker({ env: [{ name: "A", value: UNKNOWN }] }));
    expect(open(sameShape, dev, value)).toEqual([]);
    expect(told(sameShape, dev, value)).toHaveLength(1);
  });
});

describe("what production does without on purpose", () => {
  const without = (entries: readonly string[], parts: Partial<EnvironmentView> = {}) =>
    view("prod", { configuration: configuration("prod", entries), project: ["dev", "prod"], ...parts });
  const dev = having("dev", deployment("debug-dev", {}), secret("ses-dev", "ses"));

  it.each([[["debug-dev", "ses"]], [["debug-*", "ses-*"]], [["debug-*", "ses-dev"]]])(
    "is told by no finding: %j",
    (entries) => {
      expect(lacking(dev, without(entries))).toEqual([]);
      expect(lacking(dev, without(entries.slice(1)))).toHaveLength(1);
    },
  );

  it("may be a reference", () => {
    const model = having("dev", deployment("api", { api: envFrom("ses-dev") }));
    const bare = { declared: [deployment("api", { api: {} })] };
    for (const entry of ["ses-*", "ses-dev"]) expect(lacking(model, without([entry], bare))).toEqual([]);
    expect(lacking(model, without(["ses"], bare))).toHaveLength(2);
  });

  it("is told when production has it, or nobody does", () => {
    const prod = without(["debug-*", "ses", "typo"], { declared: [secret("ses-prod", "ses")] });
    expect(lacking(dev, prod)).toEqual([
      "prod keybuzz:environment.without[1] names ses, which prod has",
      "prod keybuzz:environment.without[2] names typo, which no other environment has",
    ]);
  });

  it("is not told when not everything is laid side by side", () => {
    const entries = ["debug-*", "ses", "typo"];
    expect(lacking(dev, without(entries, { project: ["dev", "prod", "qa"] }))).toEqual([]);
    expect(lacking({ ...dev, partial: true }, without(entries))).toEqual([]);
    const { project: _, ...unknown } = without(entries);
    expect(lacking(dev, unknown)).toEqual([]);
  });
});
