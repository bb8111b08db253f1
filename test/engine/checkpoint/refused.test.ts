/** Files that this engine would misread or damage are refused, with what is wrong; nothing is written then. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStack, readStack } from "../../../engine/checkpoint/open-stack";
import type { EngineError } from "../../../engine/diagnostic";
import { SALT, SECRETS, STACK_URN, thing, urnOf } from "./states";
import { filesBelow, newLocation, open, refusal, stackFile, stackWith } from "./trial";

interface Opened {
  version: unknown;
  features?: unknown;
  checkpoint: { stack?: unknown; latest: Record<string, unknown> & { resources: Record<string, unknown>[] } };
}

/** What both ways of opening a changed file refuse; the file and its folder stay as they are. */
async function refusedWhen(change: (file: Opened) => unknown): Promise<EngineError> {
  const location = await stackWith(thing("a"));
  const file = JSON.parse(readFileSync(stackFile(location), "utf8")) as Opened;
  const changed = change(file);
  writeFileSync(stackFile(location), typeof changed === "string" ? changed : JSON.stringify(file));
  const before = filesBelow(location.backend);
  const error = await refusal(readStack(location, SECRETS));
  expect((await refusal(open(location))).problems).toEqual(error.problems);
  expect(filesBelow(location.backend)).toEqual(before);
  return error;
}

/** Changes the last resource of a file. */
const resource =
  (fields: Record<string, unknown>) =>
  ({ checkpoint }: Opened): void => {
    Object.assign(checkpoint.latest.resources[2] ?? {}, fields);
  };

/** Changes a file beside its checkpoint. */
const whole =
  (fields: Record<string, unknown>) =>
  (file: Opened): void => {
    Object.assign(file, fields);
  };

/** Changes the deployment of a file. */
const deployment =
  (fields: Record<string, unknown>) =>
  ({ checkpoint }: Opened): void => {
    Object.assign(checkpoint.latest, fields);
  };

const cases: readonly [name: string, change: (file: Opened) => unknown, problem: string][] = [
  ["an empty file", () => "", "is not whole JSON"],
  ["a truncated file", (file) => JSON.stringify(file).slice(0, -20), "is not whole JSON"],
  ["another file", () => '{"name":"x"}', "is not a checkpoint"],
  ["an old version", whole({ version: 2 }), "has version 2; this engine reads 3 and 4"],
  ["a newer version", whole({ version: 5 }), "has version 5"],
  ["an unknown feature", whole({ version: 4, features: ["views", "byteString"] }), "needs the feature views"],
  [
    "another stack's file",
    ({ checkpoint }) => void Object.assign(checkpoint, { stack: "organization/rec/prod" }),
    "of organization/rec/prod",
  ],
  ["a wrong magic number", deployment({ manifest: { magic: "0", version: "3.259.0" } }), "the magic number"],
  [
    "snippets",
    deployment({ snippets: [{ uuid: "x" }] }),
    "uses snippets, which this engine does not implement",
  ],
  [
    "extensions",
    deployment({ extensions: { x: {} } }),
    "uses extensions, which this engine does not implement",
  ],
  ["another secrets provider", deployment({ secrets_providers: { type: "cloud" } }), 'kept by "cloud"'],
  ["a malformed list", deployment({ resources: {} }), "resources: expected a list"],
  ["an unknown operation", deployment({ pending_operations: [{ type: "x" }] }), 'type: found "x"'],
  ["taint", resource({ taint: true }), "uses taint, which this engine does not implement"],
  ["a view", resource({ viewOf: STACK_URN }), "uses viewOf"],
  ["hooks", resource({ resourceHooks: { afterCreate: ["x"] } }), "uses resourceHooks"],
  ["a refresh before update", resource({ refreshBeforeUpdate: true }), "uses refreshBeforeUpdate"],
  ["an extension", resource({ extensionRef: "x" }), "uses extensionRef"],
  ["a snippet's resource", resource({ snippetID: "x" }), "uses snippetID"],
  ["a field of another type", resource({ dependencies: "x" }), "dependencies: expected a list of texts"],
  ["a time that is none", resource({ created: "yesterday" }), "created: expected a time of RFC 3339"],
  ["a dangling reference", resource({ parent: urnOf("gone") }), `its parent ${urnOf("gone")} is missing`],
  [
    "an unknown kind of value",
    resource({ inputs: { a: [{ "4dabf18193072939515e22adb298388d": "x" }] } }),
    'inputs.a.0: a value with the signature "x"',
  ],
  [
    "a damaged secret",
    resource({
      inputs: {
        a: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:a:b" },
      },
    }),
    "inputs.a: the secret cannot be decrypted",
  ],
];

