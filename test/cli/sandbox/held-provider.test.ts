/** Proves that what Pulumi's CLI gets of the sandbox's providers leads to the sandbox, and to nothing else. */
import { describe, expect, it } from "vitest";
import { heldProvider } from "../../../cli/sandbox/held-provider";
import { ProviderError } from "../../../engine/provider/errors";
import { secret } from "../../../engine/provider/values";
import { changeRequest, checkRequest, createRequest, readRequest } from "../../engine/provider/requests";
import { temporaryFolder } from "../../engine/support/temporary";
import { NAMED, TestingProvider } from "../../engine/support/testing-provider";
import { World } from "../../engine/support/testing-world";

const PROVIDER = "pulumi:providers:testing";
const settings = {
  values: { "testing:host": "here", "testing:password": "pw", "other:host": "elsewhere" },
  secretKeys: ["testing:password"],
};

function held(marker: string | undefined) {
  const world = new World(temporaryFolder());
  const inner = new TestingProvider({ world, target: { description: "the server", marker } });
  const asked: string[] = [];
  const provider = heldProvider(
    inner,
    (name, target) => {
      asked.push(`${name} ${target.marker}`);
      if (target.marker !== "mine") throw new ProviderError(`${target.description} is not this sandbox`);
    },
    settings,
  );
  return { provider, world, inner, asked };
}

describe("the configuration", () => {
  it.each(["default", "default_1_2_3"])("of the provider %s is the sandbox's connection", async (name) => {
    const { provider } = held("mine");
    const answer = await provider.checkConfig?.(
      checkRequest(PROVIDER, name, { host: "another", version: "1.2.3" }),
    );
    expect(answer?.inputs).toEqual({ host: "here", password: secret("pw"), version: "1.2.3" });
  });

  it("of a provider that a program declares is left to the program", async () => {
    const { provider } = held("mine");
    const answer = await provider.checkConfig?.(checkRequest(PROVIDER, "defaults", { host: "another" }));
    expect(answer?.inputs).toEqual({ host: "another" });
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
