/** Proves what exemptions do to a check: what does not count any more, what is told of them, and how it ends. */
import { describe, expect, it } from "vitest";
import { check } from "../../../cli/check/check";
import { withExemptions } from "../../../cli/check/exemptions";
import { type CheckReport, verdictOf } from "../../../cli/check/report";
import { EngineError } from "../../../engine/diagnostic";
import { loadProject } from "../../../engine/project/project";
import { EXEMPTIONS_FILE } from "../../../policies/exemptions/schema";
import { ENTRY, exemption, fileOf, TODAY } from "../../policies/exemptions/entries";
import { kb } from "../../support/kb";
import { makeProject } from "../../support/project";
import { finding, report } from "./format/reports";

/** Declares one role that may do everything, in each environment. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as postgresql from "@pulumi/postgresql";
const environment = pulumi.getStack();
new postgresql.Role("superuser", {
  name: "trial_" + environment, login: true, superuser: true, connectionLimit: 3,
}, { protect: true });
`;

const RULE = "postgres/no-superuser";
const forProd = { ...ENTRY, rule: RULE, environment: "prod", resource: "superuser" };
const forDev = { ...forProd, environment: "dev" };

function project(exemptions: string): string {
  return makeProject({
    "index.ts": PROGRAM,
    "package.json": JSON.stringify({ name: "trial", main: "index.ts" }),
    "Pulumi.prod.yaml": "config: {}\n",
    [EXEMPTIONS_FILE]: exemptions,
  });
}

function checked(root: string, environments = ["dev", "prod"], today = TODAY): Promise<CheckReport> {
  return check(loadProject(root), environments, {
    processEnvironment: {},
    officialRunner: false,
    signal: new AbortController().signal,
    events: {},
    packs: [],
    strict: false,
    today,
  });
}

/** Findings in a line each: where, what, and whether they count. */
function told({ findings }: CheckReport): string[] {
  return findings.map(({ environment, rule, exemption: by }) =>
    [environment, rule, ...(by === undefined ? [] : ["exempted"])].join(" ").trim(),
  );
}

