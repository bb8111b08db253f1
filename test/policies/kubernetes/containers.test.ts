/** Pod templates: found in every kind that makes pods, at the places where the API keeps them. */
import { describe, expect, it } from "vitest";
import { podTemplates } from "../../../policies/kubernetes/containers";
import { kubernetesObjects } from "../../../policies/kubernetes/objects";
import { OWN_UNKNOWN, pathText, UNKNOWN, type Value, type ValueMap } from "../../../policies/value";
import { object, resource } from "../cases";

const pod = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "a" }] } };

const PLACES: readonly (readonly [string, ValueMap, string])[] = [
  ["core/v1:Pod", pod, ""],
  ["core/v1:PodPatch", pod, ""],
  ["core/v1:PodTemplate", { template: pod }, "template"],
  ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "DeploymentPatch"].map(
    (kind) => [`apps/v1:${kind}`, { spec: { template: pod } }, "spec.template"] as const,
  ),
  ["core/v1:ReplicationController", { spec: { template: pod } }, "spec.template"],
  ["extensions/v1beta1:Deployment", { spec: { template: pod } }, "spec.template"],
  ["batch/v1:Job", { spec: { template: pod } }, "spec.template"],
  [
    "batch/v1:CronJob",
    { spec: { jobTemplate: { spec: { template: pod } } } },
    "spec.jobTemplate.spec.template",
  ],
  ["argoproj.io/v1alpha1:Rollout", { spec: { template: pod } }, "spec.template"],
  ["apps/v1:DeploymentList", { items: [{ spec: { template: pod } }] }, "items[0].spec.template"],
  ["core/v1:List", { items: [{ kind: "Pod", ...pod }] }, "items[0]"],
];

describe("the pod template", () => {
  it.each(PLACES)("of %s is found", (type, body, place) => {
    const [template, ...others] = podTemplates(object(type, body));
    expect(others).toEqual([]);
    expect(pathText(template?.path ?? ["none"])).toBe(place);
    expect(template?.metadata).toEqual(pod.metadata);
    expect(template?.spec).toEqual(pod.spec);
    const path = [place, "spec.containers[0]"].filter((part) => part !== "").join(".");
    expect(template?.containers.map((each) => [each.role, pathText(each.path)])).toEqual([["main", path]]);
    expect(template?.unknown).toEqual([]);
  });

  it("has its init containers and ephemeral containers, told apart", () => {
    const spec = {
      containers: [{ name: "a" }],
      initContainers: [{ name: "b" }],
      ephemeralContainers: [{ name: "c" }],
    };
    const [template] = podTemplates(object("core/v1:Pod", { spec }));
    expect(template?.containers.map(({ role, body }) => [role, body.name])).toEqual([
      ["main", "a"],
      ["init", "b"],
      ["ephemeral", "c"],
    ]);
  });

  it.each<[string, Value, string, boolean]>([
    ["the specification", UNKNOWN, "spec", false],
    ["a list", { containers: OWN_UNKNOWN }, "spec.containers", true],
    ["a container", { initContainers: [UNKNOWN] }, "spec.initContainers[0]", false],
  ])("says that %s is not known, and whose it is", (_, spec, place, own) => {
    const [template] = podTemplates(object("core/v1:Pod", { spec }));
    expect(template?.containers).toEqual([]);
    expect(template?.unknown.map((part) => [pathText(part.path), part.own])).toEqual([[place, own]]);
  });

  it.each(["core/v1:Service", "networking.k8s.io/v1:NetworkPolicy", "example.org/v1:Thing"])(
    "is none of %s, known or not",
    (type) => {
      expect(podTemplates(object(type, { spec: UNKNOWN }))).toEqual([]);
      expect(podTemplates(object(type, { spec: { template: { spec: { hosts: ["a"] } } } }))).toEqual([]);
    },
  );

  it("is none of components and of other packages' resources", () => {
    expect(podTemplates(resource("kubernetes:core/v1:Pod", pod, { component: true }))).toEqual([]);
    expect(podTemplates(resource("aws:ecs/service:Pod", pod))).toEqual([]);
  });
});

describe("the objects of a list", () => {
  it("have the kind that they say, else the list's, and are told apart from what is not known", () => {
    const items = [{ metadata: {} }, { kind: "Pod" }, UNKNOWN, OWN_UNKNOWN, "text", { kind: 1 }];
    const { objects, unknown } = kubernetesObjects(object("core/v1:SecretList", { items }));
    expect(objects.map(({ kind, path }) => [kind, pathText(path)])).toEqual([
      ["Secret", "items[0]"],
      ["Pod", "items[1]"],
      ["Secret", "items[5]"],
    ]);
    expect(unknown.map(({ path, own }) => [pathText(path), own])).toEqual([
      ["items[2]", false],
      ["items[3]", true],
    ]);
  });

  it("are the object itself where a kind only ends so", () => {
    expect(kubernetesObjects(object("example.org/v1:AllowList", { spec: {} })).objects).toMatchObject([
      { kind: "AllowList", path: [] },
    ]);
    expect(kubernetesObjects(object("example.org/v1:Patch", {})).objects).toMatchObject([{ kind: "Patch" }]);
  });
});
