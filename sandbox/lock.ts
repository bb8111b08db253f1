/**
 * One command at a time works on a sandbox. The lock is a socket in Linux's abstract name space: it is gone with the
 * process that holds it, however that ends, so that no lock is ever left behind.
 */
import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { codeOf, SandboxCancelled, SandboxError } from "./errors";

const WAIT_SECONDS = 120;
const POLL_MS = 100;

/** Does something while no other command works on the sandbox in this folder; waits for one that does. */
export async function locked<T>(
  folder: string,
  { signal, onWait }: { readonly signal: AbortSignal; readonly onWait: () => void },
  work: () => Promise<T>,
): Promise<T> {
  if (process.platform !== "linux")
    throw new SandboxError(`the sandbox runs on Linux, and not on ${process.platform}`);
  const name = `\0keybuzz-sandbox-${createHash("sha256").update(realpathSync(folder)).digest("hex")}`;
  const deadline = Date.now() + WAIT_SECONDS * 1000;
  let server = await take(name);
  if (server === undefined) onWait();
  while (server === undefined) {
    if (signal.aborted) throw new SandboxCancelled();
    if (Date.now() > deadline) {
      throw new SandboxError(
        `another command works on the sandbox in ${folder} for more than ${WAIT_SECONDS} s; end it, and try again`,
      );
    }
    await new Promise((done) => setTimeout(done, POLL_MS));
    server = await take(name);
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}

function take(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error) => (codeOf(error) === "EADDRINUSE" ? resolve(undefined) : reject(error)));
    server.listen({ path: name, exclusive: true }, () => resolve(server.unref()));
  });
}
