/** `kb sandbox serve` as Pulumi's CLI meets it: variables for a shell, and providers that lead to the sandbox. */
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Provider } from "../../engine/provider/provider";
import { attachProvider } from "../../engine/provider/remote";
import { SandboxStack } from "../engine/programs/sandbox-stack";
import { checkRequest, createRequest } from "../engine/provider/requests";
import { startKb } from "../support/kb";
import { makeProject } from "../support/project";
import { TrialSandbox } from "./trial-sandbox";

const trial = new TrialSandbox();
const ROLE = "postgresql:index/role:Role";
const PROVIDER = "pulumi:providers:postgresql";

beforeAll(async () => {
  await trial.start();
});
afterAll(() => trial.remove());

/** Serves until the work is done; what was printed by then, and how it ended. */
async function serving<Result>(
  env: NodeJS.ProcessEnv,
  work: (variables: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<{ code: number | null; printed: string; result: Result }> {
  const { child, result } = startKb(["sandbox", "serve", "--folder", trial.folder], { env });
  const lines = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (part: string) => {
      text += part;
      if (text.endsWith("\n")) resolve(text);
    });
    void result.then(({ stderr }) => reject(new Error(stderr)));
  });
  const variables = Object.fromEntries(
    [...lines.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
  try {
    const done = await work(variables);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await result;
    return { code, printed: stdout + stderr, result: done };
  } finally {
    child.kill("SIGKILL");
  }
}

function attached(variables: Readonly<Record<string, string>>, name: string): Promise<Provider> {
  const port = new RegExp(`(?:^|,)${name}:(\\d+)`).exec(variables.PULUMI_DEBUG_PROVIDERS ?? "")?.[1];
  return attachProvider(name, `127.0.0.1:${port}`);
}

it("leads to the sandbox without any configuration, prints no password, and ends when interrupted", async () => {
  const { password } = trial.description.servers.postgresql;
  const { code, printed } = await serving({}, async (variables) => {
    expect(fileURLToPath(variables.PULUMI_BACKEND_URL ?? "")).toBe(join(trial.folder, "state"));
    expect(existsSync(join(trial.folder, "state"))).toBe(true);
    expect(readFileSync(variables.PULUMI_CONFIG_PASSPHRASE_FILE ?? "", "utf8")).not.toBe("");
    const provider = await attached(variables, "postgresql");
    const config = checkRequest("pulumi:providers:postgresql", "default_3_18_1", { version: "3.18.1" });
    const { inputs = {} } = (await provider.checkConfig?.(config)) ?? {};
    expect(inputs).toMatchObject({ host: "127.0.0.1", username: "postgres" });
    expect(JSON.stringify(inputs)).not.toContain(password);
    await provider.configure({ inputs });
    await provider.create(createRequest(ROLE, "r", { name: "served_role" }));
    await provider.close();
    const random = await attached(variables, "random");
    expect(random.version).not.toBe("");
    await random.close();
  });
  expect(await trial.query("select rolname from pg_roles where rolname = 'served_role'")).toHaveLength(1);
  expect(code).toBe(0);
  expect(printed).not.toContain(password);
});

it("answers what the state holds of a default provider, which is then unchanged, and no state holds the password", async () => {
  const root = makeProject({
    "Pulumi.yaml": "name: trial\nruntime: nodejs\n",
    "index.ts": `import * as postgresql from "@pulumi/postgresql";
      new postgresql.Role("held", { name: "held" });`,
  });
  const stack = new SandboxStack(trial, root);
  await stack.settle();
  const { resources } = await stack.state();
  const { urn = "", inputs = {}, outputs } = resources.find(({ type }) => type === PROVIDER) ?? {};
  const { version = null } = inputs;
  await serving({}, async (variables) => {
    const provider = await attached(variables, "postgresql");
    const name = urn.slice(urn.lastIndexOf("::") + 2);
    const answer = await provider.checkConfig?.({ ...checkRequest(PROVIDER, name, { version }), urn });
    expect(answer?.inputs).toEqual(outputs);
    expect(outputs).not.toHaveProperty("password");
    await provider.close();
  });
});

it("closes the folder of the states to others, before there is any and where it is open", async () => {
  const state = join(trial.folder, "state");
  rmSync(state, { recursive: true, force: true });
  const modes: number[] = [];
  for (let time = 0; time < 2; time += 1) {
    await serving({}, async () => modes.push(statSync(state).mode & 0o777));
    chmodSync(state, 0o755);
  }
  expect(modes).toEqual([0o700, 0o700]);
});

it("refuses what a program's own provider leads to, where that is not the sandbox", async () => {
  const { postgresql } = trial.description.servers;
  await serving({}, async (variables) => {
    await trial.query("alter system set keybuzz.sandbox = 'another'");
    await trial.query("select pg_reload_conf()");
    await expect.poll(() => trial.query("show keybuzz.sandbox")).toEqual([{ "keybuzz.sandbox": "another" }]);
    const provider = await attached(variables, "postgresql");
    const { host, port, user, password } = postgresql;
    await provider.configure({
      inputs: { host, port: String(port), username: user, password, sslmode: "disable" },
    });
    const creating = provider.create(createRequest(ROLE, "r", { name: "refused_role" }));
    await expect(creating).rejects.toThrow("is not this sandbox: its mark is another");
    await provider.close();
  });
  await trial.query("alter system reset keybuzz.sandbox");
  await trial.query("select pg_reload_conf()");
  expect(await trial.query("select rolname from pg_roles where rolname = 'refused_role'")).toEqual([]);
});

it("does not print a passphrase that the shell has already", async () => {
  const { printed } = await serving({ PULUMI_CONFIG_PASSPHRASE: "canary-phrase" }, async (variables) => {
    expect(Object.keys(variables).sort()).toEqual(["PULUMI_BACKEND_URL", "PULUMI_DEBUG_PROVIDERS"]);
  });
  expect(printed).not.toContain("canary-phrase");
});

it("names a passphrase file of the user's as it is", async () => {
  const file = join(trial.folder, "it's mine");
  writeFileSync(file, "phrase\n");
  const { printed } = await serving({ PULUMI_CONFIG_PASSPHRASE_FILE: file }, async () => {});
  expect(printed).toContain(`export PULUMI_CONFIG_PASSPHRASE_FILE='${file.replace("'", "'\\''")}'\n`);
});
