/** What is wrong with a provider's answer is told by package, request and resource, and what was made is kept. */
import { expect, it } from "vitest";
import { checked } from "../../../engine/provider/checked";
import { InitFailedError, ProviderError } from "../../../engine/provider/errors";
import { secret } from "../../../engine/provider/values";
import type { Fault } from "../support/faults";
import { temporaryFolder } from "../support/temporary";
import { NAMED, TestingProvider } from "../support/testing-provider";
import { changeRequest, createRequest, readRequest } from "./requests";

const URN = "urn:pulumi:dev::trial::testing:index:Named::a";
const inputs = { name: "one", value: secret("canary") };

function faulty(...faults: Fault[]) {
  const provider = new TestingProvider({ world: temporaryFolder(), faults });
  return { provider, held: checked(provider, { question: 0.05, operation: 0.05, grace: 0.05 }) };
}

async function failureOf(asked: Promise<unknown>): Promise<Error> {
  const outcome = await asked.then(
    () => "it succeeded",
    (error: unknown) => error,
  );
  if (!(outcome instanceof Error)) throw new Error(String(outcome));
  expect(outcome).toBeInstanceOf(ProviderError);
  expect(outcome.message).not.toContain("canary");
  return outcome;
}

it("keeps what was made when an output is not known, with what is known of it", async () => {
  const { held, provider } = faulty({ name: "a", operation: "create", kind: "unknown" });
  const error = await failureOf(held.create(createRequest(NAMED, "a", inputs)));
  expect(error.message).toBe(
    `testing provider: Create of ${URN} got an answer that cannot be used: outputs.computed is not known outside of a preview`,
  );
  expect(error).toBeInstanceOf(InitFailedError);
  expect((error as InitFailedError).state).toMatchObject({ id: "one", outputs: inputs });
  expect((error as InitFailedError).state.outputs).not.toHaveProperty("computed");
  expect(provider.world.objects).toHaveLength(1);
});

it("says of an answer without an id that nobody knows whether it took effect", async () => {
  const { held } = faulty({ name: "a", operation: "create", kind: "garbage" });
  const error = await failureOf(held.create(createRequest(NAMED, "a", inputs)));
  expect(error).not.toBeInstanceOf(InitFailedError);
  expect(error.message).toContain("id is missing, and should be a text; whether it took effect is not known");
});

it("keeps what was changed when the answer cannot be used", async () => {
  const { held, provider } = faulty({ name: "a", operation: "update", kind: "garbage" });
  provider.world.record({ effect: "created", type: NAMED, id: "one", urn: URN, inputs });
  const changed = { ...inputs, value: 2 };
  const error = await failureOf(held.update(changeRequest(NAMED, "a", "one", [inputs, changed])));
  expect((error as InitFailedError).state).toMatchObject({ id: "one", outputs: changed });
});

it("takes an answer that is none for a mistake, never for a resource that is gone", async () => {
  const { held } = faulty({ name: "a", operation: "read", kind: "garbage" });
  const error = await failureOf(held.read(readRequest(NAMED, "a", "one")));
  expect(error.message).toContain(`Read of ${URN} got an answer that cannot be used: id is missing`);
});

it("says what was thrown by mistake, and by whom", async () => {
  const { held } = faulty({ name: "a", operation: "read", kind: "mistake" });
  const error = await failureOf(held.read(readRequest(NAMED, "a", "one")));
  expect(error.message).toMatch(
    /^testing provider: Read of .*::a failed by a mistake of the provider: testing/,
  );
});

it.each([
  { timeout: 0, reason: "the usual patience", seconds: 0.05 },
  { timeout: 0.2, reason: "the request's timeout and a grace", seconds: 0.25 },
])("waits no longer than $reason", async ({ timeout, seconds }) => {
  const { provider } = faulty();
  const held = checked({ ...answering(provider), create: () => new Promise(() => {}) }, PATIENCE);
  const error = await failureOf(held.create(createRequest(NAMED, "a", inputs, { timeout })));
  expect(error.message).toBe(`testing provider: Create of ${URN} was not answered within ${seconds} s`);
});

const PATIENCE = { question: 0.05, operation: 0.05, grace: 0.05 };

/** The provider's methods as a plain object, so that one can be put in place of another. */
function answering(provider: TestingProvider) {
  return checked(provider);
}
