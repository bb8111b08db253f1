/** What only a provider could have declared is not judged, and a check says so. */
import { expect, it } from "vitest";
import { check } from "../../../cli/check/check";
import { type CheckReport, verdictOf } from "../../../cli/check/report";
import { loadProject } from "../../../engine/project/project";
import { makeProject } from "../../support/project";

function checked(program: string): Promise<CheckReport> {
  const root = makeProject({ "index.js": `const k8s = require("@pulumi/kubernetes");\n${program}` });
  return check(loadProject(root), ["dev"], {
    packs: [],
    strict: true,
    today: "2026-01-01",
    processEnvironment: { PATH: process.env.PATH },
    officialRunner: false,
    signal: new AbortController().signal,
    events: {},
  });
}

const names = ({ undetermined }: CheckReport): (string | undefined)[] =>
  undetermined
    .filter(({ rule }) => rule === "general/determined")
    .map(({ urn }) => urn.split("::").slice(2).join(" "));

it.each([
  ['new k8s.yaml.ConfigGroup("a", { yaml: "kind: Secret" });', "kubernetes:yaml:ConfigGroup a"],
  ['new k8s.kustomize.Directory("a", { directory: "./a" });', "kubernetes:kustomize:Directory a"],
  ['new k8s.helm.v3.Chart("a", { chart: "redis" });', "kubernetes:helm.sh/v3:Chart a"],
  ['new k8s.helm.v4.Chart("a", { chart: "redis" });', "kubernetes:helm.sh/v4:Chart a"],
  ['new k8s.yaml.v2.ConfigGroup("a", { yaml: "kind: Secret" });', "kubernetes:yaml/v2:ConfigGroup a"],
  ['k8s.yaml.parse({ yaml: "kind: Secret" });', "pulumi:pulumi:Stack trial-dev"],
])("%s stays open, and --strict refuses it", async (program, name) => {
  const report = await checked(program);
  expect(names(report)).toEqual([name]);
  expect(verdictOf(report)).toBe("refused");
});

it("says nothing of components whose objects the program gives", async () => {
  const object = '{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "shop" } }';
  const report = await checked(`new k8s.yaml.ConfigGroup("a", { objs: [${object}] });`);
  expect(report.environments[0]?.compliant).toBeGreaterThan(0);
  expect(names(report)).toEqual([]);
});
