/**
 * An answer that never comes: what may have been made is uncertain, so that the engine keeps its intent and the next
 * run finds its own object instead of refusing one that nobody knows.
 */
import { createServer, connect as dial, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { UncertainError } from "../../../engine/provider/errors";
import type { Provider } from "../../../engine/provider/provider";
import { useServer } from "../../support/postgres";
import { Life } from "../../support/providers";

const context = useServer();

interface SilentWay {
  readonly port: number;
  /** Resolves when the statement went to the server. */
  readonly silent: Promise<void>;
  /** Ends every connection. */
  cut(): void;
}

/** A way to the server on which no answer comes back any more once a statement was passed on. */
async function silentAfter(statement: string): Promise<SilentWay> {
  const sockets = new Set<Socket>();
  let silence = (): void => {};
  const silent = new Promise<void>((resolve) => {
    silence = resolve;
  });
  const way = createServer((client) => {
    let isSilent = false;
    const upstream = dial(context.server.port, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
    }
    upstream.on("data", (data) => {
      if (!isSilent) client.write(data);
    });
    client.on("data", (data) => {
      isSilent ||= data.includes(statement);
      upstream.write(data);
      if (isSilent) silence();
    });
    client.on("close", () => upstream.end());
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => way.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    way.close();
  });
  const address = way.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return { port: address.port, silent, cut };
}

async function isThere(name: string): Promise<boolean> {
  const found = await context.server.sql(
    `SELECT FROM pg_database WHERE datname = '${name}' UNION ALL SELECT FROM pg_roles WHERE rolname = '${name}'`,
  );
  return found.length > 0;
}

const DATABASE = { type: "postgresql:index/database:Database", statement: "CREATE DATABASE" };
const ROLE = { type: "postgresql:index/role:Role", statement: "COMMIT" };

describe.each([
  ["a database", DATABASE],
  ["a role", ROLE],
])("%s whose making was not answered", (_what, { type, statement }) => {
  const noun = type.slice(-4).toLowerCase();

  async function outcome(
    name: string,
    { timeout, end }: { timeout: number; end(way: SilentWay, provider: Provider): void },
  ): Promise<unknown> {
    const way = await silentAfter(statement);
    const provider = await context.server.provider({ port: `${way.port}` });
    const life = new Life(provider, type);
    const creating = provider
      .create({ ...life.subject, inputs: await life.check({ name }), timeout, preview: false })
      .catch((error: unknown) => error);
    await way.silent;
    await expect.poll(() => isThere(name), { timeout: 10_000 }).toBe(true);
    end(way, provider);
    return creating;
  }

  it.each<[string, number, (way: SilentWay, provider: Provider) => void]>([
    ["because the connection was lost", 0, (way) => way.cut()],
    ["because its time was over", 2, () => {}],
    ["because the request was cancelled", 0, (_way, provider) => void provider.cancel()],
  ])("%s is uncertain, and there for the next run to find", async (why, timeout, end) => {
    const name = `${noun}_${why.replaceAll(" ", "_")}`;
    const error = await outcome(name, { timeout, end });
    expect(error).toBeInstanceOf(UncertainError);
    expect((error as Error).message).toMatch(/the change may have been made or not: run this again/);
    const life = new Life(await context.server.provider(), type);
    expect(await life.import(name)).toMatchObject({ id: name });
  });
});
