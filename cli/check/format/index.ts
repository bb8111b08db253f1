/** The formats of `kb check`, by name. Each is a view of one report and reads nothing else. */
import type { CheckReport } from "../report";
import { githubCheck } from "./github";
import { checkJson } from "./json";
import { markdownCheck } from "./markdown";
import { type PrettyOptions, prettyCheck } from "./pretty";
import { sarifCheck } from "./sarif";

export { markdownMarker } from "./markdown";

/** What `--format` takes. */
export const formatNames = ["pretty", "json", "markdown", "sarif", "github"] as const;
export type FormatName = (typeof formatNames)[number];

/** Makes the text of a report, which ends in a line break. Only `pretty` regards the options. */
export type CheckFormat = (report: CheckReport, options?: PrettyOptions) => string;

export const checkFormats: Readonly<Record<FormatName, CheckFormat>> = {
  pretty: prettyCheck,
  json: checkJson,
  markdown: markdownCheck,
  sarif: sarifCheck,
  github: githubCheck,
};
