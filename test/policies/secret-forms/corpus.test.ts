/** The detector of secrets against labelled values: what it finds, and what it leaves alone. */
import { describe, expect, it } from "vitest";
import { secretsIn } from "../../../policies/secret-forms/search";
import { seed } from "../../support/seed";
import { generator, type Labelled, lookAlikes, secretsOf } from "./corpus";

const isFound = ({ name, value }: Labelled): boolean =>
  secretsIn(value, name === undefined ? {} : { name }).length > 0;

const fixed = secretsOf(generator(20260114));

describe("the detector of secrets", () => {
  it("is tried on at least 150 values, of both kinds", () => {
    expect(fixed.length + lookAlikes.length).toBeGreaterThanOrEqual(150);
    expect(Math.min(fixed.length, lookAlikes.length)).toBeGreaterThanOrEqual(70);
  });

  it.each(fixed.map((each): [string, Labelled] => [each.what, each]))("finds %s", (_, each) => {
    expect(isFound(each)).toBe(true);
  });

  it.each(lookAlikes.map((each): [string, Labelled] => [`${each.what} (${each.name})`, each]))(
    "leaves alone %s",
    (_, each) => {
      expect(secretsIn(each.value, each.name === undefined ? {} : { name: each.name })).toEqual([]);
    },
  );

  it("keeps its precision and its recall on secrets that were never seen", () => {
    const random = generator(seed());
    const rounds = Array.from({ length: 40 }, () => secretsOf(random)).flat();
    const missed = rounds.filter((each) => !isFound(each));
    const falseAlarms = lookAlikes.filter(isFound);
    const found = rounds.length - missed.length;
    const precision = found / (found + falseAlarms.length);
    const recall = found / rounds.length;
    const kinds = [...new Set(missed.map(({ what }) => what))];
    console.log(
      `precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}, missed: ${kinds.join("; ")}`,
    );
    expect(precision).toBeGreaterThanOrEqual(0.999);
    expect(recall, kinds.join("; ")).toBeGreaterThanOrEqual(0.99);
  });

  it("never tells a value, nor a part of it", () => {
    for (const { name, value } of fixed) {
      for (const { form, setting = "" } of secretsIn(value, name === undefined ? {} : { name })) {
        const words = value.split(/[^A-Za-z0-9]+/).filter((word) => word.length >= 8);
        for (const word of words.filter((each) => !value.includes(`${each}=`) && /\d/.test(each))) {
          expect(`${form} ${setting}`).not.toContain(word);
        }
      }
    }
  });
});
