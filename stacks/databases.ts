/** The environment's databases with their roles and privileges. */
import { Database } from "../components/database";
import type { EnvironmentConfig } from "../config";
import type { Providers } from "./providers";

/** The API's and outbound worker's database, and the one of the backend on its own machine. */
export type Databases = Record<keyof EnvironmentConfig["postgres"]["databases"], Database>;

export function declareDatabases(config: EnvironmentConfig, providers: Providers): Databases {
  const { host, writePort, readPort, databases } = config.postgres;
  const declare = (key: keyof Databases): Database => {
    const { name, connectionLimits, rotation, passwordGenerations } = databases[key];
    return new Database(
      `${key}-database`,
      {
        environment: config.environment,
        databaseName: name,
        host,
        writePort,
        readPort,
        connectionLimits,
        rotation,
        passwordGenerations,
      },
      { provider: providers.postgresql },
    );
  };
  return { api: declare("api"), backend: declare("backend") };
}
