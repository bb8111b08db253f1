/**
 * Where a sandbox stands: one folder for one user, in that user's cache. Root's home is closed to the user that
 * root's servers run as, so that root's sandbox stands in /var/cache.
 */
import { lstatSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, parse } from "node:path";
import { codeOf, SandboxError } from "./errors";
import type { Owner } from "./owner";

const NAME = join("keybuzz-environments", "sandbox");

/** Names a folder to use instead. */
export const FOLDER_VARIABLE = "KEYBUZZ_SANDBOX_DIR";

/**
 * The folder of the sandbox: the one that is asked for, or $KEYBUZZ_SANDBOX_DIR, or one in the user's cache. Whatever
 * links lead there, it has one path.
 */
export function sandboxFolder(processEnvironment: NodeJS.ProcessEnv, asked?: string): string {
  return withoutLinks(folderBy(processEnvironment, asked));
}

function folderBy(processEnvironment: NodeJS.ProcessEnv, asked: string | undefined): string {
  if (asked !== undefined) return absolute(asked, "--folder");
  const { [FOLDER_VARIABLE]: given, XDG_CACHE_HOME: cache } = processEnvironment;
  if (given !== undefined && given !== "") return absolute(given, FOLDER_VARIABLE);
  // The standard says to ignore one that is not absolute.
  if (cache !== undefined && isAbsolute(cache)) return join(cache, NAME);
  if (process.getuid?.() === 0) return join("/var/cache", NAME);
  return join(processEnvironment.HOME || homeOfUser(), ".cache", NAME);
}

function homeOfUser(): string {
  try {
    return homedir();
  } catch {
    throw new SandboxError(
      `the user ${process.getuid?.()} has neither HOME nor an entry in /etc/passwd; name a folder in ${FOLDER_VARIABLE} or with --folder`,
    );
  }
}

/** The path without links, as far as there is anything. */
function withoutLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    // What is wrong with any other path says whoever uses it.
    return codeOf(error) === "ENOENT" ? join(withoutLinks(dirname(path)), basename(path)) : path;
  }
}

function absolute(folder: string, from: string): string {
  if (isAbsolute(folder)) return folder;
  throw new SandboxError(`${from} is ${JSON.stringify(folder)}, and should be an absolute path`);
}

/** Makes the folder, closed to others as far as the servers allow; refuses one that they cannot get to. */
export function makeFolder(folder: string, owner: Owner): void {
  try {
    mkdirSync(folder, { recursive: true, mode: owner.other ? 0o711 : 0o700 });
  } catch (error) {
    throw new SandboxError(
      `the sandbox's folder ${folder} cannot be made (${codeOf(error)}); name another one in ${FOLDER_VARIABLE} or with --folder`,
    );
  }
  if (lstatSync(folder).uid !== process.getuid?.()) {
    throw new SandboxError(
      `${folder} belongs to somebody else; name another folder in ${FOLDER_VARIABLE} or with --folder`,
    );
  }
  const closed = closedParent(folder, owner);
  if (closed === undefined) return;
  throw new SandboxError(
    `${closed} is closed to ${owner.name}, as whom root's servers run; name a folder in ${FOLDER_VARIABLE} or with --folder that ${owner.name} can get to, such as one in /var/cache`,
  );
}

/** The first folder on the way to a folder that its servers cannot pass through. */
function closedParent(folder: string, { uid, gid, other }: Owner): string | undefined {
  if (!other) return undefined;
  const { root } = parse(folder);
  const parents = [folder];
  for (let at = folder; at !== root; at = dirname(at)) parents.unshift(dirname(at));
  return parents.find((parent) => {
    const { mode, uid: user, gid: group } = statSync(parent);
    const bit = user === uid ? 0o100 : group === gid ? 0o010 : 0o001;
    return (mode & bit) === 0;
  });
}
