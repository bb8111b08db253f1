/**
 * What the rules of isolation see, as tables: forms in which a name stands in a text, encodings of texts, settings
 * whose names say what their values are, and places in resources. docs/isolation.md lists them; a test inserts every
 * kind of claim by them.
 */
import type { ReferenceKind } from "../../../policies/ownership";
import type { Resource } from "../../../policies/resource";
import type { Path, Value } from "../../../policies/value";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A text in which a name stands so that the text says of what kind it is. */
export interface Form {
  readonly name: string;
  readonly kinds: readonly ReferenceKind[];
  readonly write: (name: string) => string;
}

const addressOf = (name: string): { host: string; port: string } => {
  const colon = name.lastIndexOf(":");
  return { host: name.slice(0, colon), port: name.slice(colon + 1) };
};

const hosts: readonly [string, (host: string) => string][] = [
  ["URL", (host) => `https://${host}/x?y=1#z`],
  ["URL in upper case, with a trailing dot and a port", (host) => `HTTPS://${host.toUpperCase()}.:8443/`],
  ["URL with user info", (host) => `https://user:p%40ss@${host}/`],
  ["URL with backslashes", (host) => `https:\\\\${host}\\x`],
  ["URL without slashes", (host) => `https:${host}`],
  ["URL with a percent-encoded host", (host) => `https://${host.replaceAll(".", "%2E")}/`],
  ["URL with full-width dots", (host) => `https://${host.replaceAll(".", "\uff0e")}/`],
  ["protocol-relative URL", (host) => `//${host}/x`],
  ["URL in a query", (host) => `https://example.org/?to=https%3A%2F%2F${host}%2Fx`],
  ["URL in a query, encoded twice", (host) => `https://example.org/?to=https%253A%252F%252F${host}`],
  ["one of several URLs", (host) => `https://example.org,https://${host};`],
  ["host and port", (host) => `${host}:443`],
  ["word of a sentence", (host) => `served by ${host}, as always`],
  ["proxy in a snippet", (host) => `location / { proxy_pass http://${host}; }`],
];

