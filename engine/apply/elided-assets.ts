/** Assets and archives without their contents, where only what they were counts: old values, and comparisons. */
import {
  ARCHIVE_SIGNATURE,
  ASSET_SIGNATURE,
  isMap,
  mapEntries,
  mapValue,
  type PropertyMap,
  type PropertyValue,
  SIGNATURE_KEY,
  signatureOf,
} from "../property/values";

/** The properties with the hash alone of every asset and archive that has one. */
export function withoutContents(properties: PropertyMap): PropertyMap {
  return mapEntries(properties, (value) =>
    mapValue(value, (part) => {
      const hash = hashOf(part);
      return hash === undefined ? part : { [SIGNATURE_KEY]: signatureOf(part) ?? "", hash };
    }),
  );
}

/** The answer with the contents of those assets and archives that the question knew by their hashes. */
export function withContents(answer: PropertyMap, ...known: readonly PropertyMap[]): PropertyMap {
  const whole = new Map<string, PropertyValue>();
  for (const properties of known) {
    mapValue(properties, (part) => {
      const hash = hashOf(part);
      if (hash !== undefined && isMap(part) && Object.keys(part).length > 2) whole.set(hash, part);
      return part;
    });
  }
  if (whole.size === 0) return answer;
  return mapEntries(answer, (value) =>
    mapValue(value, (part) => {
      const found = whole.get(hashOf(part) ?? "");
      return found !== undefined && isMap(part) && Object.keys(part).length === 2 ? found : part;
    }),
  );
}

function hashOf(value: PropertyValue): string | undefined {
  const signature = signatureOf(value);
  if (!isMap(value) || (signature !== ASSET_SIGNATURE && signature !== ARCHIVE_SIGNATURE)) return undefined;
  return typeof value.hash === "string" && value.hash !== "" ? value.hash : undefined;
}
