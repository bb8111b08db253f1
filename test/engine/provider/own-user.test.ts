/** A provider on loopback answers processes of its own user, and reads nothing of anybody else's. */
import { createConnection, createServer, type Socket } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { isOfUser } from "../../../engine/provider/own-user";
import { attachProvider } from "../../../engine/provider/remote";
import { serveProvider } from "../../../engine/provider/serve";
import { temporaryFolder } from "../support/temporary";
import { TestingProvider } from "../support/testing-provider";

const own = process.getuid?.() ?? -1;

/** The two ends of a connection, `host` being how the client names the listener. */
async function connected(host = "127.0.0.1"): Promise<{ client: Socket; server: Socket }> {
  const listener = createServer();
  const accepted = new Promise<Socket>((done) => listener.once("connection", done));
  onTestFinished(() => void listener.close());
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const address = listener.address();
  const client = createConnection(typeof address === "object" && address !== null ? address.port : 0, host);
  onTestFinished(() => void client.destroy());
  return { client, server: await accepted };
}

it.each(["127.0.0.1", "::ffff:127.0.0.1"])("knows whose process connected to %s", async (host) => {
  const { server } = await connected(host);
  expect(isOfUser(server)).toBe(true);
  expect(isOfUser(server, own + 1)).toBe(false);
});

it("takes no connection whose other end is gone for its user's: the system tells no owner then", async () => {
  const { client, server } = await connected();
  const ended = new Promise((done) => server.resume().once("end", done));
  client.destroy();
  await ended;
  expect(isOfUser(server)).toBe(false);
});

it("serves its own user, and closes the connections of another before it reads anything", async () => {
  const provider = new TestingProvider({ world: temporaryFolder() });
  const served = await serveProvider(() => provider);
  onTestFinished(() => served.close());
  await (await attachProvider("testing", served.address)).close();
  const getuid = vi.spyOn(process, "getuid").mockReturnValue(own + 1);
  onTestFinished(() => getuid.mockRestore());
  const port = Number(served.address.split(":")[1]);
  const client = createConnection(port, "127.0.0.1");
  let answered = 0;
  client.on("data", () => {
    answered += 1;
  });
  // An HTTP/2 server greets whoever it listens to.
  client.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0");
  await new Promise((done) => client.on("error", () => undefined).once("close", done));
  expect(answered).toBe(0);
});
