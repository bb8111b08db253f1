/** Outputs of resources are made when they are read, and whoever reads them cannot tell. */
import { describe, expect, it } from "vitest";
import { deferOutputs, type SdkRpc } from "../../engine/host/lazy-outputs";
import type { Declaration } from "../../engine/monitor/declaration";
import { makeProject, trial } from "../support/project";

/** A class of resources as the SDKs' generated ones are. */
const head = `
import * as pulumi from "@pulumi/pulumi";
class Thing extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly token: pulumi.Output<string>;
  declare readonly size: pulumi.Output<number>;
  constructor(name: string, args: pulumi.Inputs, options: pulumi.CustomResourceOptions = {}) {
    super("trial:index:Thing", name, { token: undefined, size: undefined, ...args }, options);
  }
}`;

/** What one body of a program declares, in one process and in Pulumi's own runner. */
async function bothWays(body: string): Promise<[Declaration, Declaration]> {
  const root = makeProject({ "index.ts": `${head}\nexport = async () => {\n${body}\n};` });
  const shared = await trial(root);
  expect(shared.fallbacks).toEqual({});
  const official = await trial(root, { officialRunner: true });
  const [one, other] = [shared.declarations[0], official.declarations[0]];
  if (one === undefined || other === undefined) throw new Error("nothing was declared");
  return [one, other];
}

const programs = [
  {
    name: "read before and after the resource is registered",
    body: `const thing = new Thing("a", { name: "first", size: 3 });
const early = thing.name.apply((name) => name + "!");
await new Promise((resolve) => thing.urn.apply(resolve));
return { early, late: thing.name.apply((name) => name + "?"), size: thing.size, again: thing.name === thing.name };`,
    want: { early: "first!", late: "first?", size: 3, again: true },
  },
  {
    name: "read through a copy of the resource and by the list of its properties",
    body: `const thing = new Thing("a", { name: "first" });
const copy = { ...thing };
const names = ["name", "token", "size"];
return { copied: copy.name, keys: names.every((name) => Object.keys(thing).includes(name)) };`,
    want: { copied: "first", keys: true },
  },
  {
    name: "that the program puts others in the place of",
    body: `const thing = new Thing("a", { name: "first", size: 3 });
(thing as { name: unknown }).name = pulumi.output("mine");
await new Promise((resolve) => thing.urn.apply(resolve));
return { name: thing.name, size: thing.size };`,
    want: { name: "mine", size: 3 },
  },
];

describe("outputs that are", () => {
  for (const { name, body, want } of programs) {
    it(`${name} have the values that Pulumi's runner gives`, async () => {
      const [shared, official] = await bothWays(body);
      expect(shared.outputs).toEqual(want);
      expect(shared.outputs).toEqual(official.outputs);
      expect(shared.outcome).toBe("succeeded");
    });
  }

  it("secret, unknown or passed on keep their secrets and dependencies", async () => {
    const [shared, official] = await bothWays(`
const one = new Thing("one", { name: pulumi.secret("hidden"), size: 1 }, { additionalSecretOutputs: ["token"] });
await new Promise((resolve) => one.urn.apply(resolve));
new Thing("two", { name: one.name, token: one.token, size: one.size, all: [one] }, { dependsOn: one });
return { whole: one };`);
    const plain = ({ resources, outputs }: Declaration): unknown => ({
      resources: resources.map(({ sourcePosition: _, ...resource }) => resource),
      outputs,
    });
    expect(plain(shared)).toEqual(plain(official));
    const two = shared.resources.find(({ name }) => name === "two");
    expect(Object.keys(two?.propertyDependencies ?? {}).sort()).toEqual(["all", "name", "size", "token"]);
    expect(JSON.stringify(two?.inputs)).toContain("hidden");
  });

  it("read by nobody do not hide that the registration failed", async () => {
    const [shared, official] = await bothWays(
      `new Thing("same", { name: "a" }); new Thing("same", { name: "b" });`,
    );
    expect(shared.outcome).toBe("failed");
    expect(shared.diagnostics).toEqual(official.diagnostics);
  });
});

describe("an SDK's function that makes outputs", () => {
  const made = { __pulumiOutput: true };
  const resolver = (_value: unknown, _known: boolean, _secret: boolean): void => {};
  const transfer: NonNullable<SdkRpc["transferProperties"]> = (onto, _label, props) => {
    for (const key of Object.keys(props)) onto[key] = made;
    return Object.fromEntries(Object.keys(props).map((key) => [key, resolver]));
  };

  it("is asked for an output when somebody reads it", () => {
    const asked: string[] = [];
    const rpc: SdkRpc = {
      transferProperties: (onto, label, props) => {
        asked.push(...Object.keys(props));
        return transfer(onto, label, props);
      },
    };
    deferOutputs(rpc);
    asked.length = 0;
    const resource: Record<string, unknown> = {};
    rpc.transferProperties?.(resource, "thing", { read: 1, unread: 2 });
    expect(asked).toEqual([]);
    expect(resource.read).toBe(made);
    expect(asked).toEqual(["read"]);
  });

  const others: Record<string, NonNullable<SdkRpc["transferProperties"]>> = {
    "takes other arguments": ((onto, props) => transfer(onto, "", props as never)) as NonNullable<
      SdkRpc["transferProperties"]
    >,
    "puts something else on the resource": (onto, label, props) => {
      const resolvers = transfer(onto, label, props);
      onto.more = made;
      return resolvers;
    },
    "returns something else": (onto, label, props) => ({ ...transfer(onto, label, props), more: resolver }),
  };
  for (const [name, other] of Object.entries(others)) {
    it(`is left as it is when it ${name}`, () => {
      const rpc: SdkRpc = { transferProperties: other };
      deferOutputs(rpc);
      expect(rpc.transferProperties).toBe(other);
    });
  }
});
