/** Proves that a generated secret is secret, URL-safe, and changes with its generation alone. */
import { expect, test } from "vitest";
import { GeneratedSecret, type GeneratedSecretArgs } from "../../components/generated-secret";
import { readOutput, recordProgram, resourceOf } from "../support/mocks";

const make = async (args?: GeneratedSecretArgs) => {
  const { resources, result } = await recordProgram(async () =>
    readOutput(new GeneratedSecret("session", args).value),
  );
  const password = resourceOf(resources, "random:index/randomPassword:RandomPassword", "session-value");
  const component = resourceOf(resources, "keybuzz:secrets:GeneratedSecret", "session");
  return { result, password, component };
};

test("it is a secret of forty-eight letters and digits, of generation 1", async () => {
  const { result, password, component } = await make();
  expect(password.inputs).toEqual({ length: 48, special: false, keepers: { generation: "1" } });
  expect(password.parent).toBe("session");
  expect(component.inputs).toEqual({ generation: 1, length: 48 });
  expect(component.outputs).toEqual({});
  expect(result).toEqual({ value: expect.stringMatching(/^[A-Za-z0-9]{48}$/), secret: true });
});

test("another generation makes another value, the same one the same", async () => {
  const [first, again, second] = [await make(), await make({ generation: 1 }), await make({ generation: 2 })];
  expect(again.result).toEqual(first.result);
  expect(second.result.value).not.toBe(first.result.value);
  expect((await make({ length: 64 })).result.value).toHaveLength(64);
});

test("a short value and a generation before the first are refused together", async () => {
  await expect(make({ generation: 0, length: 8 })).rejects.toThrow("Generated secret session has 2 problems");
});
