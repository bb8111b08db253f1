/** What the kills, the faults and the random lives of this folder found, each by itself. */
import { existsSync, linkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ProviderRegistry } from "../../../engine/apply/registry";
import { keepAs } from "../../../engine/checkpoint/files";
import { integrityProblems } from "../../../engine/checkpoint/integrity";
import { readStack } from "../../../engine/checkpoint/open-stack";
import type { Snapshot } from "../../../engine/checkpoint/state";
import { settleInterrupted } from "../../../engine/deploy/interrupted";
import { type Body, PASSPHRASE, Trial } from "../deploy/trial";
import { temporaryFolder } from "../support/temporary";
import { TestingProvider } from "../support/testing-provider";
import { leftovers } from "./killing";

it("a provider below a component is loaded by its own package, not by its parent's type", async () => {
  const trial = Trial.forTest();
  const body: Body = async (p) => {
    const part = await p.component("part");
    const own = await p.provider("own", {}, { parent: part.urn });
    await p.made("one", { value: "1" }, { provider: `${own.urn}::${own.id}` });
  };
  expect((await trial.up(body)).outcome).toBe("succeeded");
  const refreshed = await trial.refresh();
  expect(refreshed.diagnostics).toEqual([]);
  expect(refreshed.outcome).toBe("succeeded");
  expect((await trial.destroy()).outcome).toBe("succeeded");
  expect(trial.world.objects).toEqual([]);
});

it("a file that was kept before a kill is kept again without leaving a sibling", async () => {
  const path = join(temporaryFolder(), "dev.json");
  writeFileSync(path, "{}");
  linkSync(path, `${path}.bak`);
  await keepAs(path, `${path}.bak`);
  expect(existsSync(`${path}.bak.tmp`)).toBe(false);
  expect(existsSync(`${path}.bak`)).toBe(true);
});

it("a replacement that is found again after a kill stands before what refers to it", async () => {
  const trial = Trial.forTest();
  const body: Body = async (p) => {
    const root = await p.named("root", { value: "1" });
    await p.named("near", {}, { dependsOn: [root.urn] });
  };
  await trial.up(body);
  const state = await readStack(
    { backend: trial.backend, project: "trial", stack: "dev" },
    { passphrase: PASSPHRASE },
  );
  const root = state.resources.find(({ id }) => id === "root");
  if (root === undefined) throw new Error("there is no root");
  const killed = (old: object): Snapshot => ({
    ...state,
    resources: state.resources.map((one) => (one === root ? { ...root, ...old } : one)),
    pendingOperations: [{ type: "creating", resource: root }],
  });
  const registry = new ProviderRegistry({
    factories: { testing: () => new TestingProvider({ world: trial.world }) },
    admission: () => {},
    preview: false,
    old: state.resources,
  });
  for (const old of [{ pendingReplacement: true }, { id: "root-before" }]) {
    const { snapshot } = await settleInterrupted(killed(old), registry);
    expect(integrityProblems(snapshot.resources)).toEqual([]);
    expect(snapshot.pendingOperations).toEqual([]);
    const roots = snapshot.resources.filter(({ urn }) => urn === root.urn);
    const replaced = { ...root, id: "root-before", delete: true };
    expect(roots.slice(1)).toEqual("id" in old ? [replaced] : []);
    expect(roots[0]?.pendingReplacement).toBeUndefined();
  }
});

it("an object whose create got no answer that makes sense is taken over by the next run", async () => {
  const trial = Trial.forTest();
  const body: Body = async (p) => {
    await p.named("one", { value: "1" });
  };
  trial.faults = [{ name: "one", operation: "create", kind: "garbage", times: 1 }];
  const failed = await trial.up(body);
  expect(failed.diagnostics.map(({ message }) => message)).toEqual([
    "testing provider: Create of urn:pulumi:dev::trial::testing:index:Named::one got an answer that cannot be used: " +
      "id is missing, and should be a text; whether it took effect is not known",
  ]);
  expect((await trial.state()).pendingOperations.map(({ type, resource }) => [type, resource.id])).toEqual([
    ["creating", "one"],
  ]);
  const next = await trial.up(body);
  expect(next.diagnostics.map(({ message }) => message)).toEqual([
    "an earlier deployment was interrupted while creating this resource; it was made, and is taken into the state",
  ]);
  expect(next.changes).toEqual({ same: 2 });
  expect(trial.world.count("one")).toEqual({ created: 1, updated: 0, deleted: 0 });
});

it("what a killed process had half written goes with the next run, also when that writes nothing itself", async () => {
  const trial = Trial.forTest();
  const body: Body = async (p) => {
    await p.named("one", { value: "1" });
  };
  await trial.up(body);
  const folder = join(trial.backend, ".pulumi");
  const halves = ["dev.json.tmp", "dev.json.bak.tmp", "dev.jsonl.tmp"].map((name) =>
    join(folder, "stacks/trial", name),
  );
  for (const half of halves) writeFileSync(half, "{");
  const dead = {
    pid: 2 ** 22 + 1,
    username: "somebody",
    hostname: hostname(),
    timestamp: "2026-01-01T00:00:00Z",
  };
  writeFileSync(join(folder, "locks/organization/trial/dev/dead.json"), JSON.stringify(dead));
  expect(Object.keys((await trial.up(body)).changes)).toEqual(["same"]);
  expect(leftovers(trial)).toEqual([]);
});
