/** What resources refer to, place by place, and what may stand where a value is not known. */
import { describe, expect, it } from "vitest";
import { scan } from "../../../policies/references/scan";
import type { Resource } from "../../../policies/resource";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../policies/value";
import { object, resource } from "../cases";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const deployment = (
  container: Readonly<Record<string, Value>>,
  more: Readonly<Record<string, Value>> = {},
): Resource =>
  object("apps/v1:Deployment", {
    metadata: { name: "a", namespace: "own" },
    spec: { template: { spec: { containers: [{ name: "a", ...container }], ...more } } },
  });
const CONTAINER = "spec.template.spec.containers[0]";
const secret = (data: Value, metadata: Readonly<Record<string, Value>> = {}): Resource =>
  object("core/v1:Secret", { metadata: { name: "a", ...metadata }, data });
const policy = (spec: Value): Resource => object("networking.k8s.io/v1:NetworkPolicy", { spec });
const ofKind = (kind: string) => (names: string[]) => names.filter((name) => name.startsWith(`${kind} `));

function seen(given: Resource): string[] {
  return scan(given).references.map(({ kind, name, property }) => `${kind} ${name} at ${property}`);
}

interface Row {
  readonly name: string;
  readonly given: Resource;
  readonly sees?: readonly string[];
  /** Beginnings of what must not be there. */
  readonly not?: readonly string[];
}

