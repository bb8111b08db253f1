/**
 * A provider answers the same in this process, behind gRPC, and in a process of its own: every request and every
 * kind of error. Where in process a provider is called as it is, here it is called as the engine calls it, with its
 * answers checked.
 */
import { expect, it, onTestFinished } from "vitest";
import { checked } from "../../../engine/provider/checked";
import type * as api from "../../../engine/provider/provider";
import { attachProvider, startProvider } from "../../../engine/provider/remote";
import { serveProvider } from "../../../engine/provider/serve";
import { type PropertyMap, secret, UNKNOWN } from "../../../engine/provider/values";
import { type Fault, type FaultKind, writeFaults } from "../support/faults";
import { temporaryFolder } from "../support/temporary";
import { MADE, NAMED, TestingProvider, VALUE } from "../support/testing-provider";
import { changeRequest, checkRequest, createRequest, deleteRequest, readRequest, subject } from "./requests";
import { testingPlugin } from "./testing-plugin";

type Ask = (provider: api.Provider) => Promise<unknown>;

const PROVIDER = { ...subject("pulumi:providers:testing", "default"), id: "1" };
const inputs: PropertyMap = {
  name: "one",
  value: { text: secret("hidden"), list: [1, null, true, "ü"], none: null },
  empty: {},
};
const later: PropertyMap = { ...inputs, value: 2.5, replaceOn: "b" };
const unknown: PropertyMap = { name: UNKNOWN, value: secret(UNKNOWN) };

/** What is asked, in order. */
const battery: Readonly<Record<string, Ask>> = {
  "checks a configuration": (p) =>
    asked(p.checkConfig)(p, { ...checkRequest(PROVIDER.type, "default", { token: secret("t"), url: "u" }) }),
  "refuses a configuration": (p) =>
    asked(p.checkConfig)(p, checkRequest(PROVIDER.type, "default", { refuse: "no such token" })),
  "compares configurations": (p) =>
    asked(p.diffConfig)(p, {
      ...changeRequest(PROVIDER.type, "default", "1", [{ replaceOn: "a" }, { replaceOn: "b" }]),
    }),
  "misses configuration": (p) => p.configure({ inputs: {} }),
  "is configured": (p) => p.configure({ inputs: { token: secret("t"), version: "1.2.3" } }),
  "checks inputs": (p) => p.check(checkRequest(NAMED, "a", inputs, { oldInputs: later })),
  "refuses inputs": (p) => p.check(checkRequest(NAMED, "a", { refuse: "no" })),
  "checks unknown inputs": (p) => p.check(checkRequest(NAMED, "a", unknown)),
  "previews a creation": (p) => p.create(createRequest(NAMED, "a", unknown, { preview: true })),
  creates: (p) => p.create(createRequest(NAMED, "a", inputs)),
  "refuses to create what exists": (p) => p.create(createRequest(NAMED, "b", inputs)),
  "creates without a trace": (p) => p.create(createRequest(VALUE, "v", { value: "x" })),
  "finds no difference": (p) => p.diff(changeRequest(NAMED, "a", "one", [inputs, inputs])),
  "finds differences": (p) => p.diff(changeRequest(NAMED, "a", "one", [inputs, { ...later, added: 1 }])),
  "previews an update": (p) =>
    p.update(changeRequest(NAMED, "a", "one", [inputs, { ...inputs, value: UNKNOWN }], { preview: true })),
  updates: (p) => p.update(changeRequest(NAMED, "a", "one", [inputs, later], { ignoreChanges: ["x"] })),
  "cannot update what is gone": (p) => p.update(changeRequest(NAMED, "c", "gone", [inputs, later])),
  reads: (p) => p.read(readRequest(NAMED, "a", "one", { inputs, outputs: inputs })),
  "reads with nothing but an id": (p) => p.read(readRequest(NAMED, "a", "one")),
  "reads a value with nothing but an id": (p) => p.read(readRequest(VALUE, "v", "some-id")),
  "finds what is gone gone": (p) => p.read(readRequest(NAMED, "a", "gone")),
  "calls a function": (p) =>
    p.invoke({ token: "testing:index:echo", arguments: { a: secret([1, { b: 2 }]) }, preview: false }),
  "calls a function that refuses": (p) =>
    p.invoke({ token: "testing:index:refuse", arguments: {}, preview: true }),
  "has no such function": (p) => p.invoke({ token: "testing:index:none", arguments: {}, preview: false }),
  "tells what a create left": async (p) => [
    await p.trace?.({ ...subject(NAMED, "a"), inputs }),
    await p.trace?.({ ...subject(VALUE, "v"), inputs: {} }),
    await p.trace?.({ ...subject(MADE, "m"), inputs: {} }),
  ],
  "says what it is": async (p) => [p.name, p.version, p.features, p.target === undefined],
  deletes: (p) => p.delete(deleteRequest(NAMED, "a", "one", { inputs, outputs: later })),
  "deletes what is gone": (p) => p.delete(deleteRequest(NAMED, "a", "one")),
};