export const forms: readonly Form[] = [
  ...hosts.map(([name, write]): Form => ({ name: `${name}: host`, kinds: ["host"], write })),
  {
    name: "URL of a database: its path",
    kinds: ["database"],
    write: (name) => `postgres://u:p@10.1.1.1:5432/${name}`,
  },
  {
    name: "URL of a database: dbname in its query",
    kinds: ["database"],
    write: (name) => `postgres://u@h/?dbname=${name}`,
  },
  { name: "JDBC URL", kinds: ["database"], write: (name) => `jdbc:postgresql://h:5432/${name}?ssl=true` },
  {
    name: "SQLAlchemy URL, percent-encoded",
    kinds: ["database"],
    write: (name) => `postgresql+psycopg2://u:p@h/${name.replaceAll("_", "%5F")}`,
  },
  { name: "URL of a database: its user", kinds: ["role"], write: (name) => `postgres://${name}:p@h/d` },
  {
    name: "URL of a database: user in its query",
    kinds: ["role"],
    write: (name) => `jdbc:postgresql://h/d?user=${name}`,
  },
  {
    name: "keywords of libpq: dbname",
    kinds: ["database"],
    write: (name) => `host=h dbname='${name}' user=u`,
  },
  { name: "keywords of libpq: user", kinds: ["role"], write: (name) => `host=h dbname=d user=${name}` },
  { name: "ADO.NET: Database", kinds: ["database"], write: (name) => `Server=h;Database=${name};User Id=u;` },
  { name: "ADO.NET: User Id", kinds: ["role"], write: (name) => `Server=h;Database=d;User Id=${name};` },
  { name: "variable before a command", kinds: ["database"], write: (name) => `PGDATABASE=${name} node x.js` },
  { name: "option of a command", kinds: ["database"], write: (name) => `node x.js --db ${name} --verbose` },
  { name: "psql", kinds: ["database"], write: (name) => `psql -h h ${name} -c 'select 1'` },
  { name: "psql: user", kinds: ["role"], write: (name) => `psql -U ${name} d` },
  { name: "YAML", kinds: ["database"], write: (name) => `postgres:\n  database: ${name}\n` },
  { name: "YAML: user beside a database", kinds: ["role"], write: (name) => `database: d\nuser: ${name}\n` },
  {
    name: "service of a cluster",
    kinds: ["namespace"],
    write: (name) => `http://api.${name}.svc.cluster.local:3000/`,
  },
  { name: "short service name", kinds: ["namespace"], write: (name) => `http://api.${name}:3000` },
  { name: "service account", kinds: ["namespace"], write: (name) => `system:serviceaccount:${name}:default` },
  { name: "manifest in YAML", kinds: ["namespace"], write: (name) => `metadata:\n  namespace: ${name}\n` },
  { name: "path in Vault", kinds: ["vault-path"], write: (name) => `${name}/ses` },
  {
    name: "path in Vault's API",
    kinds: ["vault-path"],
    write: (name) => `/v1/${name.replace("/", "/data/")}/ses`,
  },
  {
    name: "URL of Vault",
    kinds: ["vault-path"],
    write: (name) => `https://10.0.0.150:8200/v1/${name.replace("/", "/data/")}/a`,
  },
  {
    name: "path in Vault with a key",
    kinds: ["vault-path"],
    write: (name) => `vault:${name.replace("/", "/data/")}/ses#key`,
  },
  {
    name: "policy of Vault",
    kinds: ["vault-path"],
    write: (name) => `path "${name.replace("/", "/data/")}/*" {}`,
  },
  {
    name: "ARN of a user",
    kinds: ["iam-user"],
    write: (name) => `arn:aws:iam::123456789012:user/mail/${name.toUpperCase()}`,
  },
  {
    name: "ARN of an identity",
    kinds: ["ses-identity"],
    write: (name) => `arn:aws-cn:ses:eu-west-1:1:identity/x@${name}`,
  },
  {
    name: "ARN of a configuration set",
    kinds: ["ses-configuration-set"],
    write: (name) => `arn:aws:ses:eu-west-1:1:configuration-set/${name}`,
  },
  { name: "ARN of a topic", kinds: ["sns-topic"], write: (name) => `arn:aws:sns:eu-west-1:1:${name}` },
  {
    name: "sender with a display name",
    kinds: ["ses-identity", "mail-from-domain"],
    write: (name) => `MAIL_FROM=Support <noreply@${name.toUpperCase()}>`,
  },
  { name: "URL with a port", kinds: ["backend-address"], write: (name) => `http://${name}/x` },
  { name: "address and port", kinds: ["backend-address"], write: (name) => `upstream ${name} up` },
  {
    name: "URL with an address as a number",
    kinds: ["backend-address"],
    write: (name) => {
      const { host, port } = addressOf(name);
      const number = host.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
      return `http://${number}:${port}/`;
    },
  },
  {
    name: "option for an image",
    kinds: ["environment-image"],
    write: (name) => `run --image=${name}@sha256:00 --x`,
  },
];

/** Settings whose names say what their values are. */
export const settings: Readonly<Record<ReferenceKind, readonly string[]>> = {
  database: ["PGDATABASE", "POSTGRES_DB", "databaseName", "DB_NAME"],
  role: ["PGUSER", "DB_USER", "spring.datasource.username"],
  namespace: ["POD_NAMESPACE", "watchNamespace"],
  host: ["PGHOST", "API_HOST", "cookieDomain", "CORS_ORIGINS"],
  "vault-path": ["VAULT_SES_PATH", "KV_PREFIX"],
  "vault-policy": ["VAULT_POLICY", "VAULT_TOKEN_POLICIES"],
  "vault-role": ["VAULT_AUTH_ROLE", "vaultRoleName"],
  "iam-user": ["IAM_USER", "iamUserName"],
  "ses-identity": ["MAIL_DOMAIN", "SES_IDENTITY"],
  "mail-from-domain": ["MAIL_DOMAIN"],
  "ses-configuration-set": ["SES_CONFIGURATION_SET"],
  "sns-topic": ["SNS_TOPIC", "topicName"],
  "backend-address": ["BACKEND_ENDPOINT"],
  "environment-image": ["WORKER_IMAGE"],
};

