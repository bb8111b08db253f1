/** Processes of providers: what is not a provider, dies, hangs or talks nonsense is told by name, and ended. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { Server, ServerCredentials, type ServiceDefinition } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { expect, it, onTestFinished } from "vitest";
import type { Provider } from "../../../engine/provider/provider";
import { attachProvider, startProvider } from "../../../engine/provider/remote";
import { repository } from "../../support/project";
import { processesOf } from "../processes";
import { writeFaults } from "../support/faults";
import { temporaryFolder } from "../support/temporary";
import { NAMED } from "../support/testing-provider";
import { World } from "../support/testing-world";
import { createRequest, readRequest } from "./requests";
import { testingPlugin } from "./testing-plugin";

function script(text: string) {
  return { command: process.execPath, arguments: ["-e", text], environment: {} };
}

async function started(folder: string): Promise<Provider> {
  const provider = await startProvider("testing", testingPlugin(folder));
  onTestFinished(() => provider.close());
  return provider;
}

const one = createRequest(NAMED, "one", { name: "one" });

it("reports a crash before and after the side effect by package, request and signal", async () => {
  for (const kind of ["crash-before", "crash-after"] as const) {
    const folder = temporaryFolder();
    writeFaults(folder, [{ name: "one", operation: "create", kind }]);
    const provider = await started(folder);
    await expect(provider.create(one)).rejects.toThrow(
      `testing provider: Create of ${one.urn} got no answer: it was ended by SIGKILL`,
    );
    await expect(provider.read(readRequest(NAMED, "one", "one"))).rejects.toThrow("it was ended by SIGKILL");
    expect(new World(folder).objects).toHaveLength(kind === "crash-after" ? 1 : 0);
  }
});

it("makes requests under way fail when it is cancelled", async () => {
  const folder = temporaryFolder();
  writeFaults(folder, [{ name: "one", operation: "create", kind: "hang-before" }]);
  const provider = await started(folder);
  const creation = provider.create(one);
  const failed = expect(creation).rejects.toThrow("create of one was cancelled");
  await new Promise((done) => setTimeout(done, 100));
  await provider.cancel();
  await failed;
});

it("leaves no process behind", async () => {
  const folder = temporaryFolder();
  const provider = await startProvider("testing", testingPlugin(folder));
  expect(processesOf(folder)).toHaveLength(1);
  await provider.close();
  expect(processesOf(folder)).toEqual([]);
});

const MARK = "kb-not-a-provider";

it.each([
  [
    "does not exist",
    { command: "/does/not/exist", arguments: [], environment: {} },
    "could not be started: spawn",
  ],
  [
    "ends at once",
    script("console.error('no licence'); process.exit(3)"),
    "exit code 3; its last words: no licence",
  ],
  [
    "prints something else",
    script("console.log('hello'); setInterval(() => {}, 1000)"),
    '"hello", and should be the port',
  ],
  ["says nothing", script("setInterval(() => {}, 1000)"), "did not print its port within 1 s"],
  [
    "does not heed SIGINT",
    script("process.on('SIGINT', () => {}); console.log('0'); setInterval(() => {}, 1000)"),
    '"0", and should be the port',
  ],
])("says why a process is no provider that %s", async (_, command, message) => {
  const marked = { ...command, arguments: [...command.arguments, MARK] };
  await expect(startProvider("aws", marked, { port: 1 })).rejects.toThrow(
    new RegExp(`^aws provider could not be started: .*${message.replaceAll(/[.*]/g, "\\$&")}`, "s"),
  );
  expect(processesOf(MARK)).toEqual([]);
});

/** A server that answers every method of a provider with the same bytes. */
async function answeringWith(bytes: Buffer): Promise<string> {
  const server = new Server();
  const methods = Object.entries(ResourceProviderService as unknown as ServiceDefinition);
  const definition = methods.map(([name, method]) => [name, { ...method, responseSerialize: () => bytes }]);
  const handlers = methods
    .filter(([name]) => name !== "handshake" && name !== "getPluginInfo")
    .map(([name]) => [name, (_: unknown, answer: (e: null, v: object) => void) => answer(null, {})]);
  server.addService(Object.fromEntries(definition), Object.fromEntries(handlers));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (e, p) =>
      e ? reject(e) : resolve(p),
    ),
  );
  onTestFinished(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

it.each([
  ["no message", Buffer.from("garbage, not protobuf"), /Create of .*::one got an answer that cannot be used/],
  ["an empty message", Buffer.alloc(0), /Create of .*::one got an answer that cannot be used: id is empty/],
])("takes %s for no answer", async (_, bytes, message) => {
  const provider = await attachProvider("testing", await answeringWith(bytes));
  onTestFinished(() => provider.close());
  await expect(provider.create(one)).rejects.toThrow(message);
});

it("does not apply with a provider that does not say to which server it talks", async () => {
  const provider = await attachProvider("aws", await answeringWith(Buffer.alloc(0)));
  onTestFinished(() => provider.close());
  await expect(provider.target?.()).rejects.toThrow("aws provider does not say to which server it talks");
});

it("says that nothing answers at an address", async () => {
  const server = new Server();
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (e, p) =>
      e ? reject(e) : resolve(p),
    ),
  );
  server.forceShutdown();
  await expect(attachProvider("aws", `127.0.0.1:${port}`)).rejects.toThrow(
    `aws provider could not be reached: nothing answers at 127.0.0.1:${port} within 10 s`,
  );
});

it("ends with the process that started it, even one that is killed", async () => {
  const folder = temporaryFolder();
  const command = JSON.stringify(testingPlugin(folder));
  const engine = spawn(
    process.execPath,
    [
      "-r",
      join(repository, "node_modules", "tsx", "dist", "cjs", "index.cjs"),
      "-e",
      `require("./engine/provider/remote.ts").startProvider("testing", ${command}).then(() => console.log("started"));`,
    ],
    { cwd: repository, stdio: ["ignore", "pipe", "inherit"] },
  );
  await new Promise((done) => engine.stdout.once("data", done));
  const plugins = (): string[] => processesOf(folder).filter((line) => line.includes("testing-plugin.ts "));
  expect(plugins().length).toBeGreaterThan(0);
  engine.kill("SIGKILL");
  for (let tries = 0; plugins().length > 0 && tries < 100; tries += 1) {
    await new Promise((done) => setTimeout(done, 50));
  }
  expect(plugins()).toEqual([]);
});
