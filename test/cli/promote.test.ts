/** kb promote as its users see it: what it changes, what it refuses, and that a file is never half changed. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { promote } from "../../cli/promotion/promote";
import { validateEnvironmentFile } from "../../config";
import { type Edit, edit, environmentText } from "../config/edited-environment";
import { kb } from "../support/kb";
import { makeProject, repository } from "../support/project";
import { seed } from "../support/seed";
import { commit, git } from "./git/repository";

const DIGEST = `sha256:${"a".repeat(64)}`;
const OTHER = `sha256:${"b".repeat(64)}`;
const DEV = "Pulumi.dev.yaml";
const PROD = "Pulumi.prod.yaml";

/** The API's and the worker's image, as both files have it at first. */
const FIRST = "image: { name: keybuzz-api, tag: v0.4.31-replacement }";
const API = `api:\n      ${FIRST}`;
const WORKER = `outboundWorker:\n      ${FIRST}`;

function image(tag: string, more = ""): string {
  return `image: { name: keybuzz-api, tag: ${tag}${more} }`;
}

function api(tag: string, more = ""): Edit {
  return [API, `api:\n      ${image(tag, more)}`];
}

function worker(tag: string, more = ""): Edit {
  return [WORKER, `outboundWorker:\n      ${image(tag, more)}`];
}

/** A project with DEV and PROD, edited. */
function makeEnvironments(dev: readonly Edit[] = [], prod: readonly Edit[] = []): string {
  return makeProject({
    [DEV]: edit(environmentText("dev"), dev),
    [PROD]: edit(environmentText("prod"), prod),
  });
}

/** The same as a repository, in which DEV had one version after the other. */
function makeHistory(versions: readonly (readonly Edit[])[], prod: readonly Edit[] = []): string {
  const root = makeEnvironments([], prod);
  git(root, ["init", "--quiet"]);
  writeFileSync(join(root, ".git/info/exclude"), "node_modules\n");
  versions.forEach((edits, index) => {
    commit(root, { [DEV]: edit(environmentText("dev"), edits) }, `2026-0${index + 1}-01T12:00:00+01:00`);
  });
  return root;
}

function read(root: string, file = PROD): string {
  return readFileSync(join(root, file), "utf8");
}

/** The folder's files: a promotion leaves nothing else behind. */
function filesOf(root: string): string[] {
  return readdirSync(root).sort();
}

