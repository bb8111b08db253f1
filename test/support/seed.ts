/** The seed of a property test: `TEST_SEED` repeats a run, any other run prints what it used. */
export function seed(): number {
  const given = Number(process.env.TEST_SEED);
  const chosen = Number.isInteger(given) && process.env.TEST_SEED ? given : Date.now() % 2 ** 31;
  console.log(`seed ${chosen} (repeat with TEST_SEED=${chosen})`);
  return chosen;
}
