/**
 * Validates the configuration of one environment as a whole: either it is right and comes back typed, or every
 * mistake in it comes back, with its place in the file.
 */
import { checks } from "./checks";
import { claimsOf, duplicateClaims } from "./claims";
import { type Finding, inOrder, type Mistake, pathText, shown } from "./mistakes";
import { PROJECT } from "./names";
import { parseSections } from "./parse";
import { type Position, SourceFile } from "./positions";
import { type Draft, type EnvironmentConfig, environmentSchema, sectionNames } from "./schema";
import { fieldAt, isChoice, type Path } from "./schema/introspect";
import * as secretKeys from "./secret-keys";

export interface ValidationContext {
  /** The stack that the configuration is for. */
  readonly stack: string;
  /** What the file is called in mistakes: `Pulumi.dev.yaml`. */
  readonly file?: string | undefined;
  /** The file's text. It is looked at only to locate mistakes and to find secrets where none belong. */
  readonly source?: string | undefined;
}

export type Validation =
  | { readonly valid: true; readonly config: EnvironmentConfig }
  | { readonly valid: false; readonly mistakes: readonly Mistake[] };

/** @param values the values of the namespace `keybuzz`, by key without it; structured ones already parsed. */
export function validateEnvironment(values: Record<string, unknown>, context: ValidationContext): Validation {
  return validate(values, context);
}

/** Reads and validates the text of Pulumi.<env>.yaml, without Pulumi. */
export function validateEnvironmentFile(
  source: string,
  context: Omit<ValidationContext, "source">,
): Validation {
  const file = new SourceFile(source);
  const syntax = file.syntaxProblems;
  if (syntax.length === 0) return validate(file.values, context, file);
  return {
    valid: false,
    mistakes: syntax.map(({ problem, ...position }) => ofFile(problem, position, context)),
  };
}

/** @param read the file, where it has been read already */
function validate(
  values: Record<string, unknown>,
  context: ValidationContext,
  read?: SourceFile,
): Validation {
  const sections = Object.fromEntries(Object.entries(values).filter(([key]) => isSection(key)));
  const { config, draft, findings } = parseSections(sections);
  const beside = secretKeys.checkSecretKeys(values, context.stack);
  const found = [
    ...findings.filter((finding) => !isMisnamed(finding, beside)),
    ...beside,
    ...checks.flatMap((check) => check.find(draft, context)),
    ...claimedTwice(draft),
  ];
  const file = read ?? fileOf(context, found.length > 0, values);
  const nested = nestedSecrets(values, file);
  const beyond = found.filter(({ path }) => !nested.some((secret) => isInside(path, secret.path)));
  const mistakes = [
    ...nested.map(({ path, position }) =>
      locate(secretKeys.nestedSecretFinding(path), values, context, file, position),
    ),
    ...beyond.map((finding) => locate(finding, values, context, file)),
    ...textMistakes(values, context, file),
  ];
  if (config !== undefined && mistakes.length === 0) return { valid: true, config };
  return { valid: false, mistakes: inOrder(mistakes) };
}

function isSection(key: string): boolean {
  return (sectionNames as readonly string[]).includes(key);
}

/** Whether a section that is missing is there under a wrong name: one mistake, not two. */
function isMisnamed({ at, path }: Finding, beside: readonly Finding[]): boolean {
  return at === "missing" && path.length === 1 && beside.some(({ suggestion }) => suggestion === path[0]);
}

function claimedTwice(draft: Draft): Finding[] {
  return duplicateClaims(claimsOf(draft)).map(({ kind, name, first, second }) => ({
    path: second.path,
    problem: `claims the ${kind} ${name}, which ${first.place} claims already`,
    allowed: "a name of its own",
  }));
}

/** The file, if there is a reason to read it: loading the YAML library costs as much as all of this. */
function fileOf(context: ValidationContext, mistaken: boolean, values: Record<string, unknown>) {
  const { source } = context;
  if (source === undefined) return undefined;
  const keys = secretKeys.secretKeys(values).map(({ key }) => key);
  const suspicious =
    mistaken || secretKeys.mayNestSecrets(source) || keys.some((key) => secretKeys.mayBePlain(source, key));
  return suspicious ? new SourceFile(source) : undefined;
}

interface NestedSecret {
  readonly path: Path;
  readonly position?: Position;
}

/** Encrypted strings below the top level: as the values show them, or else as the text does. */
function nestedSecrets(values: Record<string, unknown>, file: SourceFile | undefined): NestedSecret[] {
  const found = new Map<string, NestedSecret>();
  for (const path of secretKeys.nestedSecretPaths(values)) found.set(pathText(path), { path });
  for (const { path, line, column } of file?.nestedSecrets ?? []) {
    found.set(pathText(path), { path, position: { line, column } });
  }
  return [...found.values()];
}

function isInside(path: Path, outer: Path): boolean {
  return outer.every((part, index) => path[index] === part);
}

/** Mistakes that only the text shows. */
function textMistakes(
  values: Record<string, unknown>,
  context: ValidationContext,
  file: SourceFile | undefined,
): Mistake[] {
  if (file === undefined) return [];
  const syntax = file.syntaxProblems.map(({ problem, ...position }) => ofFile(problem, position, context));
  const doubled = file.duplicates.map(({ path, ...position }) => {
    const finding: Finding = { path, problem: "stands in the file twice", allowed: "each key once" };
    return locate(finding, values, context, file, position);
  });
  const keys = new Set(secretKeys.secretKeys(values).map(({ key }) => key));
  const plain = [...keys].filter((key) => !isSection(key) && file.isPlain(key));
  const clear = plain.map((key) => {
    const problem = "is a secret in clear";
    const allowed = `an encrypted string: pulumi config set --secret ${PROJECT}:${key} --stack ${context.stack}`;
    return locate({ path: [key], problem, allowed, at: "key" }, values, context, file);
  });
  return [...syntax, ...doubled, ...clear];
}

function ofFile(problem: string, position: Position, { file }: { file?: string | undefined }): Mistake {
  return { ...(file === undefined ? {} : { file }), ...position, path: "", message: problem };
}

function locate(
  finding: Finding,
  values: Record<string, unknown>,
  context: ValidationContext,
  file: SourceFile | undefined,
  known?: Position,
): Mistake {
  const { path, value, problem, allowed, suggestion } = finding;
  const field = fieldAt(environmentSchema, values, path);
  const text = value === undefined ? undefined : shown(path, value, field !== undefined && isChoice(field));
  return {
    ...(context.file === undefined ? {} : { file: context.file }),
    ...(known ?? positionOf(finding, file)),
    path: pathText(path),
    ...(text === undefined ? {} : { value: text }),
    message: text === undefined || value === null ? problem : `${text} ${problem}`,
    ...(allowed === undefined ? {} : { allowed }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function positionOf(finding: Finding, file: SourceFile | undefined): Position | undefined {
  if (file === undefined) return undefined;
  if (finding.at === "missing") return file.placeFor(finding.path);
  if (finding.at === "key" || finding.value === undefined) return file.keyPosition(finding.path);
  return file.valuePosition(finding.path, finding.value);
}
