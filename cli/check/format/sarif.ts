/** A check as SARIF 2.1.0, as code scanning services take it. */
import { createHash } from "node:crypto";
import type { Level, Severity } from "../../../policies/rule";
import { version } from "../../package.json";
import {
  type AppliedExemption,
  type CheckReport,
  type ReportedFinding,
  type ReportedRule,
  type ReportedUndetermined,
  type SourceLocation,
  verdictOf,
} from "../report";
import { markdownText } from "./markdown-text";
import { plainJson, plainLine, plainLines } from "./plain";
import type {
  SarifLevel,
  SarifLocation,
  SarifLog,
  SarifNotification,
  SarifResult,
  SarifRule,
  SarifSuppression,
} from "./sarif-types";
import { allRules, resourceOf, resourceText } from "./summary";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

/** The name under which services look for the project's root. */
const ROOT = "%SRCROOT%";

/** Where a finding without a known line stands: services refuse a result without a place. */
const SOMEWHERE: SourceLocation = { file: "Pulumi.yaml", line: 1 };

const LEVELS: Readonly<Record<Level, SarifLevel>> = { mandatory: "error", advisory: "warning" };

/** In the middle of the ranges that GitHub calls critical, high, medium and low. */
const SCORES: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
};

/** The whole document, ending in a line break. */
export function sarifCheck(report: CheckReport): string {
  const rules = allRules(report);
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const indexOf = (rule: string): number => indexes.get(rule) ?? -1;
  const log: SarifLog = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "kb check", semanticVersion: version, rules: rules.map(ruleOf) } },
        automationDetails: { id: `kb-check/${plainLine(report.project)}/` },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: verdictOf(report) !== "incomplete",
            toolExecutionNotifications: notificationsOf(report, indexes),
          },
        ],
        results: [
          ...report.findings.map((finding) => failOf(finding, indexOf(finding.rule))),
          ...report.undetermined.map((answer) => openOf(answer, indexOf(answer.rule), report.strict)),
        ],
      },
    ],
  };
  return plainJson(log);
}

function ruleOf({ id, title, severity, level, why, fix, prevents, pack }: ReportedRule): SarifRule {
  const family = id.includes("/") ? [id.slice(0, id.indexOf("/"))] : [];
  const parts = [
    ["Why", why],
    ["Fix", fix],
  ].flatMap(([word, text]) => (text === undefined ? [] : [[word, text] as const]));
  const help = parts.map(([word, text]) => `${word}: ${text}`).join("\n\n");
  const markdown = parts.map(([word, text]) => `**${word}:** ${markdownText(text)}`).join("\n\n");
  return {
    id,
    shortDescription: { text: messageText(title) },
    fullDescription: { text: messageText(why ?? title) },
    help: {
      text: messageText(parts.length === 0 ? title : help),
      markdown: messageText(parts.length === 0 ? markdownText(title) : markdown),
    },
    defaultConfiguration: { level: LEVELS[level] },
    properties: {
      tags: [...new Set(["security", ...family, ...prevents, ...(pack === undefined ? [] : [pack])])],
      "security-severity": SCORES[severity],
    },
  };
}

function failOf(finding: ReportedFinding, ruleIndex: number): SarifResult {
  const { rule, level, severity, environment, urn, property, message, fix, location, exemption } = finding;
  const subject = property === undefined || property === "" ? "" : `${property} `;
  const resource = urn === undefined ? "" : `${resourceText(urn)}: `;
  return {
    ruleId: rule,
    ruleIndex,
    kind: "fail",
    level: LEVELS[level],
    message: { text: messageText(`${resource}${subject}${message}`) },
    locations: [locationOf(location, urn)],
    partialFingerprints: { "kbCheck/v1": finding.fingerprint },
    suppressions: exemption === undefined ? [] : [suppressionOf(exemption)],
    properties: { environment, severity, property, fix },
  };
}

function openOf(
  { rule, environment, urn, properties, reason }: ReportedUndetermined,
  ruleIndex: number,
  strict: boolean,
): SarifResult {
  const on = properties.length === 0 ? "" : `: ${properties.join(", ")}`;
  const effect = strict ? "; this fails the check (--strict)" : "";
  const identity = createHash("sha256")
    .update(JSON.stringify([rule, environment, urn]))
    .digest("hex");
  return {
    ruleId: rule,
    ruleIndex,
    kind: "open",
    level: "none",
    message: {
      text: messageText(
        `${resourceText(urn)}: ${reason ?? "a value is known only after a deployment"}${on}${effect}`,
      ),
    },
    locations: [locationOf(undefined, urn)],
    partialFingerprints: { "kbCheck/v1": identity },
    suppressions: [],
    properties: { environment, unknown: properties },
  };
}

/** Doubled braces are no placeholder, and a parted bracket is no link (3.11.5, 3.11.6). */
function messageText(text: string): string {
  return plainLines(text).replace(/[{}]/g, "$&$&").replaceAll("](", "] (");
}

function locationOf(location: SourceLocation | undefined, urn: string | undefined): SarifLocation {
  const { file, line, column } = location ?? SOMEWHERE;
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file), uriBaseId: ROOT },
      region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) },
    },
    ...(urn === undefined
      ? {}
      : { logicalLocations: [{ name: resourceOf(urn).name, fullyQualifiedName: urn, kind: "resource" }] }),
  };
}

/** A relative reference: what a URI reserves stands as its code. */
function uriOf(file: string): string {
  return plainLine(file).split("/").map(encodeURIComponent).join("/");
}

function suppressionOf({ reason, owner, expires }: AppliedExemption): SarifSuppression {
  return {
    kind: "external",
    status: "accepted",
    justification: plainLine(`${reason} (until ${expires}; ${owner} answers for it)`),
  };
}

function notificationsOf(
  { failures }: CheckReport,
  indexes: ReadonlyMap<string, number>,
): readonly SarifNotification[] {
  return failures.map(({ environment, rule, message }) => {
    const about = [environment, rule].filter((part) => part !== undefined && part !== "");
    const index = rule === undefined ? undefined : indexes.get(rule);
    return {
      level: "error",
      message: { text: messageText([...about, message].join(": ")) },
      ...(rule === undefined || index === undefined ? {} : { associatedRule: { id: rule, index } }),
    };
  });
}