describe("promoting", () => {
  it("changes the tag alone, and says what it did, since when DEV has it, and what to do next", async () => {
    const root = makeHistory([[], [api("v0.4.32"), worker("v0.4.32")]]);
    const before = { prod: read(root), files: filesOf(root) };
    const { code, stdout, stderr } = await kb(["promote", "api", "outboundWorker"], { cwd: root });
    const short = git(root, ["rev-parse", "HEAD"]).slice(0, 10);
    expect(stderr).toBe("");
    expect(stdout).toBe(`\
Promoting from dev to prod

api (Pulumi.prod.yaml:57)
  - keybuzz-api:v0.4.31-replacement
  + keybuzz-api:v0.4.32
  first in Pulumi.dev.yaml on 2026-02-01 (commit ${short})

outboundWorker (Pulumi.prod.yaml:64)
  - keybuzz-api:v0.4.31-replacement
  + keybuzz-api:v0.4.32
  first in Pulumi.dev.yaml on 2026-02-01 (commit ${short})

Pulumi.prod.yaml is changed. Next:
  git diff Pulumi.prod.yaml  review it, then commit it
  npx kb check               the rules, over all environments
  pulumi preview -s prod     what the deployment will change
`);
    expect(code).toBe(0);
    expect(read(root)).toBe(edit(before.prod, [api("v0.4.32"), worker("v0.4.32")]));
    expect(filesOf(root)).toEqual(before.files);
    expect(git(root, ["status", "--porcelain"])).toBe(` M ${PROD}\n`);
  });

  it("tells who else runs the image and stays behind", async () => {
    const root = makeEnvironments([api("v0.4.32")]);
    const { stdout } = await kb(["promote", "api"], { cwd: root });
    expect(stdout).toContain(
      "note: outboundWorker runs the image keybuzz-api too and stays at keybuzz-api:v0.4.31-replacement; to promote " +
        "both: kb promote api outboundWorker --from dev --to prod\n",
    );
    expect(read(root)).toBe(edit(environmentText("prod"), [api("v0.4.32")]));
  });

  it("a second time does nothing, says so, and succeeds", async () => {
    const root = makeEnvironments([api("v0.4.32", `, digest: ${DIGEST}`)]);
    await kb(["promote", "api"], { cwd: root });
    const before = { text: read(root), file: statSync(join(root, PROD)).ino };
    const { code, stdout } = await kb(["promote", "api"], { cwd: root });
    expect(code).toBe(0);
    expect(stdout).toContain(`api: prod has keybuzz-api:v0.4.32@${DIGEST} already\n`);
    expect(stdout).toContain("\nNothing to do: Pulumi.prod.yaml is as it was.\n");
    expect({ text: read(root), file: statSync(join(root, PROD)).ino }).toEqual(before);
  });

  it("writes nothing with --dry-run, and shows the same", async () => {
    const root = makeEnvironments([api("v0.4.32")]);
    const { code, stdout } = await kb(["promote", "api", "--dry-run"], { cwd: root });
    expect(code).toBe(0);
    expect(stdout).toContain("  - keybuzz-api:v0.4.31-replacement\n  + keybuzz-api:v0.4.32\n");
    expect(stdout).toContain("Nothing is written (--dry-run)");
    expect(read(root)).toBe(environmentText("prod"));
  });

  it.each<[string, Edit, Edit, Edit]>([
    ["brings the digest", api("v2", `, digest: ${DIGEST}`), api("v1"), api("v2", `, digest: ${DIGEST}`)],
    [
      "replaces a digest by the source's",
      api("v2", `, digest: ${DIGEST}`),
      api("v1", `, digest: ${OTHER}`),
      api("v2", `, digest: ${DIGEST}`),
    ],
    [
      "brings the digest of a tag that is there",
      api("v2", `, digest: ${DIGEST}`),
      api("v2"),
      api("v2", `, digest: ${DIGEST}`),
    ],
    ["takes out the digest of the old tag", api("v2"), api("v1", `, digest: ${OTHER}`), api("v2")],
    [
      "keeps the digest of a tag that is there",
      api("v2"),
      api("v2", `, digest: ${OTHER}`),
      api("v2", `, digest: ${OTHER}`),
    ],
    ["mends a tag that production refuses", api("v2"), api("v1-dev"), api("v2")],
  ])("%s", async (_, dev, prod, want) => {
    const root = makeEnvironments([dev], [prod]);
    await promoteIn(root, ["api"]);
    expect(read(root)).toBe(edit(environmentText("prod"), [want]));
  });

  it("says why a digest is taken out", async () => {
    const root = makeEnvironments([api("v2")], [api("v1", `, digest: ${OTHER}`)]);
    const { stdout } = await kb(["promote", "api"], { cwd: root });
    expect(stdout).toContain("the old digest is taken out: it would go on running the old image");
  });

  it("goes between any two environments, and asks for both where dev or prod is not there", async () => {
    const root = makeProject({
      [DEV]: edit(environmentText("dev"), [api("v2")]),
      "Pulumi.staging.yaml": environmentText("staging"),
    });
    const refused = await kb(["promote", "api"], { cwd: root });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("--from and --to must be given; there are dev, staging");
    const { code } = await kb(["-C", root, "promote", "api", "--from", "dev", "--to", "staging"]);
    expect(code).toBe(0);
    expect(read(root, "Pulumi.staging.yaml")).toBe(
      environmentText("staging").replace(/tag: .*\n +digest: .*(?=\n +host: api-staging)/, "tag: v2"),
    );
  });
});

/** Promotes without a process of its own. */
function promoteIn(
  root: string,
  workloads: readonly string[],
  tag?: string,
  signal = new AbortController().signal,
) {
  const [from, to] = ["dev", "prod"].map((environment) => ({
    environment,
    path: join(root, `Pulumi.${environment}.yaml`),
  }));
  if (from === undefined || to === undefined) throw new Error("two environments");
  return promote({ workloads, from, to, tag, dryRun: false, signal });
}

