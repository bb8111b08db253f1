/**
 * The seed of a property test: `TEST_SEED` repeats a run, any other run prints what it used.
 *
 * @param usual the seed where none is given, for a test that takes the same way every time so that nobody's change
 *   fails by chance; a command of its own goes new ways. @default another one in each run
 */
export function seed(usual: number = Date.now() % 2 ** 31): number {
  const given = Number(process.env.TEST_SEED);
  const chosen = Number.isInteger(given) && process.env.TEST_SEED ? given : usual;
  console.log(`seed ${chosen} (repeat with TEST_SEED=${chosen})`);
  return chosen;
}
