/** Replacements that meet other changes of the same run: whatever comes first, nothing is lost and nothing is left over. */
import { describe, expect, it } from "vitest";
import { providerReference } from "../../../engine/provider-reference";
import { MADE, NAMED } from "../support/testing-provider";
import { expectWhole, settled, stepOf } from "./expecting";
import { type Body, Trial } from "./trial";

/** `b` cannot live with another `a`. */
const dependent = (): Body => async (p) => {
  const a = await p.named("a", { replaceOn: "1" });
  await p.made("b", { replaceOn: a.outputs.computed ?? "" }, { from: { replaceOn: [a.urn] } });
};

describe("a dependent that is deleted for a replacement", () => {
  it("and does not depend on it any more is made anew after it was deleted, not meanwhile", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const a = await p.named("a", { replaceOn: "1" });
      await p.named("b", { replaceOn: a.outputs.replaceOn ?? "" }, { from: { replaceOn: [a.urn] } });
    });
    trial.faults = [{ name: "b", operation: "delete", kind: "slow", milliseconds: 300 }];
    const result = await trial.up(async (p) => {
      await Promise.all([p.named("a", { replaceOn: "2" }), p.named("b", { replaceOn: "free" })]);
    });
    expect(result.diagnostics).toEqual([]);
    expect(trial.world.objects.map(({ id }) => id).sort()).toEqual(["a", "b"]);
    await expectWhole(trial);
  });

  it("is not forgotten when its deletion failed and nothing declares it any more", async () => {
    const trial = Trial.forTest();
    await settled(trial, dependent());
    trial.faults = [{ name: "b", operation: "delete", kind: "error-before", times: 1 }];
    const without: Body = async (p) => {
      await p.named("a", { replaceOn: "2" });
    };
    expect((await trial.up(without, { continueOnError: true })).outcome).toBe("failed");
    await expectWhole(trial);
    await settled(trial, without);
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["a"]);
  });

  it("is not made a second time when its deletion failed", async () => {
    const trial = Trial.forTest();
    await settled(trial, dependent());
    trial.faults = [{ name: "b", operation: "delete", kind: "error-before", times: 1 }];
    const free: Body = async (p) => {
      await p.named("a", { replaceOn: "2" });
      await p.made("b", { replaceOn: "free" });
    };
    expect((await trial.up(free, { continueOnError: true })).outcome).toBe("failed");
    await expectWhole(trial);
    await settled(trial, free);
    expect(trial.world.objects).toHaveLength(2);
  });

  it("is not forgotten when a protected one kept it from being deleted", async () => {
    const trial = Trial.forTest();
    const body =
      (replaceOn: string, last: boolean): Body =>
      async (p) => {
        const a = await p.named("a", { replaceOn });
        const from = { from: { replaceOn: [a.urn] } };
        await p.made("guarded", { replaceOn: a.outputs.replaceOn ?? "" }, { ...from, protect: true });
        if (last) await p.made("last", { replaceOn: a.outputs.replaceOn ?? "" }, from);
      };
    await settled(trial, body("1", true));
    expect((await trial.up(body("2", false), { continueOnError: true })).outcome).toBe("failed");
    await expectWhole(trial);
  });

  it("comes back under another name, and is not taken for the one that is gone", async () => {
    const trial = Trial.forTest();
    await settled(trial, dependent());
    const result = await settled(trial, async (p) => {
      const a = await p.named("a", { replaceOn: "2" });
      const from = { from: { replaceOn: [a.urn] } };
      const aliasSpecs = [{ name: "b", noParent: false }];
      await p.made("renamed", { replaceOn: a.outputs.computed ?? "" }, { ...from, aliasSpecs });
    });
    expect(stepOf(result, "replace", "renamed").reason).toBe("dependency-replaced");
    await expectWhole(trial);
  });

  describe("of two resources that are replaced at once", () => {
    const both =
      (replaceOn: string): Body =>
      async (p) => {
        const a = await p.named("a", { replaceOn });
        const b = await p.named("b", { replaceOn });
        const text = `${JSON.stringify(a.outputs.replaceOn)} ${JSON.stringify(b.outputs.replaceOn)}`;
        await p.made("c", { replaceOn: text }, { from: { replaceOn: [a.urn, b.urn] } });
      };
    const atOnce: Body = async (p) => {
      const [a, b] = await Promise.all([p.named("a", { replaceOn: "2" }), p.named("b", { replaceOn: "2" })]);
      await p.made("c", { replaceOn: "2 2" }, { from: { replaceOn: [a.urn, b.urn] } });
    };

    it("is gone before either of them is deleted", async () => {
      const trial = Trial.forTest();
      await settled(trial, both("1"));
      trial.faults = [{ name: "c", operation: "delete", kind: "slow", milliseconds: 200, times: 1 }];
      const result = await trial.up(atOnce);
      expect(result.diagnostics).toEqual([]);
      const deleted = trial.world.journal.flatMap(({ effect, id }) => (effect === "deleted" ? [id] : []));
      expect(deleted.slice(1).sort()).toEqual(["a", "b"]);
      await expectWhole(trial);
    });

    it("keeps both of them where its deletion fails", async () => {
      const trial = Trial.forTest();
      await settled(trial, both("1"));
      trial.faults = [{ name: "c", operation: "delete", kind: "error-before", times: 1 }];
      const { outcome, diagnostics } = await trial.up(atOnce, { continueOnError: true });
      expect(outcome).toBe("failed");
      expect(diagnostics.map(({ message }) => message).join("\n")).toMatch(
        /it is not deleted, because urn:.*::c, which depends on it, could not be deleted/,
      );
      expect(trial.world.count().deleted).toBe(0);
      await expectWhole(trial);
      await settled(trial, both("2"));
      await expectWhole(trial);
    });
  });

  it("is only the leftover of an earlier replacement, and the resource itself stays", async () => {
    const trial = Trial.forTest();
    await settled(trial, dependent());
    const free =
      (replaceOn: string): Body =>
      async (p) => {
        await p.named("a", { replaceOn });
        await p.made("b", { replaceOn: "free" });
      };
    trial.faults = [{ name: "b", operation: "delete", kind: "error-before", times: 1 }];
    expect((await trial.up(free("1"))).outcome).toBe("failed");
    await expectWhole(trial);
    const { id } = await trial.resource("b");
    await settled(trial, free("2"));
    expect((await trial.resource("b")).id).toBe(id);
    await expectWhole(trial);
  });
});