const rows: readonly Row[] = [
  {
    name: "variables stand for those before them, not for those after",
    given: deployment({
      env: [
        { name: "LATER", value: "$(TAIL)" },
        { name: "HEAD", value: "backend-dev" },
        { name: "TAIL", value: "keybuzz.io" },
        { name: "URL", value: "https://$(HEAD).$(TAIL)/" },
        { name: "PLAIN", value: "https://$$(HEAD).$(TAIL)/" },
      ],
    }),
    sees: [`host backend-dev.keybuzz.io at ${CONTAINER}.env[3].value`],
    not: [`host keybuzz.io at ${CONTAINER}.env[0]`, `host backend-dev.keybuzz.io at ${CONTAINER}.env[4]`],
  },
  {
    name: "variables stand in a command, as Kubernetes and as a shell put them in",
    given: deployment({
      env: [
        { name: "A", value: "backend-dev" },
        { name: "B", value: "keybuzz.io" },
      ],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell puts it in
      command: ["sh", "-c", "curl https://$A.${B}/"],
      args: ["https://$(A).$(B)/"],
    }),
    sees: [
      `host backend-dev.keybuzz.io at ${CONTAINER}.command[2]`,
      `host backend-dev.keybuzz.io at ${CONTAINER}.args[0]`,
    ],
  },
  {
    name: "host and port of two variables are one address, in any order",
    given: deployment({
      env: [
        { name: "API_PORT", value: "4000" },
        { name: "API_HOST", value: "10.0.0.250" },
        { name: "DB_PORT", value: "5432" },
      ],
    }),
    sees: [`backend-address 10.0.0.250:4000 at ${CONTAINER}.env[1].value`],
    not: ["backend-address 10.0.0.250:5432"],
  },
  {
    name: "a user beside a database is a role",
    given: deployment({
      env: [
        { name: "database", value: "d" },
        { name: "user", value: "r" },
      ],
    }),
    sees: [`database d at ${CONTAINER}.env[0].value`, `role r at ${CONTAINER}.env[1].value`],
  },
  {
    name: "an option's value is the next word, across command and args",
    given: deployment({ command: ["psql", "-d"], args: ["keybuzz_dev", "-U", "r"] }),
    sees: [`database keybuzz_dev at ${CONTAINER}.args[0]`, `role r at ${CONTAINER}.args[2]`],
  },
  {
    name: "options of other programs",
    given: deployment({ args: ["--db", "keybuzz_dev", "--db=other", "-d", "keybuzz_old", "-d", "app"] }),
    sees: [
      `database keybuzz_dev at ${CONTAINER}.args[1]`,
      `database other at ${CONTAINER}.args[2]`,
      `database keybuzz_old at ${CONTAINER}.args[4]`,
    ],
    not: ["database app"],
  },
  {
    name: "containers that run first, and probes",
    given: deployment(
      {
        livenessProbe: {
          exec: { command: ["psql", "keybuzz_dev"] },
          httpGet: { host: "10.0.0.250", port: 4000 },
        },
      },
      { initContainers: [{ name: "b", env: [{ name: "PGDATABASE", value: "d" }] }] },
    ),
    sees: [
      `database keybuzz_dev at ${CONTAINER}.livenessProbe.exec.command[1]`,
      `backend-address 10.0.0.250:4000 at ${CONTAINER}.livenessProbe.httpGet.host`,
      "database d at spec.template.spec.initContainers[0].env[0].value",
    ],
  },
  {
    name: "what a variable takes from a Secret is judged there, and its name is no name",
    given: deployment({
      env: [{ name: "PGDATABASE", valueFrom: { secretKeyRef: { name: "keybuzz_dev", key: "database" } } }],
    }),
    not: ["database keybuzz_dev"],
  },
  {
    name: "an image by its tag, with a digest or without",
    given: deployment({ image: "ghcr.io/k/client:v1@sha256:ab" }),
    sees: [`environment-image ghcr.io/k/client:v1 at ${CONTAINER}.image`],
  },
  {
    name: "an image in the parts in which charts have it",
    given: object("helm.sh/v3:Release", {
      values: { image: { registry: "ghcr.io", repository: "k/client", tag: "v1" } },
    }),
    sees: ["environment-image ghcr.io/k/client:v1 at values.image.tag"],
  },
  {
    name: "a Secret's data, decoded, with words of a few letters",
    given: secret({ PGDATABASE: base64("app"), u: base64(base64("https://backend-dev.keybuzz.io")) }),
    sees: ["database app at data.PGDATABASE", "host backend-dev.keybuzz.io at data.u"],
  },
  {
    name: "a Secret's keys stand together",
    given: secret({
      host: base64("10.0.0.250"),
      port: base64("4000"),
      database: base64("d"),
      user: base64("r"),
    }),
    sees: ["backend-address 10.0.0.250:4000 at data.host", "role r at data.user"],
  },
  {
    name: "a Secret's stringData is no base64",
    given: object("core/v1:Secret", { stringData: { PGDATABASE: "keybuzz_dev", PGUSER: base64("r") } }),
    sees: ["database keybuzz_dev at stringData.PGDATABASE"],
    not: ["role r at"],
  },
  {
    name: "a registry's credentials",
    given: secret({ ".dockerconfigjson": base64('{"auths":{"backend-dev.keybuzz.io":{}}}') }),
    sees: ['host backend-dev.keybuzz.io at data[".dockerconfigjson"]'],
  },
  {
    name: "files in a ConfigMap, as texts and in base64",
    given: object("core/v1:ConfigMap", {
      data: { ".env": "A=1\nPGDATABASE=keybuzz_dev\n", "app.yaml": "database:\n  name: keybuzz_dev\n" },
      binaryData: { PGUSER: base64("r") },
    }),
    sees: [
      'database keybuzz_dev at data[".env"]',
      'database keybuzz_dev at data["app.yaml"]',
      "role r at binaryData.PGUSER",
    ],
  },
  {
    name: "a Namespace's own name, of one word too",
    given: object("core/v1:Namespace", { metadata: { name: "app" } }),
    sees: ["namespace app at metadata.name"],
  },
  {
    name: "the namespace of an object and of a subject",
    given: object("rbac.authorization.k8s.io/v1:RoleBinding", {
      metadata: { name: "a", namespace: "one" },
      subjects: [
        { kind: "ServiceAccount", name: "a", namespace: "two" },
        { kind: "Group", name: "system:serviceaccounts:three" },
      ],
    }),
    sees: [
      "namespace one at metadata.namespace",
      "namespace two at subjects[0].namespace",
      "namespace three at subjects[1].name",
    ],
  },
  {
    name: "labels and selectors are free words",
    given: object("core/v1:Service", {
      metadata: { labels: { db: "app", database: "d" } },
      spec: { selector: { db: "app" } },
    }),
    not: ["database app", "database d"],
  },
  {
    name: "names of objects are no names of other kinds",
    given: object("apps/v1:Deployment", {
      metadata: { name: "app" },
      spec: { serviceAccountName: "default" },
    }),
    not: ["database", "namespace", "role", "host"],
  },
  {
    name: "an external name of one word",
    given: object("core/v1:Service", { spec: { type: "ExternalName", externalName: "db" } }),
    sees: ["host db at spec.externalName"],
  },
  {
    name: "an Ingress: hosts, TLS, annotations and snippets",
    given: object("networking.k8s.io/v1:Ingress", {
      metadata: {
        annotations: {
          "nginx.ingress.kubernetes.io/upstream-vhost": "a.keybuzz.io",
          "nginx.ingress.kubernetes.io/configuration-snippet":
            "location / {\n  proxy_pass http://b.keybuzz.io;\n}",
        },
      },
      spec: { rules: [{ host: "C.keybuzz.io" }], tls: [{ hosts: ["d.keybuzz.io"] }] },
    }),
    sees: [
      'host a.keybuzz.io at metadata.annotations["nginx.ingress.kubernetes.io/upstream-vhost"]',
      'host b.keybuzz.io at metadata.annotations["nginx.ingress.kubernetes.io/configuration-snippet"]',
      "host c.keybuzz.io at spec.rules[0].host",
      "host d.keybuzz.io at spec.tls[0].hosts[0]",
    ],
  },
  {
    name: "peers of a NetworkPolicy",
    given: policy({
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "one" } } }] }],
      egress: [
        {
          to: [
            {
              namespaceSelector: {
                matchExpressions: [
                  { key: "kubernetes.io/metadata.name", operator: "In", values: ["x", "two"] },
                ],
              },
            },
            { ipBlock: { cidr: "10.0.0.250/32" } },
          ],
          ports: [{ port: 3999, endPort: 4001 }],
        },
      ],
    }),
    sees: [
      'namespace one at spec.ingress[0].from[0].namespaceSelector.matchLabels["kubernetes.io/metadata.name"]',
      "namespace two at spec.egress[0].to[0].namespaceSelector.matchExpressions[0].values[1]",
      "backend-address 10.0.0.250:4000 at spec.egress[0].to[1].ipBlock.cidr",
    ],
  },
  {
    name: "a namespace that a NetworkPolicy leaves out",
    given: policy({
      ingress: [
        {
          from: [
            {
              namespaceSelector: {
                matchExpressions: [
                  { key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["one"] },
                ],
              },
            },
          ],
        },
      ],
    }),
    not: ["namespace"],
  },
  {
    name: "addresses behind a Service",
    given: object("core/v1:Endpoints", {
      subsets: [{ addresses: [{ ip: "10.0.0.250" }], ports: [{ port: 4000 }] }],
    }),
    sees: ["backend-address 10.0.0.250:4000 at subsets[0].addresses[0].ip"],
  },
  {
    name: "addresses of a slice",
    given: object("discovery.k8s.io/v1:EndpointSlice", {
      endpoints: [{ addresses: ["10.0.0.250"] }],
      ports: [{ port: 4000 }],
    }),
    sees: ["backend-address 10.0.0.250:4000 at endpoints[0].addresses[0]"],
  },
  {
    name: "entries that other controllers read from Vault",
    given: object("external-secrets.io/v1:ExternalSecret", {
      spec: { data: [{ remoteRef: { key: "keybuzz/dev/ses" } }] },
    }),
    sees: ["vault-path secret/keybuzz/dev/ses at spec.data[0].remoteRef.key"],
  },
  {
    name: "an entry by mount and path",
    given: object("secrets.hashicorp.com/v1beta1:VaultStaticSecret", {
      spec: { mount: "secret", path: "keybuzz/dev/ses" },
    }),
    sees: ["vault-path secret/keybuzz/dev/ses at spec.path"],
  },
  {
    name: "an entry by mount and name",
    given: resource("vault:kv/secretV2:SecretV2", {
      mount: "/secret/",
      name: "keybuzz/dev/ses",
      dataJson: '{"PGDATABASE":"d"}',
    }),
    sees: ["vault-path secret/keybuzz/dev/ses at name", "database d at dataJson"],
  },
  {
    name: "Vault's own namespaces and the names of its connections are of other kinds",
    given: resource("vault:database/secretBackendRole:SecretBackendRole", {
      dbName: "app",
      namespace: "app",
      backend: "database",
    }),
    not: ["database app", "namespace app"],
  },
  {
    name: "PUBLIC is no role",
    given: resource("postgresql:index/grant:Grant", { database: "d", role: "PUBLIC" }),
    sees: ["database d at database"],
    not: ["role"],
  },
  {
    name: "lists at places that are names",
    given: resource("postgresql:index/role:Role", { name: "a", roles: ["b", "c"] }),
    sees: ["role a at name", "role b at roles[0]", "role c at roles[1]"],
  },
  {
    name: "a provider's settings",
    given: resource("pulumi:providers:kubernetes", { namespace: "one", context: "app" }),
    sees: ["namespace one at namespace"],
    not: ["namespace app"],
  },
  {
    name: "a component says nothing that its children do not say",
    given: resource(
      "keybuzz:kubernetes:Client",
      { backendUrl: "https://backend-dev.keybuzz.io" },
      { component: true },
    ),
    not: ["host"],
  },
];