/** Other spellings of a whole text. */
export const encodings: readonly { readonly name: string; readonly write: (text: string) => string }[] = [
  { name: "as it is", write: (text) => text },
  { name: "value in JSON", write: (text) => JSON.stringify({ a: { b: [1, text] } }) },
  { name: "JSON in JSON", write: (text) => JSON.stringify({ a: JSON.stringify({ b: text }) }) },
  { name: "base64", write: base64 },
  { name: "base64 without padding", write: (text) => base64(text).replace(/=+$/, "") },
  { name: "base64url", write: (text) => Buffer.from(text).toString("base64url") },
  { name: "base64 in lines", write: (text) => base64(text).replace(/.{20}/g, "$&\n") },
  { name: "base64 of base64", write: (text) => base64(base64(text)) },
  { name: "base64 in JSON", write: (text) => JSON.stringify({ a: base64(text) }) },
  { name: "JSON in base64", write: (text) => base64(JSON.stringify({ a: text })) },
];

/** Where a text or a setting can be put: the resource with it, and the property at which it then stands. */
export interface Place {
  readonly name: string;
  /** Kubernetes kind, or type. */
  readonly of: RegExp;
  readonly path: Path;
  /** `text` takes any text, `setting` adds a key of that name to a map or a list of variables. */
  readonly takes: "text" | "setting";
  readonly write?: (text: string) => string;
}

const POD = ["spec", "template", "spec"] as const;

export const places: readonly Place[] = [
  {
    name: "variable of a container",
    of: /:Deployment$/,
    path: [...POD, "containers", 0, "env"],
    takes: "setting",
  },
  {
    name: "variable of an init container",
    of: /:Deployment$/,
    path: [...POD, "initContainers", 0, "env"],
    takes: "setting",
  },
  {
    name: "word of a command",
    of: /:Deployment$/,
    path: [...POD, "containers", 0, "command", 2],
    takes: "text",
  },
  { name: "argument", of: /:Deployment$/, path: [...POD, "containers", 0, "args", 0], takes: "text" },
  {
    name: "command of a probe",
    of: /:Deployment$/,
    path: [...POD, "containers", 0, "livenessProbe", "exec", "command", 0],
    takes: "text",
  },
  {
    name: "annotation",
    of: /^kubernetes:/,
    path: ["metadata", "annotations", "example.org/note"],
    takes: "text",
  },
  {
    name: "annotation of a pod",
    of: /:Deployment$/,
    path: ["spec", "template", "metadata", "annotations", "a"],
    takes: "text",
  },
  { name: "entry of a ConfigMap", of: /:ConfigMap$/, path: ["data"], takes: "setting" },
  { name: "file in a ConfigMap", of: /:ConfigMap$/, path: ["data", "app.conf"], takes: "text" },
  {
    name: "binary entry of a ConfigMap",
    of: /:ConfigMap$/,
    path: ["binaryData"],
    takes: "setting",
    write: base64,
  },
  { name: "Secret, in clear", of: /:Secret$/, path: ["stringData"], takes: "setting" },
  { name: "Secret, in base64", of: /:Secret$/, path: ["data"], takes: "setting", write: base64 },
  {
    name: "Ingress snippet",
    of: /:Ingress$/,
    path: ["metadata", "annotations", "nginx.ingress.kubernetes.io/server-snippet"],
    takes: "text",
  },
  { name: "custom field of any object", of: /^kubernetes:/, path: ["spec", "example"], takes: "text" },
  { name: "custom settings of any object", of: /^kubernetes:/, path: ["spec", "values"], takes: "setting" },
  {
    name: "entry in Vault",
    of: /^vault:kv\/secretV2/,
    path: ["dataJson"],
    takes: "text",
    write: (text) => JSON.stringify({ key: text }),
  },
  {
    name: "policy of Vault",
    of: /^vault:index\/policy/,
    path: ["policy"],
    takes: "text",
    write: (text) => `# x\n${text}\n`,
  },
  {
    name: "policy of IAM",
    of: /^aws:iam\/userPolicy/,
    path: ["policy"],
    takes: "text",
    write: (text) => JSON.stringify({ Resource: [text] }),
  },
];

