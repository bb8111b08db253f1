/**
 * Secrets of a declaration in clear. A policy pack sees them unwrapped and may write them into its messages, so
 * they are blanked there.
 */
import type { Declaration } from "../monitor/declaration";
import { isList, isMap, isSecret, isUnknown, type PropertyValue, SIGNATURE_KEY } from "../property/values";

const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Texts that stand only inside secrets. What the declaration shows in clear anyway is none: providers mark whole
 * structures as secret, and with them the names of databases and hosts.
 */
export function hiddenTexts(declaration: Declaration): string[] {
  const [secret, clear] = [
    new Set<string>(),
    new Set<string>([declaration.project, declaration.environment]),
  ];
  const collect = (value: PropertyValue, inside: boolean): void => {
    if (isSecret(value)) {
      collect(value.value, true);
    } else if (isList(value)) {
      for (const item of value) collect(item, inside);
    } else if (isMap(value)) {
      for (const [key, item] of Object.entries(value)) if (key !== SIGNATURE_KEY) collect(item, inside);
    } else if (value !== null && typeof value !== "boolean" && !isUnknown(value)) {
      for (const text of inside ? readings(String(value)) : [String(value)])
        (inside ? secret : clear).add(text);
    }
  };
  collect(declaration.outputs, false);
  for (const { name, inputs, outputs } of declaration.resources) {
    clear.add(name);
    collect(inputs, false);
    collect(outputs, false);
  }
  return [...secret].filter((text) => !clear.has(text));
}

/** A secret text, and what a pack can read from it: the parts of JSON, and decoded base64. */
function readings(text: string): string[] {
  const found = [text];
  if (/^\s*[[{]/.test(text)) {
    try {
      JSON.parse(text, (_, part: unknown) => {
        if (typeof part === "string" || typeof part === "number") found.push(String(part));
        return part;
      });
    } catch {
      // It only looks like JSON.
    }
  }
  if (BASE64.test(text)) {
    const decoded = Buffer.from(text, "base64").toString("utf8");
    if (!decoded.includes("\uFFFD")) found.push(decoded);
  }
  return found;
}
