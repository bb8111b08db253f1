/** Proves what is told of an environment's images by real repositories: nothing is forgotten, nothing made up. */
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";
import { type ImageHistory, imageHistory, imagesOf } from "../../../cli/git/image-history";
import { repository } from "../../support/project";
import { seed } from "../../support/seed";
import { commit, commitMany, git, makeFolder, makeRepository } from "./repository";

const FILE = "Pulumi.dev.yaml";

/** An environment's file with one image per workload, given as `name:tag` or `name:tag@digest`. */
function file(
  images: Readonly<Record<string, string>>,
  rest = "  keybuzz:vault:\n    mount: secret\n",
): string {
  const workloads = Object.entries(images).map(([workload, image]) => {
    const [, name, tag, digest] = /^([^:]+):([^@]+)(?:@(.+))?$/.exec(image) ?? [];
    const fixed = digest === undefined ? "" : `, digest: ${digest}`;
    return `    ${workload}:\n      image: { name: ${name}, tag: ${tag}${fixed} }\n      replicas: 1\n`;
  });
  return `config:\n${rest}  keybuzz:workloads:\n${workloads.join("")}`;
}

const api = (tag: string): string => file({ api: `keybuzz-api:${tag}` });

/** The tags of a workload, the first one first. */
function tags(history: ImageHistory, workload = "api"): string[] {
  return (history.workloads[workload] ?? []).map(({ tag }) => tag);
}

