/** What policy packs say of a declaration is what they say under the official engine: levels, order, stack, remediation. */
import { describe, expect, it } from "vitest";
import { judge } from "../../../engine/policy/analyze";
import { secret, UNKNOWN } from "../../../engine/property/values";
import { declarationOf, judged, STACK_URN, sharedPack, start, thing, urnOf } from "./trial";

const KEY = "4dabf18193072939515e22adb298388d";

const levels = sharedPack("levels");
const remediates = sharedPack("remediates");

describe("enforcement levels", () => {
  it("decide what a violation is, and what remains of a remediation is mandatory", async () => {
    const breaks = ["told", "refused", "off", "unmended", "own", "nothing"];
    const declaration = declarationOf(breaks.map((name) => thing(name, { breaks: name })));
    const judgement = await levels.judged(declaration);
    expect(judgement).toMatchObject({
      name: "levels",
      version: "1.2.3",
      stackJudged: true,
      undetermined: [],
    });
    const told = judgement.violations.filter(({ policy }) => policy !== "few");
    expect(told).toEqual([
      {
        policy: "told",
        level: "advisory",
        severity: "low",
        message: "Is told.\ntold breaks told",
        description: "Is told.",
        urn: urnOf("told"),
      },
      {
        policy: "refused",
        level: "mandatory",
        severity: "high",
        message: "Is refused.\nrefused breaks refused",
        description: "Is refused.",
        urn: urnOf("refused"),
      },
      {
        policy: "unmended",
        level: "mandatory",
        message: "Should mend, and cannot.\nunmended breaks unmended",
        description: "Should mend, and cannot.",
        urn: urnOf("unmended"),
      },
      {
        policy: "own",
        level: "mandatory",
        severity: "critical",
        message: "its own message",
        description: "Sets all of a violation itself.",
        urn: urnOf("own"),
      },
    ]);
  });

  it("are told of every policy, sorted by name, with what the pack says of it", async () => {
    const { policies } = await levels.judged(declarationOf([]));
    expect(policies.map(({ name, level, kind }) => [name, level, kind])).toEqual([
      ["few", "remediate", "stack"],
      ["no-stack", "advisory", "stack"],
      ["not-here", "advisory", "resource"],
      ["off", "disabled", "resource"],
      ["own", "advisory", "resource"],
      ["refused", "mandatory", "resource"],
      ["told", "advisory", "resource"],
      ["unmended", "remediate", "resource"],
    ]);
    expect(policies.find(({ name }) => name === "told")).toEqual({
      name: "told",
      description: "Is told.",
      displayName: "Told",
      kind: "resource",
      level: "advisory",
      severity: "low",
      tags: ["a", "b"],
      url: "https://example.org/told",
    });
  });

  it("are changed by a configuration, for one policy and for all", async () => {
    const declaration = declarationOf([thing("a", { breaks: "off" }), thing("b", { breaks: "refused" })]);
    const settings = {
      source: "policies.json",
      settings: {
        all: { level: "advisory", properties: {} },
        off: { level: "mandatory", properties: {} },
        "not-here": { level: "disabled", properties: {} },
      },
    } as const;
    const judgement = await judged("levels", declaration, { settings });
    expect(judgement.violations.map(({ policy, level }) => [policy, level])).toEqual([
      ["off", "mandatory"],
      ["refused", "advisory"],
    ]);
    expect(judgement.notApplicable.filter(({ policy }) => policy === "not-here")).toEqual([]);
    expect(judgement.policies.find(({ name }) => name === "not-here")?.level).toBe("disabled");
  });
});

describe("stack policies", () => {
  const many = ["a", "b", "c", "nowhere"].map((name) => thing(name));

  it("name a resource of the stack, or stand for the stack, and are mandatory where they should mend", async () => {
    const judgement = await levels.judged(declarationOf(many));
    expect(judgement.violations.map(({ policy, level, urn }) => [policy, level, urn])).toEqual([
      ["few", "mandatory", STACK_URN],
      ["few", "mandatory", urnOf("c")],
    ]);
  });

  it.each(["failed", "misconfigured", "cancelled"] as const)(
    "do not judge what a program left that %s, while resource policies do",
    async (outcome) => {
      const declaration = declarationOf([...many, thing("x", { breaks: "refused" })], { outcome });
      const judgement = await levels.judged(declaration);
      expect(judgement.stackJudged).toBe(false);
      expect(judgement.violations.map(({ policy }) => policy)).toEqual(["refused"]);
      expect(judgement.notApplicable.some(({ step }) => step === "analyze-stack")).toBe(false);
    },
  );

  it("do not see what the program only reads, nor do others", async () => {
    const external = thing("read", { breaks: "refused" }, { external: true, id: "x" });
    const judgement = await levels.judged(declarationOf([thing("a"), external, thing("b")]));
    expect(judgement.violations).toEqual([]);
    expect(
      judgement.notApplicable.filter(({ policy }) => policy === "not-here").map(({ urn }) => urn),
    ).toEqual([STACK_URN, urnOf("a"), urnOf("b")]);
  });
});

