/**
 * Notices, while modules load, what happens once per process and not once per environment: packages are loaded
 * once and ES modules cannot be forgotten, so what they learnt of one environment would be told to the next.
 */
import Module from "node:module";
import { sep } from "node:path";
import { types } from "node:util";

const PACKAGES = `${sep}node_modules${sep}`;
const SDK = `${PACKAGES}@pulumi${sep}pulumi${sep}`;

/** `import(…)` in compiled code. A comment that looks like one costs time, and nothing else. */
const DYNAMIC_IMPORT = /(?<![\w$.])import\s*\(/;

/** Node.js's own methods of a module; not in its public types. */
interface LoadableModule {
  exports: unknown;
  load(filename: string): void;
  _compile(content: string, filename: string, ...rest: unknown[]): unknown;
}

/** Why modules that were loaded so far keep other environments, or this one, from sharing the process. */
export class ModuleWatch {
  /** Packages that are being loaded now, the innermost last. */
  readonly #loading: string[] = [];
  #spent: string | undefined;
  #unsuitable: string | undefined;

  /** Why no further environment may be evaluated in this process. */
  get spent(): string | undefined {
    return this.#spent;
  }

  /** Why not even the present one may. */
  get unsuitable(): string | undefined {
    return this.#unsuitable;
  }

  /** From now on, every module that is loaded is watched. */
  install(): void {
    const methods = Module.prototype as unknown as LoadableModule;
    const { load, _compile } = methods;
    const loading = this.#loading;
    const refuse = (reason: string): void => this.#refuse(reason);
    methods.load = function watched(this: LoadableModule, filename) {
      if (!filename.includes(PACKAGES)) {
        load.call(this, filename);
        if (types.isModuleNamespaceObject(this.exports)) refuse(`${filename} is an ES module`);
        return;
      }
      if (filename.includes(SDK)) return load.call(this, filename);
      loading.push(filename);
      try {
        load.call(this, filename);
      } finally {
        loading.pop();
      }
    };
    methods._compile = function watched(this: LoadableModule, content, filename, ...rest) {
      if (!filename.includes(PACKAGES) && DYNAMIC_IMPORT.test(content)) {
        const reason = `${filename} imports modules dynamically`;
        refuse(reason);
        throw new Error(reason);
      }
      return _compile.call(this, content, filename, ...rest);
    };
  }

  /** No further environment may be evaluated in this process. */
  spend(reason: string): void {
    this.#spent ??= reason;
  }

  /** The program asked for something that differs between environments, or registered a resource. */
  touched(): void {
    const file = this.#loading.at(-1);
    if (file !== undefined) this.spend(`${file} uses the environment while it is loaded`);
  }

  #refuse(reason: string): void {
    this.#unsuitable ??= reason;
  }
}
