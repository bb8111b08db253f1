/** Proves that what Pulumi's CLI gets of the sandbox's providers leads to the sandbox, and to nothing else. */
import { describe, expect, it } from "vitest";
import { heldProvider } from "../../../cli/sandbox/held-provider";
import { ProviderError } from "../../../engine/provider/errors";
import { type PropertyMap, secret } from "../../../engine/provider/values";
import { changeRequest, checkRequest, createRequest, readRequest } from "../../engine/provider/requests";
import { temporaryFolder } from "../../engine/support/temporary";
import { NAMED, TestingProvider } from "../../engine/support/testing-provider";
import { World } from "../../engine/support/testing-world";

const PROVIDER = "pulumi:providers:testing";
const settings = {
  values: {
    "testing:host": "here",
    "testing:port": "1",
    "testing:username": "me",
    "testing:password": "pw",
    "other:host": "elsewhere",
  },
  secretKeys: ["testing:password"],
};
const address = { host: "here", port: "1", username: "me" };

function held(marker: string | undefined) {
  const world = new World(temporaryFolder());
  const inner = new TestingProvider({ world, target: { description: "the server", marker } });
  const asked: string[] = [];
  const configured: PropertyMap[] = [];
  const configure = inner.configure.bind(inner);
  inner.configure = (request) => {
    configured.push(request.inputs);
    return configure(request);
  };
  const provider = heldProvider(
    inner,
    (name, target) => {
      asked.push(`${name} ${target.marker}`);
      if (target.marker !== "mine") throw new ProviderError(`${target.description} is not this sandbox`);
    },
    settings,
  );
  return { provider, world, inner, asked, configured };
}

describe("the configuration", () => {
  it.each(["default", "default_1_2_3"])(
    "of the provider %s is the sandbox's connection, without the password",
    async (name) => {
      const { provider } = held("mine");
      const answer = await provider.checkConfig?.(
        checkRequest(PROVIDER, name, { host: "another", version: "1.2.3" }),
      );
      expect(answer?.inputs).toEqual({ ...address, version: "1.2.3" });
    },
  );

  it.each(["defaults", "default_x"])(
    "of the provider %s of a program is left to the program",
    async (name) => {
      const { provider } = held("mine");
      const given = { ...address, host: "another", password: secret("theirs") };
      expect((await provider.checkConfig?.(checkRequest(PROVIDER, name, given)))?.inputs).toEqual(given);
    },
  );

  it("that leads to the sandbox has the password that was not told", async () => {
    const { provider, configured } = held("mine");
    await provider.configure({ inputs: { ...address, version: "1.2.3" } });
    expect(configured).toEqual([{ ...address, version: "1.2.3", password: secret("pw") }]);
  });

  it.each([
    ["to another server", { ...address, host: "another" }],
    ["to another port", { ...address, port: "2" }],
    ["in another name", { ...address, username: "you" }],
    ["with a password of its own", { ...address, password: secret("theirs") }],
  ])("that leads %s gets no password of the sandbox", async (_, inputs) => {
    const { provider, configured } = held("mine");
    await provider.configure({ inputs });
    expect(configured).toEqual([inputs]);
  });
});

describe("a server without the sandbox's mark", () => {
  const [one, two] = [{ name: "n" }, { name: "n", value: "2" }] as const;

  it.each<[string, (provider: ReturnType<typeof held>["provider"]) => Promise<unknown>]>([
    ["create", (provider) => provider.create(createRequest(NAMED, "a", one))],
    ["read", (provider) => provider.read(readRequest(NAMED, "a", "n"))],
    ["update", (provider) => provider.update(changeRequest(NAMED, "a", "n", [one, two]))],
    [
      "delete",
      (provider) =>
        provider.delete({ ...readRequest(NAMED, "a", "n"), inputs: one, outputs: one, timeout: 0 }),
    ],
    ["invoke", (provider) => provider.invoke({ token: "testing:index:f", arguments: {}, preview: false })],
  ])("gets no %s", async (_, request) => {
    const { provider, world } = held(undefined);
    await provider.configure({ inputs: {} });
    await expect(request(provider)).rejects.toThrow("the server is not this sandbox");
    expect(world.journal).toEqual([]);
  });

  it("is not even asked in a preview", async () => {
    const { provider, asked } = held(undefined);
    await provider.configure({ inputs: {} });
    await provider.create(createRequest(NAMED, "a", one, { preview: true }));
    expect(asked).toEqual([]);
  });
});

it("the sandbox's own server is asked once for each configuration", async () => {
  const { provider, world, asked } = held("mine");
  await provider.configure({ inputs: {} });
  await provider.create(createRequest(NAMED, "a", { name: "a" }));
  await provider.create(createRequest(NAMED, "b", { name: "b" }));
  await provider.configure({ inputs: {} });
  await provider.create(createRequest(NAMED, "c", { name: "c" }));
  expect(asked).toEqual(["testing mine", "testing mine"]);
  expect(world.objects).toHaveLength(3);
});

it("a server that was refused is asked again at the next request, without another configuration", async () => {
  const world = new World(temporaryFolder());
  const inner = new TestingProvider({ world, target: { description: "the server", marker: "mine" } });
  let refusals = 1;
  const admission = (): void => {
    refusals -= 1;
    if (refusals >= 0) throw new ProviderError("not yet");
  };
  const provider = heldProvider(inner, admission, settings);
  await provider.configure({ inputs: {} });
  const create = () => provider.create(createRequest(NAMED, "a", { name: "a" }));
  await expect(create()).rejects.toThrow("not yet");
  await create();
  expect(world.objects).toHaveLength(1);
});
