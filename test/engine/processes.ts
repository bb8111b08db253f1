/** Looks at the processes of this machine, to see what a preview or a deployment left behind. */
import { readdirSync, readFileSync } from "node:fs";

/** Command lines of processes that name a folder. */
export function processesOf(folder: string): string[] {
  return commandLines((id) => read(id, "cmdline").includes(folder));
}

/** Command lines of processes that have a variable in the environment that they were started with. */
export function processesWith(variable: string, value: string): string[] {
  return commandLines((id) => read(id, "environ").split("\0").includes(`${variable}=${value}`));
}

function commandLines(isMeant: (id: string) => boolean): string[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && isMeant(entry))
    .map((id) => read(id, "cmdline").replaceAll("\0", " "));
}

/** Empty for a process that has ended, or is somebody else's. */
function read(id: string, file: "cmdline" | "environ"): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, "utf8");
  } catch {
    return "";
  }
}
