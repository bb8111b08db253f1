/** Random texts from the system's cryptographic generator, every character of a set equally likely. */
import { randomInt } from "node:crypto";

/** One of the characters; randomInt has no modulo bias. */
export function randomCharacters(characters: string, count: number): string[] {
  const choices = [...characters];
  return Array.from({ length: count }, () => choices[randomInt(choices.length)] ?? "");
}

/** The items in an order of which every one is equally likely (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[]): Item[] {
  const result: Item[] = [];
  for (const item of items) {
    const place = randomInt(result.length + 1);
    const displaced = result[place];
    if (displaced !== undefined) result.push(displaced);
    result[place] = item;
  }
  return result;
}
