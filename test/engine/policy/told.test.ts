/** What a policy is given: values of every kind, options, provider, surroundings; and what it may not show. */
import { devNull } from "node:os";
import { describe, expect, it } from "vitest";
import type { PackJudgement } from "../../../engine/policy/judgement";
import { type PropertyValue, secret, UNKNOWN } from "../../../engine/property/values";
import { declarationOf, judged, packFolder, STACK_URN, sharedPack, thing, urnOf } from "./trial";

const KEY = "4dabf18193072939515e22adb298388d";
const asset = (content: Record<string, PropertyValue>): PropertyValue => ({
  [KEY]: "c44067f5952c0a294b673a41bacd8c17",
  hash: "0",
  ...content,
});
const archive = (content: Record<string, PropertyValue>): PropertyValue => ({
  [KEY]: "0def7320c3a5731c473e5ecbe6d01bc7",
  hash: "0",
  ...content,
});
const reference = (content: Record<string, PropertyValue>): PropertyValue => ({
  [KEY]: "5cf8f73096256a8f31e491e813e4eb8e",
  packageVersion: "",
  ...content,
});

/** What the policy `resource` or `stack` of the pack `echo` was given for a resource. */
function given(judgement: PackJudgement, policy: "resource" | "stack", urn: string): Record<string, unknown> {
  const found = judgement.violations.find(
    (violation) => violation.policy === policy && violation.urn === urn,
  );
  if (found === undefined) throw new Error(`${policy} was not given ${urn}: ${JSON.stringify(judgement)}`);
  return JSON.parse(found.message) as Record<string, unknown>;
}

const { judged: echoed } = sharedPack("echo");