describe("the history of a file", () => {
  it("has every image that stood in it, the first one first, with commit and author's date", async () => {
    const folder = makeRepository();
    const first = commit(folder, { [FILE]: api("v1") }, "2026-01-01T10:00:00+02:00");
    const second = commit(folder, { [FILE]: api("v2") }, "2026-02-01T10:00:00+02:00");
    writeFileSync(join(folder, FILE), api("v3"));
    expect(await imageHistory(folder, FILE)).toEqual({
      workloads: {
        api: [
          {
            name: "keybuzz-api",
            tag: "v1",
            commit: first,
            authorDate: "2026-01-01T10:00:00+02:00",
            current: false,
          },
          {
            name: "keybuzz-api",
            tag: "v2",
            commit: second,
            authorDate: "2026-02-01T10:00:00+02:00",
            current: false,
          },
          { name: "keybuzz-api", tag: "v3", current: true },
        ],
      },
      versions: 2,
      skipped: 0,
      complete: true,
    });
  });

  it("tells an image once, from its first commit, also where the file went back to it", async () => {
    const folder = makeRepository();
    const first = commit(folder, { [FILE]: api("v1") });
    for (const tag of ["v2", "v1"]) commit(folder, { [FILE]: api(tag) });
    const { workloads } = await imageHistory(folder, FILE);
    expect(workloads.api).toMatchObject([
      { tag: "v1", commit: first, current: true },
      { tag: "v2", current: false },
    ]);
  });

  it("holds images apart by name, by tag and by digest, and workloads from each other", async () => {
    const folder = makeRepository();
    const [one, other] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
    for (const image of ["x:v1", `x:v1@${one}`, `x:v1@${other}`, "y:v1"]) {
      commit(folder, { [FILE]: file({ api: image, client: "c:v7" }) });
    }
    const { workloads } = await imageHistory(folder, FILE);
    expect(workloads.api?.map(({ name, digest }) => [name, digest])).toEqual([
      ["x", undefined],
      ["x", one],
      ["x", other],
      ["y", undefined],
    ]);
    expect(workloads.client).toHaveLength(1);
  });

  it("goes by what the file said last of what an image was built for", async () => {
    const folder = makeRepository();
    const scoped = api("v1").replace("tag: v1", "tag: v1, buildScope: environment");
    commit(folder, { [FILE]: scoped });
    expect((await imageHistory(folder, FILE)).workloads.api).toMatchObject([{ buildScope: "environment" }]);
    commit(folder, { [FILE]: api("v1") });
    expect((await imageHistory(folder, FILE)).workloads.api?.[0]).not.toHaveProperty("buildScope");
  });

  it("has both sides of a merge, what the merge itself made, and what a merge left behind", async () => {
    const folder = makeRepository();
    commit(folder, { [FILE]: api("v1") }, "2026-01-01T00:00:00Z");
    git(folder, ["switch", "--quiet", "-c", "side"]);
    commit(folder, { [FILE]: api("v2-side") }, "2026-01-02T00:00:00Z");
    git(folder, ["switch", "--quiet", "main"]);
    commit(folder, { [FILE]: api("v2-main") }, "2026-01-03T00:00:00Z");
    git(folder, ["merge", "--quiet", "--no-commit", "-s", "ours", "side"]);
    commit(folder, { [FILE]: api("v3-merge") }, "2026-01-04T00:00:00Z");
    git(folder, ["switch", "--quiet", "-c", "tried"]);
    commit(folder, { [FILE]: api("v4-tried") }, "2026-01-05T00:00:00Z");
    commit(folder, { [FILE]: api("v3-merge") }, "2026-01-06T00:00:00Z");
    git(folder, ["switch", "--quiet", "main"]);
    commit(folder, { other: "text" }, "2026-01-07T00:00:00Z");
    git(folder, ["merge", "--quiet", "--no-ff", "-m", "merge", "tried"], { date: "2026-01-08T00:00:00Z" });
    expect(tags(await imageHistory(folder, FILE))).toEqual([
      "v1",
      "v2-side",
      "v2-main",
      "v3-merge",
      "v4-tried",
    ]);
  });

  it("does not have what only another branch holds", async () => {
    const folder = makeRepository();
    commit(folder, { [FILE]: api("v1") });
    git(folder, ["switch", "--quiet", "-c", "side"]);
    commit(folder, { [FILE]: api("v2") });
    git(folder, ["switch", "--quiet", "main"]);
    expect(tags(await imageHistory(folder, FILE))).toEqual(["v1"]);
  });

  it("skips and counts versions that are no YAML, the working copy too", async () => {
    const folder = makeRepository();
    commit(folder, { [FILE]: api("v1") });
    commit(folder, { [FILE]: `${api("v2")}<<<<<<< HEAD\n` });
    commit(folder, { [FILE]: api("v3") });
    writeFileSync(join(folder, FILE), "config: [\n");
    const history = await imageHistory(folder, FILE);
    expect(history).toMatchObject({ versions: 3, skipped: 2, complete: true });
    expect(tags(history)).toEqual(["v1", "v3"]);
  });

  it("goes on through a commit that took the file away", async () => {
    const folder = makeRepository();
    for (const text of [api("v1"), null, api("v2")]) commit(folder, { [FILE]: text });
    const history = await imageHistory(folder, FILE);
    expect(tags(history)).toEqual(["v1", "v2"]);
    expect(history).toMatchObject({ versions: 2, skipped: 0, complete: true });
  });

  it("is there for a file that is gone from the working copy", async () => {
    const folder = makeRepository();
    commit(folder, { [FILE]: api("v1") });
    rmSync(join(folder, FILE));
    expect((await imageHistory(folder, FILE)).workloads.api).toMatchObject([{ tag: "v1", current: false }]);
  });

  it("is the same from any folder, for names with blanks and signs, and through a link", async () => {
    const folder = makeRepository();
    const name = "Pulumi.a b*[c].yaml";
    commit(folder, { [`deep/down/${name}`]: api("v1"), "deep/down/Pulumi.a bx.yaml": api("v8") });
    commit(folder, { [`deep/down/${name}`]: api("v2") });
    const outside = makeFolder();
    symlinkSync(join(folder, "deep"), join(outside, "link"));
    const paths = [
      [folder, `deep/down/${name}`],
      [join(folder, "deep/down"), name],
      [outside, `link/down/${name}`],
      ["/", join(folder, "deep/down", name)],
    ] as const;
    for (const [directory, path] of paths) {
      const history = await imageHistory(directory, path);
      expect(tags(history), directory).toEqual(["v1", "v2"]);
      expect(history, directory).toMatchObject({ versions: 2, complete: true });
    }
  });
});

