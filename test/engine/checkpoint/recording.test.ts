/** What a run records is what the next one finds: order, marks, places, pending operations, names. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listStacks, stackPaths } from "../../../engine/checkpoint/backend";
import { openStack, readStack } from "../../../engine/checkpoint/open-stack";
import type { ResourceState } from "../../../engine/checkpoint/state";
import { secret } from "../../../engine/property/values";
import { providerState, SECRETS, STACK_URN, SUCCEEDED, stackState, thing, urnOf } from "./states";
import { create, filesBelow, newLocation, open, refusal, stackFile, stackWith } from "./trial";

const names = (resources: readonly ResourceState[]): string[] =>
  resources.map(({ urn, delete: leaves, pendingReplacement: waits }) =>
    [urn.slice(urn.lastIndexOf("::") + 2), ...(leaves ? ["delete"] : []), ...(waits ? ["pending"] : [])].join(
      " ",
    ),
  );

describe("a finished run", () => {
  it("puts what it made first, in the order of completion, and keeps the order of the rest", async () => {
    const location = await stackWith(thing("a"), thing("b"), thing("c"));
    const stack = await open(location);
    const [root, provider, , b] = stack.snapshot.resources;
    if (!root || !provider || !b) throw new Error("the stack has no resources");
    for (const state of [root, provider, b]) {
      const recording = await stack.recorder.begin({ type: "updating", resource: state });
      await recording.succeed({ made: { ...state, modified: "2026-01-01T00:00:00Z" }, removes: state });
    }
    await stack.finish(SUCCEEDED);
    expect(names((await readStack(location, SECRETS)).resources)).toEqual([
      "rec-dev",
      "default",
      "b",
      "a",
      "c",
    ]);
  });

  it("is refused, and keeps its log, when it put something before what that refers to", async () => {
    const location = await stackWith(thing("a"));
    const before = readFileSync(stackFile(location), "utf8");
    const stack = await open(location);
    const [, , a] = stack.snapshot.resources;
    if (!a) throw new Error("the stack has no resources");
    await (await stack.recorder.begin()).succeed({ made: { ...a, inputs: { n: 1 } }, removes: a });
    const error = await refusal(stack.finish(SUCCEEDED));
    expect(error.problems.join()).toContain(`its parent ${STACK_URN} comes after it`);
    expect(readFileSync(stackFile(location), "utf8")).toBe(before);
    expect(Object.keys(filesBelow(location.backend))).toContain(".pulumi/stacks/rec/dev.jsonl");
  });

  it("keeps a replaced resource for the next run, which removes it by the state that it found", async () => {
    const location = await stackWith(thing("a"), thing("b"));
    const first = await open(location);
    const [root, provider, a, b] = first.snapshot.resources;
    if (!root || !provider || !a || !b) throw new Error("the stack has no resources");
    for (const state of [root, provider]) {
      await (await first.recorder.begin()).succeed({ made: state, removes: state, unimportant: true });
    }
    const making = await first.recorder.begin({ type: "creating", resource: a });
    await making.succeed({ made: { ...a, id: "second" }, marksForDeletion: a });
    const deleting = await first.recorder.begin({ type: "deleting", resource: b });
    await deleting.succeed({ marksPendingReplacement: b });
    await first.finish(SUCCEEDED);

    const second = await open(location);
    expect(names(second.snapshot.resources)).toEqual(["rec-dev", "default", "a", "a delete", "b pending"]);
    for (const state of second.snapshot.resources.slice(3)) {
      const removing = await second.recorder.begin({ type: "deleting", resource: state });
      await removing.succeed({ removes: state });
    }
    await second.finish(SUCCEEDED);
    const left = await readStack(location, SECRETS);
    expect(names(left.resources)).toEqual(["rec-dev", "default", "a"]);
    expect(left.resources[2]?.id).toBe("second");
  });

  it("leaves a refreshed resource in its place, and mends what referred to a vanished one", async () => {
    const component = thing("middle", { custom: false, type: "made:index:Group" });
    const { id: _id, provider: _provider, ...group } = component;
    const location = await stackWith(
      group,
      thing("gone"),
      thing("child", { parent: group.urn, dependencies: [urnOf("gone")], deletedWith: urnOf("gone") }),
      thing("last", { propertyDependencies: { a: [urnOf("gone")], b: [urnOf("child"), urnOf("gone")] } }),
    );
    const stack = await open(location, { kind: "refresh" });
    const [, , middle, gone, child] = stack.snapshot.resources;
    if (!middle || !gone || !child) throw new Error("the stack has no resources");
    for (const state of [middle, gone]) {
      await (await stack.recorder.begin()).succeed({ removes: state, inPlace: true });
    }
    await (await stack.recorder.begin()).succeed({
      made: { ...child, outputs: { seen: true } },
      removes: child,
      inPlace: true,
    });
    await stack.finish(SUCCEEDED);
    const { resources } = await readStack(location, SECRETS);
    expect(names(resources)).toEqual(["rec-dev", "default", "child", "last"]);
    const { parent: _parent, ...orphan } = thing("child");
    expect(resources[2]).toEqual({ ...orphan, outputs: { seen: true } });
    expect(resources[3]?.propertyDependencies).toEqual({ b: [urnOf("child")] });
  });

  it("keeps outputs that a component registered after it was made", async () => {
    const location = newLocation();
    const stack = await open(location);
    await create(stack, stackState);
    await stack.recorder.outputs(stackState, { ...stackState, outputs: { url: "x" } }, false);
    await stack.finish(SUCCEEDED);
    expect((await readStack(location, SECRETS)).resources).toEqual([
      { ...stackState, outputs: { url: "x" } },
    ]);
  });

  it("gives references to a renamed resource its new name, and keeps no aliases", async () => {
    const location = await stackWith(thing("old"), thing("user", { dependencies: [urnOf("old")] }));
    const stack = await open(location);
    const [root, provider, old] = stack.snapshot.resources;
    if (!root || !provider || !old) throw new Error("the stack has no resources");
    for (const state of [root, provider]) {
      await (await stack.recorder.begin()).succeed({ made: state, removes: state });
    }
    await (await stack.recorder.begin()).succeed({
      made: { ...old, urn: urnOf("new"), aliases: [urnOf("old")] },
      removes: old,
    });
    await stack.finish(SUCCEEDED);
    const { resources } = await readStack(location, SECRETS);
    expect(names(resources)).toEqual(["rec-dev", "default", "new", "user"]);
    expect(resources[3]?.dependencies).toEqual([urnOf("new")]);
    expect(resources[2]).not.toHaveProperty("aliases");
  });

  it("leaves requests that nobody saw the end of, and keeps earlier creations among them", async () => {
    const location = await stackWith(thing("a"));
    const first = await open(location);
    await first.recorder.begin({ type: "creating", resource: thing("new") });
    await first.recorder.begin({ type: "updating", resource: thing("a") });
    await first.finish(SUCCEEDED);
    const second = await open(location);
    expect(second.snapshot.pendingOperations.map(({ type, resource }) => [type, resource.urn])).toEqual([
      ["creating", urnOf("new")],
      ["updating", urnOf("a")],
    ]);
    const failing = await second.recorder.begin({ type: "deleting", resource: thing("a") });
    await failing.fail();
    await second.finish(SUCCEEDED);
    expect((await readStack(location, SECRETS)).pendingOperations.map(({ type }) => type)).toEqual([
      "creating",
    ]);
  });

  it("keeps what many steps at once recorded, however often the checkpoint was written in between", async () => {
    for (const smallestLog of [1, 3_000, 2 ** 30]) {
      const location = await stackWith(thing("before"));
      const stack = await open(location, { smallestLog });
      for (const state of stack.snapshot.resources.slice(0, 2)) {
        await (await stack.recorder.begin()).succeed({ made: state, removes: state });
      }
      const made = Array.from({ length: 40 }, (_, index) => thing(`made-${index}`));
      const one = async (state: ResourceState): Promise<void> => {
        await create(stack, state);
        const changed = { ...state, outputs: { done: true } };
        const updating = await stack.recorder.begin({ type: "updating", resource: state });
        await updating.succeed({ made: changed, removes: state });
        await stack.recorder.outputs(changed, { ...changed, outputs: { done: 1 } }, true);
      };
      await Promise.all(made.map(one));
      const flushing = await stack.recorder.begin({ type: "updating", resource: made[0] ?? stackState });
      await flushing.fail();
      await stack.abandon();
      const { resources, pendingOperations } = await readStack(location, SECRETS);
      expect(pendingOperations).toEqual([]);
      expect(new Set(resources.slice(2))).toEqual(
        new Set([...made.map((state) => ({ ...state, outputs: { done: 1 } })), thing("before")]),
      );
      expect(resources.at(-1)).toEqual(thing("before"));
      await (await open(location)).finish(SUCCEEDED);
      expect((await readStack(location, SECRETS)).resources).toEqual(resources);
    }
  });

  it("starts from another state after a rewrite", async () => {
    const location = await stackWith(thing("a"));
    const stack = await open(location);
    const [root, provider] = stack.snapshot.resources;
    if (!root || !provider) throw new Error("the stack has no resources");
    const resources = [root, provider, thing("b")];
    await stack.rewrite({ ...stack.snapshot, resources });
    expect(names((await readStack(location, SECRETS)).resources)).toEqual(["rec-dev", "default", "b"]);
    await (await stack.recorder.begin()).succeed({ removes: resources[2] ?? root });
    await stack.finish(SUCCEEDED);
    expect(names((await readStack(location, SECRETS)).resources)).toEqual(["rec-dev", "default"]);
  });
});

describe("the backend", () => {
  it("holds what the official one holds after an update", async () => {
    const location = await stackWith(thing("a"));
    const stack = await open(location, { message: "why <&>", environment: { "git.head": "abc" } });
    await create(stack, thing("b"));
    const error = await refusal(stack.finish(SUCCEEDED));
    expect(error.code).toBe("state");
    const files = Object.keys(filesBelow(location.backend)).map((path) => path.replaceAll(/\d{19}/g, "N"));
    expect(files).toEqual([
      ".pulumi/backups/rec/dev/dev.N.json",
      ".pulumi/history/rec/dev/dev-N.checkpoint.json",
      ".pulumi/history/rec/dev/dev-N.history.json",
      ".pulumi/meta.yaml",
      ".pulumi/stacks/rec/dev.json",
      ".pulumi/stacks/rec/dev.json.bak",
      ".pulumi/stacks/rec/dev.jsonl",
    ]);
  });

  it("records a run in its history in the official form, with copies of what it wrote", async () => {
    const location = newLocation();
    const stack = await openStack(location, {
      secrets: SECRETS,
      kind: "import",
      message: "why <&>",
      environment: { "git.head": "abc", "exec.kind": "kb" },
      config: { "rec:b": "1", "rec:a": { secure: "v1:x" } },
    });
    await create(stack, stackState);
    await stack.finish({ result: "failed", resourceChanges: { same: 0, create: 1 } });
    const files = Object.entries(filesBelow(location.backend));
    const ending = (end: string): string => files.find(([path]) => path.endsWith(end))?.[1] ?? "";
    expect(ending(".history.json").replaceAll(/Time":\d{10}/g, 'Time":0')).toBe(
      '{"kind":"resource-import","startTime":0,"message":"why <&>",' +
        '"environment":{"exec.kind":"kb","git.head":"abc"},"config":{"rec:a":{"secure":"v1:x"},"rec:b":"1"},' +
        '"version":0,"result":"failed","endTime":0,"resourceChanges":{"create":1}}',
    );
    const written = readFileSync(stackFile(location), "latin1");
    expect(ending(".checkpoint.json")).toBe(written);
    expect(files.find(([path]) => path.includes("backups"))?.[1]).toBe(written);
  });

  it("is not written when a run changed nothing, and keeps a secret's ciphertext when it did", async () => {
    const location = await stackWith(thing("a", { inputs: { password: secret("hushhush") } }));
    const before = readFileSync(stackFile(location), "utf8");
    const same = await open(location);
    for (const state of same.snapshot.resources) {
      const declared =
        state.id === "id-a" ? { ...state, inputs: { password: secret("hushhush") } } : { ...state };
      await (await same.recorder.begin()).succeed({ made: declared, removes: state, unimportant: true });
    }
    await same.finish(SUCCEEDED);
    expect(readFileSync(stackFile(location), "utf8")).toBe(before);

    const change = await open(location);
    for (const state of change.snapshot.resources) {
      const inputs = state.id === "id-a" ? { password: secret("hushhush"), n: 1 } : state.inputs;
      await (await change.recorder.begin()).succeed({ made: { ...state, inputs }, removes: state });
    }
    await change.finish(SUCCEEDED);
    const after = readFileSync(stackFile(location), "utf8");
    expect(after).not.toBe(before);
    const ciphertext = /"ciphertext":"([^"]+)"/;
    expect(ciphertext.exec(after)?.[1]).toBe(ciphertext.exec(before)?.[1]);
  });

  it("lists its stacks", async () => {
    const { backend, project, stack } = await stackWith(thing("a"));
    const stacks = join(backend, ".pulumi/stacks");
    mkdirSync(join(backend, ".pulumi/locks/organization", project, "begun"), { recursive: true });
    writeFileSync(join(backend, ".pulumi/locks/organization", project, ".half-written.tmp"), "");
    for (const name of ["packed.json.gz", "prod.json.bak", "prod.pulumi-tags"]) {
      writeFileSync(join(stacks, project, name), "");
    }
    writeFileSync(join(stacks, "of-an-old-layout.json"), "");
    expect((await listStacks(backend)).map((found) => stackPaths(found).qualifiedName)).toEqual(
      [stack, "packed", "begun"].map((name) => `organization/${project}/${name}`),
    );
  });

  it("refuses a state that nobody knows", async () => {
    const stack = await open(await stackWith());
    const recording = await stack.recorder.begin();
    await expect(recording.succeed({ removes: providerState })).rejects.toThrow(
      "its state is neither in the checkpoint nor made in this run",
    );
    await stack.abandon();
  });
});
