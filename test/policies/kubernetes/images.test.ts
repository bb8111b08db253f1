/** References to images: how they are taken apart, and what their tags say. */
import { describe, expect, it } from "vitest";
import {
  isBelowRepository,
  isDevelopmentTag,
  isFloatingTag,
  parseImage,
} from "../../../policies/kubernetes/images";

const DIGEST = `sha256:${"9f86d081".repeat(8)}`;

describe("a reference to an image", () => {
  it.each([
    ["node", { registry: "docker.io", path: "library/node" }],
    ["node:22", { registry: "docker.io", path: "library/node", tag: "22" }],
    ["keybuzzio/api:v1", { registry: "docker.io", path: "keybuzzio/api", tag: "v1" }],
    ["index.docker.io/node:22", { registry: "docker.io", path: "library/node", tag: "22" }],
    ["localhost/api:v1", { registry: "localhost", path: "api", tag: "v1" }],
    ["registry:5000/api", { registry: "registry:5000", path: "api" }],
    ["registry:5000/team/api:v1", { registry: "registry:5000", path: "team/api", tag: "v1" }],
    ["GHCR.io/keybuzzio/api:V1", { registry: "ghcr.io", path: "keybuzzio/api", tag: "V1" }],
    ["REGISTRY/api:v1", { registry: "registry", path: "api", tag: "v1" }],
    [`ghcr.io/a/b@${DIGEST}`, { registry: "ghcr.io", path: "a/b", digest: DIGEST }],
    [`ghcr.io/a/b:v1@${DIGEST}`, { registry: "ghcr.io", path: "a/b", tag: "v1", digest: DIGEST }],
    [`node@${DIGEST.toUpperCase()}`, { registry: "docker.io", path: "library/node", digest: DIGEST }],
  ])("%s has these parts", (text, parts) => {
    expect(parseImage(text)).toEqual(parts);
  });

  it.each([
    "",
    ":v1",
    "ghcr.io/",
    "ghcr.io/Keybuzz/api:v1",
    "ghcr.io//api:v1",
    "ghcr.io/api:",
    "ghcr.io/api:v1 ",
    "ghcr.io/api:-v1",
    `ghcr.io/api:${"v".repeat(129)}`,
    "ghcr.io/api@",
    "ghcr.io/api@sha256:12",
    `ghcr.io/api@${DIGEST}@${DIGEST}`,
    "https://ghcr.io/api:v1",
    "-ghcr.io/api:v1",
    "ghcr.io:123456/api:v1",
    "$(IMAGE)",
  ])("%j is none", (text) => {
    expect(parseImage(text)).toBeUndefined();
  });

  it.each([
    ["ghcr.io/keybuzzio/api", "ghcr.io/keybuzzio", true],
    ["ghcr.io/keybuzzio/tools/api", "ghcr.io/keybuzzio/", true],
    ["ghcr.io/keybuzzio/api", "GHCR.io/keybuzzio", true],
    ["ghcr.io/keybuzzio-x/api", "ghcr.io/keybuzzio", false],
    ["ghcr.io/keybuzzio", "ghcr.io/keybuzzio", false],
    ["ghcr.io:444/keybuzzio/api", "ghcr.io/keybuzzio", false],
    ["keybuzzio/api", "keybuzzio", true],
    ["docker.io/keybuzzio/api", "keybuzzio", true],
    ["ghcr.io/keybuzzio/api", "keybuzzio", false],
    ["localhost/keybuzzio/api", "localhost/keybuzzio", true],
    ["registry:5000/team/api", "registry:5000/team", true],
  ])("%s is below %s: %s", (text, repository, expected) => {
    const image = parseImage(text);
    expect(image !== undefined && isBelowRepository(image, repository)).toBe(expected);
  });
});

describe("a tag", () => {
  it.each([
    ...["latest", "main", "master", "trunk", "head", "tip", "mainline", "default", "dev", "develop"],
    ...[
      "development",
      "edge",
      "nightly",
      "canary",
      "next",
      "snapshot",
      "unstable",
      "rolling",
      "alpha",
      "beta",
    ],
    ...["rc", "test", "testing", "qa", "preview", "staging", "stage", "preprod", "uat", "stable", "lts"],
    ...[
      "current",
      "release",
      "prod",
      "production",
      "live",
      "LATEST",
      "latest-alpine",
      "v1-latest",
      "prod.stable",
    ],
  ])("%s moves", (tag) => {
    expect(isFloatingTag(tag)).toBe(true);
  });

  it.each([
    "v1.2.3",
    "v0.4.31-replacement",
    "1.2.3-rc.1",
    "main-3f2c1a9",
    "v1-prod",
    "latestfix-1",
    "20260114",
  ])("%s stays", (tag) => {
    expect(isFloatingTag(tag)).toBe(false);
  });

  it.each([
    "v1-dev",
    "1.2.3-dev.4",
    "1.2.3-dev4",
    "dev-3f2c",
    "DEV",
    "v1_devel",
    "v1.develop",
    "1-development",
    "v1-SNAPSHOT",
    "wip-1",
  ])("%s is of development", (tag) => {
    expect(isDevelopmentTag(tag)).toBe(true);
  });

  it.each(["v1-device", "v1-redev", "v0.4.31-replacement", "v1-developer-docs", "1.2.3"])(
    "%s is not of development",
    (tag) => {
      expect(isDevelopmentTag(tag)).toBe(false);
    },
  );
});