describe("a scan sees", () => {
  it.each(rows.map((row): [string, Row] => [row.name, row]))("%s", (_, { given, sees = [], not = [] }) => {
    const names = seen(given);
    expect(names).toEqual(expect.arrayContaining([...sees]));
    for (const beginning of not) expect(names.filter((name) => name.startsWith(beginning))).toEqual([]);
    expect(sees.length + not.length).toBeGreaterThan(0);
  });

  it("common words only where something says their kind", () => {
    const words = ["app", "db", "default", "api"];
    const given = deployment({
      image: "app",
      args: words,
      env: words.map((value) => ({ name: "MODE", value })),
      ports: [{ name: "db" }],
    });
    const names = seen(given);
    for (const kind of ["host", "database", "role"]) expect(ofKind(kind)(names)).toEqual([]);
    expect(ofKind("namespace")(names)).toEqual(["namespace own at metadata.namespace"]);
  });
});

describe("a value that is not known", () => {
  const places: readonly [string, Resource, readonly string[]][] = [
    [
      "in a container's environment",
      deployment({ env: [{ name: "A", value: UNKNOWN }] }),
      [`${CONTAINER}.env[0].value any`],
    ],
    ["in the words of a command", deployment({ args: ["a", UNKNOWN] }), [`${CONTAINER}.args[1] any`]],
    [
      "for a whole container",
      deployment({}, { initContainers: UNKNOWN }),
      ["spec.template.spec.initContainers any"],
    ],
    ["for an image", deployment({ image: UNKNOWN }), [`${CONTAINER}.image environment-image`]],
    [
      "for a namespace",
      object("core/v1:Service", { metadata: { namespace: UNKNOWN } }),
      ["metadata.namespace namespace"],
    ],
    [
      "for a Namespace",
      object("core/v1:Namespace", { metadata: { name: UNKNOWN } }),
      ["metadata.name namespace"],
    ],
    [
      "in an annotation",
      object("core/v1:Service", { metadata: { annotations: { a: UNKNOWN } } }),
      ["metadata.annotations.a any"],
    ],
    ["in a Secret", secret({ PGDATABASE: UNKNOWN }), ["data.PGDATABASE any"]],
    ["for all of a Secret", secret(UNKNOWN), ["data any"]],
    [
      "in a peer",
      policy({ egress: [{ to: UNKNOWN }] }),
      ["spec.egress[0].to namespace", "spec.egress[0].to backend-address"],
    ],
    [
      "for an Ingress host",
      object("networking.k8s.io/v1:Ingress", { spec: { rules: [{ host: UNKNOWN }] } }),
      ["spec.rules[0].host any"],
    ],
    [
      "for a database",
      resource("postgresql:index/grant:Grant", { database: UNKNOWN }),
      ["database database"],
    ],
    [
      "in a list of roles",
      resource("postgresql:index/role:Role", { roles: ["a", UNKNOWN] }),
      ["roles[1] role"],
    ],
    [
      "for an entry's mount",
      resource("vault:kv/secretV2:SecretV2", { mount: UNKNOWN, name: "a" }),
      ["mount vault-path"],
    ],
    [
      "for an entry's name",
      resource("vault:kv/secretV2:SecretV2", { mount: "a", name: UNKNOWN }),
      ["name vault-path"],
    ],
    [
      "in an entry",
      resource("vault:kv/secretV2:SecretV2", { mount: "a", name: "b", dataJson: UNKNOWN }),
      ["dataJson any"],
    ],
    [
      "for a policy of Vault",
      resource("vault:index/policy:Policy", { name: "a", policy: UNKNOWN }),
      ["policy vault-path"],
    ],
    [
      "for a policy of AWS",
      resource("aws:iam/userPolicy:UserPolicy", { user: "a", policy: UNKNOWN }),
      ["iam-user", "ses-identity", "ses-configuration-set", "sns-topic", "mail-from-domain"].map(
        (kind) => `policy ${kind}`,
      ),
    ],
    [
      "for a provider's host",
      resource("pulumi:providers:postgresql", { host: UNKNOWN }),
      ["host host", "host backend-address", "host namespace"],
    ],
    ["for a password", resource("postgresql:index/role:Role", { name: "a", password: UNKNOWN }), []],
    ["for a number of replicas", object("apps/v1:Deployment", { spec: { replicas: UNKNOWN } }), []],
    ["for a checksum", object("core/v1:Pod", { metadata: { annotations: { "a/checksum-b": UNKNOWN } } }), []],
    [
      "for what a cluster writes",
      object("core/v1:Service", { status: UNKNOWN, metadata: { uid: UNKNOWN, labels: { a: UNKNOWN } } }),
      [],
    ],
  ];

  it.each(places)("%s is told with what can stand there", (_, given, want) => {
    const { unknown } = scan(given);
    expect(unknown.map(({ property, kind }) => `${property} ${kind ?? "any"}`)).toEqual(want);
    expect(unknown.filter(({ own }) => own)).toEqual([]);
  });

  it("of the same environment is told as its own", () => {
    expect(scan(secret({ a: OWN_UNKNOWN })).unknown).toEqual([{ property: "data.a", own: true }]);
    const named = secret(
      { a: UNKNOWN },
      { annotations: { "keybuzz.io/vault-entry": "secret/keybuzz/dev/ses" } },
    );
    expect(scan(named).unknown).toEqual([{ property: "data.a", own: true }]);
    expect(seen(named)).toEqual([
      'vault-path secret/keybuzz/dev/ses at metadata.annotations["keybuzz.io/vault-entry"]',
    ]);
  });
});
