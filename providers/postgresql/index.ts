/**
 * Pulumi's PostgreSQL provider, for the resource types used here, on a server of version 13 or newer. Ambient
 * credentials (PG* variables, ~/.pgpass) are never read.
 */
import { ProviderError } from "../../engine/provider/errors";
import type {
  CheckRequest,
  CheckResponse,
  ConfigureRequest,
  Provider,
  Target,
} from "../../engine/provider/provider";
import { TableProvider } from "../table/table-provider";
import { checkConfiguration, configurationOf } from "./configuration";
import { Connections } from "./connections";
import { database } from "./database";
import { defaultPrivileges } from "./default-privileges";
import { extension } from "./extension";
import { grant } from "./grant";
import { grantRole } from "./grant-role";
import { problemOf } from "./problem";
import { role } from "./role";
import { schema } from "./schema";
import { Queues, Server } from "./server";

class PostgresqlProvider extends TableProvider<Server> {
  #connections: Connections | undefined;
  readonly #queues = new Queues();

  constructor() {
    super("postgresql", "3.18.1", {
      "postgresql:index/role:Role": role,
      "postgresql:index/database:Database": database,
      "postgresql:index/schema:Schema": schema,
      "postgresql:index/extension:Extension": extension,
      "postgresql:index/grant:Grant": grant,
      "postgresql:index/grantRole:GrantRole": grantRole,
      "postgresql:index/defaultPrivileges:DefaultPrivileges": defaultPrivileges,
      // Its name in older SDKs, which a state may hold.
      "postgresql:index/defaultPrivileg:DefaultPrivileg": defaultPrivileges,
    });
  }

  async checkConfig(request: CheckRequest): Promise<CheckResponse> {
    return checkConfiguration(request);
  }

  async configure({ inputs }: ConfigureRequest): Promise<void> {
    this.#connections = new Connections(configurationOf(inputs));
  }

  async target(): Promise<Target> {
    const connections = this.#configured();
    try {
      return await connections.target();
    } catch (error) {
      throw problemOf(error, "the provider postgresql", connections.configuration.connection);
    }
  }

  async cancel(): Promise<void> {
    await this.#connections?.cancel();
  }

  async close(): Promise<void> {
    await this.#connections?.close();
  }

  protected async serve<Result>(timeout: number, work: (server: Server) => Promise<Result>): Promise<Result> {
    return work(new Server(this.#configured(), this.#queues, timeout));
  }

  #configured(): Connections {
    if (this.#connections === undefined) throw new ProviderError("the provider postgresql is not configured");
    return this.#connections;
  }
}

/** Makes a provider for one provider resource of a program. */
export function createPostgresqlProvider(): Provider {
  return new PostgresqlProvider();
}
