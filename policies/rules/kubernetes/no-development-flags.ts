/** Switches for development and tests are off where customers depend on the program. */
import type { Estate } from "../../estate";
import { type Container, podTemplates } from "../../kubernetes/containers";
import {
  type DevelopmentCommand,
  developmentCommands,
  type Forbidden,
  flagOf,
  holdsOptions,
} from "../../kubernetes/development-flags";
import { kubernetesObjects } from "../../kubernetes/objects";
import { type Setting, type SettingPlace, settingsOf } from "../../kubernetes/settings";
import { hasVaultSource } from "../../kubernetes/vault-source";
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { assignmentsIn } from "../../secret-forms/assignments";
import { itemsOf, pathText } from "../../value";

export const noDevelopmentFlags: ResourceRule = {
  id: "kubernetes/no-development-flags",
  title:
    "Switches for development and tests are off in production, and those that trust anyone are off everywhere",
  why:
    "SMTP_FORCE_FAIL makes the worker skip SMTP to try the fallback out; where it reaches PROD, customers' mail fails " +
    "or waits for a service that is limited to 200 mails a day.",
  prevents: ["F11"],
  fix: "Leave the setting out, or set it to what production needs; keybuzz:mail.smtp.forceFail is false there.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, estate) => {
    const { settings, outside, unknown } = settingsOf(resource);
    const told = settings.filter(({ place }) => PROGRAMS.includes(place));
    const open = unknown.filter(({ place }) => PROGRAMS.includes(place));
    const pods = podTemplates(resource);
    if (told.length + open.length + pods.length === 0) return NOT_APPLICABLE;
    const assessment = new Assessment();
    for (const setting of told) judgeSetting(setting, estate, assessment);
    const seen = (property: string): boolean =>
      assessment.verdict.outcome === "findings" &&
      assessment.verdict.findings.some((finding) => finding.property.startsWith(property));
    for (const { containers } of pods) {
      for (const container of containers) judgeCommand(container, estate, assessment, seen);
    }
    for (const { name, path } of outside) {
      // Whoever holds the value is judged by itself only if this environment declares it.
      if (isForbiddenFlag(name, estate)) assessment.unknown(path);
    }
    const { objects } = kubernetesObjects(resource);
    for (const { name, own, path, place } of open) {
      const decides = name === undefined ? !own : isForbiddenFlag(name, estate);
      if (decides && !(place === "secret" && name === undefined && hasVaultSource(objects, path)))
        assessment.unknown(path);
    }
    return assessment.verdict;
  },
};

/** Where programs look for their settings. */
const PROGRAMS: readonly SettingPlace[] = ["environment", "arguments", "config-map", "secret"];

function isForbidden(forbidden: Forbidden, { production }: Estate): boolean {
  return forbidden === "everywhere" || production;
}

function isForbiddenFlag(name: string, estate: Estate): boolean {
  const flag = flagOf(name);
  return flag !== undefined && isForbidden(flag.forbidden, estate);
}

/** A setting by its name, and those inside of its text: files of settings, and commands of a shell. */
function judgeSetting(setting: Setting, estate: Estate, assessment: Assessment): void {
  const { name, place, path } = setting;
  const text = setting.expanded ?? setting.text;
  for (const each of [...(name === undefined ? [] : [{ name, value: text }]), ...assignmentsIn(text)]) {
    const flag = flagOf(each.name);
    if (flag === undefined || !isForbidden(flag.forbidden, estate)) continue;
    const value = each.value.trim();
    if (/^\$\(.+\)$/.test(value)) assessment.unknown(path);
    else if (flag.isOn(value)) {
      assessment.finding(path, `${each.name} ${flag.does}`);
      return;
    }
  }
  const command =
    place === "arguments" || (name !== undefined && holdsOptions(name)) ? commandIn(text, estate) : undefined;
  if (command !== undefined) assessment.finding(path, command.does);
}

/** A command whose words are items of their own: `["npm", "run", "dev"]`. */
function judgeCommand(
  { path, body }: Container,
  estate: Estate,
  assessment: Assessment,
  isTold: (property: string) => boolean,
): void {
  const at = [...path, body.command === undefined ? "args" : "command"];
  if (["command", "args"].some((list) => isTold(`${pathText([...path, list])}[`))) return;
  const words = [body.command, body.args].flatMap((list) =>
    itemsOf(list).flatMap(([, item]) => (typeof item === "string" ? [item] : [])),
  );
  const command = commandIn(words.join(" "), estate);
  if (command !== undefined) assessment.finding(at, command.does);
}

function commandIn(text: string, estate: Estate): DevelopmentCommand | undefined {
  return developmentCommands.find(
    ({ pattern, forbidden }) => isForbidden(forbidden, estate) && pattern.test(text),
  );
}