describe("an older tag", () => {
  it("is promoted with the digest that it had", async () => {
    const root = makeHistory([[api("v2", `, digest: ${DIGEST}`)], [api("v3")]]);
    const { code, stdout } = await kb(["promote", "api", "--tag", "v2"], { cwd: root });
    expect(code).toBe(0);
    expect(stdout).toMatch(/first in Pulumi.dev.yaml on 2026-01-01 \(commit \w{10}\), no longer there\n/);
    expect(read(root)).toBe(edit(environmentText("prod"), [api("v2", `, digest: ${DIGEST}`)]));
  });

  it.each<[string, readonly (readonly Edit[])[], string, string]>([
    ["never ran in the source", [[api("v2")], [api("v3")]], "v9", "the newest first: v3, v2"],
    ["ran there as another workload only", [[worker("v2")], []], "v2", "never ran there with this tag"],
    [
      "ran there under another image's name only",
      [[[API, "api:\n      image: { name: other, tag: v2 }"]], [api("v3")]],
      "v2",
      "never ran there with this tag",
    ],
    [
      "stood there with two digests",
      [[api("v2", `, digest: ${DIGEST}`)], [api("v2", `, digest: ${OTHER}`)], [api("v3")]],
      "v2",
      "the tag stood there with 2 digests",
    ],
    ["is a build for development", [[api("v2-dev")], [api("v3")]], "v2-dev", "is a build for development"],
    [
      "was built for one environment",
      [[api("v2", ", buildScope: environment")], [api("v3")]],
      "v2",
      "keybuzz-api:v2 holds dev's addresses",
    ],
  ])("is refused that %s", async (_, versions, tag, says) => {
    const root = makeHistory(versions);
    await expect(promoteIn(root, ["api"], tag)).rejects.toMatchObject({
      exitCode: 2,
      messages: [expect.stringContaining(says), `nothing was promoted; ${PROD} is as it was`],
    });
    expect(read(root)).toBe(environmentText("prod"));
  });

  it("is refused where Git cannot tell, with the reason; the tag that runs is promoted without Git", async () => {
    const root = makeEnvironments([api("v2")]);
    const { code, stderr } = await kb(["promote", "api", "--tag", "v1"], { cwd: root });
    expect(code).toBe(2);
    expect(stderr).toContain("its history is not complete: the folder is in no Git repository");
    const now = await kb(["promote", "api", "--tag", "v2"], { cwd: root });
    expect(now.code).toBe(0);
    expect(now.stdout).toContain("how long dev has had it is not known: the folder is in no Git repository");
  });

  it("that is not committed yet is promoted with a question", async () => {
    const root = makeHistory([[]]);
    writeFileSync(join(root, DEV), edit(environmentText("dev"), [api("v2")]));
    const { stdout } = await kb(["promote", "api"], { cwd: root });
    expect(stdout).toContain("not committed in Pulumi.dev.yaml yet: has dev run it?");
  });
});

