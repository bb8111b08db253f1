/**
 * What is kept of a preview of the official CLI: everything that the program decides, and nothing that changes
 * from run to run or from machine to machine (durations, timestamps, source positions, paths, random ids).
 */
import { z } from "zod";
import { compareStrings, type JsonObject, jsonObject, mapObject } from "./json";
import type { RecordedInvoke } from "./stand-in-provider";

const strings = z.array(z.string());

/** The state of a resource as `pulumi preview --json` prints it, as far as it is kept. */
const resourceState = z.object({
  type: z.string(),
  custom: z.boolean(),
  /** Only of resources that are read: a previewed creation has none. */
  id: z.string().optional(),
  parent: z.string().optional(),
  /** The provider's URN and id. */
  provider: z.string().optional(),
  external: z.boolean().optional(),
  protect: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
  deletedWith: z.string().optional(),
  replaceWith: strings.optional(),
  importID: z.string().optional(),
  additionalSecretOutputs: strings.optional(),
  ignoreChanges: strings.optional(),
  replaceOnChanges: strings.optional(),
  replacementTrigger: z.json().optional(),
  hideDiff: strings.optional(),
  customTimeouts: jsonObject.optional(),
  inputs: jsonObject.default({}),
  dependencies: strings.default([]),
  propertyDependencies: z.record(z.string(), strings).default({}),
});

const step = z.object({ op: z.string(), urn: z.string(), newState: resourceState.optional() });

const diagnostic = z.object({ urn: z.string().optional(), severity: z.string(), message: z.string() });

/** The document that `pulumi preview --json` prints. */
const previewDocument = z.object({
  steps: z.array(step).default([]),
  diagnostics: z.array(diagnostic).default([]),
  changeSummary: z.record(z.string(), z.number()).default({}),
});

/** A line of the event log; only events that carry the outputs of a resource matter here. */
const outputsEvent = z.object({
  resOutputsEvent: z
    .object({
      metadata: z.object({
        urn: z.string(),
        type: z.string(),
        new: z
          .object({
            custom: z.boolean().default(false),
            parent: z.string(),
            inputs: jsonObject,
            outputs: jsonObject,
          })
          .nullable(),
      }),
    })
    .optional(),
});

/** How the program named a resource before: by a URN, or by the parts in which the old URN differed. */
const alias = z.object({
  urn: z.string().optional(),
  spec: z
    .object({
      name: z.string().optional(),
      type: z.string().optional(),
      stack: z.string().optional(),
      project: z.string().optional(),
      parentUrn: z.string().optional(),
      noParent: z.boolean().optional(),
    })
    .optional(),
});

/** What the CLI was asked and does not keep in the state of a resource that is new. */
const askedOptions = z.object({
  aliases: z.array(alias).optional(),
  deleteBeforeReplace: z.boolean().optional(),
  deleteBeforeReplaceDefined: z.boolean().optional(),
});

/** A line of the log of calls; only registrations that were answered matter here. */
const registration = z.object({
  method: z.literal("/pulumirpc.ResourceMonitor/RegisterResource"),
  request: askedOptions,
  response: z.object({ urn: z.string() }),
});

/** An earlier name of a resource. */
export type RecordedAlias = z.infer<typeof alias>;

/** One step of the plan. Absent fields were not set by the program. */
export type RecordedStep = { op: string; urn: string } & z.infer<typeof resourceState> & {
    aliases?: RecordedAlias[];
    deleteBeforeReplace?: boolean;
  };

/** A recorded preview. */
export interface PreviewFixture {
  /** Version of the CLI that was recorded. */
  cli: string;
  changeSummary: Record<string, number>;
  /** In the order of their URNs; the CLI's own order varies. */
  steps: RecordedStep[];
  /** Providers the engine made by itself, which the CLI leaves out of the plan, and their inputs. */
  defaultProviders: Record<string, JsonObject>;
  /** Secrets are `[secret]`, unknown values the engine's placeholder for them. */
  stackOutputs: JsonObject;
  /** What each component registered as its outputs, by URN. */
  componentOutputs: Record<string, JsonObject>;
  /** Functions that the program called, in the order of their texts. */
  invokes: { token: string; arguments: JsonObject }[];
  /** Warnings and notes. */
  diagnostics: z.infer<typeof diagnostic>[];
}

/** What a run of the CLI left to be normalised. */
export interface RawPreview {
  readonly cli: string;
  /** Standard output of `pulumi preview --json`. */
  readonly document: string;
  /** Contents of its event log: one JSON object per line. */
  readonly eventLog: string;
  /** What the program asked the engine and was answered: one JSON object per line. */
  readonly callLog: string;
  readonly invokes: readonly RecordedInvoke[];
  /** Directories by the name that replaces them in every text; longer paths first. */
  readonly directories: readonly (readonly [path: string, name: string])[];
}

/** Marks a secret in the event log; `preview --json` prints `[secret]` in its place. */
const SECRET_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Writes secrets as `preview --json` does. */
function blindSecrets(text: string): string {
  return JSON.stringify(JSON.parse(text, reviveSecret));
}

function reviveSecret(_key: string, value: unknown): unknown {
  const secret = z.object({ [SECRET_KEY]: z.literal(SECRET_SIGNATURE) }).safeParse(value);
  return secret.success ? "[secret]" : value;
}

