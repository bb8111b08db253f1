/**
 * The programs whose previews by the official CLI are recorded, how kb previews them, and each difference that may
 * be between the two, with its reason.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Declaration } from "../../engine/monitor/declaration";
import { preview } from "../../engine/preview";
import { loadProject } from "../../engine/project/project";
import { UNKNOWN } from "../../engine/property/values";
import { repository } from "../support/project";
import type { Difference } from "./agreement";
import type { PreviewFixture } from "./preview-fixture";

/** Ways in which kb runs a program: all environments in one process, or each in Pulumi's own runner. */
export const RUNNERS = ["shared", "official"] as const;
export type Runner = (typeof RUNNERS)[number];

/** A difference that may be, and why. */
interface NamedDifference extends Difference {
  readonly reason: string;
  /** Only when kb runs the program so. */
  readonly runner?: Runner;
}

/** A program and the recordings of its environments. */
export interface RecordedProgram {
  readonly root: string;
  /** Directory of the environments' files, if it is not the project's. */
  readonly configuration?: string;
  /** Names of the fixtures by environment. */
  readonly recordings: Readonly<Record<string, string>>;
  readonly named: readonly NamedDifference[];
}

/**
 * This project. Its environments are copies, so that a new image tag does not ask for a new recording.
 */
export const keybuzz: RecordedProgram = {
  root: repository,
  configuration: join(__dirname, "environments"),
  recordings: { dev: "keybuzz-dev", prod: "keybuzz-prod" },
  named: [],
};

const HASH: unknown = expect.stringMatching(/^[0-9a-f]{64}$/);

/** Uses what this project leaves aside. */
export const sampler: RecordedProgram = {
  root: join(__dirname, "programs", "sampler"),
  recordings: { dev: "sampler-dev" },
  named: [
    hashOf("text"),
    hashOf("file"),
    hashOf("folder"),
    hashOf("assembled"),
    hashOf("assembled", "assets", "note.txt"),
    hashOf("assembled", "assets", "inner.zip"),
    hashOf("assembled", "assets", "inner.zip", "assets", "text.txt"),
    {
      path: ["stackOutputs", "files", "source", "hash"],
      official: HASH,
      reason: "as for the input that it comes from",
    },
    {
      path: ["stackOutputs", "files", "source", "text"],
      official: "<contents elided>",
      ours: "A text.",
      reason: "the event log, from which stack outputs are recorded, leaves out the contents of assets",
    },
    {
      ...at("sampler", "aws:sns/topic:Topic::given-away", "inputs", "displayName"),
      official: "placeholder",
      ours: "[secret]",
      reason: "the program takes the secrecy off a secret of the configuration; kb shows its text nowhere",
    },
    transformed("sampler", "aws:sns/topic:Topic::transformed"),
    {
      ...at("sampler", "pulumi-nodejs:dynamic/sampler:Dynamic::dynamic", "inputs", "__provider"),
      official: expect.stringContaining('return async (inputs) => ({ id: "dynamic", outs: inputs });'),
      ours: expect.stringContaining('return async inputs=>({id:"dynamic",outs:inputs});'),
      reason: "a function is sent as the compiler wrote it, and shared programs are compiled by another one",
      runner: "shared",
    },
    {
      ...at("sampler", "random:index/untyped:Untyped::values", "inputs", "text"),
      official: "account [object Object]",
      ours: UNKNOWN,
      reason:
        "a stand-in can say that a function's result is unknown, but not in a way that survives becoming text; a real provider would have answered",
    },
    {
      ...at("sampler", "pulumi:providers:pulumi-nodejs::default", "inputs", "sampler:date"),
      official: "2026-01-31 00:00:00 +0000 UTC",
      ours: "2026-01-31",
      reason:
        "the CLI reads an unquoted date as a time and prints it as Go does; kb takes it as it is written",
    },
    {
      path: ["stackOutputs", "scalars", "date"],
      official: "2026-01-31 00:00:00 +0000 UTC",
      ours: "2026-01-31",
      reason: "as for the configuration of the dynamic provider",
    },
    {
      path: ["messages", "info#err: printed as an error"],
      official: 1,
      reason: "kb has one severity for what a program prints, whichever of its streams it prints to",
    },
    {
      path: ["messages", "info: printed as an error"],
      ours: 1,
      reason: "the other half of the one before",
    },
  ],
};

/** Transforms of all kinds. */
export const transforms: RecordedProgram = {
  root: join(__dirname, "programs", "transforms"),
  recordings: { dev: "transforms-dev" },
  named: [
    transformed("transforms", "aws:sns/topic:Topic::by-stack"),
    transformed("transforms", "transforms:index:Parent$aws:sns/topic:Topic::by-parent-and-stack"),
    transformed("transforms", "transforms:index:Parent$aws:sns/topic:Topic::by-itself-and-others"),
    transformed("transforms", "transforms:index:Parent$aws:sns/topic:Topic::own-only"),
  ],
};

/** A property of a resource of `dev`; the URN without its beginning. */
function at(project: string, urn: string, ...path: string[]): Pick<Difference, "path"> {
  return { path: ["resources", `urn:pulumi:dev::${project}::${urn}`, ...path] };
}

function hashOf(key: string, ...path: string[]): NamedDifference {
  return {
    ...at("sampler", `aws:s3/bucketObjectv2:BucketObjectv2::${key}`, "inputs", "source", ...path, "hash"),
    official: HASH,
    reason:
      "the CLI hashes assets and archives; a preview on empty state has nothing to compare their hashes with",
  };
}

function transformed(project: string, urn: string): NamedDifference {
  return {
    ...at(project, urn, "deleteBeforeReplace"),
    ours: false,
    reason:
      "the SDK adds this option when a transform returns options; the recording has what the program asked before its transforms",
  };
}

export function readFixture(name: string): PreviewFixture {
  return JSON.parse(readFileSync(join(__dirname, "fixtures", `${name}.fixture.json`), "utf8"));
}

/** Previews all environments of a program at once. None may need another runner than the one asked for. */
export async function declare(
  { root, configuration, recordings }: RecordedProgram,
  runner: Runner,
  passphrase?: string,
): Promise<Map<string, Declaration>> {
  const project = loadProject(root);
  const fallbacks: string[] = [];
  const declarations = await preview(
    { ...project, configDirectory: configuration ?? project.configDirectory },
    Object.keys(recordings),
    {
      overrides: [],
      processEnvironment: passphrase === undefined ? {} : { PULUMI_CONFIG_PASSPHRASE: passphrase },
      officialRunner: runner === "official",
      signal: new AbortController().signal,
      events: { fallback: (_, reason) => fallbacks.push(reason) },
    },
  );
  expect(fallbacks).toEqual([]);
  expect(declarations.map(({ outcome }) => outcome)).toEqual(declarations.map(() => "succeeded"));
  return new Map(declarations.map((declaration) => [declaration.environment, declaration]));
}
