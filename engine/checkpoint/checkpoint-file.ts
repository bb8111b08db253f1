/**
 * The file of a stack as a whole: `{version, features?, checkpoint: {stack, latest: <deployment>}}`. Reading verifies
 * everything that the official CLI verifies and refuses, all problems together, what this engine would damage:
 * versions and features that it does not know, other secrets providers, lists that are not in order. Writing keeps
 * every field that is not this engine's.
 *
 * Source: pulumi/pulumi, pkg/resource/stack/{checkpoint,deployment}.go.
 */
import { createHash } from "node:crypto";
import { EngineError } from "../diagnostic";
import { SPOKEN_VERSION } from "../monitor/version";
import { isRecord } from "../project/yaml-file";
import { type PropertyMap, signatureOf, some } from "../property/values";
import type { Ciphertexts } from "./ciphertexts";
import { integrityProblems } from "./integrity";
import { carriedText, quote } from "./json-text";
import { BYTES_SIGNATURE } from "./property-text";
import { readResource, resourceText } from "./resource-text";
import {
  EMPTY_SNAPSHOT,
  type OperationType,
  type PendingOperation,
  type ResourceState,
  type Snapshot,
} from "./state";

const VERSION = 3;
/** Version of a file that names the features which it needs. */
const VERSION_WITH_FEATURES = 4;
const FEATURES = ["byteString", "replaceWith"] as const;

const OPERATIONS: ReadonlySet<string> = new Set<OperationType>([
  "creating",
  "updating",
  "deleting",
  "reading",
  "importing",
]);

type Fields = Readonly<Record<string, unknown>>;

/** What a file holds beside the snapshot, to be written back. */
export interface Envelope {
  /** `organization/<project>/<stack>`; the official CLI takes a file without it. */
  readonly stack?: string;
  /** Salt of the passphrase secrets; undefined when the stack has none yet. */
  readonly salt?: string;
  readonly file: Fields;
  readonly checkpoint: Fields;
  readonly manifest: Fields;
}

/** A file that was parsed, with its resources still encrypted. */
export interface ParsedFile {
  readonly envelope: Envelope;
  readonly deployment: Fields;
}

/** The envelope of a stack that has no file yet. */
export function newEnvelope(stack: string): Envelope {
  return { stack, file: {}, checkpoint: {}, manifest: {} };
}

/** Parses the text of a file. `path` names it in errors. Throws EngineError `state`. */
export function parseFile(text: string, path: string): ParsedFile {
  const refuse = (problems: readonly string[]): never => {
    throw new EngineError(
      "state",
      problems.map((problem) => `${path}: ${problem}`),
    );
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return refuse(["is not whole JSON; its previous state is beside it in a file that ends with .bak"]);
  }
  if (!isRecord(parsed) || !isRecord(parsed.checkpoint)) {
    return refuse(["is not a checkpoint; expected a map with version and checkpoint"]);
  }
  const { version, features, checkpoint, ...file } = parsed;
  const { stack, latest, ...checkpointOthers } = checkpoint;
  const problems = versionProblems(version, features);
  if (stack !== undefined && typeof stack !== "string") problems.push("checkpoint.stack: expected a text");
  if (latest !== undefined && latest !== null && !isRecord(latest))
    problems.push("checkpoint.latest: expected a map");
  const deployment = isRecord(latest) ? latest : {};
  const manifest = isRecord(deployment.manifest) ? deployment.manifest : {};
  problems.push(...deploymentProblems(deployment, manifest));
  if (problems.length > 0) return refuse(problems);
  const { time: _time, magic: _magic, version: _version, plugins: _plugins, ...manifestOthers } = manifest;
  const salt = saltOf(deployment.secrets_providers);
  return {
    envelope: {
      ...(typeof stack === "string" ? { stack } : {}),
      ...(salt === undefined ? {} : { salt }),
      file,
      checkpoint: checkpointOthers,
      manifest: manifestOthers,
    },
    deployment,
  };
}