/** Replaces the id in a reference to a provider: it is random, or the placeholder of an unknown one. */
function withoutId(provider: string): string {
  return provider.replace(/::[^:]*$/, "::<id>");
}

/** The options of {@link askedOptions} by URN, those that were set. */
function readCalls(callLog: string): Map<string, Pick<RecordedStep, "aliases" | "deleteBeforeReplace">> {
  const lines = callLog.split("\n").filter((line) => line.includes('ResourceMonitor/RegisterResource"'));
  const calls = lines.map((line) => registration.safeParse(JSON.parse(line)).data);
  return new Map(
    calls
      .filter((call) => call !== undefined)
      .map(({ request, response }) => [
        response.urn,
        {
          ...(request.aliases === undefined ? {} : { aliases: request.aliases }),
          ...(request.deleteBeforeReplaceDefined === true
            ? { deleteBeforeReplace: request.deleteBeforeReplace ?? false }
            : {}),
        },
      ]),
  );
}

function recordStep(
  parsed: z.infer<typeof step>,
  asked: ReturnType<typeof readCalls>,
  clean: (text: string) => string,
): RecordedStep {
  if (parsed.newState === undefined) {
    throw new Error(`The preview deletes ${parsed.urn}: only previews against an empty state are recorded.`);
  }
  const { provider, additionalSecretOutputs, inputs, dependencies, propertyDependencies, ...state } =
    parsed.newState;
  return {
    op: parsed.op,
    urn: parsed.urn,
    ...state,
    ...asked.get(parsed.urn),
    ...(provider === undefined ? {} : { provider: withoutId(provider) }),
    ...(additionalSecretOutputs === undefined
      ? {}
      : { additionalSecretOutputs: additionalSecretOutputs.toSorted(compareStrings) }),
    inputs: mapObject(inputs, clean),
    dependencies: dependencies.toSorted(compareStrings),
    propertyDependencies: inOrder(
      Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, urns]) => [
          property,
          urns.toSorted(compareStrings),
        ]),
      ),
    ),
  };
}

/** Puts the keys in order. */
function inOrder<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  const entries = Object.entries(record).toSorted(([left], [right]) => compareStrings(left, right));
  return Object.fromEntries(entries);
}

/** Takes from the event log what the JSON document lacks. */
function readEvents(
  eventLog: string,
  clean: (text: string) => string,
): Pick<PreviewFixture, "defaultProviders" | "stackOutputs" | "componentOutputs"> {
  const defaultProviders: Record<string, JsonObject> = {};
  const componentOutputs: Record<string, JsonObject> = {};
  let stackOutputs: JsonObject = {};
  for (const line of eventLog.split("\n").filter((text) => text.includes("resOutputsEvent"))) {
    const metadata = outputsEvent.parse(JSON.parse(blindSecrets(line))).resOutputsEvent?.metadata;
    if (!metadata?.new) {
      continue;
    }
    if (metadata.type === "pulumi:pulumi:Stack") {
      stackOutputs = mapObject(metadata.new.outputs, clean);
    } else if (metadata.type.startsWith("pulumi:providers:") && metadata.new.parent === "") {
      defaultProviders[metadata.urn] = mapObject(metadata.new.inputs, clean);
    } else if (!metadata.new.custom) {
      componentOutputs[metadata.urn] = mapObject(metadata.new.outputs, clean);
    }
  }
  return {
    defaultProviders: inOrder(defaultProviders),
    stackOutputs,
    componentOutputs: inOrder(componentOutputs),
  };
}

/** Puts the functions called in order: that of their arrival varies. */
function recordInvokes(
  invokes: readonly RecordedInvoke[],
  clean: (text: string) => string,
): PreviewFixture["invokes"] {
  const texts = invokes.map(({ token, arguments: args }) =>
    JSON.stringify({ token, arguments: mapObject(jsonObject.parse(args), clean) }),
  );
  const call = z.object({ token: z.string(), arguments: jsonObject });
  return texts.toSorted(compareStrings).map((text) => call.parse(JSON.parse(text)));
}

/** Makes the stable form of a preview. */
export function makeFixture(raw: RawPreview): PreviewFixture {
  const clean = (text: string) =>
    raw.directories.reduce((cleaned, [path, name]) => cleaned.replaceAll(path, `<${name}>`), text);
  const document = previewDocument.parse(JSON.parse(raw.document));
  const asked = readCalls(raw.callLog);
  return {
    cli: raw.cli,
    changeSummary: document.changeSummary,
    steps: document.steps
      .map((parsed) => recordStep(parsed, asked, clean))
      .toSorted((left, right) => compareStrings(left.urn, right.urn)),
    ...readEvents(raw.eventLog, clean),
    invokes: recordInvokes(raw.invokes, clean),
    diagnostics: document.diagnostics
      .map((entry) => ({ ...entry, message: clean(entry.message) }))
      .toSorted((left, right) => compareStrings(JSON.stringify(left), JSON.stringify(right))),
  };
}

/** The messages of a preview that failed, for a person to read; the output itself if it is no preview. */
export function describeFailure(document: string): string {
  let json: unknown;
  try {
    json = JSON.parse(document);
  } catch {
    return document;
  }
  const parsed = previewDocument.safeParse(json);
  return parsed.success ? parsed.data.diagnostics.map(({ message }) => message).join("\n") : document;
}
