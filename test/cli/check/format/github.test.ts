/** Proves that the workflow commands are ones that GitHub's runner reads, and that there are no more than it shows. */
import { expect, it } from "vitest";
import { githubCheck } from "../../../../cli/check/format/github";
import { finding, incomplete, refused, report } from "./reports";

it("A refused check is one command per finding, at its line, and the verdict", () => {
  expect(githubCheck(refused)).toBe(`\
::error file=Pulumi.prod.yaml,line=41,col=7,title=postgres/dedicated-role (prod)::kubernetes:core/v1:Secret (keybuzz-api-postgres): stringData.PGUSER names the PostgreSQL role keybuzz_api_dev of dev; prod has its own%0Afix: Name a role of this environment.
::error file=stacks/api.ts,line=12,title=postgres/dedicated-role (prod)::kubernetes:apps/v1:Deployment (keybuzz-api): spec.containers[0].env["DATABASE|URL"] names the PostgreSQL role keybuzz_api_dev of dev; prod has its own%0Afix: Name a role of this environment.
::warning title=kubernetes/probes (prod)::kubernetes:apps/v1:Deployment (keybuzz-client): has a container without readinessProbe%0Afix: Give the container a readinessProbe.
::notice title=postgres/dedicated-role (dev)::kubernetes:core/v1:Secret (elsewhere): undetermined, because a value is known only after a deployment: data.PGUSER, data.PGHOST
check refused: 2 mandatory findings, 1 advisory finding, 1 exempted, 1 undetermined (2 rules, 2 environments)
`);
});

it("Failures of the check are errors", () => {
  const lines = githubCheck(incomplete).split("\n");
  expect(lines.slice(0, 2)).toEqual([
    "::error title=the check could not be made (prod)::the program failed",
    "::error title=the check could not be made (prod%2C postgres/dedicated-role)::TypeError at policies/foreign.ts:3",
  ]);
});

it("Undetermined answers are errors when they fail the check", () => {
  const strict = githubCheck({ ...refused, strict: true });
  expect(strict.match(/^::notice/gm)).toBeNull();
  expect(strict.match(/^::error/gm)).toHaveLength(3);
});

it("What would end a property or a command is escaped as the runner expects it", () => {
  const findings = [
    finding({
      rule: "a:b,c%d",
      urn: "u",
      property: "",
      message: "100%\r\nsure :: yes",
      location: { file: "a,b:c.ts", line: 2 },
    }),
  ].map(({ fix, ...rest }) => rest);
  const [line] = githubCheck(report({ findings })).split("\n");
  expect(line).toBe("::error file=a%2Cb%3Ac.ts,line=2,title=a%3Ab%2Cc%25d (prod)::u: 100%25%0Asure :: yes");
});

it.each([
  [10, 10, undefined],
  [11, 9, "::error title=and more::2 more errors: npx kb check shows all"],
  [500, 9, "::error title=and more::491 more errors: npx kb check shows all"],
])("%i errors are %i and a line that says how many more there are", (count, shown, more) => {
  const findings = Array.from({ length: count }, (_, index) =>
    finding({ property: `p${index}`, severity: index === count - 1 ? "critical" : "low" }),
  );
  const lines = githubCheck(report({ findings })).trimEnd().split("\n").slice(0, -1);
  expect(lines).toHaveLength(more === undefined ? shown : shown + 1);
  expect(lines[0], "the most severe is first").toContain(`p${count - 1} `);
  if (more !== undefined) expect(lines.at(-1)).toBe(more);
});
