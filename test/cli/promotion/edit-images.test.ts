/** Proves that an edit reaches the image's tag and digest and no other byte, however YAML lets them be written. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { editImages, LayoutError } from "../../../cli/promotion/edit-images";
import { seed } from "../../support/seed";

const DIGEST = `sha256:${"a".repeat(64)}`;
const OTHER = `sha256:${"b".repeat(64)}`;

const before = "\n# A comment of the file.\nconfig:\n  keybuzz:workloads:\n    api:\n";
const after =
  "      replicas:   2  # blanks as they were\n    website:\n      image: {name: keybuzz-website,tag: v1}\n" +
  `      note: "tag: v1, digest: ${DIGEST}"\n  keybuzz:vault: { mount: secret }\n`;

/** The file with these lines as the API's image. */
function fileWith(image: string): string {
  return `${before}${image}${after}`;
}

/** What an edit makes of the API's image. It fails when anything around the image is another byte. */
function edited(image: string, tag: string, digest?: string): string {
  const { text, lines } = editImages(fileWith(image), [{ workload: "api", tag, digest }]);
  expect(text.startsWith(before)).toBe(true);
  expect(text.endsWith(after)).toBe(true);
  expect(text.split("\n")[(lines.api ?? 0) - 1]).toContain(tag);
  return text.slice(before.length, -after.length);
}

describe("A tag and a digest", () => {
  it.each<[string, string, [tag: string, digest?: string], string]>([
    [
      "in braces",
      "      image: {name: a,  tag: v1}  # c\n",
      ["v2"],
      "      image: {name: a,  tag: v2}  # c\n",
    ],
    [
      "in lines",
      "      image:\n        tag: v1   # c\n        name: a\n",
      ["v2"],
      "      image:\n        tag: v2   # c\n        name: a\n",
    ],
    [
      "in double quotes",
      '      image: { name: a, "tag": "v1" }\n',
      ["v2"],
      '      image: { name: a, "tag": "v2" }\n',
    ],
    [
      "in single quotes",
      "      image: { name: a, tag: 'v1' }\n",
      ["v2"],
      "      image: { name: a, tag: 'v2' }\n",
    ],
    [
      "behind a type",
      "      image: { name: a, tag: !!str v1 }\n",
      ["v2"],
      "      image: { name: a, tag: !!str v2 }\n",
    ],
    [
      "that YAML would read as a number",
      "      image: { name: a, tag: v1 }\n",
      ["1.10"],
      '      image: { name: a, tag: "1.10" }\n',
    ],
    [
      "that YAML would read as yes or no",
      "      image: { name: a, tag: v1 }\n",
      ["on"],
      '      image: { name: a, tag: "on" }\n',
    ],
    [
      "both, in braces",
      `      image: { name: a, tag: v1, digest: "${DIGEST}" }\n`,
      ["v2", OTHER],
      `      image: { name: a, tag: v2, digest: "${OTHER}" }\n`,
    ],
    [
      "of which only the digest is new",
      `      image: { name: a, tag: v1, digest: ${DIGEST} }\n`,
      ["v1", OTHER],
      `      image: { name: a, tag: v1, digest: ${OTHER} }\n`,
    ],
    [
      "with a digest added, in braces",
      "      image: { name: a, tag: v1, buildScope: any }\n",
      ["v2", DIGEST],
      `      image: { name: a, tag: v2, digest: ${DIGEST}, buildScope: any }\n`,
    ],
    [
      "with a digest added, in lines",
      "      image:\n        tag: v1 # c\n        name: a\n",
      ["v2", DIGEST],
      `      image:\n        tag: v2 # c\n        digest: ${DIGEST}\n        name: a\n`,
    ],
    [
      "with a digest added, in braces over lines",
      "      image: {\n        name: a,\n        tag: v1 # c\n      }\n",
      ["v2", DIGEST],
      `      image: {\n        name: a,\n        tag: v2, digest: ${DIGEST} # c\n      }\n`,
    ],
    [
      "with the digest taken out, last in braces",
      `      image: { name: a, tag: v1, digest: ${DIGEST} }\n`,
      ["v2"],
      "      image: { name: a, tag: v2 }\n",
    ],
    [
      "with the digest taken out, first in braces",
      `      image: { digest: ${DIGEST}, name: a, tag: v1 }\n`,
      ["v2"],
      "      image: { name: a, tag: v2 }\n",
    ],
    [
      "with the digest taken out, within braces",
      `      image: { name: a, digest: ${DIGEST} , tag: v1 }\n`,
      ["v2"],
      "      image: { name: a , tag: v2 }\n",
    ],
    [
      "with the digest taken out, in lines",
      `      image:\n        name: a\n        # why\n        digest: ${DIGEST}  # c\n        tag: v1\n`,
      ["v2"],
      "      image:\n        name: a\n        # why\n        tag: v2\n",
    ],
    [
      "with the digest taken out, in braces over lines",
      `      image: {\n        name: a, # c\n        digest: ${DIGEST}, # d\n        tag: v1\n      }\n`,
      ["v2"],
      "      image: {\n        name: a, # c\n        tag: v2\n      }\n",
    ],
    [
      "that are right already",
      `      image: { name: a, tag: v1, digest: ${DIGEST} }\n`,
      ["v1", DIGEST],
      `      image: { name: a, tag: v1, digest: ${DIGEST} }\n`,
    ],
  ])("%s", (_, image, [tag, digest], want) => {
    expect(edited(image, tag, digest)).toBe(want);
  });

  it("keep the file's line ends, its byte order mark, and a last line without an end", () => {
    const text =
      "\uFEFFconfig:\r\n  workloads:\r\n    api:\r\n      image:\r\n        name: a\r\n        tag: v1";
    const added = editImages(text, [{ workload: "api", tag: "v2", digest: DIGEST }]).text;
    expect(added).toBe(`${text.slice(0, -1)}2\r\n        digest: ${DIGEST}`);
    expect(editImages(added, [{ workload: "api", tag: "v1", digest: undefined }]).text).toBe(text);
  });

  it("of several workloads change together", () => {
    const edits = ["api", "website"].map((workload) => ({ workload, tag: "v2", digest: DIGEST }));
    const { text } = editImages(fileWith("      image: { name: a, tag: v1 }\n"), edits);
    const { api, website } = parse(text).config["keybuzz:workloads"];
    expect([api.image, website.image]).toEqual([
      { name: "a", tag: "v2", digest: DIGEST },
      { name: "keybuzz-website", tag: "v2", digest: DIGEST },
    ]);
  });
});

