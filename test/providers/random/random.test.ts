/** Random passwords and ids: what they consist of, that they stay, and when they are made anew. */
import { compare } from "bcryptjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSecret, UNKNOWN } from "../../../engine/provider/values";
import { createRandomProvider } from "../../../providers/random";
import { Life, present, revealed } from "../../support/providers";
import { seed } from "../../support/seed";

const password = new Life(createRandomProvider(), "random:index/randomPassword:RandomPassword");
const id = new Life(createRandomProvider(), "random:index/randomId:RandomId");

describe("a random password", () => {
  it("has its length, its kinds of characters and at least as many of each as demanded", async () => {
    const counts = fc.record({
      minLower: fc.nat(4),
      minUpper: fc.nat(4),
      minNumeric: fc.nat(4),
      minSpecial: fc.nat(4),
    });
    const settings = fc.record({ counts, more: fc.nat(8), special: fc.boolean(), upper: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(settings, async ({ counts, more, special, upper }) => {
        const demanded = counts.minLower + counts.minUpper + counts.minNumeric + counts.minSpecial;
        const length = Math.max(1, demanded + more);
        const { outputs } = await password.create({ length, special, upper, ...counts });
        const text = String(revealed(outputs.result));
        expect(text).toHaveLength(length);
        expect(text.match(/[a-z]/g)?.length ?? 0).toBeGreaterThanOrEqual(counts.minLower);
        expect(text.match(/[0-9]/g)?.length ?? 0).toBeGreaterThanOrEqual(counts.minNumeric);
        const uppers = text.match(/[A-Z]/g)?.length ?? 0;
        expect(upper ? uppers >= counts.minUpper : uppers === counts.minUpper).toBe(true);
        const specials = text.match(/[!@#$%&*()\-_=+[\]{}<>:?]/g)?.length ?? 0;
        expect(special ? specials >= counts.minSpecial : specials === counts.minSpecial).toBe(true);
      }),
      { seed: seed(), numRuns: 20 },
    );
  });

  it("takes every character of its set equally often", async () => {
    const { outputs } = await password.create({
      length: 20_000,
      overrideSpecial: "-",
      lower: false,
      upper: false,
    });
    const counts = new Map<string, number>();
    for (const character of String(revealed(outputs.result))) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    expect([...counts.keys()].sort().join("")).toBe("-0123456789");
    // 1,818 on average, standard deviation 41: 6 deviations.
    for (const count of counts.values()) expect(Math.abs(count - 20_000 / 11)).toBeLessThan(250);
  });

  it("comes with its bcrypt hash, both secret, and is never made twice", async () => {
    const [one, two] = [await password.create({ length: 80 }), await password.create({ length: 80 })];
    const { result = "", bcryptHash = "" } = one.outputs;
    expect([one.id, isSecret(result), isSecret(bcryptHash)]).toEqual(["none", true, true]);
    expect(await compare(String(revealed(result)), String(revealed(bcryptHash)))).toBe(true);
    expect(String(revealed(bcryptHash))).toMatch(/^\$2[ab]\$10\$/);
    expect(revealed(two.outputs.result)).not.toBe(revealed(result));
  });

  it("stays the same while its inputs do, and is replaced, never first deleted, when one changes", async () => {
    const given = { length: 12, keepers: { generation: "1" } };
    const made = await password.create(given);
    expect(await password.diff(made, given)).toMatchObject({ changes: "none", replaces: [] });
    const rotated = await password.diff(made, { ...given, keepers: { generation: "2" } });
    expect(rotated).toMatchObject({ replaces: ["keepers"], deleteBeforeReplace: false });
    expect(rotated.detailedDiff).toEqual({
      "keepers.generation": { kind: "update-replace", inputDiff: false },
    });
    expect((await password.diff(made, { ...given, special: false })).replaces).toEqual(["special"]);
    const ignored = await password.diff(made, { length: 12, keepers: { generation: "2" } }, [
      "keepers.generation",
    ]);
    expect(ignored.changes).toBe("none");
  });

  it.each([[{ number: false }], [{ numeric: false }], [{ number: false, numeric: false }]])(
    "without digits stays the same, whichever of their two names says so: %j",
    async (names) => {
      const given = { length: 40, ...names };
      const made = await password.create(given);
      expect(revealed(made.outputs.result)).not.toMatch(/\d/);
      expect(made.outputs).toMatchObject({ number: false, numeric: false });
      expect((await password.diff(made, given)).changes).toBe("none");
      expect(await password.refresh(made)).toEqual(made);
      expect((await password.diff(made, { length: 40, numeric: false })).changes).toBe("none");
      expect((await password.diff(made, { length: 40 })).replaces).toEqual(["numeric"]);
    },
  );

  it("is found unchanged by a refresh, and imported by its text", async () => {
    const made = await password.create({ length: 9 });
    expect(await password.refresh(made)).toEqual(made);
    const imported = present(await password.import("caf\u00e9-9"));
    expect(imported).toMatchObject({ id: "none", inputs: { length: 6, __defaults: [] } });
    expect(revealed(imported.outputs.result)).toBe("caf\u00e9-9");
    expect((await password.diff(imported, { length: 6 })).changes).toBe("none");
  });

  it("is unknown, and secret, in a preview", async () => {
    const { result = "", ...rest } = await password.previewCreate({ length: 9 });
    expect([isSecret(result), revealed(result)]).toEqual([true, UNKNOWN]);
    expect(rest).toMatchObject({ length: 9, lower: true, minLower: 0 });
  });

  it("leaves nothing behind when its create is interrupted", async () => {
    expect(await password.trace({ length: 9 })).toBe("nothing");
  });

  it.each([
    ["no length", {}, ["length"]],
    ["two wrong values at once", { length: 0, minLower: -1 }, ["length", "minLower"]],
    ["more demanded than there is room for", { length: 3, minLower: 2, minUpper: 2 }, ["length"]],
    [
      "no kind of character",
      { length: 3, lower: false, upper: false, numeric: false, special: false },
      ["lower"],
    ],
    ["two names for digits that contradict", { length: 9, number: false, numeric: true }, ["number"]],
    ["a wrong type", { length: "12" }, ["length"]],
    ["an output and a misspelling", { length: 3, result: "x", lenght: 4 }, ["result", "lenght"]],
  ])("is refused with %s", async (_reason, given, properties) => {
    expect((await password.failures(given)).map(({ property }) => property)).toEqual(properties);
  });
});

describe("a random id", () => {
  it("spells the same bytes in four ways, each with the prefix, and is imported by its id", async () => {
    const given = { byteLength: 8, prefix: "kb,-" };
    const made = await id.create(given);
    const bytes = Buffer.from(made.id, "base64url");
    expect(bytes).toHaveLength(8);
    expect(made.outputs).toEqual({
      ...given,
      b64Url: `kb,-${made.id}`,
      b64Std: `kb,-${bytes.toString("base64")}`,
      hex: `kb,-${bytes.toString("hex")}`,
      dec: `kb,-${bytes.readBigUInt64BE()}`,
    });
    expect((await id.diff(made, given)).changes).toBe("none");
    expect((await id.diff(made, { byteLength: 9 })).replaces).toEqual(["byteLength", "prefix"]);
    expect(await id.import(`kb,-,${made.id}`)).toEqual(made);
    await expect(id.import("not base64!")).rejects.toThrow("must be [prefix,]id");
  });
});
