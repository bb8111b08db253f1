/**
 * A password that goes through everything (configuration, provider configuration, inputs, outputs, errors that quote
 * it) stands in clear in no file of the backend, no event, no message, no error and no process argument. What is
 * marked as secret in an event is hidden by whoever shows it. The world is the real one: there it must stand.
 *
 * The environment of the official runner's process holds the configuration in clear, because that runner takes it from
 * there alone; no other process gets it.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import type { DeployOptions } from "../../../engine/deploy/options";
import { cipherFor } from "../../../engine/project/passphrase";
import { isSecret, mapValue, type PropertyMap, secret } from "../../../engine/property/values";
import { InitFailedError, ProviderError } from "../../../engine/provider/errors";
import type { Provider } from "../../../engine/provider/provider";
import { startProvider } from "../../../engine/provider/remote";
import { type Body, PASSPHRASE, SALT, Trial } from "../deploy/trial";
import { testingPlugin } from "../provider/testing-plugin";
import { writeFaults } from "../support/faults";
import { TestingProvider } from "../support/testing-provider";

const CANARY = "canary-Zw9!pq";
const CONFIGURED = "canary-of-the-configuration";

let config = "";

beforeAll(async () => {
  const cipher = await cipherFor(SALT, PASSPHRASE);
  config = ["trial:password", "testing:password"]
    .map((key) => `  ${key}:\n    secure: ${cipher?.encrypt(CONFIGURED)}\n`)
    .join("");
});

const program: Body = async (p) => {
  const first = await p.named("first", { value: secret(CANARY) });
  await p.made("second", { value: first.outputs.token ?? null }, { additionalSecretOutputs: ["computed"] });
  await p.made("open", { value: "1" }, { additionalSecretOutputs: ["value"] });
  const own = await p.provider("own", { password: secret(CANARY) });
  await p.named("third", { value: secret({ deep: [CANARY] }) }, { provider: `${own.urn}::${own.id}` });
  p.monitor.log({ severity: "warning", message: `the program says ${CONFIGURED}` });
  await p.outputs({ password: secret(CANARY) });
};

/** Every request of the kind fails, and quotes all that it was given. */
function blabbing(world: Trial["world"], at: keyof Provider, how: "error" | "partly" | "mistake"): Provider {
  const provider = new TestingProvider({ world });
  const quote = (given: unknown): string =>
    `refused: ${JSON.stringify(given)}, as I was told ${JSON.stringify(provider.configurations)}`;
  const fail = async (given: PropertyMap): Promise<never> => {
    if (how === "mistake") throw new TypeError(quote(given));
    if (how === "error") throw new ProviderError(quote(given));
    const outputs = { value: secret(CANARY) };
    throw new InitFailedError(quote(given), { id: "first", outputs, reasons: [quote(given)] });
  };
  const check = async (given: unknown): Promise<unknown> => ({
    inputs: {},
    failures: [{ property: "value", reason: quote(given) }],
  });
  return Object.assign(provider, { [at]: how === "partly" && at === "check" ? check : fail });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** The value as it is shown: what is marked as secret is hidden. */
function shown(value: unknown): string {
  return JSON.stringify(mapValue(value as PropertyMap, (part) => (isSecret(part) ? "[secret]" : part)));
}

class Ear {
  readonly heard: string[] = [];
  readonly options: Partial<DeployOptions> = {
    events: {
      started: (step) => void this.heard.push(shown(step)),
      finished: (step) => void this.heard.push(shown(step)),
      diagnostic: (diagnostic) => void this.heard.push(shown(diagnostic)),
    },
  };

  async hear(asked: Promise<unknown>): Promise<void> {
    try {
      this.heard.push(shown(await asked));
    } catch (error) {
      this.heard.push(String(error), JSON.stringify(error));
    }
  }
}

function expectHidden(trial: Trial, ear: Ear): void {
  const files = filesBelow(trial.backend);
  expect(files.length).toBeGreaterThan(0);
  const texts = [...files.map((path) => readFileSync(path, "latin1")), ...ear.heard];
  for (const text of texts) {
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(CONFIGURED);
  }
}

it("is nowhere in clear after a life without failures", async () => {
  const trial = Trial.forTest({ config });
  const ear = new Ear();
  await ear.hear(trial.preview(program, ear.options));
  for (const run of [
    () => trial.up(program, ear.options),
    () => trial.refresh(ear.options),
    () => trial.up(program, ear.options),
  ]) {
    await ear.hear(run());
    expectHidden(trial, ear);
  }
  expect(JSON.stringify(trial.world.journal)).toContain(CANARY);
  expect(ear.heard.join()).toContain("the program says [secret]");
  await ear.hear(trial.destroy(ear.options));
  expectHidden(trial, ear);
});

it("is nowhere in clear when a provider quotes it in what it refuses", async () => {
  const requests = ["configure", "check", "create", "read", "diff", "update", "delete"] as const;
  let quoted = 0;
  for (const at of requests) {
    for (const how of ["error", "partly", "mistake"] as const) {
      const trial = Trial.forTest({ config });
      const ear = new Ear();
      await trial.up(program);
      const testing = () => blabbing(trial.world, at, how);
      const failing = { ...ear.options, factories: { testing } };
      const changed: Body = async (p) => {
        await p.named("first", { value: secret(`${CANARY}2`) });
        await p.named("fourth", { value: secret(CANARY) });
      };
      await ear.hear(trial.up(changed, failing));
      await ear.hear(trial.refresh(failing));
      await ear.hear(trial.destroy(failing));
      expectHidden(trial, ear);
      quoted += ear.heard.filter((text) => text.includes("refused: ")).length;
    }
  }
  expect(quoted).toBeGreaterThan(requests.length);
});

it("is in no argument and no environment of a provider's process, which may crash", async () => {
  const trial = Trial.forTest({ config });
  const ear = new Ear();
  const seen: string[] = [];
  const testing = async (): Promise<Provider> => {
    const provider = await startProvider("testing", testingPlugin(trial.world.folder));
    for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const command = readFileSync(`/proc/${id}/cmdline`, "latin1");
        if (!command.includes(trial.world.folder)) continue;
        seen.push(command, readFileSync(`/proc/${id}/environ`, "latin1"));
      } catch {
        // It has ended meanwhile.
      }
    }
    return provider;
  };
  onTestFinished(() => writeFaults(trial.world.folder, []));
  writeFaults(trial.world.folder, [{ name: "third", operation: "create", kind: "crash-after", times: 1 }]);
  const options = { ...ear.options, factories: { testing } };
  await ear.hear(trial.up(program, options));
  expect(ear.heard.join()).toContain("it was ended by SIGKILL");
  await ear.hear(trial.up(program, options));
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.join()).not.toContain("canary");
  expectHidden(trial, ear);
  expect((await trial.up(program, options)).changes).toEqual({ same: 6 });
  expect(trial.world.count("third")).toEqual({ created: 1, updated: 0, deleted: 0 });
});