describe("what is refused", () => {
  const cases: readonly {
    readonly name: string;
    readonly workloads: readonly string[];
    readonly dev?: readonly Edit[];
    readonly prod?: readonly Edit[];
    readonly says: readonly string[];
  }[] = [
    {
      name: "a workload that is none, with the one that was meant",
      workloads: ["apii"],
      says: ['apii: no such workload; there are api, outboundWorker, client, website; did you mean "api"?'],
    },
    {
      name: "a name that every object has",
      workloads: ["constructor"],
      says: ["constructor: no such workload"],
    },
    {
      name: "a workload that the source does not have",
      workloads: ["website"],
      says: ["website: Pulumi.dev.yaml declares no such workload"],
    },
    {
      name: "an image that the schema builds for one environment",
      workloads: ["client"],
      prod: [[", buildScope: environment", ""]],
      dev: [[", buildScope: environment", ""]],
      says: ["client: its image is built for one environment", "build the same commit with prod's values"],
    },
    {
      name: "an image that the source says was built for it",
      workloads: ["api"],
      dev: [api("v2", ", buildScope: environment")],
      says: ["api: its image is built for one environment (buildScope: environment): keybuzz-api:v2"],
    },
    {
      name: "a target that says its image is built for it",
      workloads: ["api"],
      dev: [api("v2")],
      prod: [api("v1", ", buildScope: environment")],
      says: ["api: its image is built for one environment"],
    },
    {
      name: "two images of different names",
      workloads: ["api"],
      dev: [[API, "api:\n      image: { name: keybuzz-core, tag: v2 }"]],
      says: ["api: dev runs keybuzz-core and prod runs keybuzz-api"],
    },
    ...["main", "NIGHTLY", "edge", "stable", "dev"].map((tag) => ({
      name: `the floating tag ${tag}`,
      workloads: ["api"],
      dev: [api(tag)],
      says: [`api: the tag "${tag}" names whatever was pushed last`],
    })),
    ...["v2-dev", "dev-3f2c", "v2.DEV.1"].map((tag) => ({
      name: `the development tag ${tag}`,
      workloads: ["api"],
      dev: [api(tag)],
      says: [`api: the tag "${tag}" is a build for development`],
    })),
    {
      name: "`latest`, which no file may have",
      workloads: ["api"],
      dev: [api("latest")],
      says: ["Pulumi.dev.yaml has a mistake", '"latest" names whatever was pushed last'],
    },
    {
      name: "an image without a tag",
      workloads: ["api"],
      dev: [[API, "api:\n      image: { name: keybuzz-api }"]],
      says: ["Pulumi.dev.yaml has a mistake", "keybuzz:workloads.api.image.tag: is missing"],
    },
    {
      name: "a target whose tag is no text",
      workloads: ["api"],
      dev: [api("v2")],
      prod: [api("1.10")],
      says: ["Pulumi.prod.yaml has a mistake", "put it in quotes"],
    },
    {
      name: "a source that is no YAML",
      workloads: ["api"],
      dev: [["config:", "config: ["]],
      says: ["Pulumi.dev.yaml has", "Pulumi.dev.yaml:"],
    },
    {
      name: "a target with mistakes elsewhere, all of which are told",
      workloads: ["api"],
      dev: [api("v2")],
      prod: [
        ["host: api.keybuzz.io", "host: API"],
        ["port: 4000", "prot: 4000"],
      ],
      says: ["Pulumi.prod.yaml has 2 mistakes", "keybuzz:workloads.api.host", "keybuzz:backend.prot"],
    },
    {
      name: "an image that another workload shares by an anchor",
      workloads: ["api"],
      dev: [api("v2")],
      prod: [
        [API, "api:\n      image: &image { name: keybuzz-api, tag: v1 }"],
        [WORKER, "outboundWorker:\n      image: *image"],
      ],
      says: [
        "api: the image in Pulumi.prod.yaml stands in lines that belong to something else too",
        "write it out",
      ],
    },
  ];

  it.each(cases)("$name", async ({ workloads, dev = [], prod = [], says }) => {
    const root = makeEnvironments(dev, prod);
    const before = { text: read(root), files: filesOf(root) };
    const refusal = await promoteIn(root, workloads).then(
      () => "promoted",
      (error: { readonly exitCode: number; readonly message: string }) => error,
    );
    expect(refusal).toMatchObject({ exitCode: 2 });
    for (const part of says) expect(refusal).toMatchObject({ message: expect.stringContaining(part) });
    expect({ text: read(root), files: filesOf(root) }).toEqual(before);
  });

  it("all of several workloads when one is, with every reason", async () => {
    const root = makeEnvironments([api("v2"), worker("v2-dev")]);
    const { code, stdout, stderr } = await kb(["promote", "api", "client", "outboundWorker"], { cwd: root });
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr.split("\n").map((line) => line.slice(0, 30))).toEqual([
      "error: client: its image is bu",
      "error: outboundWorker: the tag",
      "error: nothing was promoted; P",
      "",
    ]);
    expect(read(root)).toBe(environmentText("prod"));
  });

  it.each([
    [["api", "--to", "staging"], 6, 'no environment "staging": there are dev, prod;'],
    [["api", "--from", "../dev"], 6, 'no environment "../dev"'],
    [["api", "--from", "prod"], 2, "--from and --to are both prod"],
    [["api", "--to", "dev"], 2, "--from and --to are both dev"],
    [[], 2, "missing required argument 'workloads'"],
    [["api", "--tga", "v1"], 2, "did you mean --tag?"],
  ] as const)("wrong usage: promote %j", async (args, code, says) => {
    const result = await kb(["promote", ...args], { cwd: makeEnvironments([api("v2")]) });
    expect(result.stderr.toLowerCase()).toContain(says.toLowerCase());
    expect(result.code).toBe(code);
  });
});

