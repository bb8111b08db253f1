/** What a deployment looks like to a reader: tree, signs, counts and verdict; and that no secret is in it. */
import { describe, expect, it } from "vitest";
import { type DeployTextOptions, deployText } from "../../../cli/format/deploy-text";
import type { DeployResult } from "../../../engine/deploy/events";
import { secret, UNKNOWN } from "../../../engine/property/values";
import { CANARY, result, STACK, step, urn } from "./deploy-results";

function shown(deployment: DeployResult, more: Partial<DeployTextOptions> = {}): string {
  return deployText(deployment, {
    kind: "up",
    preview: false,
    project: "shop",
    environment: "dev",
    paint: (_, text) => text,
    width: undefined,
    diff: false,
    seconds: 1.25,
    ...more,
  });
}

const COMPONENT = "urn:pulumi:dev::shop::keybuzz:postgres:Database::db";
const inComponent = (type: string, name: string): string => urn(type, name, "keybuzz:postgres:Database$");

describe("the table", () => {
  it("is a tree with unbroken branches, whatever the order in which the steps ended", () => {
    const steps = [
      step("create", inComponent("Role", "reader"), { parent: COMPONENT }),
      step("create", inComponent("Role", "owner"), { parent: COMPONENT }),
      step("create", COMPONENT),
      step("create", urn("Role", "alone")),
      step("create", STACK),
    ];
    const text = shown(result(steps, { changes: { create: 5 } }));
    expect(text).toMatchInlineSnapshot(`
      "Updating (dev): on the sandbox

           Type                          Name      Status
       +   pulumi:pulumi:Stack           shop-dev  created
       +   ├─ keybuzz:postgres:Database  db        created
       +   │  ├─ postgresql:index:Role   owner     created
       +   │  └─ postgresql:index:Role   reader    created
       +   └─ postgresql:index:Role      alone     created

      Resources:
          + 5 created

      Duration: 1.3s
      "
    `);
    expect(shown(result([...steps].reverse(), { changes: { create: 5 } }))).toBe(text);
  });

  it("shows nothing that stays, none of the engine's own providers, and a replacement once", () => {
    const text = shown(
      result(
        [
          step("same", STACK),
          step("create", "urn:pulumi:dev::shop::pulumi:providers:random::default", { defaultProvider: true }),
          step("same", COMPONENT),
          step("replace", inComponent("Role", "owner"), {
            parent: COMPONENT,
            diff: { replaces: ["name"], changes: ["name"], detailed: {} },
          }),
          step("create-replacement", inComponent("Role", "owner"), { parent: COMPONENT }),
          step("delete-replaced", inComponent("Role", "owner"), { parent: COMPONENT }),
        ],
        { changes: { same: 2, replace: 1 } },
      ),
    );
    expect(text).toMatchInlineSnapshot(`
      "Updating (dev): on the sandbox

           Type                   Name   Status    Info
       +-  postgresql:index:Role  owner  replaced  [diff: ~name]

      Resources:
          +- 1 replaced
          2 unchanged

      Duration: 1.3s
      "
    `);
  });

  it("tells which step failed, why, and that what was done is kept", () => {
    const role = urn("Role", "owner");
    const failed = result(
      [step("create-replacement", role, { status: "failed" }), step("update", urn("Role", "reader"))],
      {
        outcome: "failed",
        changes: { update: 1 },
        diagnostics: [{ severity: "error", urn: role, message: "role exists\nimport it" }],
      },
    );
    expect(shown(failed)).toMatchInlineSnapshot(`
      "Updating (dev): on the sandbox

           Type                   Name    Status
       ++  postgresql:index:Role  owner   **create replacement failed**
       ~   postgresql:index:Role  reader  updated

      Diagnostics:
        postgresql:index:Role (owner):
          error: role exists
          import it

      Resources:
          ~ 1 updated

      Duration: 1.3s

      error: updating failed; what was done is in the state
      "
    `);
    const red = shown(failed, { paint: (style, text) => (style === "red" ? `<${text}>` : text) });
    expect(red).toContain(" <++>  <postgresql:index:Role  owner   **create replacement failed**>");
  });

  it.each([
    ["preview", true, "Previewing update (dev)", "create", "+ 1 to create"],
    ["refresh", true, "Previewing refresh (dev)", "create", "+ 1 to create"],
    ["destroy", false, "Destroying (dev)", "created", "+ 1 created"],
  ] as const)("of a %s (preview: %s) has its own words", (kind, preview, heading, word, count) => {
    const text = shown(result([step("create", STACK)], { changes: { create: 1 } }), { kind, preview });
    expect(text.split("\n")[0]).toBe(`${heading}: on the sandbox`);
    expect(text).toMatch(new RegExp(`shop-dev {2}${word}\n`));
    expect(text).toContain(`    ${count}\n`);
  });

  it.each([20, 40, 60])("fits a terminal of %i columns, whatever names there are", (width) => {
    const steps = [step("create", STACK), step("create", urn("Role", "a-name-".repeat(20)))];
    const lines = shown(result(steps), { width }).split("\n").slice(2, 5);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines[2]).toMatch(/^ \+ {3}└─ postgresql.*…$/);
  });

  it("leaves names whole where no terminal reads", () => {
    const name = "a-name-".repeat(40);
    expect(shown(result([step("create", urn("Role", name))]))).toContain(`${name}  created\n`);
  });
});

