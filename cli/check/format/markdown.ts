/** A check as a comment on a pull request: GitHub's Markdown, never longer than GitHub takes. */
import { type CheckReport, type ReportedFinding, type Verdict, verdictOf } from "../report";
import { fitted, type Section } from "./markdown-fit";
import { markdownCode, markdownText } from "./markdown-text";
import { shortened } from "./plain";
import {
  byRule,
  byUrgency,
  counted,
  countsOf,
  type EnvironmentView,
  environmentViews,
  type RuleGroup,
  resourceOf,
  verdictText,
} from "./summary";

/** GitHub refuses a comment of more than 65,536 characters; a bot may add a few of its own. */
export const MOST_CHARACTERS = 65_000;

/** How much of one text is shown, in characters before their escaping. */
const MOST_OF_A_NAME = 200;
const MOST_OF_A_TEXT = 1_000;

const SIGNS: Readonly<Record<Verdict, string>> = { passed: "✅", refused: "❌", incomplete: "⚠️" };

/**
 * The first line of the comment, which no reader sees: a bot finds its own comment by it, and changes that one
 * instead of adding another.
 */
export function markdownMarker(project: string): string {
  return `<!-- kb-check:${project.replace(/[^\w.]+/g, "-").slice(0, MOST_OF_A_NAME)} -->`;
}

/** The whole comment, ending in a line break. */
export function markdownCheck(report: CheckReport): string {
  const views = environmentViews(report);
  const head = [
    markdownMarker(report.project),
    `## ${SIGNS[verdictOf(report)]} ${markdownText(`${name(report.project)}: ${verdictText(report)}`)}`,
  ].join("\n");
  const sections = [
    failureSection(report),
    overviewSection(views),
    ...views.map(findingSection),
    detailSection(report),
    undeterminedSection(report),
    exemptedSection(report),
  ];
  return fitted(head, sections, MOST_CHARACTERS);
}

function failureSection({ failures }: CheckReport): Section {
  return {
    what: "failure",
    open: "### What kept the check from being made\n",
    rows: failures.map(({ environment, rule, message }) => {
      const about = [environment, rule].flatMap((part) => (part ? [code(part)] : []));
      return { rank: 0, text: `- ${about.join(" ")}: ${text(message)}` };
    }),
  };
}

function overviewSection(views: readonly EnvironmentView[]): Section {
  return {
    what: "environment",
    open: table("environment", "resources", "mandatory", "advisory", "exempted", "undetermined"),
    rows: views.map((view) => {
      const { environment } = view;
      const { mandatory, advisory, exempted, undetermined } = countsOf(view);
      const outcome = environment?.outcome ?? "succeeded";
      const ended = outcome === "succeeded" ? "" : ` (${outcome})`;
      const resources = environment?.resources ?? "";
      return {
        rank: 0,
        text: row(code(view.name) + ended, resources, mandatory, advisory, exempted, undetermined),
      };
    }),
  };
}

function findingSection(view: EnvironmentView): Section {
  const open = view.findings.filter(({ exemption }) => exemption === undefined);
  return {
    what: "finding",
    open: `### ${view.name === "" ? "the project" : text(name(view.name))}\n\n${table("level", "rule", "resource", "what is wrong", "where")}`,
    rows: [...open].sort(byUrgency).map((finding) => ({
      rank: finding.level === "mandatory" ? 1 : 2,
      text: row(finding.level, code(finding.rule), resource(finding.urn), problem(finding), place(finding)),
    })),
  };
}

function detailSection({ findings, rules }: CheckReport): Section {
  const groups = byRule(
    findings.filter(({ exemption }) => exemption === undefined),
    rules,
  );
  return {
    what: "explanation",
    open: `<details>\n<summary>Why, and what to do (${counted(groups.length, "rule")})</summary>\n`,
    rows: groups.map((group) => ({ rank: 3, text: explanation(group) })),
    close: "</details>",
  };
}

function explanation({ rule, severity, findings }: RuleGroup): string {
  const facts = [severity, ...rule.prevents, ...(rule.pack === undefined ? [] : [rule.pack])].map(text);
  const fixes = [...new Set(findings.flatMap(({ fix = rule.fix }) => (fix === undefined ? [] : [fix])))];
  const parts = [
    `**${code(rule.id)}** (${facts.join(", ")})${rule.title === rule.id ? "" : `: ${text(rule.title)}`}`,
    ...(rule.why === undefined ? [] : [`*Why:* ${text(rule.why)}`]),
    ...fixes.map((fix) => `*Fix:* ${text(fix)}`),
  ];
  return `${parts.join("\n\n")}\n`;
}

function undeterminedSection({ undetermined, strict }: CheckReport): Section {
  const effect = strict ? "each fails the check" : "not a pass";
  return {
    what: "undetermined answer",
    open: `<details>\n<summary>Undetermined: a value is known only after a deployment (${effect})</summary>\n\n${table("environment", "rule", "resource", "depends on")}`,
    rows: undetermined.map(({ environment, rule, urn, properties, reason }) => ({
      rank: strict ? 1 : 4,
      text: row(
        code(environment),
        code(rule),
        resource(urn),
        [code(properties.join(", ")), ...(reason === undefined ? [] : [text(reason)])].join(": "),
      ),
    })),
    close: "\n</details>",
  };
}

function exemptedSection({ findings }: CheckReport): Section {
  return {
    what: "exempted finding",
    open: `<details>\n<summary>Exempted</summary>\n\n${table("environment", "rule", "resource", "what is wrong", "until", "owner", "reason")}`,
    rows: findings.flatMap((finding) => {
      const { environment, rule, urn, exemption } = finding;
      if (exemption === undefined) return [];
      const agreement = [text(exemption.expires), text(exemption.owner), text(exemption.reason)];
      return [
        {
          rank: 5,
          text: row(code(environment), code(rule), resource(urn), problem(finding), ...agreement),
        },
      ];
    }),
    close: "\n</details>",
  };
}

function resource(urn: string | undefined): string {
  if (urn === undefined) return "";
  const { type, name: resourceName } = resourceOf(urn);
  return type === "" ? code(resourceName) : `${code(type)} (${code(resourceName)})`;
}

function problem({ property, message }: ReportedFinding): string {
  return property === undefined || property === "" ? text(message) : `${code(property)} ${text(message)}`;
}

function place({ location }: ReportedFinding): string {
  return location === undefined ? "" : code(`${location.file}:${location.line}`);
}

function table(...titles: readonly string[]): string {
  return `${row(...titles)}\n|${" --- |".repeat(titles.length)}`;
}

function row(...cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

function name(value: string): string {
  return shortened(value, MOST_OF_A_NAME);
}

function code(value: string): string {
  return markdownCode(name(value));
}

function text(value: string): string {
  return markdownText(shortened(value, MOST_OF_A_TEXT));
}