function versionProblems(version: unknown, features: unknown): string[] {
  // A stack that was only created has version 0; the official CLI reads any file of that version as one of 3.
  if (version !== 0 && version !== VERSION && version !== VERSION_WITH_FEATURES) {
    return [
      `has version ${JSON.stringify(version)}; this engine reads ${VERSION} and ${VERSION_WITH_FEATURES}, let a current official CLI write it first`,
    ];
  }
  const named = Array.isArray(features) ? features : [];
  return named
    .filter((feature) => !FEATURES.includes(feature))
    .map(
      (feature) => `needs the feature ${feature}, which this engine does not implement; use the official CLI`,
    );
}

function deploymentProblems(deployment: Fields, manifest: Fields): string[] {
  const problems: string[] = [];
  const { version = "", magic = "" } = manifest;
  if (magic !== magicOf(String(version))) {
    problems.push(
      "manifest: the magic number is not that of the version; the file was damaged or changed by hand",
    );
  }
  for (const name of ["snippets", "extensions"]) {
    const value = deployment[name];
    if (typeof value === "object" && value !== null && Object.keys(value).length > 0) {
      problems.push(`uses ${name}, which this engine does not implement; use the official CLI`);
    }
  }
  for (const name of ["resources", "pending_operations"]) {
    const value = deployment[name] ?? [];
    if (!Array.isArray(value)) problems.push(`${name}: expected a list`);
  }
  const provider = deployment.secrets_providers;
  if (isRecord(provider) && provider.type !== undefined && provider.type !== "") {
    if (provider.type !== "passphrase") {
      problems.push(
        `its secrets are kept by ${JSON.stringify(provider.type)}; this engine knows passphrase only`,
      );
    } else if (saltOf(provider) === undefined)
      problems.push("secrets_providers: expected state.salt to be a text");
  }
  return problems;
}

function saltOf(provider: unknown): string | undefined {
  if (!isRecord(provider) || !isRecord(provider.state)) return undefined;
  return typeof provider.state.salt === "string" ? provider.state.salt : undefined;
}

/** The magic number of a manifest, from the version that wrote it. */
function magicOf(version: string): string {
  return version === "" ? "" : createHash("sha256").update(version).digest("hex");
}

