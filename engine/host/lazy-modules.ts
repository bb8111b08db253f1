/**
 * Puts off loading modules that @pulumi/pulumi loads at its start but that serve only closure serialisation and
 * the Automation API: more than half of the time that the SDK takes to load. They are loaded on first use.
 */
import Module from "node:module";
import { sep } from "node:path";

/** Modules that are put off, by the name under which a file of the SDK asks for them. */
const PUT_OFF = new Set(["typescript", "@npmcli/arborist", "normalize-package-data", "./automation"]);

const SDK_FOLDER = ["", "node_modules", "@pulumi", "pulumi", ""].join(sep);

/** Node.js's loader of modules; not in its public types. */
interface ModuleLoader {
  _load(request: string, parent: { filename?: string | null } | undefined, isMain: boolean): unknown;
}

/** From now on, the SDK's rarely used modules are loaded when something of theirs is used. */
export function deferRarelyUsedModules(): void {
  const loader = Module as unknown as ModuleLoader;
  const load = loader._load;
  loader._load = function deferring(request, parent, isMain) {
    const ofSdk = PUT_OFF.has(request) && parent?.filename?.includes(SDK_FOLDER) === true;
    return ofSdk
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