/** Properties that are a name by themselves. */
export const typedPlaces: readonly {
  readonly of: RegExp;
  readonly path: Path;
  readonly kind: ReferenceKind;
  readonly write?: (name: string) => Value;
}[] = [
  { of: /^postgresql:index\/grant:/, path: ["database"], kind: "database" },
  { of: /^postgresql:index\/grant:/, path: ["role"], kind: "role" },
  { of: /^postgresql:index\/defaultPrivileges:/, path: ["owner"], kind: "role" },
  { of: /^postgresql:index\/schema:/, path: ["owner"], kind: "role" },
  { of: /^postgresql:index\/database:/, path: ["name"], kind: "database" },
  { of: /^postgresql:index\/role:/, path: ["roles", 0], kind: "role" },
  { of: /^kubernetes:(?!core\/v1:Namespace)/, path: ["metadata", "namespace"], kind: "namespace" },
  { of: /:Namespace$/, path: ["metadata", "name"], kind: "namespace" },
  {
    of: /:Deployment$/,
    path: [...POD, "containers", 0, "image"],
    kind: "environment-image",
    write: (name) => `${name}@sha256:00`,
  },
  { of: /:Ingress$/, path: ["spec", "rules", 0, "host"], kind: "host", write: (name) => name.toUpperCase() },
  { of: /:Ingress$/, path: ["spec", "tls", 0, "hosts", 0], kind: "host" },
  { of: /:Service$/, path: ["spec", "externalName"], kind: "host", write: (name) => `${name}.` },
  {
    of: /:NetworkPolicy$/,
    path: [
      "spec",
      "ingress",
      0,
      "from",
      0,
      "namespaceSelector",
      "matchLabels",
      "kubernetes.io/metadata.name",
    ],
    kind: "namespace",
  },
  {
    of: /^vault:kv\/secretV2/,
    path: ["name"],
    kind: "vault-path",
    write: (name) => name.replace(/^[^/]*\//, ""),
  },
  { of: /^vault:index\/policy/, path: ["name"], kind: "vault-policy" },
  { of: /^vault:kubernetes\//, path: ["roleName"], kind: "vault-role" },
  { of: /^vault:kubernetes\//, path: ["tokenPolicies", 0], kind: "vault-policy" },
  { of: /^vault:kubernetes\//, path: ["boundServiceAccountNamespaces", 0], kind: "namespace" },
  { of: /^vault:appRole\//, path: ["roleName"], kind: "vault-role" },
  {
    of: /^aws:iam\/(?:userPolicy|accessKey)/,
    path: ["user"],
    kind: "iam-user",
    write: (name) => name.toUpperCase(),
  },
  { of: /^aws:sesv2\/emailIdentity:/, path: ["emailIdentity"], kind: "ses-identity" },
  { of: /^aws:sesv2\/emailIdentityMail/, path: ["mailFromDomain"], kind: "mail-from-domain" },
  { of: /^aws:sesv2\/configurationSet/, path: ["configurationSetName"], kind: "ses-configuration-set" },
  { of: /^aws:sns\/topic:/, path: ["name"], kind: "sns-topic" },
];

/** A resource with a value put at a path, whatever stood on the way. */
export function withValue(given: Resource, path: Path, value: Value): Resource {
  return { ...given, properties: put(given.properties, path, value) as Resource["properties"] };
}

function put(into: Value | undefined, [first, ...rest]: Path, value: Value): Value {
  if (first === undefined) return value;
  const next = (inner: Value | undefined): Value => put(inner, rest, value);
  if (typeof first === "number") {
    const list = Array.isArray(into) ? [...(into as Value[])] : [];
    while (list.length < first) list.push("x");
    list[first] = next(list[first]);
    return list;
  }
  const map = typeof into === "object" && into !== null && into.constructor === Object ? into : {};
  return { ...map, [first]: next((map as Readonly<Record<string, Value>>)[first]) };
}