/** The method of a provider that may not have it. */
function asked<R, A>(method: ((request: R) => Promise<A>) | undefined) {
  return (provider: api.Provider, request: R): Promise<A> => {
    if (method === undefined) throw new Error("the provider does not have the method");
    return method.call(provider, request);
  };
}

/** What came of it: the answer, or everything that an error says. */
async function outcomeOf(provider: api.Provider, ask: Ask): Promise<unknown> {
  try {
    return withoutIds({ answer: await ask(provider) });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return withoutIds({ ...error, name: error.name, message: error.message });
  }
}

function withoutIds(value: unknown): unknown {
  const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  const known = (id: string): boolean => id === UNKNOWN;
  const text = JSON.stringify(value, (_, item: unknown) => (item === undefined ? "undefined" : item));
  return JSON.parse(text.replaceAll(uuid, (id) => (known(id) ? id : "made-up")));
}

async function ask(provider: api.Provider): Promise<Record<string, unknown>> {
  onTestFinished(() => provider.close());
  const answers: Record<string, unknown> = {};
  for (const [what, each] of Object.entries(battery)) answers[what] = await outcomeOf(provider, each);
  return answers;
}

async function attached(provider: api.Provider): Promise<api.Provider> {
  const served = await serveProvider(() => provider);
  onTestFinished(() => served.close());
  return attachProvider("testing", served.address);
}

function inProcess(): api.Provider {
  return checked(new TestingProvider({ world: temporaryFolder(), requires: ["token"] }));
}

it("is asked in this process, and does what the battery says", async () => {
  const answers = await ask(inProcess());
  expect(answers).toMatchObject({
    "checks a configuration": { answer: { inputs: { token: secret("t"), url: "u" } } },
    "misses configuration": { name: "MissingConfigurationError", keys: [{ name: "token" }] },
    "is configured": {},
    creates: { answer: { id: "one", outputs: { ...inputs, token: { value: expect.any(String) } } } },
    "refuses to create what exists": { name: "ProviderError", message: expect.stringContaining("import") },
    "finds differences": { answer: { changes: "some", replaces: ["replaceOn"] } },
    reads: { answer: { id: "one", inputs: later } },
    "has no such function": { name: "UnimplementedError" },
    "tells what a create left": { answer: [{ kind: "named", id: "one" }, { kind: "nothing" }, "undefined"] },
  });
  expect(answers["finds what is gone gone"]).toEqual({ answer: "undefined" });
});

it("answers the same behind gRPC", async () => {
  const remote = await attached(new TestingProvider({ world: temporaryFolder(), requires: ["token"] }));
  expect(await ask(remote)).toEqual(await ask(inProcess()));
});

it("answers the same in a process of its own", async () => {
  const remote = await startProvider("testing", testingPlugin(temporaryFolder(), "token"));
  expect(await ask(remote)).toEqual(await ask(inProcess()));
});

it("carries the configuration across, secrets included", async () => {
  const provider = new TestingProvider({ world: temporaryFolder() });
  const configuration = { token: secret("t"), hosts: '["a","b"]', version: "1.2.3" };
  await (await attached(provider)).configure({ inputs: configuration });
  expect(provider.configurations).toEqual([configuration]);
});

/** Says with what it was configured, whatever function is called. */
class Telling extends TestingProvider {
  override async invoke(): Promise<api.InvokeResponse> {
    return { result: { configured: this.configurations.at(-1) ?? null }, failures: [] };
  }
}

/** Three connections to one served process, as three provider resources of a program make them. */
async function connections(): Promise<[api.Provider, api.Provider, api.Provider]> {
  const world = temporaryFolder();
  const served = await serveProvider(() => new Telling({ world }));
  onTestFinished(() => served.close());
  const connect = async (): Promise<api.Provider> => {
    const provider = await attachProvider("testing", served.address);
    onTestFinished(() => provider.close());
    return provider;
  };
  return [await connect(), await connect(), await connect()];
}

async function configurationOf(provider: api.Provider): Promise<unknown> {
  const { result } = await provider.invoke({ token: "testing:index:any", arguments: {}, preview: false });
  return result.configured;
}

it("keeps the configurations of several provider resources apart, and replaces one where it came from", async () => {
  const [first, second] = await connections();
  await first.configure({ inputs: { server: "one" } });
  await second.configure({ inputs: { server: "two" } });
  expect([await configurationOf(first), await configurationOf(second)]).toEqual([
    { server: "one" },
    { server: "two" },
  ]);
  await first.configure({ inputs: { server: "three" } });
  expect([await configurationOf(first), await configurationOf(second)]).toEqual([
    { server: "three" },
    { server: "two" },
  ]);
});

