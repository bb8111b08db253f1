/**
 * The tags of a stack, which `pulumi stack tag set` keeps in a file of their own; without tags there is none.
 * Source: pulumi/pulumi, pkg/backend/diy/stack_tags.go.
 */
import { EngineError } from "../diagnostic";
import { isRecord } from "../project/yaml-file";
import { type StackLocation, stackPaths } from "./backend";
import { readIfPresent } from "./files";

/** Reads a stack's tags. Throws EngineError `state` for a file that has another form. */
export async function readTags(location: StackLocation): Promise<Readonly<Record<string, string>>> {
  const path = stackPaths(location).tags;
  const bytes = await readIfPresent(path);
  if (bytes === undefined) return {};
  const tags = tagsIn(bytes.toString("utf8"));
  if (tags !== undefined) return tags;
  throw new EngineError("state", [
    `${path}: expected {"version":1,"tags":{…}} with texts as tags; mend it, or remove it if the stack needs no tags`,
  ]);
}

function tagsIn(text: string): Record<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const tags = isRecord(value) && value.version === 1 ? (value.tags ?? {}) : undefined;
    if (!isRecord(tags) || !Object.values(tags).every((tag) => typeof tag === "string")) return undefined;
    return tags as Record<string, string>;
  } catch {
    return undefined;
  }
}
