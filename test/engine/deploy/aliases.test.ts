/** A resource that has another name now is the same resource, and so is everything that refers to it. */
import { describe, expect, it } from "vitest";
import type { AliasSpec } from "../../../engine/monitor/requests";
import { messages, settled, told } from "./expecting";
import { type Body, Trial } from "./trial";

/** Deploys one program, then another that names things otherwise: nothing happens to the world. */
async function renamed(first: Body, second: Body): Promise<Trial> {
  const trial = Trial.forTest();
  await settled(trial, first);
  const before = trial.world.journal.length;
  const ids = new Set((await trial.state()).resources.map(({ id }) => id));
  const result = await settled(trial, second);
  expect([...new Set(result.steps.map(({ op }) => op))]).toEqual(["same"]);
  expect(trial.world.journal).toHaveLength(before);
  const { resources } = await trial.state();
  expect(new Set(resources.map(({ id }) => id))).toEqual(ids);
  expect(trial.file()).not.toContain('"aliases"');
  return trial;
}

const urn = (rest: string): string => `urn:pulumi:dev::trial::${rest}`;

describe("an alias", () => {
  it.each<[string, AliasSpec, Body]>([
    [
      "a name",
      { name: "old", noParent: false },
      async (p) => {
        await p.made("old");
      },
    ],
    [
      "a whole URN",
      { urn: urn("testing:index:Made::old") },
      async (p) => {
        await p.made("old");
      },
    ],
    [
      "a type",
      { type: "testing:index:Value", noParent: false },
      async (p) => {
        await p.value("new");
      },
    ],
    [
      "no parent",
      { noParent: true },
      async (p) => {
        await p.component("part");
        await p.made("new");
      },
    ],
  ])("of %s finds the resource that had it", async (kind, alias, first) => {
    const trial = await renamed(first, async (p) => {
      const part = kind === "no parent" ? await p.component("part") : undefined;
      await p.made("new", {}, { aliasSpecs: [alias], ...(part === undefined ? {} : { parent: part.urn }) });
    });
    const state = await trial.resource("new");
    expect(state.type).toBe("testing:index:Made");
    expect(state.urn).toBe(
      urn(kind === "no parent" ? "trial:index:Part$testing:index:Made::new" : "testing:index:Made::new"),
    );
  });

  it("of a parent is that of its children too, whose names begin with its name", async () => {
    const trial = await renamed(
      async (p) => {
        const part = await p.component("old");
        const inner = await p.made("old-inner", {}, { parent: part.urn });
        await p.made("deep", {}, { parent: inner.urn });
      },
      async (p) => {
        const part = await p.component("new", {}, { aliasSpecs: [{ name: "old", noParent: false }] });
        const inner = await p.made("new-inner", {}, { parent: part.urn });
        await p.made("deep", {}, { parent: inner.urn });
      },
    );
    expect((await trial.state()).resources.map((state) => state.urn)).toEqual(
      expect.arrayContaining([
        urn("trial:index:Part::new"),
        urn("trial:index:Part$testing:index:Made::new-inner"),
        urn("trial:index:Part$testing:index:Made$testing:index:Made::deep"),
      ]),
    );
  });

  it("of another parent finds the resource there", async () => {
    await renamed(
      async (p) => {
        const [one] = [await p.component("one"), await p.component("two")];
        await p.made("a", {}, { parent: one.urn });
      },
      async (p) => {
        const [one, two] = [await p.component("one"), await p.component("two")];
        await p.made("a", {}, { parent: two.urn, aliasSpecs: [{ parent: one.urn, noParent: false }] });
      },
    );
  });

  it("rewrites what refers to the resource: dependencies, properties, deletedWith, and the provider of others", async () => {
    const body =
      (name: string, aliasSpecs: readonly AliasSpec[]): Body =>
      async (p) => {
        const own = await p.provider(
          `${name}-provider`,
          {},
          {
            aliasSpecs: aliasSpecs.map(() => ({ name: "old-provider", noParent: false })),
          },
        );
        const a = await p.made(name, {}, { aliasSpecs });
        await p.made(
          "b",
          { value: "1" },
          { provider: `${own.urn}::${own.id}`, from: { value: [a.urn] }, deletedWith: a.urn },
        );
      };
    const trial = await renamed(body("old", []), body("new", [{ name: "old", noParent: false }]));
    const [a, b] = [await trial.resource("new"), await trial.resource("b")];
    expect(b).toMatchObject({
      dependencies: [a.urn],
      propertyDependencies: { value: [a.urn] },
      deletedWith: a.urn,
    });
    expect(b.provider).toContain("::new-provider::");
  });

  it("is written at once for what was not registered yet when the run fails", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const part = await p.component("old");
      await p.made("child", {}, { parent: part.urn });
    });
    const result = await trial.up(async (p) => {
      await p.component("new", {}, { aliasSpecs: [{ name: "old", noParent: false }] });
      throw new Error("then the program failed");
    });
    expect(result.outcome).toBe("failed");
    const [part, child] = [await trial.resource("new"), await trial.resource("child")];
    expect(child.parent).toBe(part.urn);
  });

  it("that names a resource of the same program, or one that another resource has taken, is refused", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.made("old");
    });
    const alias: readonly AliasSpec[] = [{ name: "old", noParent: false }];
    const both = await trial.up(async (p) => {
      await p.made("one", {}, { aliasSpecs: alias });
      await p.made("two", {}, { aliasSpecs: alias });
    });
    expect(messages(both).join()).toMatch(
      /Duplicate resource alias .*::old' applied to resource with URN .*::two'/,
    );
    const again = Trial.forTest();
    await settled(again, async (p) => {
      await p.made("old");
    });
    const reused = await again.up(async (p) => {
      await p.made("new", {}, { aliasSpecs: alias });
      await p.made("old");
    });
    expect(messages(reused).join()).toMatch(/Duplicate resource URN .*::old' conflicting with alias/);
  });

  it("does not keep a resource under its old name from being changed", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.made("old", { value: "1" });
    });
    const result = await settled(trial, async (p) => {
      await p.made("new", { value: "2" }, { aliasSpecs: [{ name: "old", noParent: false }] });
    });
    expect(told(result)).toEqual(["update new"]);
  });
});