describe("a provider that is replaced", () => {
  const served =
    (replaceOn: string, extra: { deleteBeforeReplace?: boolean } = {}): Body =>
    async (p) => {
      const server = await p.provider("server", { replaceOn }, extra);
      const provider = providerReference(server.urn, server.id);
      await p.made("a", { value: "x" }, { provider, deleteBeforeReplace: true });
      await p.made("b", { value: "x" }, { provider, deleteBeforeReplace: true });
    };

  it("takes every resource with it, those too that come after the old one was asked to delete", async () => {
    const trial = Trial.forTest();
    await settled(trial, served("1"));
    const result = await settled(trial, served("2"));
    expect(result.changes).toEqual({ replace: 3, same: 1 });
    await expectWhole(trial);
  });

  it("and is gone when the run is interrupted lets the next run make its resources anew", async () => {
    const trial = Trial.forTest();
    await settled(trial, served("1", { deleteBeforeReplace: true }));
    trial.faults = [{ name: "a", operation: "create", kind: "error-before", times: 1 }];
    expect((await trial.up(served("2", { deleteBeforeReplace: true }))).outcome).toBe("failed");
    const result = await settled(trial, served("2", { deleteBeforeReplace: true }));
    expect(result.changes).toEqual({ replace: 2, same: 2 });
    await expectWhole(trial);
  });
});

describe("what is read through a provider that is deleted before it is made anew", () => {
  const reading =
    (replaceOn: string, stops = false): Body =>
    async (p) => {
      const server = await p.provider("server", { replaceOn }, { deleteBeforeReplace: true });
      if (stops) throw new Error("stopped");
      const provider = providerReference(server.urn, server.id);
      const there = await p.read(NAMED, "there", "there", { provider });
      await p.made("a", { replaceOn: there.outputs.computed ?? "" }, { from: { replaceOn: [there.urn] } });
    };
  const begun = async (): Promise<Trial> => {
    const trial = Trial.forTest();
    trial.world.record({ effect: "created", type: NAMED, id: "there", urn: "", inputs: { name: "there" } });
    await settled(trial, reading("1"));
    return trial;
  };

  it("is read again, and what depends on it stays", async () => {
    const trial = await begun();
    await settled(trial, reading("2"));
    expect(trial.world.count()).toMatchObject({ created: 2, deleted: 0 });
  });

  it("does not keep the state from being written when the run is stopped before that", async () => {
    const trial = await begun();
    expect((await trial.up(reading("2", true))).outcome).toBe("failed");
    expect((await trial.refresh()).outcome).toBe("succeeded");
    await settled(trial, reading("2"));
    expect(trial.world.count()).toMatchObject({ created: 2, deleted: 0 });
    await trial.destroy();
    expect((await trial.state()).resources).toEqual([]);
  });

  it("is forgotten when it is not read any more", async () => {
    const trial = await begun();
    await settled(trial, async (p) => {
      await p.provider("server", { replaceOn: "2" }, { deleteBeforeReplace: true });
    });
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["there"]);
  });

  it("is made by the program itself from now on", async () => {
    const trial = await begun();
    await settled(trial, async (p) => {
      const server = await p.provider("server", { replaceOn: "2" }, { deleteBeforeReplace: true });
      await p.named("there", { name: "own" }, { provider: providerReference(server.urn, server.id) });
    });
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["there", "own"]);
  });
});

