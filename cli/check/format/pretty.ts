/** A check for a reader at a terminal, with the signs and words of `pulumi preview --policy-pack`. */
import { type Paint, paint as painter } from "../../format/color";
import type { CheckReport, ReportedFinding, ReportedUndetermined } from "../report";
import { verdictOf } from "../report";
import { plainLine, plainLines, withoutCommands } from "./plain";
import {
  byRule,
  counted,
  countsOf,
  countsText,
  type EnvironmentView,
  environmentViews,
  missingText,
  type RuleGroup,
  resourceText,
  verdictText,
} from "./summary";

/** How the text is made. */
export interface PrettyOptions {
  /** @default nothing is painted */
  readonly paint?: Paint;
  /** Columns of the terminal; a word that is longer stays whole. Undefined leaves lines as long as they are. */
  readonly width?: number | undefined;
}

interface Canvas {
  readonly paint: Paint;
  /** A text of words as lines: the first begins with `first`, the others with so many spaces, or as many as it has. */
  readonly wrap: (first: string, text: string, indent?: number) => string[];
}

/** The whole text, ending in a line break. Its last line is the verdict. */
export function prettyCheck(report: CheckReport, options: PrettyOptions = {}): string {
  const canvas: Canvas = {
    paint: options.paint ?? painter(false),
    wrap: (first, text, indent = first.length) => wrapped(first, plainLine(text), indent, options.width),
  };
  const sections = [
    ...environmentViews(report).map((view) => environmentText(view, report, canvas)),
    ...failureText(report, canvas),
    verdictLine(report, canvas),
  ];
  return `${withoutCommands(sections.join("\n\n"))}\n`;
}

