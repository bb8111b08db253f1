/**
 * Workflow commands of GitHub Actions, one per line: the runner makes annotations on the lines of a pull request of
 * them. It shows ten of each kind per step, so no more are written than that, the most pressing first.
 */
import type { CheckReport, ReportedFinding, SourceLocation } from "../report";
import { plainLine, plainLines } from "./plain";
import { byUrgency, counted, resourceText, verdictText } from "./summary";

/** How many of one kind GitHub shows per step. */
const MOST_PER_KIND = 10;

type Kind = "error" | "warning" | "notice";

interface Annotation {
  readonly kind: Kind;
  readonly title: string;
  readonly message: string;
  readonly location?: SourceLocation | undefined;
}

/** The commands, and the verdict as a line that is none. Exempted findings are not annotated. */
export function githubCheck(report: CheckReport): string {
  const annotations = [
    ...failureAnnotations(report),
    ...findingAnnotations(report),
    ...openAnnotations(report),
  ];
  const lines = (["error", "warning", "notice"] as const).flatMap((kind) =>
    bounded(
      kind,
      annotations.filter((annotation) => annotation.kind === kind),
    ),
  );
  return `${[...lines, verdictText(report)].join("\n")}\n`;
}

function failureAnnotations({ failures }: CheckReport): Annotation[] {
  return failures.map(({ environment, rule, message }) => {
    const about = [environment, rule].filter((part) => part !== undefined && part !== "").join(", ");
    return {
      kind: "error",
      title: `the check could not be made${about === "" ? "" : ` (${about})`}`,
      message,
    };
  });
}

function findingAnnotations({ findings }: CheckReport): Annotation[] {
  return findings
    .filter(({ exemption }) => exemption === undefined)
    .sort(byUrgency)
    .map((finding) => ({
      kind: finding.level === "mandatory" ? "error" : "warning",
      title: titleOf(finding),
      message: messageOf(finding),
      location: finding.location,
    }));
}

function openAnnotations({ undetermined, strict }: CheckReport): Annotation[] {
  return undetermined.map((answer) => ({
    kind: strict ? "error" : "notice",
    title: titleOf(answer),
    message:
      `${resourceText(answer.urn)}: undetermined, because ${answer.reason ?? "a value is known only after a deployment"}` +
      `${answer.properties.length === 0 ? "" : `: ${answer.properties.join(", ")}`}`,
  }));
}

function titleOf({ rule, environment }: { readonly rule: string; readonly environment: string }): string {
  return environment === "" ? rule : `${rule} (${environment})`;
}

function messageOf({ urn, property, message, fix }: ReportedFinding): string {
  const resource = urn === undefined ? "" : `${resourceText(urn)}: `;
  const subject = property === undefined || property === "" ? "" : `${property} `;
  return `${resource}${subject}${message}${fix === undefined ? "" : `\nfix: ${fix}`}`;
}

/** All of a kind, or the first nine and one that says how many more there are. */
function bounded(kind: Kind, annotations: readonly Annotation[]): string[] {
  if (annotations.length <= MOST_PER_KIND) return annotations.map(command);
  const shown = annotations.slice(0, MOST_PER_KIND - 1);
  const message = `${counted(annotations.length - shown.length, `more ${kind}`)}: npx kb check shows all`;
  return [...shown, { kind, title: "and more", message }].map(command);
}

function command({ kind, title, message, location }: Annotation): string {
  const properties = [
    ...(location === undefined
      ? []
      : [
          ["file", location.file],
          ["line", String(location.line)],
          ...(location.column === undefined ? [] : [["col", String(location.column)]]),
        ]),
    ["title", title],
  ];
  const text = properties.map(([key, value = ""]) => `${key}=${property(value)}`).join(",");
  return `::${kind} ${text}::${data(plainLines(message).trim())}`;
}

/** The runner's own escaping of what stands behind the second `::`. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** What stands before it must not end a property either. */
function property(text: string): string {
  return data(plainLine(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
