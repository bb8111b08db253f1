/**
 * Puts off loading modules that few runs use and that take more than half of the time until a process is ready. They
 * are loaded on first use: what @pulumi/pulumi has for closure serialisation and the Automation API, and the official
 * runner with all of gRPC.
 */
import Module from "node:module";
import { join, sep } from "node:path";

/** Modules by the names under which the files of a folder, and of those below it, ask for them. */
export interface PutOff {
  readonly folder: string;
  readonly names: readonly string[];
}

/** Modules that are put off wherever this is used. */
const PUT_OFF: readonly PutOff[] = [
  {
    folder: ["", "node_modules", "@pulumi", "pulumi", ""].join(sep),
    names: ["typescript", "@npmcli/arborist", "normalize-package-data", "./automation"],
  },
  { folder: join(__dirname, ".."), names: ["./host/official-runner"] },
];

/** Node.js's loader of modules; not in its public types. */
interface ModuleLoader {
  _load(request: string, parent: { filename?: string | null } | undefined, isMain: boolean): unknown;
}

/** From now on, rarely used modules, and `others`, are loaded when something of theirs is used. */
export function deferRarelyUsedModules(others: readonly PutOff[] = []): void {
  const all = [...PUT_OFF, ...others];
  const loader = Module as unknown as ModuleLoader;
  const load = loader._load;
  loader._load = function deferring(request, parent, isMain) {
    const rare = all.some(
      ({ folder, names }) => names.includes(request) && parent?.filename?.includes(folder) === true,
    );
    return rare
      ? deferred(() => load.call(loader, request, parent, isMain))
      : load.call(this, request, parent, isMain);
  };
}

/** Looks like the module that `load` loads, and loads it when the first of its members is asked for. */
function deferred(load: () => unknown): unknown {
  let loaded: Record<PropertyKey, unknown> | undefined;
  return new Proxy(() => {}, {
    get(_, key) {
      // Asked for by the code that imports the module, before anything of it is used.
      if (key === "__esModule") return true;
      loaded ??= load() as Record<PropertyKey, unknown>;
      return key === "default" && loaded.__esModule !== true ? loaded : loaded[key];
    },
  });
}
