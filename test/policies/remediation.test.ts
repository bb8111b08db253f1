/** What is mended by itself: the environment's name where there is none, and nothing else. */
import { describe, expect, it } from "vitest";
import { check } from "../../policies/judge";
import { withEnvironmentLabel } from "../../policies/remediation";
import { environmentLabel } from "../../policies/rules/general/environment-label";
import { UNKNOWN, type ValueMap } from "../../policies/value";
import { estate, resource } from "./cases";

const LABEL = "keybuzz.io/environment";
const TAG = "keybuzz:environment";

/** A type, properties without the environment's name, and what they are with it. */
const mended: readonly (readonly [string, ValueMap, ValueMap])[] = [
  [
    "kubernetes:core/v1:ConfigMap",
    { metadata: { name: "a", labels: { app: "b" } }, data: { x: "y" } },
    { metadata: { name: "a", labels: { app: "b", [LABEL]: "prod" } }, data: { x: "y" } },
  ],
  ["kubernetes:core/v1:ConfigMap", {}, { metadata: { labels: { [LABEL]: "prod" } } }],
  [
    "kubernetes:apps/v1:Deployment",
    {
      metadata: { labels: { [LABEL]: "prod" } },
      spec: { replicas: 1, template: { spec: { containers: [] } } },
    },
    {
      metadata: { labels: { [LABEL]: "prod" } },
      spec: {
        replicas: 1,
        template: { spec: { containers: [] }, metadata: { labels: { [LABEL]: "prod" } } },
      },
    },
  ],
  [
    "kubernetes:core/v1:ConfigMapList",
    { items: [{ metadata: { labels: { [LABEL]: "prod" } } }, { metadata: null }] },
    {
      items: [{ metadata: { labels: { [LABEL]: "prod" } } }, { metadata: { labels: { [LABEL]: "prod" } } }],
    },
  ],
  ["aws:iam/user:User", { name: "a" }, { name: "a", tags: { [TAG]: "prod" } }],
  [
    "vault:kv/secretV2:SecretV2",
    { customMetadata: { maxVersions: 3 } },
    { customMetadata: { maxVersions: 3, data: { environment: "prod" } } },
  ],
];

/** Properties to which nothing may be added. */
const kept: readonly (readonly [string, string, ValueMap])[] = [
  ["a right name", "kubernetes:core/v1:ConfigMap", { metadata: { labels: { [LABEL]: "prod" } } }],
  ["a wrong name", "kubernetes:core/v1:ConfigMap", { metadata: { labels: { [LABEL]: "dev" } } }],
  ["an empty name", "aws:iam/user:User", { tags: { [TAG]: "" } }],
  ["labels that are not known", "kubernetes:core/v1:ConfigMap", { metadata: { labels: UNKNOWN } }],
  ["a place that is no map", "aws:iam/user:User", { tags: "none" }],
  ["no place for it", "postgresql:index/role:Role", { name: "a" }],
];

describe("the environment's name", () => {
  it.each(mended)(
    "is added to %s where it is missing, which the rule then finds right",
    (type, given, want) => {
      const before = structuredClone(given);
      const result = withEnvironmentLabel(type, given, "prod");
      expect(result).toEqual(want);
      expect(given).toEqual(before);
      expect(check(environmentLabel, resource(type, given), estate()).outcome).toBe("findings");
      expect(check(environmentLabel, resource(type, result), estate()).outcome).toBe("compliant");
    },
  );

  it.each(kept)("is not added beside %s", (_, type, given) => {
    expect(withEnvironmentLabel(type, given, "prod")).toEqual(given);
  });

  it("changes nothing twice", () => {
    const once = withEnvironmentLabel("aws:iam/user:User", { name: "a" }, "prod");
    expect(withEnvironmentLabel("aws:iam/user:User", once, "prod")).toBe(once);
  });
});
