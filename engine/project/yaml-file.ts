/** Reads one YAML file whole, or reports every fault in it with its line. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { EngineError, type EngineErrorCode } from "../diagnostic";

/** A parsed file. */
export interface YamlFile {
  readonly value: unknown;
}

/** Parses a YAML file; throws EngineError with the file, line and column of every fault. */
export function readYamlFile(path: string, code: EngineErrorCode): YamlFile {
  const name = basename(path);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new EngineError(code, [`${name}: cannot be read: ${(error as Error).message}`]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new EngineError(
      code,
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        return `${name}:${line}:${col}: malformed YAML: ${error.message}`;
      }),
    );
  }
  return { value: document.toJS() };
}

/** Whether a value is a map with text keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
