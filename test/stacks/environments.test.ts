/**
 * The project's own environments: each is whole, no two share anything that either owns, and a third one is one
 * more file. Judged on what the program declares, not on what the configuration says.
 */
import { copyFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Declaration, DeclaredResource } from "../../engine/monitor/declaration";
import { isSecret, isUnknown, type PropertyValue, some } from "../../engine/property/values";
import { isProviderType } from "../../engine/urn";
import { kb } from "../support/kb";
import { copyProject, repository, trial } from "../support/project";

/** A copy of the project with the third environment beside the two. */
let copy: string;
let declarations: Declaration[];

beforeAll(async () => {
  copy = copyProject();
  for (const file of [
    "Pulumi.dev.yaml",
    "Pulumi.prod.yaml",
    "test/stacks/environments/Pulumi.staging.yaml",
  ]) {
    copyFileSync(join(repository, file), join(copy, basename(file)));
  }
  const result = await trial(copy);
  expect(result.fallbacks).toEqual({});
  declarations = result.declarations;
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

function of(environment: string): Declaration {
  const found = declarations.find((declaration) => declaration.environment === environment);
  if (found === undefined) throw new Error(`${environment} was not previewed`);
  return found;
}

function ofType({ resources }: Declaration, type: string): DeclaredResource[] {
  return resources.filter((resource) => resource.type === type);
}

const at = (value: PropertyValue | undefined, ...path: string[]): PropertyValue | undefined =>
  path.reduce<PropertyValue | undefined>(
    (inner, key) => (inner as Record<string, PropertyValue> | undefined)?.[key],
    value,
  );

/** What an environment owns, by kind, as its resources name it. */
function owned(declaration: Declaration): Record<string, string[]> {
  const names = (type: string, ...path: string[]): string[] =>
    ofType(declaration, type).map(({ inputs }) => String(at(inputs, ...path)));
  const hosts = ofType(declaration, "kubernetes:networking.k8s.io/v1:Ingress").flatMap(({ inputs }) =>
    (at(inputs, "spec", "rules") as { host: string }[]).map(({ host }) => host),
  );
  return {
    databases: names("postgresql:index/database:Database", "name"),
    roles: names("postgresql:index/role:Role", "name"),
    namespaces: names("kubernetes:core/v1:Namespace", "metadata", "name"),
    "secret paths": names("vault:kv/secretV2:SecretV2", "name"),
    policies: names("vault:index/policy:Policy", "name"),
    hosts,
    "IAM users": names("aws:iam/user:User", "name"),
    identities: names("aws:sesv2/emailIdentity:EmailIdentity", "emailIdentity"),
    "configuration sets": names("aws:sesv2/configurationSet:ConfigurationSet", "configurationSetName"),
    topics: names("aws:sns/topic:Topic", "name"),
  };
}

describe("every environment", () => {
  it("is declared without an error or a warning", () => {
    expect(declarations.map(({ environment, outcome }) => [environment, outcome])).toEqual([
      ["dev", "succeeded"],
      ["prod", "succeeded"],
      ["staging", "succeeded"],
    ]);
    expect(declarations.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
  });

  it("owns something of every kind, and nothing that another one owns", () => {
    for (const kind of Object.keys(owned(of("dev")))) {
      const names = declarations.flatMap((declaration) => owned(declaration)[kind] ?? []);
      for (const declaration of declarations) expect(owned(declaration)[kind], kind).not.toEqual([]);
      expect(new Set(names).size, `${kind}: ${names.join(", ")}`).toBe(names.length);
    }
  });

  it("refers to no other environment's names and to nothing legacy, in any text of any resource", () => {
    const legacy = [/\bkeybuzz_api_dev\b/, /\bkb_backend\b/, /"keybuzz"(?=[,}\]])/, /"keybuzz_backend"/];
    for (const declaration of declarations) {
      const text = JSON.stringify(declaration.resources.map(({ inputs }) => inputs));
      for (const pattern of legacy.slice(0, 2)) expect(text).not.toMatch(pattern);
      expect(text).not.toMatch(/"(?:PGDATABASE|database)":"(?:keybuzz|keybuzz_backend)"/);
      for (const other of declarations.filter((each) => each !== declaration)) {
        const { hosts, "secret paths": paths, databases, namespaces } = owned(other);
        for (const name of [hosts, paths, databases, namespaces].flat()) {
          expect(text, `${declaration.environment} names ${name}`).not.toContain(`"${name}"`);
          expect(text, `${declaration.environment} names ${name}`).not.toContain(`://${name}"`);
        }
      }
    }
  });

  it("connects to HAProxy's address, never to a node", () => {
    for (const declaration of declarations) {
      const facts = ofType(declaration, "kubernetes:core/v1:ConfigMap").map(({ inputs }) =>
        at(inputs, "data"),
      );
      expect(facts).toContainEqual(expect.objectContaining({ PGHOST: "10.0.0.10", PGPORT: "5432" }));
      expect(JSON.stringify(declaration.resources)).not.toMatch(/10\.0\.0\.12[0-2]/);
    }
  });

  it("has explicit providers only", () => {
    const implicit = declarations.flatMap(({ resources }) =>
      resources.filter((each) => each.defaultProvider),
    );
    expect(new Set(implicit.map(({ type }) => type))).toEqual(new Set(["pulumi:providers:random"]));
  });

  it("holds every password as a secret or an unknown value", () => {
    const credential = /password|secret|token|key$/i;
    for (const { resources } of declarations) {
      for (const { urn, inputs, type } of resources.filter(
        (each) => each.custom && !isProviderType(each.type),
      )) {
        if (type === "kubernetes:core/v1:Secret") {
          const data = inputs.stringData ?? null;
          expect(isSecret(data) || isUnknown(data), urn).toBe(true);
        }
        for (const [key, value] of Object.entries(inputs)) {
          if (!credential.test(key) || typeof value !== "string") continue;
          expect(isUnknown(value), `${urn} ${key}`).toBe(true);
        }
        expect(some(inputs, (part) => typeof part === "string" && part.startsWith("-----BEGIN"))).toBe(false);
      }
    }
  });
});

describe("PROD", () => {
  it("protects its namespaces: deleting one takes everything in it", () => {
    const protection = (name: string) =>
      ofType(of(name), "kubernetes:core/v1:Namespace").map(({ options }) => options.protect ?? false);
    expect(protection("prod")).toEqual([true, true, true]);
    expect(protection("dev")).toEqual([false, false]);
  });

  it("protects and retains its data", () => {
    for (const type of ["postgresql:index/database:Database", "aws:sesv2/emailIdentity:EmailIdentity"]) {
      for (const { options } of ofType(of("prod"), type)) {
        expect(options).toMatchObject({ protect: true, retainOnDelete: true });
      }
      for (const { options } of ofType(of("dev"), type)) expect(options.retainOnDelete ?? false).toBe(false);
    }
  });

  it("calls its own backend, and runs no development image or flag", () => {
    const text = JSON.stringify(
      ofType(of("prod"), "kubernetes:apps/v1:Deployment").map(({ inputs }) => inputs),
    );
    expect(text).toContain('{"name":"NEXT_PUBLIC_BACKEND_URL","value":"https://backend.keybuzz.io"}');
    expect(text).not.toContain("SMTP_FORCE_FAIL");
    expect(text).not.toMatch(/"image":"[^"]*(?:-dev|:latest)/);
  });

  it("has every workload of DEV, and the website beside them", () => {
    const workloads = (name: string): string[] =>
      ofType(of(name), "kubernetes:apps/v1:Deployment").map(({ inputs }) =>
        String(at(inputs, "metadata", "name")),
      );
    expect(workloads("prod").sort()).toEqual([...workloads("dev"), "keybuzz-website"].sort());
  });
});

describe("the third environment", () => {
  it("is one more file and no code: kb preview staging shows it", async () => {
    const result = await kb(["-C", copy, "preview", "staging"]);
    expect(result.code).toBe(0);
    expect(result.stdout).toContain("keybuzz-staging");
  });

  it("reports every mistake in its file at once, with file, line and path", async () => {
    const result = await kb([
      ...["-C", copy, "preview", "staging"],
      ...["--config", "keybuzz:workloads.api.replicas=two"],
      ...["--config", "keybuzz:postgres.host=10.0.0.121"],
    ]);
    expect(result.code).toBe(2);
    expect(result.stdout).toContain("keybuzz:workloads.api.replicas");
    expect(result.stdout).toContain("keybuzz:postgres.host");
  });
});
