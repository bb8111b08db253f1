/** Property values, for providers: these know nothing of the engine but this folder. */
export {
  isList,
  isMap,
  isSecret,
  isUnknown,
  mapEntries,
  mapValue,
  type PropertyMap,
  type PropertyValue,
  secret,
  some,
  UNKNOWN,
} from "../property/values";
