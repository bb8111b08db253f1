/** How the `testing` provider is started as a process. */
import { join } from "node:path";
import type { PluginCommand } from "../../../engine/provider/plugin-process";
import { repository } from "../../support/project";

/** Serves the world in a folder; `requires` is the configuration that it cannot do without. */
export function testingPlugin(world: string, ...requires: string[]): PluginCommand {
  const tsx = join(repository, "node_modules", "tsx", "dist", "cjs", "index.cjs");
  const plugin = join(repository, "test", "engine", "support", "testing-plugin.ts");
  return {
    command: process.execPath,
    arguments: ["-r", tsx, plugin, world, ...requires],
    environment: { PATH: process.env.PATH },
  };
}
