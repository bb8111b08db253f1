/** Where secrets stand in clear in Kubernetes objects. Two rules share what is found: Vault's tokens have their own. */
import type { Resource } from "../resource";
import { formsIn } from "../secret-forms/forms";
import { type FoundSecret, isTellable, secretsIn } from "../secret-forms/search";
import type { Path } from "../value";
import { type Setting, settingsOf } from "./settings";

export interface SettingWithSecrets {
  readonly setting: Setting;
  /** The setting, or the map around it when its key is the secret. */
  readonly path: Path;
  readonly found: readonly FoundSecret[];
}

/**
 * The settings of a resource that hold secrets, each secret where it enters: a variable that only passes another
 * one of its container on is not told again.
 */
export function secretsInSettings(resource: Resource): readonly SettingWithSecrets[] {
  const told = new Set<string>();
  return settingsOf(resource).settings.flatMap((setting): SettingWithSecrets[] => {
    const inKey = setting.name === undefined ? [] : formsIn(setting.name);
    if (inKey.length > 0) {
      const found = inKey.map(({ name, vault }) => ({ form: name, vault: vault ?? false }));
      return [{ setting, path: setting.path.slice(0, -1), found }];
    }
    const passesOn = setting.uses.some((variable) => told.has(variable));
    const found = secretsOf(setting, passesOn);
    if (setting.sets !== undefined && (found.length > 0 || passesOn)) told.add(setting.sets);
    return found.length === 0 ? [] : [{ setting, path: setting.path, found }];
  });
}

function secretsOf({ name, place, text, expanded }: Setting, passesOn: boolean): readonly FoundSecret[] {
  const at = {
    ...(name === undefined ? {} : { name }),
    ...(place === "metadata" ? { holdsNames: true } : {}),
    ...(place === "other" ? { formsOnly: true } : {}),
  };
  const found = secretsIn(text, at);
  return found.length > 0 || expanded === undefined || passesOn ? found : secretsIn(expanded, at);
}

/** What was found, in words: `a GitHub token in CI_TOKEN and a private key`. */
export function inWords(found: readonly FoundSecret[]): string {
  return found
    .map(({ form, setting }) => (setting === undefined ? form : `${form} in ${setting}`))
    .join(" and ");
}

/** The setting's name if it may be told, else what stands for it. */
export function subjectOf({ name }: Pick<Setting, "name">): string {
  return name !== undefined && isTellable(name) ? name : "the text";
}
