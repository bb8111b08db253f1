/**
 * Properties as @pulumi/policy hands them over, as values that rules take. cli/check/subject.ts does the same from
 * what a program sends; both give the same for the same resource: what is changed here is changed there.
 *
 * The properties are wrapped so that reading an unknown one throws, and in a remediation so that secrets read as
 * what they hold. Assets and archives are objects of the SDK, whose content is a promise.
 */
import { OWN_UNKNOWN, UNKNOWN, type Value, type ValueMap } from "../value";

/** Whether an error says that a value is not known. */
export type IsUnknownError = (error: unknown) => boolean;

/** Properties of a resource, as rules see them. */
export interface ReadProperties {
  readonly values: ValueMap;
  /** Whether there is an archive, which a remediation would lose: @pulumi/policy returns it without its members. */
  readonly hasArchive: boolean;
}

/** Keys that begin so are Pulumi's own. */
const INTERNAL = "__";

const ASSET_MARK = "__pulumiAsset";
const ARCHIVE_MARK = "__pulumiArchive";

/** What tells where the content of an asset or archive is. */
const CONTENTS = ["path", "text", "uri", "assets"] as const;

/**
 * Reads wrapped properties.
 *
 * @param isOwn whether an unknown value below a property is the output of a resource of this environment
 */
export async function readProperties(
  properties: object,
  isUnknownError: IsUnknownError,
  isOwn: (property: string) => boolean = () => false,
): Promise<ReadProperties> {
  const reader = new Reader(isUnknownError);
  const values: Record<string, Value> = {};
  for (const key of Object.keys(properties)) {
    if (!key.startsWith(INTERNAL)) values[key] = reader.member(properties, key, () => isOwn(key));
  }
  await reader.contentsRead();
  return { values, hasArchive: reader.hasArchive };
}

class Reader {
  hasArchive = false;
  readonly #contents: Promise<void>[] = [];

  constructor(private readonly isUnknownError: IsUnknownError) {}

  async contentsRead(): Promise<void> {
    // One content may hold others.
    for (let next = this.#contents.pop(); next !== undefined; next = this.#contents.pop()) await next;
  }

  member(holder: object, key: string | number, isOwn: () => boolean): Value {
    let value: unknown;
    try {
      value = Reflect.get(holder, key);
    } catch (error) {
      if (!this.isUnknownError(error)) throw error;
      return isOwn() ? OWN_UNKNOWN : UNKNOWN;
    }
    return this.#value(value, isOwn);
  }

  #value(value: unknown, isOwn: () => boolean): Value {
    if (typeof value !== "object" || value === null) return plain(value);
    if (Array.isArray(value)) {
      // A method of the list itself would go through its wrapping for each item and more.
      return Array.from({ length: value.length }, (_, index) => this.member(value, index, isOwn));
    }
    if (isMarked(value, ASSET_MARK) || isMarked(value, ARCHIVE_MARK)) return this.#file(value, isOwn);
    const values: Record<string, Value> = {};
    for (const key of Object.keys(value)) values[key] = this.member(value, key, isOwn);
    return values;
  }

  #file(file: object, isOwn: () => boolean): Value {
    if (isMarked(file, ARCHIVE_MARK)) this.hasArchive = true;
    const parts: Record<string, Value> = {};
    for (const key of CONTENTS) {
      // A wrapped promise cannot be waited for; the description of the property has the promise itself.
      const content: unknown = Object.getOwnPropertyDescriptor(file, key)?.value;
      if (content === undefined) continue;
      const reading = Promise.resolve(content).then((known) => {
        parts[key] = this.#value(known, isOwn);
      });
      this.#contents.push(reading);
    }
    return parts;
  }
}

function isMarked(value: object, mark: string): boolean {
  return Object.getOwnPropertyDescriptor(value, mark)?.value === true;
}

/** Anything that JSON does not have cannot come from the engine. */
function plain(value: unknown): Value {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
