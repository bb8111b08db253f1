/** Proves that the comment shows what the report says, that GitHub takes it, and that a bot finds it again. */
import { describe, expect, it } from "vitest";
import { MOST_CHARACTERS, markdownCheck, markdownMarker } from "../../../../cli/check/format/markdown";
import type { ReportedFinding } from "../../../../cli/check/report";
import { finding, incomplete, refused, report } from "./reports";

describe("the comment", () => {
  it("has a heading with the verdict, a table per environment, and details that open on demand", () => {
    expect(markdownCheck({ ...refused, findings: refused.findings.slice(1) })).toBe(`\
<!-- kb-check:keybuzz -->
## ❌ keybuzz: check refused: 1 mandatory finding, 1 advisory finding, 1 exempted, 1 undetermined (2 rules, 2 environments)

| environment | resources | mandatory | advisory | exempted | undetermined |
| --- | --- | --- | --- | --- | --- |
| \`dev\` | 3 | 0 | 0 | 0 | 1 |
| \`prod\` | 3 | 1 | 1 | 1 | 0 |

### prod

| level | rule | resource | what is wrong | where |
| --- | --- | --- | --- | --- |
| mandatory | \`postgres/dedicated-role\` | \`kubernetes:apps/v1:Deployment\` (\`keybuzz-api\`) | <code>spec.containers\\[0\\].env\\["DATABASE&#124;URL"\\]</code> names the PostgreSQL role keybuzz_api_dev of dev; prod has its own | \`stacks/api.ts:12\` |
| advisory | \`kubernetes/probes\` | \`kubernetes:apps/v1:Deployment\` (\`keybuzz-client\`) | has a container without readinessProbe |  |

<details>
<summary>Why, and what to do (2 rules)</summary>

**\`postgres/dedicated-role\`** (critical, F1): Roles are those of their own environment

*Why:* PROD logged in as keybuzz_api_dev.

*Fix:* Name a role of this environment.

**\`kubernetes/probes\`** (medium): Containers say when they are ready

*Why:* A pod that is not ready gets requests.

*Fix:* Give the container a readinessProbe.

</details>

<details>
<summary>Undetermined: a value is known only after a deployment (not a pass)</summary>

| environment | rule | resource | depends on |
| --- | --- | --- | --- |
| \`dev\` | \`postgres/dedicated-role\` | \`kubernetes:core/v1:Secret\` (\`elsewhere\`) | \`data.PGUSER, data.PGHOST\` |

</details>

<details>
<summary>Exempted</summary>

| environment | rule | resource | what is wrong | until | owner | reason |
| --- | --- | --- | --- | --- | --- | --- |
| \`prod\` | \`kubernetes/probes\` | \`kubernetes:apps/v1:Deployment\` (\`website\`) | \`spec.template\` has a container without readinessProbe | 2026-12-31 | platform | static pages |

</details>
`);
  });

  it("says what kept the check from being made", () => {
    const text = markdownCheck(incomplete);
    expect(text).toContain("## ⚠️ keybuzz: check incomplete");
    expect(text).toContain("- `prod` `postgres/dedicated-role`: TypeError at policies/foreign.ts:3\n");
    expect(text).toContain("| `prod` (failed) |");
  });

  it("begins with a marker of its project that ends where it should", () => {
    expect(markdownCheck(refused).startsWith(`${markdownMarker("keybuzz")}\n`)).toBe(true);
    expect(markdownMarker("a --> <b>")).toBe("<!-- kb-check:a-b- -->");
    expect(markdownMarker("other")).not.toBe(markdownMarker("keybuzz"));
  });
});

describe("names from the program under check", () => {
  it.each<[string, Partial<ReportedFinding>, string]>([
    ["end no cell of a table", { message: "is a | b" }, "is a &#124; b |"],
    ["end no row", { message: "is a\n| b" }, "is a &#124; b |"],
    ["are no HTML", { message: "is <img src=x>&amp;" }, "is &lt;img src=x&gt;&amp;amp; |"],
    [
      "are no code, emphasis or link",
      { message: "is `a` *b* _c_ [d](e)" },
      "is \\`a\\` \\*b\\* \\_c\\_ \\[d\\](e) |",
    ],
    ["mention nobody", { message: "is @keybuzz/all" }, "is @\u200bkeybuzz/all |"],
    ["are no number of an issue", { message: "is #12" }, "is #\u200b12 |"],
    [
      "stay what they are where that is safe",
      { message: "is noreply@keybuzz.io" },
      "is noreply@keybuzz.io |",
    ],
    ["end no code", { property: "a`b|c\\", message: "is" }, "<code>a\\`b&#124;c\\\\</code> is |"],
  ])("%s", (_, more, expected) => {
    expect(markdownCheck(report({ findings: [finding(more)] }))).toContain(` ${expected}`);
  });
});

describe("a comment that would be too long", () => {
  const many = (count: number, more: Partial<ReportedFinding>): ReportedFinding[] =>
    Array.from({ length: count }, (_, index) => finding({ property: `p${index}`, ...more }));
  const findings = [
    ...many(2_000, { level: "advisory", environment: "dev", rule: "kubernetes/probes" }),
    ...many(20, { environment: "prod", rule: "vault/late" }),
  ];
  const text = markdownCheck(report({ findings }));

  it("is as long as GitHub takes, and not much shorter", () => {
    expect(text.length).toBeLessThanOrEqual(MOST_CHARACTERS);
    expect(text.length).toBeGreaterThan(MOST_CHARACTERS * 0.97);
  });

  it("keeps every mandatory finding before any advisory one, and says how many it leaves out", () => {
    expect(text.match(/^\| mandatory/gm)).toHaveLength(20);
    const shown = text.match(/^\| advisory/gm)?.length ?? 0;
    const left = /\*\*Left out, because GitHub limits a comment's length:\*\* (\d+) findings/.exec(text)?.[1];
    expect(shown).toBeGreaterThan(100);
    expect(shown + Number(left)).toBe(2_000);
  });

  it("shortens one message that would take all the room", () => {
    const long = markdownCheck(report({ findings: [finding({ message: "x".repeat(100_000) })] }));
    expect(long.length).toBeLessThan(5_000);
    expect(long).toContain("x…");
  });

  it("stays within the limit whatever takes the room", () => {
    const names = Array.from({ length: 3_000 }, (_, index) => `environment-${index}`);
    const crowded = report({
      project: "p".repeat(70_000),
      environments: names.map((name) => ({
        name,
        outcome: "succeeded",
        resources: 1,
        compliant: 1,
        diagnostics: [],
      })),
      findings: names.map((environment) => finding({ environment })),
      failures: names.map((environment) => ({ environment, message: "|".repeat(2_000) })),
    });
    const comment = markdownCheck(crowded);
    expect(comment.length).toBeLessThanOrEqual(MOST_CHARACTERS);
    expect(comment).toMatch(/\d+ failures, \d+ environments, 3000 findings/);
  });
});
