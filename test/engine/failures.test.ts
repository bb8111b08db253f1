/** What goes wrong in a program or a project is told once, clearly, and ends everything that was started. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { EngineError } from "../../engine/diagnostic";
import { declare, makeProject, trial } from "../support/project";
import { processesOf } from "./processes";

const imports = 'import * as pulumi from "@pulumi/pulumi";\nimport * as k8s from "@pulumi/kubernetes";\n';

async function problemsOf(root: string, options: Parameters<typeof trial>[1] = {}): Promise<EngineError> {
  try {
    await trial(root, options);
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error("expected the project to be refused");
}

describe("a program that fails", () => {
  it("shows an ordinary error with its stack, as Pulumi's runner does, and does not hang", async () => {
    const root = makeProject({
      "index.ts": `${imports}import { fail } from "./deep/fail";\nexport = async () => { fail(); };`,
      "deep/fail.ts": 'export function fail(): never {\n  throw new TypeError("it broke");\n}\n',
    });
    const declaration = await declare(root);
    expect(declaration.outcome).toBe("failed");
    expect(declaration.diagnostics).toHaveLength(1);
    expect(declaration.diagnostics[0]?.message).toMatch(
      /^Running program '.*index\.ts?' failed with an unhandled exception:|^Running program/,
    );
    expect(declaration.diagnostics[0]?.message).toContain("TypeError: it broke");
    expect(declaration.diagnostics[0]?.message).toContain("deep/fail.ts:2:9");
  });

  it("does not hang on an error that passes through the SDK's own frames", async () => {
    const root = makeProject({
      "index.ts": `${imports}
export = () => {
  const map = new k8s.core.v1.ConfigMap("map", { data: { a: "b" } });
  return { x: map.data.apply(() => { throw new Error("inside apply"); }) };
};`,
    });
    const declaration = await declare(root);
    expect(declaration.outcome).toBe("failed");
    expect(declaration.diagnostics.map(({ message }) => message).join("\n")).toContain("inside apply");
  });

  it("shows a RunError as it is, without a stack, and needs no second run", async () => {
    const root = makeProject({
      "index.ts": `${imports}export = () => { throw new pulumi.RunError("two mistakes:\\n  one\\n  two"); };`,
    });
    const { declarations, fallbacks } = await trial(root);
    expect(fallbacks).toEqual({});
    expect(declarations[0]).toMatchObject({
      outcome: "failed",
      diagnostics: [{ severity: "error", message: "two mistakes:\n  one\n  two" }],
    });
  });

  it.each([
    ["the shared process", false],
    ["Pulumi's runner", true],
  ])("is misconfigured when it misses a configuration value, in %s", async (_where, officialRunner) => {
    const root = makeProject({
      "index.ts": `${imports}export = () => { new pulumi.Config().require("region"); };`,
    });
    const declaration = await declare(root, { officialRunner });
    expect(declaration.outcome).toBe("misconfigured");
    expect(declaration.diagnostics[0]?.message).toContain(
      "Missing required configuration variable 'trial:region'",
    );
  });

  it("names two resources of one URN", async () => {
    const root = makeProject({
      "index.ts": `${imports}export = () => { for (const n of [1, 2]) new k8s.core.v1.ConfigMap("map", { data: { n: String(n) } }); };`,
    });
    for (const officialRunner of [false, true]) {
      const declaration = await declare(root, { officialRunner });
      expect(declaration.outcome).toBe("failed");
      expect(declaration.diagnostics).toEqual([
        {
          severity: "error",
          message:
            "Duplicate resource URN 'urn:pulumi:dev::trial::kubernetes:core/v1:ConfigMap::map'; try giving it a unique name",
        },
      ]);
    }
  });

  it("names a package that is not installed", async () => {
    const declaration = await declare(
      makeProject({ "index.ts": `${imports}import "@pulumi/absent";\nexport = () => {};` }),
    );
    expect(declaration.outcome).toBe("failed");
    expect(declaration.diagnostics.map(({ message }) => message)).toEqual([
      "Cannot find module '@pulumi/absent', which index.ts loads: install the project's packages (npm ci), or add this one",
    ]);
  });

  it("fails when it waits for something that never comes", async () => {
    const declaration = await declare(
      makeProject({ "index.ts": `${imports}export = async () => { await new Promise(() => {}); };` }),
    );
    expect(declaration.outcome).toBe("failed");
    expect(declaration.diagnostics.map(({ message }) => message).join("\n")).toContain(
      "waiting for a promise that nothing settles",
    );
  });

  it("does not keep other environments from being previewed", async () => {
    const root = makeProject({
      "Pulumi.prod.yaml": "config: {}\n",
      "index.ts": `${imports}export = () => { if (pulumi.getStack() === "dev") throw new Error("dev only"); return { ok: true }; };`,
    });
    const { declarations } = await trial(root);
    expect(declarations.map(({ environment, outcome }) => [environment, outcome])).toEqual([
      ["dev", "failed"],
      ["prod", "succeeded"],
    ]);
  });
});

describe("an interrupted preview", () => {
  const programs = {
    "never ends": "export = async () => { await new Promise((r) => setTimeout(r, 1e9)); };",
    "spins in a loop": "export = () => { for (;;); };",
  };
  for (const [name, body] of Object.entries(programs)) {
    for (const officialRunner of [false, true]) {
      it(`ends a program that ${name}, ${officialRunner ? "in Pulumi's runner" : "in the shared process"}`, async () => {
        const root = makeProject({ "index.ts": imports + body });
        const interrupt = new AbortController();
        const running = trial(root, { officialRunner, signal: interrupt.signal });
        await sleep(officialRunner ? 2500 : 1200);
        interrupt.abort();
        const { declarations } = await running;
        expect(declarations[0]?.outcome).toBe("cancelled");
        await sleep(200);
        expect(processesOf(root)).toEqual([]);
      });
    }
  }
});

describe("a project that cannot be read", () => {
  it("names the environments that exist when there is none of that name", async () => {
    const error = await problemsOf(makeProject({ "Pulumi.prod.yaml": "config: {}\n" }), {
      environments: ["staging"],
    });
    expect(error.code).toBe("no-such-environment");
    expect(error.problems).toEqual([
      'no environment "staging": there are dev, prod; an environment is a file Pulumi.<name>.yaml beside Pulumi.yaml',
    ]);
  });

  it("reports every fault of every malformed file, with line and column", async () => {
    const error = await problemsOf(
      makeProject({
        "Pulumi.dev.yaml": "config:\n  a: [1\n  b: }\n",
        "Pulumi.prod.yaml": "config:\n  a: 1\n  a: 2\n",
      }),
    );
    expect(error.code).toBe("configuration");
    expect(error.problems.map((problem) => problem.split(": ").slice(0, 2).join(": "))).toEqual(
      expect.arrayContaining(["Pulumi.prod.yaml:3:3: malformed YAML"]),
    );
    expect(error.problems.some((problem) => problem.startsWith("Pulumi.dev.yaml:3:"))).toBe(true);
  });

  it("refuses a project of another language, and one without a name, together", async () => {
    const error = await problemsOf(makeProject({ "Pulumi.yaml": "runtime: python\n" }), {
      environments: ["dev"],
    });
    expect(error.code).toBe("project");
    expect(error.problems).toHaveLength(2);
  });

  it("says where it looked when there is no project", async () => {
    const error = await problemsOf(makeProject({ "Pulumi.yaml": null }), { environments: ["dev"] });
    expect(error.problems[0]).toMatch(/^no Pulumi\.yaml in .* or above it; .*-C DIR$/);
  });

  it("says so when the folder of its environments or the passphrase's file is missing", async () => {
    const root = makeProject({ "Pulumi.yaml": "name: trial\nruntime: nodejs\nstackConfigDir: nowhere\n" });
    expect((await problemsOf(root, { environments: ["dev"] })).problems[0]).toContain("there is none yet");
    const locked = makeProject({ "Pulumi.dev.yaml": "encryptionsalt: x\nconfig: { a: { secure: b } }\n" });
    const processEnvironment = { PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere/passphrase" };
    const { code, problems } = await problemsOf(locked, { processEnvironment });
    expect([code, problems[0]]).toEqual(["configuration", expect.stringContaining("/nowhere/passphrase")]);
  });

  it("says what to install when the SDK is missing", async () => {
    const root = makeProject({
      "Pulumi.yaml": "name: trial\nruntime: nodejs\nmain: program/index.ts\n",
      "program/index.ts": "export = () => {};",
    });
    const { rmSync } = await import("node:fs");
    rmSync(`${root}/node_modules`);
    const declaration = await declare(root);
    expect(declaration.diagnostics).toEqual([
      { severity: "error", message: expect.stringContaining("@pulumi/pulumi is not installed for") },
    ]);
  });
});