describe("a history that is not complete says so", () => {
  it("outside of every repository", async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, FILE), api("v1"));
    const history = await imageHistory(folder, FILE);
    expect(history).toMatchObject({ complete: false, reason: "the folder is in no Git repository" });
    expect(tags(history)).toEqual(["v1"]);
  });

  it("in a repository without a commit, and for a file that was never committed", async () => {
    const folder = makeRepository();
    writeFileSync(join(folder, FILE), api("v1"));
    const want = { complete: false, reason: `${FILE} has never been committed`, versions: 0 };
    expect(await imageHistory(folder, FILE)).toMatchObject(want);
    git(folder, ["add", FILE]);
    git(folder, ["commit", "--quiet", "--allow-empty", "-m", "other", "--only"]);
    expect(await imageHistory(folder, FILE)).toMatchObject(want);
  });

  it("inside of a repository's own folder", async () => {
    const folder = makeRepository();
    writeFileSync(join(folder, ".git", FILE), api("v1"));
    const history = await imageHistory(join(folder, ".git"), FILE);
    expect(history).toMatchObject({ complete: false, reason: expect.stringContaining("work tree") });
  });

  it("in a shallow clone", async () => {
    const folder = makeRepository();
    for (const tag of ["v1", "v2"]) commit(folder, { [FILE]: api(tag) });
    const clone = join(makeFolder(), "clone");
    git(folder, ["clone", "--quiet", "--depth", "1", `file://${folder}`, clone]);
    const history = await imageHistory(clone, FILE);
    expect(history).toMatchObject({
      complete: false,
      reason: expect.stringContaining("git fetch --unshallow"),
    });
    expect(tags(history)).toEqual(["v2"]);
  });

  it("in a partial clone, without fetching anything", async () => {
    const folder = makeRepository();
    for (const tag of ["v1", "v2"]) commit(folder, { [FILE]: api(tag) });
    git(folder, ["config", "uploadpack.allowFilter", "true"]);
    const clone = join(makeFolder(), "clone");
    git(folder, ["clone", "--quiet", "--filter=blob:none", `file://${folder}`, clone]);
    const history = await imageHistory(clone, FILE);
    expect(history).toMatchObject({
      complete: false,
      reason: expect.stringContaining("the clone is partial"),
    });
    expect(tags(history)).toEqual(["v2"]);
  });

  it("without Git on the machine", async () => {
    const folder = makeRepository();
    commit(folder, { [FILE]: api("v1") });
    const history = await withPath(makeFolder(), () => imageHistory(folder, FILE));
    expect(history).toMatchObject({ complete: false, reason: "git is not installed" });
    expect(tags(history)).toEqual(["v1"]);
  });
});

/** Runs something with another PATH. */
async function withPath<T>(path: string, run: () => Promise<T>): Promise<T> {
  const before = process.env.PATH;
  process.env.PATH = path;
  try {
    return await run();
  } finally {
    process.env.PATH = before;
  }
}