it("serves a connection that was made anew with the configuration of the others, if they have one in common", async () => {
  const [first, second, anew] = await connections();
  expect(await configurationOf(anew)).toBeNull();
  await first.configure({ inputs: { server: "one" } });
  await second.configure({ inputs: { server: "one" } });
  expect(await configurationOf(anew)).toEqual({ server: "one" });
  await second.configure({ inputs: { server: "two" } });
  await expect(configurationOf(anew)).rejects.toThrow(/configured it in different ways.*run this again/);
});

it.each([
  { acceptsSecrets: false, supportsPreview: true },
  { acceptsSecrets: true, supportsPreview: false },
  { acceptsSecrets: false, supportsPreview: false },
])("tells what the provider understands once it is configured: %o", async (features) => {
  const remote = await attached(new TestingProvider({ world: temporaryFolder(), features }));
  await remote.configure({ inputs: {} });
  expect(remote.features).toEqual(features);
});

it("tells to what server the provider talks", async () => {
  const target = { description: "a trial at 127.0.0.1:1", marker: "mark" };
  const remote = await attached(new TestingProvider({ world: temporaryFolder(), target }));
  expect(await remote.target?.()).toEqual(target);
});

const kinds: readonly FaultKind[] = [
  "error-before",
  "error-after",
  "mistake",
  "init-failed",
  "hang-before",
  "hang-after",
  "garbage",
  "unknown",
  "slow",
];

it.each(kinds)("meets the fault %s alike on both sides, in every request", async (kind) => {
  const outcomes = async (make: (provider: TestingProvider) => Promise<api.Provider>): Promise<unknown> => {
    const folder = temporaryFolder();
    const testing = new TestingProvider({ world: folder });
    testing.world.record({ effect: "created", type: NAMED, id: "old", urn: "", inputs: { name: "old" } });
    const operations = ["check", "diff", "create", "read", "update", "delete", "invoke"] as const;
    const late = (operation: string): boolean =>
      !kind.startsWith("hang") || ["create", "update", "delete"].includes(operation);
    const faults = operations
      .filter(late)
      .map((operation): Fault => ({ name: "*", operation, kind, milliseconds: 5 }));
    writeFaults(folder, faults);
    const provider = await make(testing);
    const change: [PropertyMap, PropertyMap] = [{ name: "old" }, { name: "old", value: 1 }];
    const requests: Ask[] = [
      (p) => p.check(checkRequest(NAMED, "x", { name: "x" })),
      (p) => p.diff(changeRequest(NAMED, "old", "old", change)),
      (p) => p.create(createRequest(NAMED, "x", { name: "x", value: secret("v") }, { timeout: 0.05 })),
      (p) => p.read(readRequest(NAMED, "old", "old", { inputs: { name: "old" }, outputs: { name: "old" } })),
      (p) => p.update(changeRequest(NAMED, "old", "old", change, { timeout: 0.05 })),
      (p) => p.delete(deleteRequest(NAMED, "old", "old", { timeout: 0.05 })),
      (p) => p.invoke({ token: "testing:index:echo", arguments: {}, preview: false }),
    ];
    const answers = [];
    for (const request of requests) answers.push(await outcomeOf(provider, request));
    return { answers, effects: testing.world.journal.map(({ effect, id }) => `${effect} ${id}`) };
  };
  const there = await outcomes(attached);
  expect(there).toEqual(await outcomes(async (provider) => checked(provider)));
  if (kind !== "slow") expect(JSON.stringify(there)).toMatch(/Error/);
});

it.each([1_000, 20_000, 40_000, 1_000_000])(
  "keeps the state of what failed, %i characters of it",
  async (size) => {
    const value = "ü".repeat(size);
    const faults: Fault[] = [{ name: "*", operation: "create", kind: "init-failed" }];
    const outcomes = async (make: (provider: TestingProvider) => Promise<api.Provider>): Promise<unknown> => {
      const provider = await make(new TestingProvider({ world: temporaryFolder(), faults }));
      return outcomeOf(provider, (p) => p.create(createRequest(NAMED, "a", { name: "a", value })));
    };
    const there = await outcomes(attached);
    expect(there).toMatchObject({ name: "InitFailedError", state: { id: "a", outputs: { value } } });
    expect(there).toEqual(await outcomes(async (provider) => checked(provider)));
  },
);

it("cuts a message that is too long to be sent", async () => {
  const remote = await attached(new TestingProvider({ world: temporaryFolder() }));
  const token = `testing:index:${"ü".repeat(100_000)}`;
  await expect(remote.invoke({ token, arguments: {}, preview: false })).rejects.toThrow(
    /^testing has no .*ü…$/,
  );
});
