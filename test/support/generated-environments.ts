/** Environments for tests that need many. They are made in bench/, which may import nothing of test/. */
export { type GeneratedEnvironments, generateEnvironments } from "../../bench/generated-environments";
