/** Proves that the recorder shows what a monitor really receives: nothing lost, no secret in clear. */
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { expect, test } from "vitest";
import {
  clearStrings,
  nameOf,
  readOutput,
  recordProgram,
  recordResources,
  resourceOf,
  UNKNOWN,
  waitsFor,
} from "./mocks";

class Pair extends pulumi.ComponentResource {
  constructor(name: string, generation: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Pair", name, { generation }, opts);
    const password = new random.RandomPassword(
      `${name}-password`,
      { length: 12, keepers: { generation } },
      { parent: this },
    );
    new postgresql.Role(
      `${name}-role`,
      { name: "role", password: password.result },
      { parent: this, protect: true, retainOnDelete: true, ignoreChanges: ["searchPaths"] },
    );
    this.registerOutputs({ password: password.result });
  }
}

function program(generation = "1") {
  const provider = new postgresql.Provider("postgres", { host: "10.0.0.10" });
  return new Pair("pair", generation, { providers: [provider] });
}

const ROLE = "postgresql:index/role:Role";
const PASSWORD = "random:index/randomPassword:RandomPassword";

test("a resource is recorded with its parent, provider, dependencies and options", async () => {
  const resources = await recordResources(program);
  const role = resourceOf(resources, ROLE);
  const password = resourceOf(resources, PASSWORD);
  expect(role).toMatchObject({ name: "pair-role", parent: "pair", provider: "postgres", custom: true });
  expect(role.options).toMatchObject({
    protect: true,
    retainOnDelete: true,
    ignoreChanges: ["searchPaths"],
    additionalSecretOutputs: ["password", "passwordWo"],
  });
  expect(role.dependencies.map(nameOf)).toContain("pair-password");
  expect(role.propertyDependencies.password).toEqual([password.urn]);
  expect(waitsFor(resources, role, password)).toBe(true);
  expect(waitsFor(resources, password, role)).toBe(false);
  expect(password.options.protect).toBeUndefined();
});

test("a component is recorded with its plain inputs and its registered outputs", async () => {
  const component = resourceOf(await recordResources(program), "test:index:Pair", "pair");
  expect(component).toMatchObject({ custom: false, inputs: { generation: "1" } });
  expect(component.outputs).toEqual({ password: { secret: expect.any(String) } });
});

test("a generated password is secret, repeatable, and another one for another keeper", async () => {
  const passwords = [];
  for (const generation of ["1", "1", "2"]) {
    const resources = await recordResources(() => program(generation));
    passwords.push(resourceOf(resources, ROLE).inputs.password as { secret: string });
    expect(clearStrings(resources.map((r) => r.inputs)).map((s) => s.text)).not.toContain(
      passwords.at(-1)?.secret,
    );
  }
  expect(passwords[0]?.secret).toHaveLength(12);
  expect(passwords[0]).toEqual(passwords[1]);
  expect(passwords[2]).not.toEqual(passwords[0]);
});

test("in a preview only what a provider computes is unknown", async () => {
  const resources = await recordResources(program, { preview: true });
  expect(resourceOf(resources, ROLE).inputs).toEqual({ name: "role", password: UNKNOWN });
});

test("the result of the program and the value of an output can be read", async () => {
  const { result } = await recordProgram(async () => readOutput(pulumi.secret("abc")));
  expect(result).toEqual({ value: "abc", secret: true });
});

test("configuration is there for the program and gone for the next one", async () => {
  const read = () => new pulumi.Config("keybuzz").get("name");
  expect((await recordProgram(read, { config: { "keybuzz:name": "x" } })).result).toBe("x");
  expect((await recordProgram(read)).result).toBeUndefined();
});

test("a program that throws rejects, and the next recording starts afresh", async () => {
  const failing = recordResources(() => {
    program();
    throw new pulumi.RunError("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await recordResources(() => new random.RandomId("id", { byteLength: 4 }))).toHaveLength(1);
});

test("two resources of one name are refused, as a real engine does", async () => {
  const twice = recordResources(() => {
    program();
    program();
  });
  await expect(twice).rejects.toThrow("duplicate resource URN");
});

test("a failure inside an apply rejects the recording, whether or not the program waits for it", async () => {
  const fail = (): pulumi.Output<string> =>
    pulumi.secret("abc").apply(() => {
      throw new pulumi.RunError("refused");
    });
  const registering = recordResources(() => {
    new postgresql.Role("role", { name: fail() });
  });
  await expect(registering).rejects.toThrow("refused");
  await expect(recordResources(() => readOutput(fail()))).rejects.toThrow("refused");
});