describe("a resource that is skipped because of a failure", () => {
  it("is not deleted under the name that it had before", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.named("base", { value: "1" });
      await p.made("old");
    });
    trial.faults = [{ name: "base", operation: "update", kind: "error-before", times: 1 }];
    const renamed: Body = async (p) => {
      const base = await p.named("base", { value: "2" });
      await p.made("new", {}, { dependsOn: [base.urn], aliasSpecs: [{ name: "old", noParent: false }] });
    };
    expect((await trial.up(renamed, { continueOnError: true })).outcome).toBe("failed");
    expect(trial.world.count().deleted).toBe(0);
    await expectWhole(trial);
    await settled(trial, renamed);
    expect(trial.world.count().created).toBe(2);
  });
});

describe("a resource that is read from now on", () => {
  it("is not deleted because its parent has another name now", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const part = await p.component("old");
      await p.made("old-a", {}, { parent: part.urn });
    });
    const { id = "" } = await trial.resource("old-a");
    await settled(trial, async (p) => {
      const part = await p.component("new", {}, { aliasSpecs: [{ name: "old", noParent: false }] });
      await p.read(MADE, "new-a", id, { parent: part.urn });
    });
    expect(trial.world.objects.map((object) => object.id)).toEqual([id]);
  });
});

describe("a create of which nobody knows whether it happened", () => {
  it("takes the place of the old resource when that had another name", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.named("old", { name: "1" });
    });
    trial.faults = [{ name: "new", operation: "create", kind: "garbage", times: 1 }];
    const renamed: Body = async (p) => {
      await p.named("new", { name: "2" }, { aliasSpecs: [{ name: "old", noParent: false }] });
    };
    expect((await trial.up(renamed)).outcome).toBe("failed");
    expect((await trial.refresh()).outcome).toBe("succeeded");
    await expectWhole(trial);
    expect((await trial.up(renamed)).outcome).toBe("succeeded");
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["2"]);
    await expectWhole(trial);
  });
});

describe("a leftover whose deletion in a cascade failed (continueOnError)", () => {
  it("keeps what it depends on", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const r = await p.named("r", { replaceOn: "1" });
      const d = await p.made("d");
      const { replaceOn = "" } = r.outputs;
      await p.made("x", { replaceOn }, { from: { replaceOn: [r.urn] }, dependsOn: [d.urn] });
    });
    trial.faults = [{ name: "x", operation: "delete", kind: "error-before", times: 2 }];
    const first = await trial.up(async (p) => {
      await p.named("r", { replaceOn: "1" });
      await p.made("d");
      await p.made("x", { replaceOn: "free" });
    });
    expect(first.outcome).toBe("failed");
    const last: Body = async (p) => {
      await p.named("r", { replaceOn: "2" });
      await p.made("x", { replaceOn: "free" });
    };
    expect((await trial.up(last, { continueOnError: true })).outcome).toBe("failed");
    await settled(trial, last);
    await expectWhole(trial);
  });
});

it("a provider that is renamed by alias and replaced at once takes its resources with it", async () => {
  const trial = Trial.forTest();
  const body =
    (name: string, replaceOn: string): Body =>
    async (p) => {
      const aliasSpecs = name === "server" ? [] : [{ name: "server", noParent: false }];
      const server = await p.provider(name, { replaceOn }, { aliasSpecs });
      await p.made("x", { value: "1" }, { provider: providerReference(server.urn, server.id) });
    };
  await settled(trial, body("server", "1"));
  const { id } = await trial.resource("x");
  await settled(trial, body("other", "2"));
  expect((await trial.resource("x")).id).not.toBe(id);
});

it("what a program declares only when a failed resource is known is not deleted (continueOnError)", async () => {
  const trial = Trial.forTest();
  const body =
    (value: string): Body =>
    async (p) => {
      const a = await p.made("a", { value });
      // As `a.id.apply(...)` in an SDK: not called for a resource that failed.
      if (a.id !== "") await p.made("inside", {}, { dependsOn: [a.urn], parent: a.urn });
    };
  await settled(trial, body("1"));
  trial.faults = [{ name: "a", operation: "update", kind: "error-before", times: 1 }];
  expect((await trial.up(body("2"), { continueOnError: true })).outcome).toBe("failed");
  expect(trial.world.count().deleted).toBe(0);
});