it("says what the sandbox cannot judge, and what an empty deployment has", () => {
  const text = shown(result([], { unserved: ["vault", "aws"] }), { kind: "preview", preview: true });
  expect(text).toContain("\nResources:\n    none\n");
  expect(text).toContain("Taken as declared, unchecked (no provider here): aws, vault\n");
});

describe("with --diff", () => {
  const made = {
    name: "shop_login",
    password: secret(CANARY),
    plainInput: CANARY,
    nested: { inside: [secret(CANARY)] },
    __defaults: ["login"],
  };

  it("shows the properties of what is made, without secrets and notes of the engine", () => {
    const created = step("create", urn("Role", "login"), {
      new: { id: "shop_login", inputs: made, outputs: { plainInput: secret(CANARY) } },
    });
    expect(shown(result([created]), { diff: true }).split("\n\n")[1]).toMatchInlineSnapshot(`
      "+ postgresql:index/Role:Role: (created)
          [id=shop_login]
          [urn=urn:pulumi:dev::shop::postgresql:index/Role:Role::login]
          name      : "shop_login"
          password  : [secret]
          plainInput: [secret]
          nested    : {
              inside: [
                  [0]: [secret]
              ]
          }"
    `);
  });

  it("shows each difference with its sign, and which of them replace", () => {
    const changed = step("replace", urn("Role", "login"), {
      diff: {
        replaces: ["name"],
        changes: [],
        detailed: {
          name: { kind: "update-replace", inputDiff: true },
          limit: { kind: "add", inputDiff: true },
          "paths[1]": { kind: "delete", inputDiff: true },
          password: { kind: "update", inputDiff: true },
          opened: { kind: "update", inputDiff: true },
          nested: { kind: "update", inputDiff: true },
          later: { kind: "update", inputDiff: true },
        },
      },
      old: {
        id: "a",
        inputs: {
          name: "a",
          paths: ["x", "y"],
          password: secret(CANARY),
          opened: CANARY,
          nested: { a: [secret(CANARY)] },
          later: 1,
        },
        outputs: {},
      },
      new: {
        inputs: {
          name: "b",
          limit: 5,
          paths: ["x"],
          password: secret(`${CANARY}2`),
          opened: secret(CANARY),
          nested: { a: [secret(CANARY), UNKNOWN] },
          later: UNKNOWN,
        },
        outputs: {},
      },
    });
    const text = shown(result([changed]), { diff: true, preview: true });
    expect(text.split("\n\n")[1]).toMatchInlineSnapshot(`
      "+- postgresql:index/Role:Role: (replace)
          [id=a]
          [urn=urn:pulumi:dev::shop::postgresql:index/Role:Role::login]
          ~ later: 1 => [unknown]
          + limit: 5
          ~ name: "a" => "b" (replaces)
          ~ nested: {"a":[[secret]]} => {"a":[[secret],[unknown]]}
          ~ opened: [secret] => [secret]
          ~ password: [secret] => [secret]
          - paths[1]: "y""
    `);
    expect(text).not.toContain(CANARY);
  });
});
