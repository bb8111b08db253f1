/**
 * Proves that docs/prerequisites.md speaks of the servers, names and entries that the configuration speaks of: a
 * setting that is copied from it must not lead to another machine.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const root = join(__dirname, "../..");
const text = readFileSync(join(root, "docs/prerequisites.md"), "utf8");

/** The first block of code in a language. */
const block = (language: string): string => {
  const found = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "m").exec(text)?.[1];
  if (found === undefined) throw new Error(`no block of ${language}`);
  return found;
};

interface Settings {
  "keybuzz:environment": { name: string };
  "keybuzz:postgres": {
    host: string;
    writePort: number;
    readPort: number;
    nodes: string[];
    databases: Record<string, { name: string; connectionLimits: { database: number } }>;
  };
  "keybuzz:vault": { address: string; mount: string; prefix: string };
  "keybuzz:kubernetes": {
    ingress: { className: string; controllerNamespace: string; clusterIssuer: string };
  };
  "keybuzz:registry": { pullSecret: { vaultEntry: string; vaultKey: string } };
  "keybuzz:secrets": Record<string, { source: string; entry?: string; keys?: string[] }>;
  "keybuzz:aws": { region: string };
  "keybuzz:mail": { identity: string; smtp: { host: string; port: number } };
}

const environments = ["dev", "prod"].map((name): Settings => {
  const file = readFileSync(join(root, `Pulumi.${name}.yaml`), "utf8");
  return (parse(file) as { config: Settings }).config;
});

describe.each(environments.map((settings) => [settings["keybuzz:environment"].name, settings] as const))(
  "%s",
  (name, settings) => {
    test("HAProxy listens where clients are led, and checks every node by Patroni's role", () => {
      const { host, writePort, readPort, nodes } = settings["keybuzz:postgres"];
      const haproxy = block("haproxy");
      const [, writes = "", reads = ""] = haproxy.split("frontend postgres_");
      expect(writes).toContain(`bind ${host}:${writePort}`);
      expect(reads).toContain(`bind ${host}:${readPort}`);
      for (const [section, role] of [
        [writes, "/primary"],
        [reads, "/replica"],
      ] as const) {
        expect(section).toContain(`http-check send meth OPTIONS uri ${role}`);
        expect(section).toContain("option httpchk");
        expect(section).toMatch(/default-server check port 8008 .*on-marked-down shutdown-sessions/);
        const servers = [...section.matchAll(/^\s+server \S+ ([\d.]+):5432$/gm)].map(([, node]) => node);
        expect(servers).toEqual(nodes);
      }
      expect(haproxy).not.toMatch(/\bbackup\b|balance first/);
    });

    test("every declared database is let in by SCRAM through HAProxy alone", () => {
      const { host, databases } = settings["keybuzz:postgres"];
      const lines = block("yaml").split("\n");
      const allowed = lines.find((line) => line.includes(`${host}/32 scram-sha-256`)) ?? "";
      const rejected = lines.find((line) => line.endsWith("all all reject")) ?? "";
      expect(lines.indexOf(allowed)).toBeLessThan(lines.indexOf(rejected));
      for (const database of Object.values(databases)) {
        expect(allowed.split(/[ ,]/)).toContain(database.name);
        expect(rejected.split(/[ ,]/)).toContain(database.name);
      }
    });

    test("every entry that is read is one that an operator is told to write", () => {
      const { mount, prefix } = settings["keybuzz:vault"];
      const { pullSecret } = settings["keybuzz:registry"];
      const read = Object.values(settings["keybuzz:secrets"]).filter(({ source }) => source === "vault");
      for (const entry of [pullSecret.vaultEntry, ...read.flatMap((secret) => secret.entry ?? [])]) {
        expect(text).toContain(`vault kv put -mount=${mount} ${prefix}/${entry} `);
      }
      for (const key of [pullSecret.vaultKey, ...read.flatMap((secret) => secret.keys ?? [])]) {
        expect(text).toContain(`\`${key}\``);
      }
    });

    test("addresses and names of the shared services are the configured ones", () => {
      const { className, controllerNamespace, clusterIssuer } = settings["keybuzz:kubernetes"].ingress;
      const { smtp } = settings["keybuzz:mail"];
      expect(text).toContain(`VAULT_ADDR=${settings["keybuzz:vault"].address}`);
      expect(text).toContain(`class \`${className}\` in the namespace \`${controllerNamespace}\``);
      expect(text).toContain(`ClusterIssuer \`${clusterIssuer}\``);
      expect(text).toContain(`${smtp.host}:${smtp.port}`);
      expect(text).toContain(`--region ${settings["keybuzz:aws"].region}`);
      expect(name.length).toBeGreaterThan(0);
    });
  },
);

test("the sum of the declared connection limits is the one that PostgreSQL and HAProxy are sized for", () => {
  const limits = environments.flatMap((settings) =>
    Object.values(settings["keybuzz:postgres"].databases).map((one) => one.connectionLimits.database),
  );
  const sum = limits.reduce((total, limit) => total + limit, 0);
  expect(text).toContain(`sum to ${sum}`);
  for (const setting of [/max_connections: (\d+)/, /\bmaxconn (\d+) on-marked-down/]) {
    expect(Number(setting.exec(text)?.[1])).toBeGreaterThan(sum);
  }
});

test("no secret value is given to a command as an argument", () => {
  const commands = text.split("\n").filter((line) => line.includes("vault kv put"));
  expect(commands.length).toBeGreaterThan(5);
  for (const command of commands) expect(command).toMatch(/ (-|@[\w-]+\.json)$/);
});

test("every link within the page leads to a heading", () => {
  const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
  const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = ""]) => anchor);
  expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
});
