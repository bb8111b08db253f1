/**
 * The environments as the audit found them: each of its findings that a declaration can show is told exactly once,
 * by the right rule, and nothing else is. On the project's own environments nothing is told.
 */
import { describe, expect, it } from "vitest";
import { check } from "../../cli/check/check";
import { checkFormats, formatNames } from "../../cli/check/format";
import { loadProject } from "../../engine/project/project";
import { kb } from "../support/kb";
import { repository } from "../support/project";
import { copyIncident } from "./copy";
import { type Expected, expected } from "./expected";

interface Finding {
  readonly environment: string;
  readonly rule: string;
  readonly urn?: string;
  readonly property?: string;
  readonly level: string;
  readonly location?: { readonly file: string; readonly line: number };
}

function summary({ environment, rule, urn = "", property = "" }: Finding): Expected {
  return [environment, rule, urn.split("::").slice(3).join("::"), property];
}

const IN_OFFICIAL_RUNNERS = 240_000;

describe("the incident", () => {
  it("is refused, with every finding once and nothing else", async () => {
    const { code, stdout, stderr } = await kb(["-C", copyIncident(), "check", "--format", "json"]);
    expect(code, stderr).toBe(5);
    const report = JSON.parse(stdout);
    expect(report.findings.map(summary)).toEqual(expected);
    expect(report.findings.every(({ level }: Finding) => level === "mandatory")).toBe(true);
    expect(report.undetermined).toEqual([]);
    expect(report.failures).toEqual([]);
  }, 120_000);

  it("is told with the line that causes it, of the environment's file where a key gives the name", async () => {
    const { stdout } = await kb(["-C", copyIncident(), "check", "--format", "json"]);
    const findings: Finding[] = JSON.parse(stdout).findings;
    const placeOf = (rule: string, environment: string): string | undefined =>
      findings.find((finding) => finding.rule === rule && finding.environment === environment)?.location
        ?.file;
    expect(placeOf("kubernetes/pinned-images", "prod")).toBe("Pulumi.prod.yaml");
    expect(placeOf("isolation/proven-images", "prod")).toBe("Pulumi.prod.yaml");
    expect(placeOf("postgres/dedicated-database", "prod")).toBe("index.ts");
    expect(placeOf("kubernetes/own-hosts", "prod")).toBe("workload.ts");
    const unplaced = findings.filter(({ location }) => location === undefined);
    expect(unplaced.map(({ rule }) => rule)).toEqual(["isolation/same-shape"]);
  }, 120_000);

  it(
    "is the same in Pulumi's own runners, programs and rules",
    async () => {
      const folder = copyIncident();
      const [direct, official] = [
        await kb(["-C", folder, "check", "--format", "json"]),
        await kb(["-C", folder, "check", "--format", "json", "--official-runner"]),
      ];
      expect(official.code, official.stderr).toBe(5);
      expect(JSON.parse(official.stdout).findings.map(summary).sort()).toEqual(
        JSON.parse(direct.stdout).findings.map(summary).sort(),
      );
    },
    IN_OFFICIAL_RUNNERS,
  );

  it("tells no credential in any format", async () => {
    const report = await check(loadProject(copyIncident()), ["dev", "prod"], {
      processEnvironment: {},
      officialRunner: false,
      packs: [],
      strict: false,
      today: "2026-11-21",
      signal: new AbortController().signal,
      events: {},
    });
    expect(report.findings).toHaveLength(expected.length);
    for (const format of formatNames) {
      const text = checkFormats[format](report);
      expect(text.length, format).toBeGreaterThan(1000);
      expect(text, format).not.toContain("made-up");
    }
  }, 120_000);
});

describe("the project's own environments", () => {
  it("are passed, and nothing is left open", async () => {
    const { code, stdout, stderr } = await kb(["check", "--strict", "--format", "json"], { cwd: repository });
    expect(stderr).not.toContain("error");
    const report = JSON.parse(stdout);
    expect(report.findings).toEqual([]);
    expect(report.undetermined).toEqual([]);
    expect(report.failures).toEqual([]);
    expect(code).toBe(0);
  }, 60_000);
});
