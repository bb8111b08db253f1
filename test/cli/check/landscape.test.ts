/** Small projects of no KeyBuzz kind, laid side by side from their programs on. */
import { execFileSync } from "node:child_process";
import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environmentFacts } from "../../../cli/check/environments";
import type { CheckReport } from "../../../cli/check/report";
import { imageHistories } from "../../../cli/check/views";
import { loadProject } from "../../../engine/project/project";
import { kb } from "../../support/kb";
import { makeProject } from "../../support/project";

const HEAD = `
const pulumi = require("@pulumi/pulumi");
const core = require("@pulumi/kubernetes/core/v1");
const apps = require("@pulumi/kubernetes/apps/v1");
const postgresql = require("@pulumi/postgresql");
const environment = pulumi.getStack();
const config = new pulumi.Config();
const namespace = "shop-" + environment;
`;

function project(program: string, files: Readonly<Record<string, string>> = {}): string {
  return makeProject({
    "index.js": HEAD + program,
    "Pulumi.dev.yaml": "config: {}\n",
    "Pulumi.prod.yaml": "config: {}\n",
    ...files,
  });
}

/** In a process of its own, as users run it. */
async function checked(
  root: string,
  env: NodeJS.ProcessEnv = {},
): Promise<CheckReport & { printed: string }> {
  const { stdout, stderr } = await kb(["-C", root, "check", "--format", "json"], { env });
  return { ...(JSON.parse(stdout) as CheckReport), printed: stdout + stderr };
}

/** What the rules that compare found. */
function compared({ findings }: CheckReport): string[] {
  return findings
    .filter(({ rule }) => rule.startsWith("isolation/"))
    .map(({ rule, environment, urn, property }) =>
      [environment, rule.slice("isolation/".length), urn?.split("::").at(-1) ?? "-", property ?? "-"].join(
        " ",
      ),
    );
}

const LIMIT = 60_000;

describe("a project without KeyBuzz's configuration", () => {
  it(
    "is told what both environments claim, read and know",
    async () => {
      const report = await checked(
        project(`
        new postgresql.Database("db", { name: "shop" });
        new core.Namespace("ns", { metadata: { name: namespace } });
        new core.Secret("db", { metadata: { name: "db", namespace }, stringData: { PASSWORD: "made-up-shared-4711" } });
        new core.ConfigMap("own", { metadata: { name: "own", namespace }, data: { host: "db." + namespace + ".svc" } });
        if (environment === "dev") {
          new core.Secret("debug", { metadata: { name: "debug", namespace }, stringData: { TOKEN: "made-up-dev-4712" } });
          core.Secret.get("theirs", "shop-prod/db");
          new pulumi.StackReference("organization/trial/prod");
        }
      `),
      );
      expect(report.failures).toEqual([]);
      expect(compared(report)).toEqual([
        "dev foreign-reference theirs id",
        "dev foreign-reference organization/trial/prod name",
        "prod disjoint-claims db name",
        "prod distinct-secrets db stringData.PASSWORD",
        "prod same-shape - -",
      ]);
    },
    LIMIT,
  );

  it(
    "is told nothing when each environment has its own",
    async () => {
      const report = await checked(
        project(`
        new postgresql.Database("db", { name: "shop_" + environment });
        new core.Namespace("ns", { metadata: { name: namespace } });
        new core.Secret("db", {
          metadata: { name: "db", namespace },
          stringData: { PASSWORD: "made-up-" + environment + "-4711", PGHOST: "10.0.0.10", PGPORT: "5432" },
        });
        core.Secret.get("own", "shop-" + environment + "/db");
        new pulumi.StackReference("organization/network/shared");
        new apps.Deployment("api-" + environment, {
          metadata: { name: "api", namespace },
          spec: { template: { spec: { containers: [{
            name: "api",
            image: "ghcr.io/shop/api:" + (environment === "dev" ? "v2" : "v1"),
            envFrom: [{ secretRef: { name: "db" } }],
          }] } } },
        });
      `),
      );
      expect(report.failures).toEqual([]);
      expect(compared(report)).toEqual([]);
      // What DEV ran before is not known of a program that names its images itself.
      expect(report.undetermined.filter(({ rule }) => rule === "isolation/proven-images")).toHaveLength(1);
    },
    LIMIT,
  );

  it(
    "is not told what a program that failed did not come to declare",
    async () => {
      const report = await checked(
        project(`
        if (environment === "prod") throw new Error("broken");
        new core.Secret("db", { metadata: { name: "db", namespace }, stringData: { A: "1" } });
      `),
      );
      expect(report.failures.map(({ environment }) => environment)).toEqual(["prod"]);
      expect(compared(report)).toEqual([]);
    },
    LIMIT,
  );
});

