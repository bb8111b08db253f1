/**
 * A tunnel: a port of loopback behind which stands whatever server it is led to. It hears what clients say to a
 * PostgreSQL server, which the protocol without encryption shows in clear.
 */
import { connect, createServer, type Server, type Socket } from "node:net";

/** Messages of the protocol that hold SQL: a query, and a statement to prepare. */
const QUERY = "Q";
const PARSE = "P";
/** Codes in the place of a protocol version: a request to cancel, and one to encrypt. */
const CANCEL = 80877102;
const ENCRYPT = 80877103;

export class Tunnel {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #target: number;
  #first: number | undefined;
  /** SQL that clients have sent to the target since the tunnel was led there. */
  heard: string[] = [];

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#serve(client));
  }

  static async to(target: number): Promise<Tunnel> {
    const tunnel = new Tunnel(target);
    await new Promise<void>((done) => tunnel.#server.listen(0, "127.0.0.1", done));
    return tunnel;
  }

  get port(): number {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("the tunnel is closed");
    return address.port;
  }

  /** Ends all connections and leads new ones elsewhere; the first of them to `first`, where it is given. */
  lead(target: number, first?: number): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#target = target;
    this.#first = first;
    this.heard = [];
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(client: Socket): void {
    const first = this.#first;
    this.#first = undefined;
    const server = connect(first ?? this.#target, "127.0.0.1");
    const hear = listener((sql) => {
      if (first === undefined) this.heard.push(sql);
    });
    client.on("data", hear);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}

/** Takes a client's messages apart; the first one, and a request to encrypt or to cancel, have no letter. */
function listener(onSql: (sql: string) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  let started = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const letter = started ? 1 : 0;
      if (rest.length < letter + 4) return;
      const length = letter + rest.readInt32BE(letter);
      if (rest.length < length) return;
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      if (!started) {
        const code = message.readInt32BE(4);
        started = code !== ENCRYPT && code !== CANCEL;
        continue;
      }
      const kind = String.fromCharCode(message[0] ?? 0);
      // A statement to prepare begins with its name.
      const texts = message.subarray(5).toString("utf8").split("\0");
      if (kind === QUERY) onSql(texts[0] ?? "");
      if (kind === PARSE) onSql(texts[1] ?? "");
    }
  };
}
