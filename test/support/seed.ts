/** Where nothing else is asked for: a change fails for what it changes, not by chance. */
const USUAL = 20_261_127;

/**
 * The seed of a property test, which is printed: the same in every run, so that nobody's change fails by chance.
 * `TEST_SEED=new` takes another one, `TEST_SEED=<n>` that one. Throws for anything else.
 */
export function seed(): number {
  const { TEST_SEED: asked = "" } = process.env;
  if (!/^(?:\d{1,15}|new|)$/.test(asked)) {
    throw new Error(`TEST_SEED is ${JSON.stringify(asked)}: give a whole number, or new`);
  }
  const chosen = asked === "" ? USUAL : asked === "new" ? Date.now() % 2 ** 31 : Number(asked);
  console.log(`seed ${chosen} (repeat with TEST_SEED=${chosen})`);
  return chosen;
}