describe("a policy is given", () => {
  it("values of every kind, none of which makes the pack throw", async () => {
    const inputs = {
      text: "t",
      number: 1.5,
      truth: false,
      nothing: null,
      list: [1, [null, { a: "b" }]],
      secret: secret("hushhush"),
      secretMap: secret({ a: secret("inner"), b: [1] }),
      secretNull: secret(null),
      doubleSecret: secret({ [KEY]: "1b47061264138c4ac30d75fd1eb44270", value: 1 }),
      file: asset({ path: "a.txt" }),
      inline: asset({ text: "inline" }),
      remote: asset({ uri: "https://example.org" }),
      empty: asset({ text: "" }),
      zip: archive({ path: "a.zip" }),
      folder: archive({ assets: { "a.txt": asset({ text: "" }), b: secret(archive({ path: "a.zip" })) } }),
      emptyFolder: archive({ assets: {} }),
      component: reference({ urn: urnOf("c") }),
      existing: reference({ urn: urnOf("c"), id: "an-id" }),
      bytes: { [KEY]: "803fd3297a5875dc03ca845dda5d2a98", value: "aGk=" },
      __internal: { own: true },
    };
    const declaration = declarationOf([thing("a", inputs)]);
    const judgement = await echoed(declaration);
    expect(judgement.undetermined).toEqual([]);
    const props = {
      text: "t",
      number: 1.5,
      truth: false,
      nothing: null,
      list: [1, [null, { a: "b" }]],
      secret: "[secret]",
      secretMap: { a: "[secret]", b: [1] },
      secretNull: null,
      doubleSecret: 1,
      file: { asset: "a.txt" },
      inline: { asset: "inline" },
      remote: { asset: "https://example.org" },
      empty: { asset: devNull },
      zip: { archive: "a.zip" },
      folder: { archive: { "a.txt": { asset: devNull }, b: { archive: "a.zip" } } },
      emptyFolder: { archive: {} },
      component: urnOf("c"),
      existing: "an-id",
      bytes: "aGk=",
    };
    expect(given(judgement, "resource", urnOf("a")).props).toEqual(props);
    expect(given(judgement, "stack", urnOf("a")).props).toEqual(props);
  });

  it.each<[string, PropertyValue]>([
    ["an unknown text", UNKNOWN],
    ["an unknown secret", secret(UNKNOWN)],
    ["the id of a resource that does not exist yet", reference({ urn: urnOf("c"), id: "" })],
    ["an archive with an unknown member", archive({ assets: { a: UNKNOWN } })],
    ["an asset of unknown text", asset({ text: UNKNOWN })],
  ])("%s as a value that it cannot know", async (_, value) => {
    const judgement = await echoed(declarationOf([thing("a", { value }), thing("b", { other: 1 })]));
    expect(judgement.undetermined.map(({ policy, urn }) => [policy, urn])).toEqual([
      ["stack", STACK_URN],
      ["resource", urnOf("a")],
    ]);
    expect(given(judgement, "resource", urnOf("b")).props).toEqual({ other: 1 });
  });

  it("type, name, URN, options, provider, parent and dependencies", async () => {
    const type = "pulumi:providers:test";
    const provider = thing("p", { host: "h", password: secret("providersecret"), __internal: {} }, { type });
    const full = thing(
      "a::b",
      { size: 1 },
      {
        provider: `${provider.urn}::${UNKNOWN}`,
        dependencies: [provider.urn],
        propertyDependencies: { size: [provider.urn], other: [] },
        options: {
          protect: true,
          ignoreChanges: ["x", "y"],
          deleteBeforeReplace: false,
          additionalSecretOutputs: ["size"],
          aliases: [urnOf("old")],
          customTimeouts: { create: "1h30m", update: "1.5s", delete: "500ms" },
        },
      },
    );
    const judgement = await echoed(declarationOf([provider, full, thing("bare")]));
    const common = {
      type: "test:index:Thing",
      name: "a::b",
      urn: full.urn,
      tags: 0,
      opts: {
        protect: true,
        ignoreChanges: ["x", "y"],
        aliases: [],
        customTimeouts: { createSeconds: 5400, updateSeconds: 1.5, deleteSeconds: 0.5 },
        additionalSecretOutputs: ["size"],
        deleteBeforeReplace: false,
        parent: STACK_URN,
      },
      provider: { type, name: "p", urn: provider.urn, props: { host: "h", password: "[secret]" } },
    };
    expect(given(judgement, "resource", full.urn)).toEqual({ ...common, props: { size: 1 } });
    expect(given(judgement, "stack", full.urn)).toEqual({
      ...common,
      props: { size: 1 },
      parent: STACK_URN,
      dependencies: [provider.urn],
      propertyDependencies: { size: [provider.urn] },
    });
    expect(given(judgement, "resource", urnOf("bare"))).toEqual({
      type: "test:index:Thing",
      name: "bare",
      urn: urnOf("bare"),
      tags: 0,
      props: {},
      opts: {
        protect: false,
        ignoreChanges: [],
        aliases: [],
        customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
        additionalSecretOutputs: [],
        parent: STACK_URN,
      },
    });
  });

  it("every resource once by its inputs, and in the stack by its outputs", async () => {
    const component = thing(
      "c",
      { given: 1 },
      { type: "test:index:Component", custom: false, outputs: { made: 2 } },
    );
    const judgement = await echoed(declarationOf([component]));
    expect(given(judgement, "resource", component.urn).props).toEqual({ given: 1 });
    expect(given(judgement, "stack", component.urn).props).toEqual({ made: 2 });
    expect(judgement.violations.filter(({ policy }) => policy === "resource")).toHaveLength(2);
  });

  it("project, environment, organization, configuration, its folder and that this is a preview", async () => {
    const lines: string[] = [];
    const judgement = await judged("echo", declarationOf([]), {
      print: (line) => lines.push(line),
      processEnvironment: { ...process.env, EXTRA: "given" },
      target: {
        values: { "trial:size": "3", "trial:list": '["a"]', "trial:password": "configured" },
        secretKeys: ["trial:password"],
        hidden: ["configured"],
      },
    });
    const told = judgement.violations.find(({ policy }) => policy === "surroundings");
    expect(JSON.parse(told?.message ?? "")).toEqual({
      project: "trial",
      stack: "dev",
      organization: "organization",
      dryRun: true,
      size: "3",
      list: ["a"],
      password: "[secret]",
      cwd: packFolder("echo"),
      extra: "given",
    });
    // What a process prints may come after what it answers.
    await expect.poll(() => [...lines].sort()).toEqual(["to standard error", "to standard output"]);
  });
});

describe("a message of a policy", () => {
  it("shows no secret, whole, inside of JSON or decoded, and what stands in clear elsewhere", async () => {
    const inputs = {
      data: secret({ PASSWORD: "s3cr3t-pass", HOST: "db.example.org", TOKEN: "dG9rZW4tdG9rZW4=" }),
      json: secret('{"user":"app_user","pin":8472615}'),
      clear: "db.example.org",
      copies: "s3cr3t-pass app_user 8472615 token-token",
    };
    const judgement = await echoed(declarationOf([thing("a", inputs)]));
    expect(given(judgement, "resource", urnOf("a")).props).toEqual({
      data: { PASSWORD: "[secret]", HOST: "db.example.org", TOKEN: "[secret]" },
      json: "[secret]",
      clear: "db.example.org",
      copies: "[secret] [secret] [secret] [secret]",
    });
  });
});
