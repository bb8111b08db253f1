/** The `testing` provider as a plugin process; its argument is the folder of its world. */
import { runPlugin } from "../../../engine/provider/serve";
import { TestingProvider } from "./testing-provider";

const [, , world = ""] = process.argv;
void runPlugin(() => new TestingProvider({ world, requires: process.argv.slice(3) }));
