/** The random provider as a plugin process, for Pulumi's CLI: `npx tsx providers/random/plugin.ts`. */
import { runPlugin } from "../../engine/provider/serve";
import { createRandomProvider } from ".";

void runPlugin(createRandomProvider);
