/** A single difference between a recording and what kb declares is reported, as exactly that. */
import { beforeAll, expect, it } from "vitest";
import { type Comparable, type Difference, differences, fromDeclaration, fromFixture } from "./agreement";
import type { PreviewFixture, RecordedStep } from "./preview-fixture";
import { declare, keybuzz, readFixture } from "./programs";

const recording = readFixture("keybuzz-dev");
let ours: Comparable;

beforeAll(async () => {
  const declaration = (await declare(keybuzz, "shared")).get("dev");
  if (declaration === undefined) throw new Error("nothing was declared");
  ours = fromDeclaration(declaration);
});

/** What is reported after the recording was changed. */
function afterChange(change: (copy: PreviewFixture) => void): Difference[] {
  const copy = structuredClone(recording);
  change(copy);
  return differences(fromFixture(copy), ours);
}

/** The first recorded resource of which something holds. */
function stepOf(fixture: PreviewFixture, test: (step: RecordedStep) => boolean): RecordedStep {
  const found = fixture.steps.find(test);
  if (found === undefined) throw new Error("the recording has no such resource");
  return found;
}

const isDeployment = ({ type }: RecordedStep): boolean => type === "kubernetes:apps/v1:Deployment";
const deployment = stepOf(recording, isDeployment);
const place = ["resources", deployment.urn];

it("reports nothing of an unchanged recording", () => {
  expect(afterChange(() => {})).toEqual([]);
});

it("reports an input deep inside that has another value", () => {
  const found = afterChange((copy) => {
    Object.assign(stepOf(copy, isDeployment).inputs.spec ?? {}, { replicas: 7 });
  });
  expect(found).toEqual([{ path: [...place, "inputs", "spec", "replicas"], official: 7, ours: 1 }]);
});

it("reports an input that only the recording has, even if it is null", () => {
  const found = afterChange((copy) => {
    stepOf(copy, isDeployment).inputs.extra = null;
  });
  expect(found).toEqual([{ path: [...place, "inputs", "extra"], official: null }]);
});

it("reports an input that is secret on one side only", () => {
  const found = afterChange((copy) => {
    stepOf(copy, isDeployment).inputs.kind = "[secret]";
  });
  expect(found).toEqual([{ path: [...place, "inputs", "kind"], official: "[secret]", ours: "Deployment" }]);
});

it("reports a dependency that the recording lacks", () => {
  const hasTwo = ({ dependencies }: RecordedStep): boolean => dependencies.length >= 2;
  const { urn, dependencies } = stepOf(recording, hasTwo);
  const found = afterChange((copy) => {
    stepOf(copy, hasTwo).dependencies.shift();
  });
  expect(found).toEqual([{ path: ["resources", urn, "dependencies", dependencies[0]], ours: true }]);
});

it("reports a dependency of one property that only the recording has", () => {
  const dependentProperty = ({ propertyDependencies }: RecordedStep): string | undefined =>
    Object.keys(propertyDependencies).find((key) => propertyDependencies[key]?.length !== 0);
  const isDependent = (step: RecordedStep): boolean => dependentProperty(step) !== undefined;
  const dependent = stepOf(recording, isDependent);
  const property = dependentProperty(dependent) ?? "";
  const found = afterChange((copy) => {
    stepOf(copy, isDependent).propertyDependencies[property]?.push("urn:other");
  });
  expect(found).toEqual([
    { path: ["resources", dependent.urn, "propertyDependencies", property, "urn:other"], official: true },
  ]);
});

it("reports a resource that only the recording has", () => {
  const urn = "urn:pulumi:dev::keybuzz::a:b:C::more";
  const found = afterChange((copy) => {
    copy.steps.push({ ...stepOf(copy, isDeployment), urn });
  });
  expect(found).toEqual([
    { path: ["resources", urn], official: expect.objectContaining({ type: deployment.type }) },
  ]);
});

it("reports a resource that the recording lacks", () => {
  const found = afterChange((copy) => {
    copy.steps = copy.steps.filter(({ urn }) => urn !== deployment.urn);
  });
  expect(found).toEqual([{ path: place, ours: expect.objectContaining({ type: deployment.type }) }]);
});

it("reports a default provider that the recording lacks", () => {
  const [urn = ""] = Object.keys(recording.defaultProviders);
  const found = afterChange((copy) => {
    copy.defaultProviders = {};
  });
  expect(found).toEqual([
    { path: ["resources", urn], ours: expect.objectContaining({ defaultProvider: true }) },
  ]);
});

it.each<{ name: string; change: (step: RecordedStep) => void; path: string[] }>([
  { name: "parent", change: (step) => Object.assign(step, { parent: "urn:other" }), path: ["parent"] },
  {
    name: "provider",
    change: (step) => Object.assign(step, { provider: "urn:other::<id>" }),
    path: ["provider"],
  },
  { name: "kind", change: (step) => Object.assign(step, { op: "read" }), path: ["op"] },
  { name: "type", change: (step) => Object.assign(step, { type: "a:b:C" }), path: ["type"] },
  { name: "protection", change: (step) => Object.assign(step, { protect: true }), path: ["protect"] },
  {
    name: "retention",
    change: (step) => Object.assign(step, { retainOnDelete: true }),
    path: ["retainOnDelete"],
  },
  {
    name: "changes that are ignored",
    change: (step) => Object.assign(step, { ignoreChanges: ["spec"] }),
    path: ["ignoreChanges"],
  },
  {
    name: "secret outputs",
    change: (step) => Object.assign(step, { additionalSecretOutputs: ["spec"] }),
    path: ["additionalSecretOutputs"],
  },
  {
    name: "timeouts",
    change: (step) => Object.assign(step, { customTimeouts: { create: 17 } }),
    path: ["customTimeouts"],
  },
  {
    name: "aliases",
    change: (step) => Object.assign(step, { aliases: [...(step.aliases ?? []), { urn: "urn:old" }] }),
    path: ["aliases", String(deployment.aliases?.length ?? 0)],
  },
])("reports that a resource differs in its $name", ({ change, path }) => {
  const found = afterChange((copy) => change(stepOf(copy, isDeployment)));
  expect(found.map((difference) => difference.path)).toEqual([[...place, ...path]]);
});

it("reports another output of the stack", () => {
  const found = afterChange((copy) => {
    copy.stackOutputs.mailEventsTopic = "other";
  });
  expect(found).toEqual([
    {
      path: ["stackOutputs", "mailEventsTopic"],
      official: "other",
      ours: expect.stringMatching(/^arn:aws:sns:/),
    },
  ]);
});

it("reports another output of a component", () => {
  const [urn = ""] = Object.keys(recording.componentOutputs);
  const found = afterChange((copy) => {
    Object.assign(copy.componentOutputs[urn] ?? {}, { other: true });
  });
  expect(found).toEqual([{ path: ["resources", urn, "outputs", "other"], official: true }]);
});

it("reports a function that was called once more", () => {
  const token = "vault:kv/getSecretV2:getSecretV2";
  const count = recording.invokes.filter((call) => call.token === token).length;
  const found = afterChange((copy) => {
    copy.invokes.push({ token, arguments: {} });
  });
  expect(found).toEqual([{ path: ["calls", token], official: count + 1, ours: count }]);
});

it("reports a message that only the recording has", () => {
  const found = afterChange((copy) => {
    copy.diagnostics.push({ severity: "warning", message: "warning: other\n" });
  });
  expect(found).toEqual([{ path: ["messages", "warning: other"], official: 1 }]);
});
