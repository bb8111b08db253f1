/** Each provider can be a process of its own: the official CLI attaches to it, and the engine gets the same answers. */
import { join } from "node:path";
import { afterAll, expect, it, onTestFinished } from "vitest";
import type { Provider } from "../../engine/provider/provider";
import { startProvider } from "../../engine/provider/remote";
import { isSecret } from "../../engine/provider/values";
import { checkRequest, createRequest, deleteRequest, readRequest } from "../engine/provider/requests";
import { TrialSandbox } from "../sandbox/trial-sandbox";
import { repository } from "../support/project";

const sandbox = new TrialSandbox();
afterAll(() => sandbox.remove());

async function started(name: string): Promise<Provider> {
  const tsx = join(repository, "node_modules", "tsx", "dist", "cli.mjs");
  const provider = await startProvider(name, {
    command: process.execPath,
    arguments: [tsx, join(repository, "providers", name, "plugin.ts")],
    environment: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
  });
  onTestFinished(() => provider.close());
  return provider;
}

it("makes passwords in a process of its own, and marks them as secret on the way", async () => {
  const random = await started("random");
  await random.configure({ inputs: {} });
  expect(random).toMatchObject({ name: "random", version: "4.21.2", features: { acceptsSecrets: true } });
  expect(random.target).toBeUndefined();
  const type = "random:index/randomPassword:RandomPassword";
  const { inputs, failures } = await random.check(checkRequest(type, "a", { length: 24 }));
  expect(failures).toEqual([]);
  const { outputs } = await random.create(createRequest(type, "a", inputs));
  expect(isSecret(outputs.result ?? null)).toBe(true);
});

it("makes, reads and deletes a role on the sandbox, and says by its marker which server that is", async () => {
  const { marker, servers } = await sandbox.start();
  const { host, port, user, password } = servers.postgresql;
  const postgresql = await started("postgresql");
  const config = {
    host,
    port: String(port),
    username: user,
    password,
    sslmode: "disable",
    superuser: "true",
  };
  await postgresql.configure({ inputs: config });
  expect(await postgresql.target?.()).toMatchObject({ marker });
  const type = "postgresql:index/role:Role";
  const { inputs } = await postgresql.check(checkRequest(type, "a", { name: "somebody", login: true }));
  const { id } = await postgresql.create(createRequest(type, "a", inputs));
  expect(await sandbox.query("select rolcanlogin from pg_roles where rolname = 'somebody'")).toEqual([
    { rolcanlogin: true },
  ]);
  await expect(postgresql.create(createRequest(type, "b", inputs))).rejects.toThrow("import");
  await postgresql.delete(deleteRequest(type, "a", id, { inputs }));
  expect(await postgresql.read(readRequest(type, "a", id, { inputs, outputs: inputs }))).toBeUndefined();
});
