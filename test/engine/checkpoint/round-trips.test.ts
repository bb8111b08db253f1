/**
 * What is written is read back, and what was read is written back byte for byte: values of every kind, fields that
 * nobody knows, and files of the official CLI.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  contentText,
  fileText,
  parseFile,
  readSnapshot,
  resourceTexts,
} from "../../../engine/checkpoint/checkpoint-file";
import { Ciphertexts } from "../../../engine/checkpoint/ciphertexts";
import { readStack } from "../../../engine/checkpoint/open-stack";
import type { ResourceState, Snapshot } from "../../../engine/checkpoint/state";
import { cipherFor } from "../../../engine/project/passphrase";
import {
  type PropertyMap,
  type PropertyValue,
  SIGNATURE_KEY,
  secret,
  UNKNOWN,
} from "../../../engine/property/values";
import { seed } from "../../support/seed";
import { providerState, SALT, SECRETS, STACK_URN, SUCCEEDED, stackState, thing, urnOf } from "./states";
import { filesBelow, newLocation, open, stackFile, stackWith } from "./trial";

const CANARY = "canary-in-a-coal-mine";
const TIME = new Date("2026-11-27T13:24:04.120Z");

async function cipher() {
  const made = await cipherFor(SALT, SECRETS.passphrase ?? "");
  if (made === undefined) throw new Error("the salt is not of the passphrase");
  return made;
}

/** Writes a snapshot as a file. */
function written(snapshot: Snapshot, ciphertexts: Ciphertexts): string {
  const envelope = { stack: "organization/rec/dev", salt: SALT, file: {}, checkpoint: {}, manifest: {} };
  return fileText(envelope, snapshot, contentText(snapshot, resourceTexts(ciphertexts)), TIME);
}

/** Reads a file, and writes it again. */
function rewritten(text: string, ciphertexts: Ciphertexts): { snapshot: Snapshot; again: string } {
  const { envelope, deployment } = parseFile(text, "dev.json");
  const snapshot = readSnapshot(deployment, ciphertexts, "dev.json");
  return {
    snapshot,
    again: fileText(envelope, snapshot, contentText(snapshot, resourceTexts(ciphertexts)), TIME),
  };
}

const special = (signature: string, fields: Record<string, PropertyValue>): PropertyValue => ({
  [SIGNATURE_KEY]: signature,
  ...fields,
});

const leaf: fc.Arbitrary<PropertyValue> = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("<&>", "\u2028\u2029", "\u0000\u001f\u007f", UNKNOWN, ""),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom<PropertyValue>(
    special("c44067f5952c0a294b673a41bacd8c17", { hash: "h", text: "t" }),
    special("0def7320c3a5731c473e5ecbe6d01bc7", {
      hash: "h",
      assets: { a: special("c44067f5952c0a294b673a41bacd8c17", { path: "p" }) },
    }),
    special("5cf8f73096256a8f31e491e813e4eb8e", { urn: urnOf("a"), packageVersion: "", id: "i" }),
    special("803fd3297a5875dc03ca845dda5d2a98", { value: "gA==" }),
  ),
);
const key = fc.string({ minLength: 1 }).filter((text) => text !== SIGNATURE_KEY);
const { value } = fc.letrec<{ value: PropertyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    tie("value").map((inner) => special("1b47061264138c4ac30d75fd1eb44270", { value: inner })),
  ),
}));
const properties: fc.Arbitrary<PropertyMap> = fc.dictionary(key, value, {
  maxKeys: 5,
  noNullPrototype: true,
});