describe("a stack is refused", () => {
  it.each(cases)("that holds %s", async (_, change, problem) => {
    const error = await refusedWhen(change);
    expect(error.code).toBe("state");
    expect(error.message).toContain(problem);
    expect(error.message).toContain("dev.json: ");
  });

  it("with all its problems at once", async () => {
    const error = await refusedWhen((file) => {
      resource({ taint: true, created: 1 })(file);
      deployment({ pending_operations: [{ type: "x" }] })(file);
    });
    expect(error.problems).toHaveLength(3);
  });

  it("that has the layout without projects", async () => {
    const location = newLocation();
    const legacy = join(location.backend, ".pulumi", "stacks", "dev.json");
    mkdirSync(dirname(legacy), { recursive: true });
    writeFileSync(legacy, "{}");
    const error = await refusal(open(location));
    expect(error.message).toContain("run `pulumi state upgrade` first");
    expect(Object.keys(filesBelow(location.backend))).toEqual([".pulumi/stacks/dev.json"]);
  });

  it("whose layout is newer", async () => {
    const location = await stackWith();
    writeFileSync(join(location.backend, ".pulumi", "meta.yaml"), "version: 2\n");
    expect((await refusal(open(location))).message).toContain("version: found 2");
  });

  it("whose name would lead out of its folder", async () => {
    const error = await refusal(open({ ...newLocation(), project: "..", stack: "a/b" }));
    expect(error.problems).toHaveLength(2);
  });

  it.each([
    ["packed with Zstandard where Node.js cannot", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]), ".zst"],
    ["packed, and damaged", Buffer.from([0x1f, 0x8b, 0, 0]), ".gz"],
  ])("that is %s", async (_, bytes, extension) => {
    const location = newLocation();
    await (await open(location)).abandon();
    writeFileSync(stackFile(location, `dev.json${extension}`), bytes);
    const error = await refusal(open(location));
    expect(error.code).toBe("state");
    expect(error.message).toContain(`dev.json${extension}`);
  });
});

describe("a passphrase", () => {
  it.each([
    ["is missing", { passphrase: undefined }, "its secrets need a passphrase"],
    ["is another", { passphrase: "wrong" }, "the passphrase is not the one"],
    ["is empty", { passphrase: "" }, "the passphrase is not the one"],
  ])("that %s refuses a stack, and nothing is written", async (_, secrets, problem) => {
    const location = await stackWith(thing("a"));
    const before = filesBelow(location.backend);
    const ways = [() => readStack(location, secrets), () => openStack(location, { secrets, kind: "update" })];
    for (const way of ways) {
      const error = await refusal(way());
      expect(error.code).toBe("passphrase");
      expect(error.message).toContain(problem);
    }
    expect(filesBelow(location.backend)).toEqual(before);
  });

  it("is needed for a new stack, which gets the salt of its configuration, or one of its own", async () => {
    const location = newLocation();
    const error = await refusal(open(location, { secrets: { passphrase: undefined } }));
    expect(error.code).toBe("passphrase");
    expect(filesBelow(location.backend)).toEqual({});
    const configured = await open(location);
    expect(configured.encryptionSalt).toBe(SALT);
    await configured.abandon();
    const own = await open(newLocation(), { secrets: { passphrase: "" } });
    expect(own.encryptionSalt).toMatch(/^v1:[^:]+:v1:[^:]+:[^:]+$/);
    await own.abandon();
  });

  it("opens a stack whose configuration has another salt, and encrypts it anew", async () => {
    const location = newLocation();
    const first = await open(location, { secrets: { passphrase: SECRETS.passphrase } });
    expect(first.encryptionSalt).not.toBe(SALT);
    await first.abandon();
    const second = await open(location);
    await second.finish({ result: "succeeded", resourceChanges: {} });
    expect(readFileSync(stackFile(location), "utf8")).toContain(SALT);
    expect(readFileSync(stackFile(location), "utf8")).not.toContain(first.encryptionSalt);
  });
});