describe("An image that two workloads share by an anchor", () => {
  const text =
    "config:\n  keybuzz:workloads:\n    api:\n      image: &i { name: a, tag: v1 }\n    outboundWorker:\n      image: *i\n";
  const edit = (workload: string) => ({ workload, tag: "v2", digest: DIGEST });

  it.each(["api", "outboundWorker"])(
    "is refused for %s alone, as the other one would change too",
    (workload) => {
      expect(() => editImages(text, [edit(workload)])).toThrow(LayoutError);
    },
  );

  it("changes for both at once", () => {
    const both = editImages(text, [edit("api"), edit("outboundWorker")]);
    expect(both.text).toBe(text.replace("v1", `v2, digest: ${DIGEST}`));
  });
});

describe("A layout is refused in which", () => {
  it.each([
    ["the tag stands elsewhere", "      image: { name: &t v1, tag: *t }\n"],
    ["the tag has lines of its own", "      image:\n        name: a\n        tag: |-\n          v1\n"],
    ["there is no tag", "      image: { name: a }\n"],
    ["there is no image", ""],
    [
      "a comment would go with the digest",
      `      image: { name: a, tag: v1, # c\n        digest: ${DIGEST}, buildScope: any }\n`,
    ],
  ])("%s", (_, image) => {
    expect(() => edited(image, "v2")).toThrow(LayoutError);
  });
});

/** An image in one of the layouts that people write. */
const images = fc
  .record({
    flow: fc.constantFrom("none", "line", "lines"),
    tag: fc.constantFrom("v1", "'v1'", '"v1"', "!!str v1", "&t v1", '"1.0"'),
    digest: fc.constantFrom(undefined, DIGEST, `"${DIGEST}"`, `'${DIGEST}'`),
    extra: fc.boolean(),
    order: fc.shuffledSubarray(["name", "tag", "digest", "buildScope"], { minLength: 4 }),
    comment: fc.constantFrom("", " # c", "   # tag: v1"),
    blank: fc.constantFrom(" ", "   "),
    comma: fc.boolean(),
  })
  .map(({ flow, tag, digest, extra, order, comment, blank, comma }) => {
    const values: Record<string, string | undefined> = {
      name: "keybuzz-api",
      tag,
      digest,
      buildScope: extra ? "any" : undefined,
    };
    const entries = order.flatMap((key) =>
      values[key] === undefined ? [] : [`${key}:${blank}${values[key]}`],
    );
    if (flow === "line") return `      image: {${blank}${entries.join(`,${blank}`)}${blank}}${comment}\n`;
    const own = entries.map((entry, index) => {
      const separator = flow === "lines" && (comma || index < entries.length - 1) ? "," : "";
      return `        ${entry}${separator}${comment}\n`;
    });
    return flow === "none"
      ? `      image:${comment}\n${own.join("")}`
      : `      image: {\n${own.join("")}      }\n`;
  });

const wanted = fc.record({
  tag: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,12}$/),
  digest: fc.option(fc.constantFrom(DIGEST, OTHER), { nil: undefined }),
});

const surroundings = fc.record({ crlf: fc.boolean(), mark: fc.boolean(), lastLineEnds: fc.boolean() });

/** What an image's lines hold beside tag and digest: whole lines, or in one line what is left without blanks. */
function others(image: string): string[] {
  const lines = image.split("\n").filter((line) => !/^ *(?:tag|digest):/.test(line));
  return lines.map((line) => {
    if (!/^ *image: \{.*\}/.test(line)) return line;
    return line.replace(/\btag: *(?:!!str |&t )?["']?[\w.-]+["']?|\bdigest: *["']?[\w:]+["']?|[, ]/g, "");
  });
}

it("Whatever the layout, only lines of the tag and the digest change, and a second edit changes nothing", () => {
  fc.assert(
    fc.property(images, wanted, surroundings, (image, { tag, digest }, { crlf, mark, lastLineEnds }) => {
      const encode = (text: string): string => (crlf ? text.replaceAll("\n", "\r\n") : text);
      const head = `${mark ? "\uFEFF" : ""}${encode(before)}`;
      const tail = encode(lastLineEnds ? after : after.trimEnd());
      const edits = [{ workload: "api", tag, digest }];
      const { text } = editImages(`${head}${encode(image)}${tail}`, edits);

      expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
      const changed = text.slice(head.length, -tail.length);
      expect(encode(changed.replaceAll("\r\n", "\n"))).toBe(changed);
      expect(others(changed.replaceAll("\r\n", "\n"))).toEqual(others(image));

      const values = parse(fileWith(image));
      const { digest: _, ...kept } = values.config["keybuzz:workloads"].api.image;
      values.config["keybuzz:workloads"].api.image = { ...kept, tag, ...(digest && { digest }) };
      expect(parse(text)).toEqual(values);
      expect(editImages(text, edits).text).toBe(text);
    }),
    { seed: seed(), numRuns: 500 },
  );
});
