/** What is secret stays so: in outputs, through functions, with providers that know no secrets, and on disk. */
import { describe, expect, it } from "vitest";
import { isSecret, type PropertyMap, secret } from "../../../engine/property/values";
import { InitFailedError } from "../../../engine/provider/errors";
import { TestingProvider } from "../support/testing-provider";
import { settled, told } from "./expecting";
import { type Body, SALT, Trial } from "./trial";

const SECRET = "hunter22";

describe("a secret", () => {
  it.each([[true], [false]])(
    "input makes what repeats it or follows from it secret, with a provider that marks secrets: %s",
    async (acceptsSecrets) => {
      const trial = Trial.forTest({ features: { acceptsSecrets } });
      await settled(trial, async (p) => {
        await p.made("a", {
          value: secret(SECRET),
          nested: { deep: secret(SECRET), open: "1" },
          list: [secret(SECRET)],
        });
      });
      const { inputs, outputs } = await trial.resource("a");
      expect(inputs).toEqual({
        value: secret(SECRET),
        nested: { deep: secret(SECRET), open: "1" },
        // Elements cannot be told apart once a provider has answered without marks.
        list: acceptsSecrets ? [secret(SECRET)] : secret([SECRET]),
      });
      expect([outputs.value, outputs.nested]).toEqual([secret(SECRET), inputs.nested]);
      // What a provider without marks makes of a secret, only it could tell.
      if (acceptsSecrets) expect(trial.file()).not.toContain(SECRET);
    },
  );

  it("never reaches a provider that knows no secrets in its marked form", async () => {
    const trial = Trial.forTest({ features: { acceptsSecrets: false } });
    await settled(trial, async (p) => {
      await p.named("a", { value: secret(SECRET) });
    });
    expect(trial.world.objects[0]?.inputs.value).toBe(SECRET);
  });

  it("output is what the program names in additionalSecretOutputs, and the id never is", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const { outputs, id } = await p.named(
        "a",
        { value: "open" },
        { additionalSecretOutputs: ["computed", "id", "none"] },
      );
      expect([isSecret(outputs.computed ?? null), id]).toEqual([true, "a"]);
    });
    const state = await trial.resource("a");
    expect([isSecret(state.outputs.computed ?? null), state.outputs.value, state.id]).toEqual([
      true,
      "open",
      "a",
    ]);
    expect(state.additionalSecretOutputs).toEqual(["computed", "id", "none"]);
  });

  it.each([[true], [false]])(
    "given to a function comes back secret, with a provider that marks secrets: %s",
    async (acceptsSecrets) => {
      const trial = Trial.forTest({ features: { acceptsSecrets } });
      const answers: PropertyMap[] = [];
      await trial.up(async (p) => {
        const { result } = await p.monitor.invoke({
          token: "testing:index:echo",
          arguments: { value: secret(SECRET), open: "1" },
          provider: "",
          packageRef: "",
          version: "1.2.3",
          pluginDownloadUrl: "",
        });
        answers.push(result);
      });
      expect(answers).toEqual([{ value: secret(SECRET), open: "1" }]);
    },
  );

  it("that the inputs have now and had not before is written, although nothing else differs", async () => {
    const trial = Trial.forTest();
    const body =
      (value: PropertyMap[string]): Body =>
      async (p) => {
        await p.made("a", { value });
        await p.component("part", { value });
      };
    await settled(trial, body(SECRET));
    expect(trial.file()).toContain(SECRET);
    expect(told(await settled(trial, body(secret(SECRET))))).toEqual(["same a", "update part"]);
    const { inputs, outputs } = await trial.resource("a");
    expect([inputs.value, outputs.value]).toEqual([secret(SECRET), secret(SECRET)]);
    expect((await trial.resource("part")).inputs.value).toEqual(secret(SECRET));
  });

  it("among stack outputs is encrypted on disk, and told as a secret", async () => {
    const trial = Trial.forTest();
    const result = await settled(trial, async (p) => {
      await p.outputs({ password: secret(SECRET) });
    });
    expect(result.outputs).toEqual({ password: secret(SECRET) });
    expect(trial.file()).not.toContain(SECRET);
    expect(trial.file()).toContain(SALT);
  });

  it("stays one in the inputs that a provider without marks gives back with a partial failure", async () => {
    const trial = Trial.forTest({ features: { acceptsSecrets: false } });
    const provider = new TestingProvider({ world: trial.world, features: { acceptsSecrets: false } });
    provider.create = async ({ inputs }) => {
      throw new InitFailedError("it is not ready", {
        id: "1",
        outputs: {},
        inputs,
        reasons: ["it is not ready"],
      });
    };
    const result = await trial.up(
      async (p) => {
        await p.made("a", { value: secret(SECRET) });
      },
      { factories: { testing: () => provider } },
    );
    expect(result.outcome).toBe("failed");
    expect((await trial.resource("a")).inputs).toEqual({ value: secret(SECRET) });
    expect(trial.allFiles().filter(({ text }) => text.includes(SECRET))).toEqual([]);
  });

  it("leaves no trace in any file of the state, nor in what a failed step tells", async () => {
    const trial = Trial.forTest();
    trial.faults = [{ name: "a", operation: "update", kind: "error-before", times: 1 }];
    const told = [
      await trial.up(async (p) => {
        await p.made("a", { value: secret(SECRET) });
      }),
      await trial.up(async (p) => {
        await p.made("a", { value: secret(`${SECRET}!`) });
      }),
    ];
    expect(JSON.stringify(told.map(({ diagnostics }) => diagnostics))).not.toContain(SECRET);
    expect(trial.allFiles().filter(({ text }) => text.includes(SECRET))).toEqual([]);
  });
});