describe("a checkpoint", () => {
  it("gives back values of every kind, and stays the same when it is written again", async () => {
    const key = await cipher();
    fc.assert(
      fc.property(properties, properties, value, (inputs, outputs, trigger) => {
        const resource = thing("a", {
          inputs,
          outputs,
          ...(trigger === null ? {} : { replacementTrigger: trigger }),
        });
        const snapshot = {
          resources: [stackState, providerState, resource],
          pendingOperations: [],
          others: {},
        };
        const text = written(snapshot, new Ciphertexts(key));
        const read = rewritten(text, new Ciphertexts(key));
        expect(read.snapshot.resources).toEqual(snapshot.resources);
        expect(read.again).toBe(text);
      }),
      { seed: seed(), numRuns: 300 },
    );
  });

  it("gives back every field of a resource", async () => {
    const full: ResourceState = {
      ...thing("b"),
      delete: true,
      pendingReplacement: true,
      external: true,
      protect: true,
      retainOnDelete: true,
      dependencies: [urnOf("a")],
      propertyDependencies: { x: [], y: [urnOf("a")] },
      deletedWith: urnOf("a"),
      replaceWith: [urnOf("a")],
      ignoreChanges: ["x"],
      replaceOnChanges: ["y"],
      hideDiff: ["z"],
      additionalSecretOutputs: ["o"],
      customTimeouts: { create: 90, delete: 0.5 },
      importId: "imported",
      replacementTrigger: { a: secret(1) },
      initErrors: ["not ready"],
      created: "2026-11-27T13:23:57.869083157Z",
      modified: "2026-11-27T13:23:57+01:00",
      sourcePosition: "project:///index.js#2,11",
      others: {
        stackTrace: [{ sourcePosition: "project:///index.js#2,11" }, {}],
        later: { z: 1, a: [null] },
      },
    };
    const snapshot: Snapshot = {
      resources: [stackState, providerState, thing("a"), full],
      pendingOperations: [{ type: "importing", resource: thing("c", { external: true }) }],
      others: { metadata: { kept: 1 }, invention: [1] },
    };
    const key = await cipher();
    const text = written(snapshot, new Ciphertexts(key));
    expect(text).toMatch(/^\{"version":4,"features":\["replaceWith"\],/);
    const read = rewritten(text, new Ciphertexts(key));
    expect(read.snapshot).toEqual(snapshot);
    expect(read.again).toBe(text);
  });

  it("has the form that the official CLI writes", async () => {
    const resource = thing("a", {
      inputs: { b: "<&>\u2028", a: -0, "10": 1e21, "9": 1e-7, nan: Number.NaN, none: null, empty: {} },
      propertyDependencies: { b: [], a: [STACK_URN] },
      created: "2026-11-27T13:23:57.5Z",
    });
    const text = written(
      { resources: [stackState, providerState, resource], pendingOperations: [], others: {} },
      new Ciphertexts(await cipher()),
    );
    expect(text).toBe(
      `{"version":3,"checkpoint":{"stack":"organization/rec/dev","latest":{"manifest":{"time":"2026-11-27T13:24:04.12Z",` +
        `"magic":"f034461b2747c82ae2db69bf651fa6eedfae06a2a3db54f575a40a6461a2dd71","version":"3.259.0"},` +
        `"secrets_providers":{"type":"passphrase","state":{"salt":"${SALT}"}},"resources":[` +
        `{"urn":"${STACK_URN}","custom":false,"type":"pulumi:pulumi:Stack"},` +
        `{"urn":"${providerState.urn}","custom":true,"id":"provider-id","type":"pulumi:providers:made"},` +
        `{"urn":"${urnOf("a")}","custom":true,"id":"id-a","type":"made:index:Thing","inputs":{"10":1e+21,"9":1e-7,` +
        `"a":-0,"b":"<&>\\u2028","empty":{},"nan":{"4dabf18193072939515e22adb298388d":` +
        `"8ad145fe-0d11-4827-bfd7-1abcbf086f5c","value":"7ff8000000000001"},"none":null},"parent":"${STACK_URN}",` +
        `"provider":"${providerState.urn}::provider-id","propertyDependencies":{"a":["${STACK_URN}"],"b":[]},` +
        `"created":"2026-11-27T13:23:57.5Z"}],"metadata":{}}}}`,
    );
  });

  it("encrypts a nested secret once, as part of the outer one", async () => {
    const key = await cipher();
    const inputs = { outer: secret({ inner: secret("<x>"), plain: 1 }) };
    const snapshot = { resources: [{ ...stackState, inputs }], pendingOperations: [], others: {} };
    const text = written(snapshot, new Ciphertexts(key));
    const ciphertexts = [...text.matchAll(/"ciphertext":"([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(ciphertexts).toHaveLength(1);
    expect(key.decrypt(ciphertexts[0] ?? "")).toBe(
      '{"inner":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","ciphertext":"\\"\\\\u003cx\\\\u003e\\""},"plain":1}',
    );
    expect(rewritten(text, new Ciphertexts(key)).snapshot.resources).toEqual(snapshot.resources);
  });

  it("keeps fields that nobody knows at every level, and what it was packed with", async () => {
    const location = await stackWith(thing("a"));
    const file = JSON.parse(readFileSync(stackFile(location), "utf8")) as Record<
      string,
      Record<string, never>
    >;
    const changed = file as unknown as {
      later?: number;
      checkpoint: {
        config?: object;
        latest: { later?: object; manifest: { later?: number }; resources: object[] };
      };
    };
    changed.later = 1;
    changed.checkpoint.config = { later: 2 };
    changed.checkpoint.latest.later = { later: 3 };
    changed.checkpoint.latest.manifest.later = 4;
    Object.assign(changed.checkpoint.latest.resources[2] ?? {}, { later: 5 });
    const packed = newLocation();
    await (await open(packed)).abandon();
    const gz = stackFile(packed, "dev.json.gz");
    writeFileSync(gz, gzipSync(JSON.stringify(changed)));
    const stack = await open(packed);
    const last = stack.snapshot.resources[2];
    if (last === undefined) throw new Error("the packed file was not read");
    for (const state of stack.snapshot.resources) {
      const made = state === last ? { ...state, inputs: { n: 1 } } : { ...state };
      await (await stack.recorder.begin()).succeed({ made, removes: state });
    }
    await stack.finish(SUCCEEDED);
    const after = JSON.parse(gunzipSync(readFileSync(gz)).toString("utf8")) as typeof changed;
    expect(after).toMatchObject({
      later: 1,
      checkpoint: { config: { later: 2 }, latest: { later: { later: 3 }, manifest: { later: 4 } } },
    });
    expect(after.checkpoint.latest.resources[2]).toMatchObject({ inputs: { n: 1 }, later: 5 });
    const names = Object.keys(filesBelow(packed.backend)).filter((path) => path.endsWith(".gz"));
    expect(names).toHaveLength(4);
  });

  it("of the official CLI is written back byte for byte", async () => {
    const text = readFileSync(`${__dirname}/official.fixture.json`, "utf8").trimEnd();
    const salt = /"salt":"([^"]+)"/.exec(text)?.[1] ?? "";
    const key = await cipherFor(salt, "correct-horse");
    if (key === undefined) throw new Error("the passphrase is not that of the file");
    const read = rewritten(text, new Ciphertexts(key));
    const time = /"time":"([^"]+)"/.exec(text)?.[1] ?? "";
    expect(read.again.replace(/"time":"[^"]+"/, `"time":"${time}"`)).toBe(text);
    expect(read.snapshot.resources[0]?.outputs).toEqual({
      sec: secret("s3cr3t-id-a-1"),
      whole: secret({ a: "b", n: 1 }),
    });
  });
});

it("no file holds a secret in clear, while a run goes on or after it", async () => {
  const hidden = { a: secret(CANARY), b: [secret({ deep: CANARY })], c: secret(`{"x":"${CANARY}"}`) };
  const location = newLocation();
  const stack = await open(location);
  const resource = { ...stackState, inputs: hidden, outputs: hidden };
  const recording = await stack.recorder.begin({ type: "creating", resource });
  const check = (): void => {
    const files = Object.entries(filesBelow(location.backend));
    expect(files.length).toBeGreaterThan(1);
    for (const [path, content] of files) {
      for (const form of [CANARY, Buffer.from(CANARY).toString("base64").slice(0, -4)]) {
        expect(content.includes(form), path).toBe(false);
      }
    }
  };
  check();
  await recording.succeed({ made: resource });
  check();
  await stack.abandon();
  expect((await readStack(location, SECRETS)).resources).toEqual([resource]);
  await (await open(location)).finish(SUCCEEDED);
  check();
  expect((await readStack(location, SECRETS)).resources).toEqual([resource]);
});