/** Reads the resources of a parsed file and verifies them. Throws EngineError `state`. */
export function readSnapshot(deployment: Fields, ciphertexts: Ciphertexts, path: string): Snapshot {
  if (Object.keys(deployment).length === 0) return EMPTY_SNAPSHOT;
  const { manifest, secrets_providers, resources, pending_operations, snippets, extensions, ...others } =
    deployment;
  const problems: string[] = [];
  const read = list(resources).flatMap(
    (item, index) => readResource(item, `resources[${index}]`, ciphertexts, problems) ?? [],
  );
  const pending = list(pending_operations).flatMap(
    (item, index) => readOperation(item, `pending_operations[${index}]`, ciphertexts, problems) ?? [],
  );
  if (problems.length === 0) problems.push(...integrityProblems(read));
  if (problems.length > 0)
    throw new EngineError(
      "state",
      problems.map((problem) => `${path}: ${problem}`),
    );
  return { resources: read, pendingOperations: pending, others };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Reads a pending operation. What is wrong with it is added to `problems`. */
export function readOperation(
  value: unknown,
  subject: string,
  ciphertexts: Ciphertexts,
  problems: string[],
): PendingOperation | undefined {
  const { type, resource } = isRecord(value) ? value : {};
  if (typeof type !== "string" || !OPERATIONS.has(type)) {
    problems.push(`${subject}: type: found ${JSON.stringify(type)}; known are ${[...OPERATIONS].join(", ")}`);
    return undefined;
  }
  const state = readResource(resource, `${subject}.resource`, ciphertexts, problems);
  return state === undefined ? undefined : { type: type as OperationType, resource: state };
}

/** Gives the JSON text of a state; the same state is not made into text twice. */
export type TextOf = (state: ResourceState) => string;

/** A TextOf for one checkpoint. */
export function resourceTexts(ciphertexts: Ciphertexts): TextOf {
  const texts = new WeakMap<ResourceState, string>();
  return (state) => {
    const known = texts.get(state);
    if (known !== undefined) return known;
    const text = resourceText(state, ciphertexts);
    texts.set(state, text);
    return text;
  };
}

/** The JSON text of a pending operation. */
export function operationText({ type, resource }: PendingOperation, textOf: TextOf): string {
  return `{"resource":${textOf(resource)},"type":"${type}"}`;
}

/** The text of a deployment without what tells when it was written; equal texts need no write. */
export function contentText({ resources, pendingOperations, others }: Snapshot, textOf: TextOf): string {
  const { metadata, ...rest } = others;
  const { integrity_error: _, ...kept } = isRecord(metadata) ? metadata : {};
  return [
    ...(resources.length === 0 ? [] : [`"resources":[${resources.map(textOf).join(",")}]`]),
    ...(pendingOperations.length === 0
      ? []
      : [`"pending_operations":[${pendingOperations.map((one) => operationText(one, textOf)).join(",")}]`]),
    `"metadata":${carriedText(kept)}`,
    ...fieldTexts(rest),
  ].join(",");
}

/** The whole file. `content` is the contentText of the snapshot, `time` when it was taken. */
export function fileText(envelope: Envelope, snapshot: Snapshot, content: string, time: Date): string {
  const features = featuresOf(snapshot);
  const manifest = [
    `"time":"${goTime(time)}"`,
    `"magic":"${magicOf(SPOKEN_VERSION)}"`,
    `"version":"${SPOKEN_VERSION}"`,
    ...fieldTexts(envelope.manifest),
  ];
  const provider =
    envelope.salt === undefined ? [] : [`"secrets_providers":${secretsProviderText(envelope.salt)}`];
  const deployment = [`"manifest":{${manifest.join(",")}}`, ...provider, content];
  const checkpoint = [
    ...(envelope.stack === undefined ? [] : [`"stack":${quote(envelope.stack)}`]),
    ...fieldTexts(envelope.checkpoint),
    `"latest":{${deployment.join(",")}}`,
  ];
  return `{${[
    `"version":${features.length === 0 ? VERSION : VERSION_WITH_FEATURES}`,
    ...(features.length === 0 ? [] : [`"features":${carriedText(features)}`]),
    `"checkpoint":{${checkpoint.join(",")}}`,
    ...fieldTexts(envelope.file),
  ].join(",")}}`;
}

/** How a checkpoint names its secrets' salt. */
export function secretsProviderText(salt: string): string {
  return `{"type":"passphrase","state":{"salt":${quote(salt)}}}`;
}

function fieldTexts(fields: Fields): string[] {
  return Object.entries(fields).map(([name, value]) => `${quote(name)}:${carriedText(value)}`);
}

/** RFC 3339 as Go writes it: no zeros at the end of a fraction. */
export function goTime(time: Date): string {
  return time.toISOString().replace(/\.?0*Z$/, "Z");
}

function featuresOf({ resources, pendingOperations }: Snapshot): string[] {
  const states = [...resources, ...pendingOperations.map(({ resource }) => resource)];
  const bytes = (properties: PropertyMap): boolean =>
    some(properties, (value) => signatureOf(value) === BYTES_SIGNATURE);
  const used: Readonly<Record<(typeof FEATURES)[number], (state: ResourceState) => boolean>> = {
    byteString: ({ inputs, outputs }) => bytes(inputs) || bytes(outputs),
    replaceWith: ({ replaceWith }) => replaceWith !== undefined && replaceWith.length > 0,
  };
  return FEATURES.filter((feature) => states.some(used[feature]));
}