function environmentText(view: EnvironmentView, report: CheckReport, canvas: Canvas): string {
  const open = view.findings.filter(({ exemption }) => exemption === undefined);
  const exempted = view.findings.filter(({ exemption }) => exemption !== undefined);
  const blocks = [
    heading(view, canvas),
    ...diagnosticLines(view, canvas),
    ...byRule(open, report.rules).map((group) => groupLines(group, canvas)),
    ...exemptedLines(exempted, canvas),
    ...undeterminedLines(view.undetermined, report.strict, canvas),
  ];
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

function heading(view: EnvironmentView, canvas: Canvas): string[] {
  const { environment } = view;
  const seen =
    environment === undefined
      ? ""
      : ` (${counted(environment.resources, "resource")}, ${counted(environment.compliant, "compliant answer")})`;
  const title = `Checking ${view.name === "" ? "the project" : plainLine(view.name)}`;
  const lines = canvas.wrap("", `${title}${seen}: ${countsText(countsOf(view))}`, 4);
  return painted(lines, title, (words) => canvas.paint("bold", words));
}

/** What the program said, and how it ended if not well. */
function diagnosticLines({ environment }: EnvironmentView, { paint, wrap }: Canvas): string[][] {
  if (environment === undefined) return [];
  const outcomes = {
    succeeded: [],
    failed: [`  ${paint("red", "error:")} the program failed, so that less was judged than there is`],
    misconfigured: [
      `  ${paint("red", "error:")} the program refused its configuration, so that nothing was judged`,
    ],
    cancelled: [`  ${paint("red", "error:")} the program was cancelled`],
  };
  const lines = environment.diagnostics
    .filter(({ severity }) => severity === "error" || severity === "warning")
    .flatMap(({ severity, message, urn }) => {
      const about = urn === undefined ? "" : `${resourceText(urn)}: `;
      const color = severity === "error" ? "red" : "yellow";
      const [first = "", ...rest] = plainLines(message).trim().split("\n");
      return [
        ...painted(wrap(`  ${severity}: `, about + first), `${severity}:`, (word) => paint(color, word)),
        ...rest.flatMap((line) => wrap("    | ", line)),
      ];
    });
  const all = [...lines, ...outcomes[environment.outcome]];
  return all.length === 0 ? [] : [all];
}

/** One rule: what it demands, each place where it is broken, and what to do. */
function groupLines({ rule, level, severity, findings }: RuleGroup, canvas: Canvas): string[] {
  const { paint, wrap } = canvas;
  const color = level === "mandatory" ? "red" : "yellow";
  const pack = rule.pack === undefined ? [] : [rule.pack];
  const facts = plainLine([severity, ...rule.prevents, ...pack].join(", "));
  const title = `[${level}] ${plainLine(rule.id)}`;
  const fixes = new Set(findings.map(({ fix }) => fix ?? rule.fix));
  const [common] = fixes.size === 1 ? fixes : [];
  return [
    ...painted(wrap("  ", `${title} (${facts})`, 4), title, (words) => paint(color, words)),
    ...(rule.title === rule.id ? [] : wrap("    ", rule.title)),
    ...findings.flatMap((finding) => findingLines(finding, common === undefined, canvas)),
    ...(common === undefined ? [] : fixLines("    ", common, canvas)),
  ];
}

function findingLines(finding: ReportedFinding, withFix: boolean, canvas: Canvas): string[] {
  const { location, fix } = finding;
  const column = location?.column === undefined ? "" : `:${location.column}`;
  return [
    ...canvas.wrap("    - ", findingText(finding)),
    ...(location === undefined
      ? []
      : canvas
          .wrap("      at ", `${location.file}:${location.line}${column}`)
          .map((line) => canvas.paint("gray", line))),
    ...(withFix && fix !== undefined ? fixLines("      ", fix, canvas) : []),
  ];
}

function fixLines(indent: string, fix: string, { paint, wrap }: Canvas): string[] {
  return painted(wrap(`${indent}fix: `, fix), "fix:", (word) => paint("cyan", word));
}

/** `kubernetes:core/v1:Secret (database): stringData.PGUSER names …` */
function findingText({ urn, property, message }: ReportedFinding): string {
  const resource = urn === undefined ? "" : `${resourceText(urn)}: `;
  return `${resource}${property === undefined || property === "" ? "" : `${property} `}${message}`;
}

function exemptedLines(findings: readonly ReportedFinding[], { paint, wrap }: Canvas): string[][] {
  if (findings.length === 0) return [];
  const lines = findings.flatMap((finding) => {
    const { owner = "", expires = "", reason = "" } = finding.exemption ?? {};
    const agreement = `until ${expires}, ${owner} answers for it: ${reason}`;
    return [...wrap("    - ", `${finding.rule}: ${findingText(finding)}`), ...wrap("      ", agreement)];
  });
  return [["  exempted:", ...lines].map((line) => paint("gray", line))];
}

function undeterminedLines(
  answers: readonly ReportedUndetermined[],
  strict: boolean,
  { paint, wrap }: Canvas,
): string[][] {
  if (answers.length === 0) return [];
  const effect = strict ? "each fails the check (--strict)" : "not a pass; --strict makes it fail the check";
  const lines = answers.flatMap((answer) =>
    wrap("    - ", `${answer.rule}: ${resourceText(answer.urn)}${missingText(answer)}`),
  );
  const title = painted(
    wrap("  ", `undetermined (a value is known only after a deployment; ${effect}):`, 4),
    "undetermined",
    (word) => paint(strict ? "red" : "yellow", word),
  );
  return [[...title, ...lines]];
}

function failureText({ failures }: CheckReport, { paint, wrap }: Canvas): string[] {
  if (failures.length === 0) return [];
  const lines = failures.flatMap(({ environment, rule, message }) => {
    const about = [environment, rule]
      .filter((part) => part !== undefined && part !== "")
      .map((part) => `${part}: `);
    const [first = "", ...rest] = plainLines(message).trim().split("\n");
    return [
      ...painted(wrap("  error: ", about.join("") + first), "error:", (word) => paint("red", word)),
      ...rest.flatMap((line) => wrap("    | ", line)),
    ];
  });
  return [[paint("bold", "What kept the check from being made:"), ...lines].join("\n")];
}

function verdictLine(report: CheckReport, { paint, wrap }: Canvas): string {
  const lines =
    verdictOf(report) === "passed"
      ? painted(wrap("", verdictText(report), 4), "check passed", (words) => paint("green", words))
      : painted(wrap("error: ", verdictText(report), 4), "error:", (word) => paint("red", word));
  return lines.join("\n");
}

/** Paints words of the first line, once lines have their length: signs of colour would count. */
function painted(lines: readonly string[], word: string, paintWord: (word: string) => string): string[] {
  return lines.map((line, index) => (index === 0 ? line.replace(word, () => paintWord(word)) : line));
}

/** Breaks between words. */
function wrapped(first: string, text: string, spaces: number, width: number | undefined): string[] {
  if (width === undefined) return [first + text];
  const indent = " ".repeat(spaces);
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && [...line, ...word].length + 1 > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
