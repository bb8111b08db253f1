/**
 * Finds the line that caused a finding: of the environment's file when one of its keys gives the name at fault, else of the
 * program, where the resource is made. Lines of programs are known only to Pulumi's own runner, so programs with
 * findings that no file explains are run once more.
 */
import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { SourceFile } from "../../config/positions";
import type { Declaration } from "../../engine/monitor/declaration";
import { type PreviewOptions, preview } from "../../engine/preview";
import { environmentFile, type Project } from "../../engine/project/project";
import type { EnvironmentFacts } from "../../policies/estate";
import { valueAt } from "../../policies/value";
import type { RawFinding } from "./findings";
import { configurationPath } from "./locate-value";
import type { CheckReport, ReportedFinding, SourceLocation } from "./report";
import type { EnvironmentSubject } from "./subject";

/** Finds the line of an environment's file that gives the name which a finding is about. */
export class Locator {
  readonly #files = new Map<string, SourceFile | undefined>();

  constructor(
    private readonly project: Project,
    private readonly facts: readonly EnvironmentFacts[],
    private readonly subjects: ReadonlyMap<string, EnvironmentSubject>,
  ) {}

  /** Undefined when no key of the file gives it: then the program does. */
  inConfiguration(finding: RawFinding): SourceLocation | undefined {
    const { environment } = finding;
    const configuration = this.facts.find(({ name }) => name === environment)?.configuration;
    const reference = finding.reference ?? this.#imageOf(finding);
    if (configuration === undefined || reference === undefined) return undefined;
    const path = configurationPath(reference, configuration);
    const place = path === undefined ? undefined : this.#read(environment)?.keyPosition(path);
    const file = environmentFile(this.project, environment);
    return place === undefined || file === undefined
      ? undefined
      : { file: inProject(this.project, file), ...place };
  }

  /** Findings about images name none of another environment; the image itself leads to its key. */
  #imageOf({ environment, urn, property }: RawFinding): RawFinding["reference"] {
    if (!property.endsWith(".image")) return undefined;
    const resource = this.subjects.get(environment)?.declared.find((each) => each.urn === urn);
    const image = valueAt(resource?.properties, ...pathOf(property));
    return typeof image === "string"
      ? { kind: "environment-image", name: image.replace(/@.*$/, "") }
      : undefined;
  }

  #read(environment: string): SourceFile | undefined {
    if (!this.#files.has(environment)) {
      const path = environmentFile(this.project, environment);
      this.#files.set(
        environment,
        path === undefined ? undefined : new SourceFile(readFileSync(path, "utf8")),
      );
    }
    return this.#files.get(environment);
  }
}

/**
 * The report with the lines at which programs make the resources that findings are about. Only environments with
 * findings that nothing else places are run again, and only if their programs can be.
 */
export async function withProgramPlaces(
  report: CheckReport,
  project: Project,
  declarations: readonly Declaration[],
  options: Omit<PreviewOptions, "overrides">,
): Promise<CheckReport> {
  const open = report.findings.filter(
    ({ location, urn, exemption }) => location === undefined && urn !== undefined && exemption === undefined,
  );
  const known = new Map(declarations.map((declaration) => [declaration.environment, declaration]));
  const again = [...new Set(open.map(({ environment }) => environment))].filter((name) => {
    const { outcome, resources } = known.get(name) ?? { outcome: "failed", resources: [] };
    return outcome === "succeeded" && !resources.some(({ sourcePosition }) => sourcePosition !== undefined);
  });
  if (again.length > 0) {
    const repeated = await preview(project, again, {
      ...options,
      overrides: [],
      officialRunner: true,
      events: {},
    });
    for (const declaration of repeated) known.set(declaration.environment, declaration);
  }
  const findings = report.findings.map((finding): ReportedFinding => {
    const place = finding.location ?? inProgram(finding, known.get(finding.environment));
    return place === undefined ? finding : { ...finding, location: place };
  });
  return { ...report, findings };
}

/** Where the program makes the resource. Lines of installed packages say nothing to whoever wrote the program. */
function inProgram(
  { urn }: ReportedFinding,
  declaration: Declaration | undefined,
): SourceLocation | undefined {
  const resource = declaration?.resources.find((each) => each.urn === urn);
  const [, file, line, column] =
    /^project:\/\/\/?(.+)#(\d+)(?:,(\d+))?$/.exec(resource?.sourcePosition ?? "") ?? [];
  if (file === undefined || file.includes("node_modules/")) return undefined;
  return { file, line: Number(line), ...(Number(column) > 0 ? { column: Number(column) } : {}) };
}

function inProject(project: Project, path: string): string {
  return relative(project.root, path).split(sep).join("/");
}

/** The path that pathText wrote. */
function pathOf(property: string): (string | number)[] {
  const parts = property.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g);
  return [...parts].map(([, index, quoted, plain]) =>
    index === undefined
      ? quoted === undefined
        ? (plain ?? "")
        : (JSON.parse(`"${quoted}"`) as string)
      : Number(index),
  );
}
