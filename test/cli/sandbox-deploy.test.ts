/**
 * The commands that deploy to the sandbox, as whoever calls them from a script sees them: exit codes as documented, the
 * result on standard output, everything else on standard error, and no password in either.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocked, blockRoles } from "../engine/programs/blocking";
import { complaints, SandboxStack, steps } from "../engine/programs/sandbox-stack";
import { TrialSandbox } from "../sandbox/trial-sandbox";
import { kb } from "../support/kb";
import { makeProject } from "../support/project";

const sandbox = new TrialSandbox();
const CHAIN = join(__dirname, "../engine/programs/chain");
const stack = new SandboxStack(sandbox, CHAIN);

beforeAll(() => sandbox.start());
afterAll(() => sandbox.remove());

const roles = (...names: string[]): string[] => ["--config", `trial:roles=${names.join(",")}`];

/** Runs kb without `--json`, on this sandbox unless another is named. */
function plainly(args: readonly string[], env: NodeJS.ProcessEnv = {}, root = CHAIN) {
  return kb(["-C", root, "sandbox", ...args], { env: { KEYBUZZ_SANDBOX_DIR: sandbox.folder, ...env } });
}

describe("exit codes", () => {
  it("are 0 for what was done, and 7 where nothing was to change and something would, or did", async () => {
    const expecting = "--expect-no-changes";
    const shown = await stack.run("preview", [...roles("one"), expecting]);
    expect([shown.code, shown.told.changeSummary]).toEqual([7, { create: 2 }]);
    const made = await stack.run("up", [...roles("one"), expecting]);
    expect([made.code, made.told.outcome]).toEqual([7, "succeeded"]);
    await sandbox.query("alter role one connection limit 3");
    expect((await stack.run("refresh", ["--preview", expecting, ...roles("one")])).code).toBe(7);
    expect((await stack.run("refresh", roles("one"))).code).toBe(0);
    expect((await stack.run("up", [...roles("one"), expecting])).code).toBe(7);
    expect((await stack.run("up", [...roles("one"), expecting])).code).toBe(0);
    expect((await stack.run("destroy", ["--preview", expecting])).code).toBe(7);
    expect((await stack.run("destroy")).code).toBe(0);
  });

  it("are 1 where a step fails, and what was done before it is in the state", async () => {
    await sandbox.query("create role taken");
    const run = await stack.run("up", roles("free", "taken", "after"));
    expect(run.code).toBe(1);
    expect(steps(run)).toEqual(["create trial-dev", "create free", "create taken (failed)"]);
    expect(complaints(run).join("\n")).toMatch(/Role "taken" exists already, .* import: "taken"/);
    await stack.settle(roles("free"));
  });

  it.each([
    ["before it begins", 'new pulumi.Config().require("region");'],
    ["in work that it waits for", 'export = async () => { new pulumi.Config().require("region"); };'],
  ])("are 2 where a program misses configuration %s", async (_when, text) => {
    const root = makeProject({ "index.ts": `import * as pulumi from "@pulumi/pulumi";\n${text}` });
    const { code, stdout, stderr } = await plainly(["up", "dev"], {}, root);
    expect(stdout + stderr).toContain("Missing required configuration variable 'trial:region'");
    expect(stdout + stderr).toContain("refused: the configuration has mistakes");
    expect(code).toBe(2);
  });

  it("are 1 for a resource that the sandbox has no provider for, which a preview shows", async () => {
    const root = makeProject({
      "index.ts": `import * as vault from "@pulumi/vault"; const m = new vault.Mount("m", { path: "p", type: "kv" });
vault.kv.getSecretV2Output({ mount: m.path, name: "app" }).data.apply((data) => new vault.Mount(data.name, { path: "q", type: "kv" }));
vault.generic.getSecretOutput({ path: "p/app" }).data.apply((data) => new vault.Mount(data.name, { path: "q", type: "kv" }));`,
    });
    const shown = await plainly(["preview", "dev"], {}, root);
    expect(shown.stdout).toContain("Taken as declared, unchecked (no provider here): vault\n");
    expect(shown.code).toBe(0);
    const run = await plainly(["up", "dev"], {}, root);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('there is no provider for package "vault" here');
  });

  it("are 1 where there is no sandbox, which the next step mends", async () => {
    const KEYBUZZ_SANDBOX_DIR = join(sandbox.folder, "none");
    const run = await plainly(["up", "dev"], { KEYBUZZ_SANDBOX_DIR });
    expect(run).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: there is no sandbox in ${KEYBUZZ_SANDBOX_DIR}; make one with kb sandbox start\n`,
    });
  });

  it.each([
    ["no environment", ["up"], /missing required argument 'environment'/],
    ["an unknown option", ["up", "dev", "--force"], /unknown option '--force'/],
    [
      "no number of steps",
      ["up", "dev", "--parallel", "0"],
      /'0' is invalid\. expected a whole number above 0/,
    ],
    ["an override without a value", ["up", "dev", "--config", "trial:roles"], /expected key=value/],
    [
      "a pack's configuration without a pack",
      ["up", "dev", "--policy-pack-config", "x.json"],
      /given more often than --policy-pack/,
    ],
    ["a deletion of everything without --yes", ["reset"], /say so with --yes/],
  ])("are 2 for %s", async (_, args, message) => {
    const { code, stdout, stderr } = await plainly(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  it("are 2 for another passphrase than the stack's, and the state is as it was", async () => {
    const file = join(sandbox.folder, "state/.pulumi/stacks/trial/dev.json");
    const before = readFileSync(file, "utf8");
    const run = await plainly(["up", "dev"], { PULUMI_CONFIG_PASSPHRASE: "canary-of-a-passphrase" });
    expect([run.code, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toContain("the passphrase is not the one of this stack's secrets");
    expect(run.stderr).not.toContain("canary");
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("are 5 where a mandatory policy is broken, which is named, and nothing is made", async () => {
    const root = makeProject({
      "Pulumi.yaml": "name: judged\nruntime: nodejs\n",
      "index.ts": `import * as postgresql from "@pulumi/postgresql";
        new postgresql.Role("mighty", { name: "mighty", superuser: true });`,
      "pack/PulumiPolicy.yaml": "runtime: nodejs\nmain: index.js\n",
      "pack/package.json": JSON.stringify({ name: "no-mighty", version: "1.0.0", main: "index.js" }),
      "pack/index.js": `const { PolicyPack } = require("@pulumi/policy");
        new PolicyPack("no-mighty", { policies: [{
          name: "no-superuser", description: "Nobody is mighty.", enforcementLevel: "mandatory",
          validateResource: ({ props }, report) => { if (props.superuser === true) report("it is a superuser"); },
        }] });`,
    });
    for (const command of ["preview", "up"]) {
      const run = await plainly([command, "dev", "--policy-pack", "pack"], {}, root);
      expect(run.stdout).toContain("[mandatory] no-mighty v1.0.0, no-superuser: Nobody is mighty.");
      expect(run.code).toBe(5);
    }
    expect(await sandbox.query("select 1 from pg_roles where rolname = 'mighty'")).toEqual([]);
  });

  it("are 6 for an environment that no file declares, naming those that there are", async () => {
    const run = await plainly(["up", "staging"]);
    expect([run.code, run.stdout]).toEqual([6, ""]);
    expect(run.stderr).toContain('error: no environment "staging": there are dev;');
  });

  it("are 8 for an interrupted deployment, which nobody can delete the sandbox under, and which lets its steps end", async () => {
    const letGo = await blockRoles(sandbox);
    const { child, result } = stack.begin("up", roles("free", "slow", "never"));
    await blocked(sandbox);
    let said = "";
    child.stderr?.on("data", (text: string) => {
      said += text;
    });
    child.kill("SIGINT");
    await expect.poll(() => said, { timeout: 20_000 }).toContain("cancelling: steps under way");
    await letGo();
    const run = await result;
    expect(run.code).toBe(8);
    expect(JSON.parse(run.stdout)).toMatchObject({ outcome: "cancelled" });
    const existing = "select rolname from pg_roles where rolname in ('slow', 'never')";
    expect(await sandbox.query(existing)).toEqual([{ rolname: "slow" }]);
    await stack.settle(roles("free", "slow", "never"));
  });
});

describe("output", () => {
  it("is the document alone on standard output, and what is done meanwhile on standard error", async () => {
    const run = await stack.begin("up", roles("shown")).result;
    expect(JSON.parse(run.stdout)).toMatchObject({ version: 1, kind: "up", environment: "dev" });
    expect(run.stderr).toMatch(/^Updating dev\n/);
    expect(run.stderr).toMatch(/^ \+ {2}postgresql:index:Role shown created \(\d+\.\ds\)$/m);
  });

  it("holds no password of the sandbox or of the program, shown in any way", async () => {
    const root = makeProject({
      "Pulumi.yaml": "name: hidden\nruntime: nodejs\n",
      "index.ts": `import * as postgresql from "@pulumi/postgresql";
        import * as random from "@pulumi/random";
        const { result } = new random.RandomPassword("secret", { length: 30, special: false });
        const login = new postgresql.Role("login", { name: "hidden", login: true, password: result });
        export const password = login.password;`,
    });
    const made = await plainly(["up", "dev", "--json"], {}, root);
    expect(made.code).toBe(0);
    const hidden = new SandboxStack(sandbox, root, "dev", "hidden");
    const passwords = [
      String((await hidden.outputs()).password),
      sandbox.description.servers.postgresql.password,
    ];
    const runs = [made];
    for (const args of [
      ["preview", "dev", "--diff"],
      ["refresh", "dev", "--json"],
      ["destroy", "dev", "--preview", "--diff"],
    ]) {
      runs.push(await plainly(args, {}, root));
    }
    for (const password of passwords) {
      expect(password).toMatch(/^[\w-]{30,}$/);
      for (const { stdout, stderr } of runs) expect(stdout + stderr).not.toContain(password);
    }
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  });

  it("says in the history what --message says", async () => {
    await stack.run("up", [...roles("shown"), "--message", "for the record"]);
    const folder = join(sandbox.folder, "state/.pulumi/history/trial/dev");
    const last = readdirSync(folder)
      .filter((name) => name.endsWith(".history.json"))
      .sort()
      .at(-1);
    expect(JSON.parse(readFileSync(join(folder, last ?? ""), "utf8"))).toMatchObject({
      message: "for the record",
    });
  });
});

it("keeps the state to its user", () => {
  expect(statSync(join(sandbox.folder, "state")).mode & 0o777).toBe(0o700);
  expect(statSync(join(sandbox.folder, "passphrase")).mode & 0o777).toBe(0o600);
});