describe("the file", () => {
  it("keeps its mode, its line ends and its byte order mark", async () => {
    const root = makeEnvironments([api("v2", `, digest: ${DIGEST}`)]);
    const encode = (text: string): string => `\uFEFF${text.replaceAll("\n", "\r\n")}`;
    writeFileSync(join(root, PROD), encode(read(root)));
    chmodSync(join(root, PROD), 0o660);
    await promoteIn(root, ["api"]);
    expect(read(root)).toBe(encode(edit(environmentText("prod"), [api("v2", `, digest: ${DIGEST}`)])));
    expect(statSync(join(root, PROD)).mode & 0o777).toBe(0o660);
  });

  it("stays a link where it was one, and what it leads to is changed", async () => {
    const root = makeEnvironments([api("v2")]);
    renameSync(join(root, PROD), join(root, "real.yaml"));
    symlinkSync("real.yaml", join(root, PROD));
    await promoteIn(root, ["api"]);
    expect(lstatSync(join(root, PROD)).isSymbolicLink()).toBe(true);
    expect(read(root, "real.yaml")).toBe(edit(environmentText("prod"), [api("v2")]));
  });

  it("is refused when it is no UTF-8, since it could not be written back as it was", async () => {
    const root = makeEnvironments([api("v2")]);
    const bytes = Buffer.concat([Buffer.from(read(root)), Buffer.from("# caf\xe9\n", "latin1")]);
    writeFileSync(join(root, PROD), bytes);
    await expect(promoteIn(root, ["api"])).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("Pulumi.prod.yaml: cannot be read"),
    });
    expect(readFileSync(join(root, PROD))).toEqual(bytes);
  });

  it.each([
    ["in a folder that takes no new file", 0o555, 0o666],
    ["that may not be written", 0o777, 0o444],
  ])("stays as it is, and nothing beside it, %s: exit code 1", (_, folderMode, fileMode) => {
    const root = makeEnvironments([api("v2")]);
    const before = filesOf(root);
    chmodSync(join(root, PROD), fileMode);
    chmodSync(root, folderMode);
    // Root may write anywhere, so kb runs as nobody.
    const nobody = 65_534;
    if (process.getuid?.() === 0) chownSync(root, nobody, nobody);
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(repository, "cli/kb.cjs"), "promote", "api"],
      {
        cwd: root,
        encoding: "utf8",
        env: { PATH: process.env.PATH },
        ...(process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}),
      },
    );
    chmodSync(root, 0o755);
    expect(stderr).toContain("error: Pulumi.prod.yaml could not be written: EACCES");
    expect(stderr).toContain("error: nothing was promoted; Pulumi.prod.yaml is as it was\n");
    expect(status).toBe(1);
    expect(read(root)).toBe(environmentText("prod"));
    expect(filesOf(root)).toEqual(before);
  });
});

it("A promotion that is cancelled leaves the file as it was", async () => {
  const root = makeEnvironments([api("v2")]);
  await expect(promoteIn(root, ["api"], undefined, AbortSignal.abort("enough"))).rejects.toBe("enough");
  expect(read(root)).toBe(environmentText("prod"));
});

it("Whatever image is promoted, the result is right, differs in its tag and digest alone, and stays", async () => {
  const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,12}$/);
  const digest = fc.constantFrom("", `, digest: ${DIGEST}`, `, digest: ${OTHER}`);
  await fc.assert(
    fc.asyncProperty(tag, tag, digest, digest, async (newTag, oldTag, newDigest, oldDigest) => {
      const dev = api(`"${newTag}"`, newDigest);
      const root = makeEnvironments([dev], [api(`"${oldTag}"`, oldDigest)]);
      const before = read(root);
      const outcome = await promoteIn(root, ["api"]).catch((error: { exitCode: number }) => error.exitCode);
      if (outcome === 2) {
        expect(read(root)).toBe(before);
        return;
      }
      const kept = newTag === oldTag && newDigest === "" ? oldDigest : newDigest;
      expect(read(root)).toBe(edit(environmentText("prod"), [api(`"${newTag}"`, kept)]));
      expect(validateEnvironmentFile(read(root), { stack: "prod" }).valid).toBe(true);
      await promoteIn(root, ["api"]);
      expect(read(root)).toBe(edit(environmentText("prod"), [api(`"${newTag}"`, kept)]));
    }),
    { seed: seed(), numRuns: 20 },
  );
});

it("The example of the documentation is what kb prints", async () => {
  const page = readFileSync(join(repository, "docs/promotion.md"), "utf8");
  const root = makeHistory([[], [api("v0.4.32"), worker("v0.4.32")]]);
  for (const args of [["api", "outboundWorker"], ["client"]]) {
    const { stdout, stderr } = await kb(["promote", ...args], { cwd: root });
    const printed = `${stdout}${stderr}`.replaceAll(/\(commit \w+\)/g, "(commit …)");
    const shown = page.replaceAll(/\(commit \w+\)/g, "(commit …)");
    expect(shown).toContain(`$ npx kb promote ${args.join(" ")}\n${printed}`);
  }
});
