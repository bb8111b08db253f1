/** Small builders for the tests of the Kubernetes nouns, and readers of what was recorded. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "vitest";
import type { Environment, EnvironmentSource, NamespaceHandle } from "../../components/handles";
import { type RecordedResource, resourceOf, waitsFor } from "../support/mocks";

export const DEV: Environment = { name: "dev", production: false };
export const PROD: Environment = { name: "prod", production: true };

export const IMAGE = { repository: "ghcr.io/keybuzzio", name: "keybuzz-api", tag: "v0.4.31-replacement" };

export const RESOURCES = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { cpu: "1", memory: "512Mi" },
};

export const NAMESPACE = "keybuzz-api-dev";

/** A certificate by its form. */
export const CERTIFICATE =
  "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmg\nAwIBAgIUQQ==\n-----END CERTIFICATE-----\n";

/** A namespace that needs no resource: for arguments that are refused before anything is registered. */
export function bareNamespace(): NamespaceHandle {
  return { name: NAMESPACE, ready: [], imagePullSecrets: ["ghcr-cred"] };
}

/** A namespace with something in it that workloads must wait for; only inside a recorded program. */
export function standingNamespace(): NamespaceHandle {
  return { ...bareNamespace(), ready: [new k8s.core.v1.Namespace("namespace", {})] };
}

/** An environment source without resources. */
export function bareSource(name: string, more: Partial<EnvironmentSource> = {}): EnvironmentSource {
  const both = { secretName: name, configMapName: name, namespace: NAMESPACE, resources: [] };
  return { ...both, checksum: pulumi.output(`checksum of ${name}`), ...more };
}

/** An environment source with a Secret behind it; only inside a recorded program. */
export function standingSource(name: string, more: Partial<EnvironmentSource> = {}): EnvironmentSource {
  return bareSource(name, { resources: [new k8s.core.v1.Secret(name, {})], ...more });
}

/** The lines of the one error with which a component refuses its arguments, without the introduction. */
export function problemsOf(construct: () => unknown): string[] {
  try {
    construct();
  } catch (error) {
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    const [, ...lines] = (error as Error).message.split("\n");
    return lines.map((line) => line.replace(/^- /, ""));
  }
  throw new Error("the arguments were accepted");
}

/** The properties that are complained about, each once, in order. */
export function refusedProperties(construct: () => unknown): string[] {
  return [...new Set(problemsOf(construct).map((line) => line.split(": ")[0] ?? ""))];
}

/** Names of everything that `name` waits for, among those given. */
export function waitedFor(resources: RecordedResource[], type: string, names: string[]): string[] {
  const waiting = resourceOf(resources, type);
  return names.filter((name) => {
    const other = resources.find((resource) => resource.name === name);
    return other !== undefined && waitsFor(resources, waiting, other);
  });
}
