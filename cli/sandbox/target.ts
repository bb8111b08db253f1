/** The sandbox as the target of a deployment: which providers lead to it, and that they lead nowhere else. */
import type { DeployOptions } from "../../engine/deploy/options";
import { ProviderError } from "../../engine/provider/errors";
import { createPostgresqlProvider } from "../../providers/postgresql";
import { createRandomProvider } from "../../providers/random";
import { readDescription, type SandboxDescription } from "../../sandbox/description";
import { CommandError, EXIT } from "../exit-codes";
import { keepingPassword } from "./kept-password";

type Sandbox = typeof import("../../sandbox/sandbox");

/** The sandbox of a folder, which must run. Throws CommandError. */
export async function sandboxTarget(sandbox: Sandbox, folder: string): Promise<SandboxDescription> {
  const { marker, postgresql } = await sandbox.sandboxStatus(folder);
  const description = readDescription(folder);
  if (marker === undefined || description === undefined) {
    throw new CommandError(EXIT.failure, [
      `there is no sandbox in ${folder}; make one with kb sandbox start`,
    ]);
  }
  if (postgresql.state === "stopped") {
    throw new CommandError(EXIT.failure, ["the sandbox's PostgreSQL is stopped; kb sandbox start starts it"]);
  }
  if (postgresql.state === "starting") {
    throw new CommandError(EXIT.failure, [
      "the sandbox's PostgreSQL does not let the sandbox's own login in: it is starting or stopping, all its " +
        "connections are taken, or its password was changed; kb sandbox start waits for it, and says which",
    ]);
  }
  // A command that was killed had started it on another port than the description has by now.
  const { servers } = description;
  return { ...description, servers: { postgresql: { ...servers.postgresql, port: postgresql.port } } };
}

/** Providers that lead to the sandbox, configured for it, and held to it. */
export function connectionsTo({
  marker,
  servers: { postgresql },
}: SandboxDescription): Pick<DeployOptions, "factories" | "admission" | "settings"> {
  const settings = {
    values: {
      "postgresql:host": postgresql.host,
      "postgresql:port": String(postgresql.port),
      "postgresql:username": postgresql.user,
      "postgresql:password": postgresql.password,
      "postgresql:database": postgresql.database,
      "postgresql:sslmode": "disable",
      "postgresql:superuser": "true",
    },
    secretKeys: ["postgresql:password"],
  };
  return {
    factories: {
      postgresql: async () => keepingPassword(await createPostgresqlProvider(), settings),
      random: createRandomProvider,
    },
    admission: (_, { description, marker: found }) => {
      if (found === marker) return;
      const what = found === undefined ? "it has no sandbox's mark" : `its mark is ${found}`;
      throw new ProviderError(
        `${description} is not this sandbox: ${what}, and this one's is ${marker}. kb sandbox changes nothing ` +
          "elsewhere; real environments are deployed with the official CLI",
      );
    },
    settings,
  };
}