it("tells which policies do not apply, to what and why", async () => {
  const { notApplicable } = await levels.judged(declarationOf([thing("a")]));
  expect(notApplicable.filter(({ urn }) => urn !== STACK_URN)).toEqual([
    { policy: "no-stack", step: "analyze-stack", reason: "not for stacks" },
    {
      policy: "unmended",
      step: "remediate",
      urn: urnOf("a"),
      reason: "Policy does not implement remediateResource",
    },
    { policy: "not-here", step: "analyze", urn: urnOf("a"), reason: "not for a" },
  ]);
});

it("keeps the order of the resources, whatever is answered first", async () => {
  const things = Array.from({ length: 30 }, (_, at) => thing(`t${at}`, { wait: at % 3 === 0 ? 40 : 0 }));
  const { violations } = await judged("throws", declarationOf(things));
  expect(violations.map(({ urn }) => urn)).toEqual([STACK_URN, ...things.map(({ urn }) => urn)]);
});

describe("an unknown value", () => {
  it("that a policy touches leaves it undetermined, whatever its level", async () => {
    const declaration = declarationOf([thing("a", { breaks: UNKNOWN }), thing("b", { other: UNKNOWN })]);
    const judgement = await levels.judged(declaration);
    expect(judgement.violations).toEqual([]);
    expect(judgement.undetermined).toEqual(
      ["told", "refused", "unmended", "own"].map((policy) => ({
        policy,
        urn: urnOf("a"),
        message: `can't run policy '${policy}' from policy pack 'levels@v1.2.3' during preview: string value at .breaks can't be known during preview`,
      })),
    );
  });

  it("that a remediation touches leaves it undetermined, and nothing is changed", async () => {
    const judgement = await remediates.judged(declarationOf([thing("a", { label: UNKNOWN })]));
    expect(judgement.remediations).toEqual([]);
    expect(
      judgement.undetermined.map(({ policy, message }) => [policy, message.split(" during ")[0]]),
    ).toEqual([
      ["stack", "can't run policy 'stack' from policy pack 'remediates@v1.2.3'"],
      ["label", "can't run remediation 'label' from policy pack 'remediates@v1.2.3'"],
      ["label", "can't run policy 'label' from policy pack 'remediates@v1.2.3'"],
    ]);
  });
});

describe("a remediation", () => {
  it("changes what is judged after it, in the resource and in the stack", async () => {
    const declaration = declarationOf([thing("a", { size: 1 }), thing("b", { label: "kept" })]);
    const judgement = await remediates.judged(declaration);
    expect(judgement.remediations).toEqual([
      {
        policy: "label",
        description: "Everything has a label.",
        urn: urnOf("a"),
        before: { size: 1 },
        after: { size: 1, label: "added" },
      },
    ]);
    expect(
      judgement.violations.map(({ policy, level, message, urn }) => [policy, level, message, urn]),
    ).toEqual([
      ["stack", "advisory", "added,kept", STACK_URN],
      ["label", "mandatory", "Everything has a label.\nhas no label", urnOf("b")],
    ]);
  });

  it("leaves what it does not change as it was: secrets, unknown values, assets, references", async () => {
    const file = {
      [KEY]: "c44067f5952c0a294b673a41bacd8c17",
      hash: "h",
      path: "x",
    };
    const empty = {
      [KEY]: "c44067f5952c0a294b673a41bacd8c17",
      hash: "e",
      text: "",
    };
    const archive = {
      [KEY]: "0def7320c3a5731c473e5ecbe6d01bc7",
      hash: "a",
      assets: { inner: file, hidden: secret(file) },
    };
    const inputs = {
      password: secret("short"),
      id: UNKNOWN,
      nothing: secret(null),
      other: { [KEY]: "5cf8f73096256a8f31e491e813e4eb8e", urn: urnOf("other"), id: "", packageVersion: "" },
      file,
      files: [empty, archive],
      __internal: { a: 1 },
    };
    const [first, second] = (await remediates.judged(declarationOf([thing("a", inputs)]))).remediations;
    expect(first).toMatchObject({ policy: "label", before: inputs, after: { ...inputs, label: "added" } });
    expect(second).toMatchObject({
      policy: "longer",
      after: { ...inputs, label: "added", password: secret("shortshort") },
    });
  });

  it("of a provider is seen by its resources", async () => {
    const type = "pulumi:providers:test";
    const provider = thing("p", { host: "direct" }, { type });
    const user = thing("user", { label: "added" }, { provider: `${provider.urn}::${UNKNOWN}` });
    const judgement = await remediates.judged(declarationOf([provider, user]));
    expect(judgement.remediations.map(({ policy, after }) => [policy, after])).toEqual([
      ["host", { host: "proxy" }],
    ]);
    expect(judgement.violations.map(({ message }) => message)).toContain(
      "Resources see their provider.\nuser goes to proxy",
    );
  });

  it("of one pack is judged by the next, and each pack answers for itself", async () => {
    const declaration = declarationOf([thing("a", { breaks: "refused" })]);
    const results = await judge(declaration, [start("remediates"), start("echo"), start("levels")]);
    expect(results.map(({ name }) => name)).toEqual(["remediates", "echo", "levels"]);
    const seen = results[1]?.violations.find(
      ({ policy, urn }) => policy === "resource" && urn === urnOf("a"),
    );
    expect(JSON.parse(seen?.message ?? "")).toMatchObject({ props: { breaks: "refused", label: "added" } });
    expect(results[2]?.violations.map(({ policy }) => policy)).toEqual(["refused"]);
  });
});
