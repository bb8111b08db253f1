/** Takes marks of secrets off before a provider that does not know them, and puts them on its answers. */
import {
  isList,
  isMap,
  isSecret,
  mapEntries,
  mapValue,
  type PropertyMap,
  type PropertyValue,
  RESOURCE_SIGNATURE,
  secret,
  signatureOf,
  some,
} from "./values";

/** The properties with secrets in clear. */
export function withoutSecrets(properties: PropertyMap): PropertyMap {
  return mapEntries(properties, (value) => mapValue(value, (part) => (isSecret(part) ? part.value : part)));
}

/**
 * Marks in `answered` what is secret in `asked`: a value of the same key, in maps within maps too; anything else as
 * a whole, when a secret stands anywhere in what was asked. As Pulumi's engine does (pkg/resource/plugin).
 */
export function withSecretsOf(answered: PropertyMap, asked: PropertyMap): PropertyMap {
  return mapEntries(answered, (value, key) => markedLike(value, asked[key]));
}

function markedLike(value: PropertyValue, asked: PropertyValue | undefined): PropertyValue {
  if (asked === undefined || isSecret(value)) return value;
  if (isPlain(value) && isPlain(asked)) return withSecretsOf(value, asked);
  return some(asked, isSecret) ? secret(value) : value;
}

function isPlain(value: PropertyValue): value is PropertyMap {
  return isMap(value) && !isList(value) && signatureOf(value) === undefined;
}

/** The properties with references to resources replaced by their ids, or by the URNs of what has none. */
export function withoutReferences(properties: PropertyMap): PropertyMap {
  return mapEntries(properties, (value) =>
    mapValue(value, (part) => {
      if (!isMap(part) || signatureOf(part) !== RESOURCE_SIGNATURE) return part;
      return part.id ?? part.urn ?? null;
    }),
  );
}
