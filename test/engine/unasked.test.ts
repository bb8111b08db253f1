/** What a preview does not do, because it needs a provider or an operation, does not make a program fail. */
import { expect, it } from "vitest";
import { declare, makeProject, named, trial } from "../support/project";

const imports = 'import * as pulumi from "@pulumi/pulumi";\nimport * as k8s from "@pulumi/kubernetes";\n';

for (const officialRunner of [false, true]) {
  const where = officialRunner ? "in Pulumi's runner" : "in the shared process";

  it(`answers a resource's method as unknown, ${where}`, async () => {
    const root = makeProject({
      "index.ts": `${imports}
class Remote extends pulumi.ComponentResource {
  constructor(name: string) { super("a:b:Remote", name, { size: 1 }, {}, true); }
  method(): pulumi.Output<{ part: string }> { return pulumi.runtime.call("a:b:Remote/method", { __self__: this }, this); }
}
const remote = new Remote("remote");
new k8s.core.v1.ConfigMap("map", { data: { a: remote.method().apply((r) => r.part) } });`,
    });
    const declaration = await declare(root, { officialRunner });
    expect(declaration.outcome).toBe("succeeded");
    expect(declaration.invokes).toEqual({ "a:b:Remote/method": 1 });
    expect(JSON.stringify(named(declaration, "map").inputs.data)).toContain("04da6b54");
  });

  it(`takes resource hooks and does not run them, ${where}`, async () => {
    const root = makeProject({
      "index.ts": `${imports}
const hook = new pulumi.ResourceHook("hook", () => { throw new Error("run"); }, { onDryRun: true });
const failed = new pulumi.ErrorHook("failed", () => false);
new k8s.core.v1.ConfigMap("map", {}, { hooks: { beforeCreate: [hook], onError: [failed] } });`,
    });
    const declaration = await declare(root, { officialRunner });
    expect([declaration.outcome, declaration.diagnostics]).toEqual(["succeeded", []]);
  });
}

it("tells what a program prints by line, however it was written", async () => {
  const root = makeProject({
    "index.ts": 'console.log("a\\nb"); process.stdout.write("c"); process.stdout.write("d\\ne");',
  });
  const lines = (await declare(root)).diagnostics.map(({ message }) => message);
  expect(lines).toEqual(["a", "b", "cd", "e"]);
});

it("refuses default providers where the configuration does, but not Pulumi's own", async () => {
  const root = makeProject({
    "Pulumi.dev.yaml": 'config:\n  pulumi:disable-default-providers: [" * "]\n',
    "Pulumi.prod.yaml": "config:\n  pulumi:disable-default-providers: [kubernetes]\n",
    "index.ts": `${imports}
new pulumi.StackReference("organization/other/dev");
if (pulumi.getStack() === "prod") new k8s.core.v1.ConfigMap("map");`,
  });
  const { declarations } = await trial(root);
  expect(declarations.map(({ outcome, diagnostics }) => [outcome, diagnostics[0]?.message])).toEqual([
    ["succeeded", undefined],
    ["failed", "Default provider for 'kubernetes' disabled. 'map' must use an explicit provider."],
  ]);
});
