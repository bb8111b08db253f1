/** Names of which the parts stand in several properties of one map. */
import type { Path, ValueMap } from "../value";
import type { Named } from "./named";
import { imageName, vaultPath } from "./names";

type Located = Named & { readonly path: Path };

/** An entry in Vault by mount and name, and an image by registry, repository and tag, as charts have it. */
export function composedNames(map: ValueMap, path: Path): Located[] {
  if (map.repository !== undefined) return image(map, path);
  return map.mount === undefined && map.backend === undefined ? [] : vaultEntry(map, path);
}

function vaultEntry({ mount, backend, name, path: entry }: ValueMap, path: Path): Located[] {
  const engine = mount ?? backend;
  const [key, value] = typeof entry === "string" ? ["path", entry] : ["name", name];
  if (typeof engine !== "string" || typeof value !== "string") return [];
  const whole = vaultPath(`${engine}/${value}`);
  return whole === undefined ? [] : [{ kind: "vault-path", name: whole, path: [...path, String(key)] }];
}

function image({ registry, repository, tag }: ValueMap, path: Path): Located[] {
  if (typeof repository !== "string" || (typeof tag !== "string" && typeof tag !== "number")) return [];
  const whole = typeof registry === "string" ? `${registry}/${repository}:${tag}` : `${repository}:${tag}`;
  const name = imageName(whole);
  return name === undefined ? [] : [{ kind: "environment-image", name, path: [...path, "tag"] }];
}
