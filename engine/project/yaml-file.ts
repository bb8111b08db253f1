/** Reads one YAML file whole, or reports every fault in it with its line. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { LineCounter, parseDocument, type ScalarTag, type Tags } from "yaml";
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
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    customTags: withGoIntegers,
  });
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

/**
 * Integers as the YAML library of Pulumi's CLI reads them: `0123` is octal, `0b11` binary, `_` separates digits.
 * One that a JavaScript number cannot hold stays text.
 */
function withGoIntegers(tags: Tags): Tags {
  const integer = (test: RegExp, radix: number, prefix: RegExp): ScalarTag => ({
    tag: "tag:yaml.org,2002:int",
    default: true,
    test,
    resolve: (text) => {
      const digits = text.replaceAll("_", "");
      const value = Number.parseInt(digits.replace(prefix, "$1"), radix);
      return Number.isSafeInteger(value) ? value : digits;
    },
  });
  return [
    integer(/^[-+]?0[0-7_]+$/, 8, /^([-+]?)0/),
    integer(/^[-+]?0b[01_]+$/, 2, /^([-+]?)0b/),
    integer(/^[-+]?[0-9][0-9_]*$/, 10, /^(\+?)/),
    ...tags,
  ];
}

/** Whether a value is a map with text keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
