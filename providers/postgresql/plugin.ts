/** The PostgreSQL provider as a plugin process, for Pulumi's CLI: `npx tsx providers/postgresql/plugin.ts`. */
import { runPlugin } from "../../engine/provider/serve";
import { createPostgresqlProvider } from ".";

void runPlugin(createPostgresqlProvider);