describe("A check", () => {
  it("tells the findings when nothing is exempted", async () => {
    const result = await checked(project("exemptions: []\n"));
    expect(told(result)).toEqual([`dev ${RULE}`, `prod ${RULE}`]);
    expect(verdictOf(result)).toBe("refused");
  });

  it("passes when every finding is exempted, and still tells them with who answers", async () => {
    const result = await checked(project(fileOf(forDev, forProd)));
    expect(told(result)).toEqual([`dev ${RULE} exempted`, `prod ${RULE} exempted`]);
    const { reason, owner, expires } = ENTRY;
    expect(result.findings[0]?.exemption).toEqual({ reason, owner, expires });
    expect(verdictOf(result)).toBe("passed");
  });

  it("is refused when only one of two findings is exempted", async () => {
    const result = await checked(project(fileOf(forProd)));
    expect(told(result)).toEqual([`dev ${RULE}`, `prod ${RULE} exempted`]);
    expect(verdictOf(result)).toBe("refused");
  });

  it("lets an exemption hold through its last day, and then tells finding and exemption", async () => {
    const root = project(fileOf(forProd));
    const last = await checked(root, ["prod"], "2027-03-31");
    expect(told(last)).toEqual([`prod ${RULE} exempted`]);
    const next = await checked(root, ["prod"], "2027-04-01");
    expect(told(next)).toEqual([`prod ${RULE}`, "exemptions/expired"]);
    expect(next.findings[1]).toMatchObject({
      level: "mandatory",
      property: "exemptions[0].expires",
      location: { file: EXEMPTIONS_FILE, line: 2, column: 5 },
    });
  });

  it("tells unused and unknown exemptions, each with its place", async () => {
    const unused = { ...forProd, rule: "postgres/owner-cannot-login" };
    const unknown = { ...forProd, resource: "superusr" };
    const result = await checked(project(fileOf(forDev, forProd, unused, unknown)));
    expect(told(result)).toEqual([
      `dev ${RULE} exempted`,
      `prod ${RULE} exempted`,
      "exemptions/unknown",
      "exemptions/unused",
    ]);
    expect(result.findings.slice(2).map(({ location }) => location?.line)).toEqual([20, 14]);
    expect(verdictOf(result)).toBe("refused");
  });

  it("of DEV says nothing of PROD's exemptions", async () => {
    const gone = { ...forProd, resource: "gone" };
    const over = { ...forProd, rule: "postgres/bounded-connections", expires: "2026-01-01" };
    const result = await checked(project(fileOf(forDev, forProd, gone, over)), ["dev"]);
    expect(told(result)).toEqual([`dev ${RULE} exempted`]);
    expect(verdictOf(result)).toBe("passed");
  });

  it("whose program failed calls no exemption unused or unknown", async () => {
    const root = makeProject({
      "index.ts": 'throw new Error("broken");\n',
      "package.json": JSON.stringify({ name: "trial", main: "index.ts" }),
      [EXEMPTIONS_FILE]: fileOf(forDev, { ...forDev, rule: "postgres/write-address", resource: "gone" }),
    });
    const result = await checked(root, ["dev"]);
    expect(told(result)).toEqual([]);
    expect(verdictOf(result)).toBe("incomplete");
  });

  it("by a file with mistakes ends before anything is evaluated, with all of them", async () => {
    const { owner, ...rest } = forProd;
    const root = makeProject({
      // Were it evaluated, the check would fail otherwise.
      "index.ts": 'throw new Error("evaluated");\n',
      [EXEMPTIONS_FILE]: fileOf({ ...rest, expires: "never" }, { ...forProd, rule: '"*"' }),
    });
    const failure = await checked(root, ["dev"]).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(EngineError);
    expect(failure).toMatchObject({ code: "configuration" });
    expect((failure as EngineError).problems.map((line) => line.split(": ").slice(0, 2).join(" "))).toEqual([
      `${EXEMPTIONS_FILE}:2:5 exemptions[0].owner`,
      `${EXEMPTIONS_FILE}:4:14 exemptions[0].expires`,
      `${EXEMPTIONS_FILE}:7:11 exemptions[1].rule`,
    ]);
  });
});

describe("kb check", () => {
  it("ends with 2 and tells the mistakes of the file", async () => {
    const root = project(fileOf({ ...forProd, owner: "TODO" }));
    const { code, stdout, stderr } = await kb(["check", "-C", root]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`${EXEMPTIONS_FILE}:4:12: exemptions[0].owner: "TODO" is nobody who answers`);
  });
});

describe("Of a report", () => {
  const root = () => loadProject(makeProject({ "Pulumi.prod.yaml": "config: {}\n" }));
  const context = (...exemptions: ReturnType<typeof exemption>[]) => ({
    project: root(),
    exemptions,
    declarations: [],
    today: TODAY,
  });

  it("findings of other packs are exempted as kb's own are", () => {
    const theirs = finding({ rule: "cis/no-default" });
    const { urn } = theirs;
    const entry = exemption({ rule: "cis/no-default", ...(urn === undefined ? {} : { resource: urn }) });
    const [first, ...others] = withExemptions(report({ findings: [theirs] }), context(entry)).findings;
    expect(first?.exemption).toMatchObject({ owner: entry.owner });
    // No rule of that pack is in the report: whether it has such a policy cannot be said for certain.
    expect(others).toMatchObject([{ rule: "exemptions/unknown", level: "advisory" }]);
  });

  it("nothing changes without exemptions", () => {
    const before = report({ findings: [finding()] });
    expect(withExemptions(before, context())).toEqual(before);
  });

  it("what is told of an exemption keeps its fingerprint when entries before it go, and differs from others'", () => {
    const gone = (more: Parameters<typeof exemption>[0]) =>
      withExemptions(report(), context(exemption({ rule: "postgres/gone", ...more }))).findings[0]
        ?.fingerprint;
    expect(gone({})).toMatch(/^[0-9a-f]{32}$/);
    expect(gone({ index: 4, line: 30 })).toBe(gone({}));
    expect(gone({ resource: "other" })).not.toBe(gone({}));
  });
});