describe("a secret of the configuration", () => {
  const passphrase = "correct horse";
  const shared = "made-up-canary-4713";

  /** Encrypted as Pulumi's passphrase provider does it. */
  function locked(value: string): string {
    const salt = randomBytes(8);
    const key = pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256");
    const encrypt = (text: string): string => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
      return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
    };
    return `encryptionsalt: v1:${salt.toString("base64")}:${encrypt("pulumi")}\nconfig:\n  trial:password: { secure: "${encrypt(value)}" }\n`;
  }

  const root = (production: string): string =>
    project(
      `new postgresql.Role("app", { name: "shop_" + environment, password: config.requireSecret("password") });`,
      {
        "Pulumi.dev.yaml": locked(shared),
        "Pulumi.prod.yaml": locked(production),
      },
    );

  it(
    "that both files hold is found with the passphrase, and told nowhere",
    async () => {
      const report = await checked(root(shared), { PULUMI_CONFIG_PASSPHRASE: passphrase });
      expect(compared(report)).toEqual(["prod distinct-secrets app password"]);
      expect(report.printed).not.toContain(shared);
    },
    LIMIT,
  );

  it(
    "that is another one in each file is none that they share",
    async () => {
      expect(
        compared(await checked(root("made-up-canary-4714"), { PULUMI_CONFIG_PASSPHRASE: passphrase })),
      ).toEqual([]);
    },
    LIMIT,
  );

  it(
    "stays locked without the passphrase",
    async () => {
      const report = await checked(root(shared));
      expect(compared(report)).toEqual([]);
      expect(report.failures).toEqual([]);
    },
    LIMIT,
  );
});

describe("images that a file has named", () => {
  const file = (tag: string) =>
    `config:\n  keybuzz:environment: { name: dev, production: false }\n  keybuzz:registry: { repository: ghcr.io/shop }\n  keybuzz:workloads:\n    api:\n      image: { name: api, tag: ${tag} }\n`;
  const digest = `sha256:${"a".repeat(64)}`;

  function committed(...texts: readonly string[]): string {
    const root = project("", { "Pulumi.prod.yaml": "config: {}\n" });
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", root, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args]);
    git("init", "-q");
    for (const text of texts) {
      writeFileSync(join(root, "Pulumi.dev.yaml"), text);
      git("add", "Pulumi.dev.yaml");
      git("commit", "-q", "-m", "change");
    }
    return root;
  }

  async function historyOf(root: string) {
    const loaded = loadProject(root);
    const histories = await imageHistories(loaded, environmentFacts(loaded), new AbortController().signal);
    return [...histories];
  }

  it("are known with their digests, of environments that are no production", async () => {
    const root = committed(file("v1"), file(`v2, digest: "${digest}"`), file("v3"));
    expect(await historyOf(root)).toEqual([
      [
        "dev",
        { images: new Set(["ghcr.io/shop/api:v1", `ghcr.io/shop/api:v2@${digest}`, "ghcr.io/shop/api:v3"]) },
      ],
    ]);
  });

  it("are not all known when a version cannot be read, or none was committed", async () => {
    const [[, broken] = []] = await historyOf(committed(file("v1"), "config: [}", file("v3")));
    expect(broken?.incomplete).toBe("1 of the versions of Pulumi.dev.yaml cannot be read");
    const [[, never] = []] = await historyOf(project("", { "Pulumi.dev.yaml": file("v1") }));
    expect(never?.incomplete).toBeDefined();
    expect(never?.images.has("ghcr.io/shop/api:v1")).toBe(true);
  });
});