describe("git is run so that", () => {
  it("variables of a hook around it do not lead it to another repository", async () => {
    const [folder, other] = [makeRepository(), makeRepository()];
    commit(folder, { [FILE]: api("v1") });
    commit(other, { [FILE]: api("v9") });
    process.env.GIT_DIR = join(other, ".git");
    try {
      expect(tags(await imageHistory(folder, FILE))).toEqual(["v1"]);
    } finally {
      delete process.env.GIT_DIR;
    }
  });

  it("no program that the repository names is started", async () => {
    const folder = makeRepository();
    const [trap, trace] = [join(folder, "trap.sh"), join(folder, "sprung")];
    writeFileSync(trap, `#!/bin/sh\ntouch '${trace}'\ncat\n`);
    chmodSync(trap, 0o755);
    for (const tag of ["v1", "v2"])
      commit(folder, { [FILE]: api(tag), ".gitattributes": "*.yaml diff=trap filter=trap\n" });
    const settings = [
      "core.pager",
      "core.fsmonitor",
      "diff.external",
      "diff.trap.command",
      "diff.trap.textconv",
    ];
    for (const name of [...settings, "filter.trap.smudge", "filter.trap.clean", "pager.rev-list"]) {
      git(folder, ["config", name, trap]);
    }
    expect(tags(await imageHistory(folder, FILE))).toEqual(["v1", "v2"]);
    expect(() => readFileSync(trace)).toThrow("ENOENT");
  });

  it("the user can end it, before it begins and while it works", async () => {
    const folder = makeRepository();
    commit(folder, { [FILE]: api("v1") });
    await expect(imageHistory(folder, FILE, AbortSignal.abort("enough"))).rejects.toBe("enough");
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "git"), "#!/bin/sh\nexec /bin/sleep 30\n", { mode: 0o755 });
    const before = performance.now();
    const slow = withPath(bin, () => imageHistory(folder, FILE, AbortSignal.timeout(200)));
    await expect(slow).rejects.toThrow("timeout");
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

describe("how long it takes", () => {
  const text = readFileSync(join(repository, "test/config/fixtures/Pulumi.dev.yaml"), "utf8");

  it("is well under a second for 1,000 versions of a real file, each with another image", async () => {
    const folder = makeRepository();
    const versions = Array.from({ length: 1000 }, (_, n) =>
      text.replaceAll("v0.4.31-replacement", `v1.${n}.0`),
    );
    commitMany(folder, FILE, versions);
    const before = performance.now();
    const history = await imageHistory(folder, FILE);
    const took = performance.now() - before;
    console.log(`1,000 versions in ${Math.round(took)} ms`);
    expect(history).toMatchObject({ versions: 1000, skipped: 0, complete: true });
    expect(tags(history)).toEqual(Array.from({ length: 1000 }, (_, n) => `v1.${n}.0`));
    // Other work on the machine slows both down alike: reading 100 versions whole takes longer.
    const whole = performance.now();
    for (const version of versions.slice(0, 100)) parse(version);
    expect(took).toBeLessThan(performance.now() - whole);
  });

  it("is bounded: of more than 10,000 versions the newest are read, and the rest is told", async () => {
    const folder = makeRepository();
    commitMany(
      folder,
      FILE,
      Array.from({ length: 10_002 }, (_, n) => api(`v${n}`)),
    );
    const history = await imageHistory(folder, FILE);
    expect(history).toMatchObject({ versions: 10_000, complete: false });
    expect(history.reason).toBe("only its newest 10000 versions were read");
    expect(tags(history).at(0)).toBe("v2");
    expect(tags(history).at(-1)).toBe("v10001");
  });
});

describe("the images of a text", () => {
  it("are those that the YAML library finds, whatever words stand in braces", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "true",
        "Null",
        "no",
        "1.10",
        "0x1f",
        "v1",
        "a:b",
        "a:",
        "a#b",
        "a #b",
        "'q'",
        "~",
        "v1:2:3",
        "",
      ),
      fc.stringMatching(/^[A-Za-z][\w.:#-]{0,6}$/),
    );
    const blank = fc.constantFrom(" ", " ", "  ", "");
    const keys = fc.shuffledSubarray(["name", "tag", "digest", "buildScope", '"tag"'], { minLength: 4 });
    const pairs = keys.chain((names) =>
      fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), blank, word, blank))),
    );
    let found = 0;
    fc.assert(
      fc.property(pairs, fc.constantFrom("", " # c", "#c"), (entries, comment) => {
        const braces = entries
          .map(([name, before, value, after]) => `${name}:${before}${value}${after}`)
          .join(",");
        const text = `config:\n  keybuzz:workloads:\n    api:\n      image: {${braces}}${comment}\n      replicas: 1\n`;
        const document = parseDocument(text, { uniqueKeys: false });
        if (document.errors.length > 0) return;
        const { name, tag, digest } = document.toJS().config["keybuzz:workloads"].api.image;
        const texts = typeof name === "string" && typeof tag === "string";
        const want = { name, tag, ...(typeof digest === "string" ? { digest } : {}) };
        const { buildScope: _, ...got } = imagesOf(text)?.api ?? {};
        expect(got).toEqual(texts ? want : {});
        if (texts) found++;
      }),
      { seed: seed(), numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(100);
  });

  const image = { name: "keybuzz-api", tag: "v1" };
  it.each<[string, string, unknown]>([
    ["in braces", api("v1"), { api: image }],
    ["with CRLF", api("v1").replaceAll("\n", "\r\n"), { api: image }],
    [
      "in lines, with comments and keys in quotes",
      'config:\n  # c\n  "keybuzz:workloads": # c\n    api:\n# c\n      replicas: 2\n\n      image: # c\n' +
        "        tag: 'v1' # c\n        name: keybuzz-api\n",
      { api: image },
    ],
    [
      "under a key without the namespace",
      api("v1").replace("keybuzz:workloads", "workloads"),
      { api: image },
    ],
    [
      "through an alias",
      "config:\n  keybuzz:workloads:\n    api: { image: &i { name: keybuzz-api, tag: v1 } }\n    outboundWorker: { image: *i }\n",
      { api: image, outboundWorker: image },
    ],
    [
      "through an alias of the usual layout",
      "config:\n  keybuzz:workloads:\n    api:\n      image: &i { name: keybuzz-api, tag: v1 }\n" +
        "    outboundWorker:\n      image: *i\n",
      { api: image, outboundWorker: image },
    ],
    ["as JSON", JSON.stringify({ config: { "keybuzz:workloads": { api: { image } } } }), { api: image }],
    [
      "and not of a text that looks like them",
      `config:\n  keybuzz:note: |\n      keybuzz:workloads:\n        api:\n          image: { name: x, tag: y }\n${api("v1").slice(8)}`,
      { api: image },
    ],
    [
      "and not of another package",
      "config:\n  other:workloads:\n    api:\n      image: { name: x, tag: y }\n",
      {},
    ],
    [
      "without those that have no tag in text",
      file({ api: "keybuzz-api:1.10", client: "c:v1" }),
      { client: { name: "c", tag: "v1" } },
    ],
    ["where there are none", "config: {}\n", {}],
    ["where there is no text", "", {}],
    ["where a key stands twice, the last one", `${api("v0")}${api("v1").slice(8)}`, { api: image }],
    ["and nothing of what is no YAML", "config: [\n", undefined],
    ["and nothing of an alias that leads nowhere", "config:\n  keybuzz:workloads: *nowhere\n", undefined],
  ])("are found %s", (_, text, want) => {
    expect(imagesOf(text)).toEqual(want);
  });
});
