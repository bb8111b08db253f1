/** Looks at the processes of this machine, to see what a preview left behind. */
import { readdirSync, readFileSync } from "node:fs";

/** Command lines of processes that name a folder. */
export function processesOf(folder: string): string[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((id) => {
      try {
        const command = readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
        return command.includes(folder) ? [command] : [];
      } catch {
        return [];
      }
    });
}
