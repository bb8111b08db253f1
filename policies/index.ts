/**
 * The policy pack `keybuzz-environments`: the rules of one environment, for Pulumi's own policy runner.
 * Loading this file starts it.
 */
import { servePack } from "./adapter";
import { packProject } from "./pack/project";
import { PackSession } from "./pack/session";
import { rules } from "./rules";

servePack(rules, new PackSession(() => packProject(process.env)));
