/**
 * Keeps the compiled code of the program's files. Every environment evaluates every file anew, so that what a file
 * keeps in variables stays within one environment; the code is the same for all, so it is transformed, parsed and
 * optimised once.
 */
import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { compileFunction, constants } from "node:vm";

const PACKAGES = `${sep}node_modules${sep}`;

/** What Node.js passes to the code of a CommonJS module. */
const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname"];

/** These hold no code, or none that Node.js compiles. */
const WITHOUT_CODE: ReadonlySet<string> = new Set([".json", ".node"]);

type Code = (this: unknown, ...values: unknown[]) => void;
type Compile = (this: NodeJS.Module, content: string, filename: string, ...rest: unknown[]) => unknown;

/** Code and the text of the file that it was made of: whatever of a file is new is compiled anew. */
interface Compiled {
  readonly text: string;
  readonly code: Code;
}

export class CompiledCode {
  readonly #files = new Map<string, Compiled>();
  /** The texts of the files that are being loaded. */
  readonly #texts = new Map<string, string>();

  /** From now on, the code of every loaded file of the program is kept. Files of packages are loaded once anyway. */
  install(): void {
    const { _extensions: handlers, prototype } = Module as unknown as {
      readonly _extensions: NodeJS.RequireExtensions;
      readonly prototype: { _compile: Compile };
    };
    for (const [extension, load] of Object.entries(handlers)) {
      if (WITHOUT_CODE.has(extension) || load === undefined) continue;
      handlers[extension] = (module, filename) => this.#load(module, filename, load);
    }
    const { _compile: compile } = prototype;
    const files = this.#files;
    const texts = this.#texts;
    prototype._compile = function keeping(content, filename, ...rest) {
      const text = texts.get(filename);
      const code = text === undefined ? undefined : compiled(content, filename);
      if (text === undefined || code === undefined) return compile.call(this, content, filename, ...rest);
      files.set(filename, { text, code });
      return evaluate(this, filename, code);
    };
  }

  #load(
    module: NodeJS.Module,
    filename: string,
    load: (module: NodeJS.Module, filename: string) => unknown,
  ): unknown {
    const text = filename.includes(PACKAGES) ? undefined : textOf(filename);
    if (text === undefined) return load(module, filename);
    const known = this.#files.get(filename);
    if (known?.text === text) return evaluate(module, filename, known.code);
    this.#texts.set(filename, text);
    try {
      return load(module, filename);
    } finally {
      this.#texts.delete(filename);
    }
  }
}

function textOf(filename: string): string | undefined {
  try {
    return readFileSync(filename, "utf8");
  } catch {
    return undefined;
  }
}

/** The code of a CommonJS module; undefined for an ES module, and for a mistake that Node.js reports better. */
function compiled(content: string, filename: string): Code | undefined {
  try {
    return compileFunction(content.replace(/^#!.*/, ""), PARAMETERS, {
      filename,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as Code;
  } catch {
    return undefined;
  }
}

/** Runs the code as that of a module, as Node.js does. */
function evaluate(module: NodeJS.Module, filename: string, code: Code): void {
  const { resolve } = createRequire(filename);
  const { _extensions: extensions, _cache: cache } = Module as unknown as {
    readonly _extensions: NodeJS.RequireExtensions;
    readonly _cache: NodeJS.Dict<NodeJS.Module>;
  };
  const require = Object.assign((id: string): unknown => module.require(id), {
    resolve,
    main: process.mainModule,
    extensions,
    cache,
  });
  code.call(module.exports, module.exports, require, module, filename, dirname(filename));
}
