/** What the rules on workloads say, where one word decides what somebody does about it. */
import { describe, expect, it } from "vitest";
import { check } from "../../../../policies/judge";
import type { Resource } from "../../../../policies/resource";
import type { ResourceRule } from "../../../../policies/rule";
import { outboundWorkerSecrets } from "../../../../policies/rules/kubernetes/outbound-worker-secrets";
import { outboundWorkerSingle } from "../../../../policies/rules/kubernetes/outbound-worker-single";
import { resources } from "../../../../policies/rules/kubernetes/resources";
import { securityContext } from "../../../../policies/rules/kubernetes/security-context";
import { tlsIngress } from "../../../../policies/rules/kubernetes/tls-ingress";
import type { Value } from "../../../../policies/value";
import { estate, object } from "../../cases";
import { deployment, deploymentOf, podSpec, worker } from "./workloads";

function messages(rule: ResourceRule, given: Resource): string[] {
  const verdict = check(rule, given, estate());
  return verdict.outcome === "findings" ? verdict.findings.map(({ message }) => message) : [];
}

describe("kubernetes/resources", () => {
  it.each<[Value, string]>([
    [null, 'is missing; an amount such as "250m" or "256Mi" is required'],
    ["100mb", '100mb is no amount above nothing; write one such as "250m" or "256Mi"'],
    [0, '0 is no amount above nothing; write one such as "250m" or "256Mi"'],
    [true, 'this is no amount above nothing; write one such as "250m" or "256Mi"'],
  ])("says of %j what is wrong with it", (cpu, message) => {
    const given = { requests: { cpu, memory: "128Mi" }, limits: { cpu: "1", memory: "256Mi" } };
    expect(messages(resources, deploymentOf({ resources: given }))).toEqual([message]);
  });

  it("calls an amount that is left out missing", () => {
    const given = { requests: { memory: "128Mi" }, limits: { cpu: "1", memory: "256Mi" } };
    expect(messages(resources, deploymentOf({ resources: given }))).toEqual([
      'is missing; an amount such as "250m" or "256Mi" is required',
    ]);
  });
});

describe("the rules on the outbound worker", () => {
  it("name the Secret that is missing", () => {
    expect(messages(outboundWorkerSecrets, worker({ envFrom: [] }))).toEqual([
      "does not take the Secret keybuzz-api-postgres, which the worker cannot send without",
      "does not take the Secret keybuzz-ses, which the worker cannot send without",
    ]);
  });

  it.each<[Value, string]>([
    [{ type: "RollingUpdate" }, "RollingUpdate"],
    [null, "left out, which is RollingUpdate"],
  ])("name the strategy %j", (strategy, seen) => {
    expect(messages(outboundWorkerSingle, worker({}, { replicas: 1, strategy }))).toEqual([
      `is ${seen}: old and new pod send at once; write Recreate`,
    ]);
  });
});

describe("kubernetes/security-context", () => {
  it("tells what is missing from what is wrong", () => {
    const context = { readOnlyRootFilesystem: false, capabilities: { drop: ["NET_RAW"] }, runAsUser: 0 };
    expect(
      messages(securityContext, deployment(podSpec({ containers: [{ securityContext: context }] }))),
    ).toEqual([
      "is missing: it must be false",
      "is not right: it must be true",
      "is root",
      'is not right: it must contain "ALL"',
    ]);
  });
});

describe("kubernetes/tls-ingress", () => {
  it.each<[Value, string]>([
    ["", "is missing, so every host is served; name the host, and its tls"],
    ["keybuzz.pro", "keybuzz.pro is in no spec.tls[].hosts, so it is served in clear"],
  ])("says of the host %j what is wrong with it", (host, message) => {
    const spec = { rules: [{ host }], tls: [] };
    expect(messages(tlsIngress, object("networking.k8s.io/v1:Ingress", { spec }))).toEqual([message]);
  });
});
