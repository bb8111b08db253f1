/**
 * As whom the sandbox's servers run. PostgreSQL refuses to run as root, so that root's servers run as `postgres`, or
 * where there is no such user as `nobody`; anybody else's run as themselves. No user is made.
 */
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { SandboxError } from "./errors";

export interface Owner {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Whether this is another user than the one who runs the command. */
  readonly other: boolean;
}

/** Users that root's servers can run as, the first that there is. */
const UNPRIVILEGED = ["postgres", "nobody"];

/** Throws SandboxError where there is nobody as whom they can run. */
export function serverOwner(): Owner {
  if (process.getuid?.() !== 0) return ownUser();
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const wanted of UNPRIVILEGED) {
    const [name, , user, group] = users.find(([each]) => each === wanted) ?? [];
    if (name !== undefined) return { name, uid: Number(user), gid: Number(group), other: true };
  }
  throw new SandboxError(
    `PostgreSQL does not run as root, and there is neither a user postgres nor nobody in /etc/passwd; run kb as another user, or add one: useradd --system postgres`,
  );
}

function ownUser(): Owner {
  try {
    const { uid, gid, username } = userInfo();
    return { name: username, uid, gid, other: false };
  } catch {
    const uid = process.getuid?.();
    throw new SandboxError(
      `the user ${uid} has no entry in /etc/passwd, and PostgreSQL does not start without one; run kb as another user, or add one: useradd --uid ${uid} <name>`,
    );
  }
}
