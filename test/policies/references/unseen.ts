/** What the rules of isolation cannot see. docs/isolation.md lists it; a test keeps the list true. */
import { gzipSync } from "node:zlib";
import type { Resource } from "../../../policies/resource";
import type { Value } from "../../../policies/value";
import { object, resource } from "../cases";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const config = (data: Readonly<Record<string, Value>>): Resource => object("core/v1:ConfigMap", { data });
const container = (fields: Readonly<Record<string, Value>>): Resource =>
  object("apps/v1:Deployment", { spec: { template: { spec: { containers: [{ name: "a", ...fields }] } } } });
const egress = (peer: Value, ports?: Value): Resource =>
  object("networking.k8s.io/v1:NetworkPolicy", {
    spec: { egress: [{ to: [peer], ...(ports === undefined ? {} : { ports }) }] },
  });

/** PROD's resources, each of which leads to DEV. */
export const unseen: readonly {
  readonly name: string;
  readonly example: string;
  readonly given: Resource;
}[] = [
  {
    name: "values that the application itself puts together",
    example: "`ZONE=keybuzz.io` and `SERVICE=backend-dev`; `$(ZONE)` in one container is seen",
    given: container({
      env: [
        { name: "ZONE", value: "keybuzz.io" },
        { name: "SERVICE", value: "backend-dev" },
      ],
    }),
  },
  {
    name: "a shell that puts a name together by its own variables",
    example: "`a=backend; curl https://$a-dev.keybuzz.io`",
    given: container({ command: ["sh", "-c", "a=backend; curl https://$a-dev.keybuzz.io"] }),
  },
  {
    name: "variables of a ConfigMap or Secret in another resource's command",
    example: "`envFrom` a ConfigMap, then `https://$(NAME).keybuzz.io`",
    given: container({ envFrom: [{ configMapRef: { name: "a" } }], args: ["https://$(NAME).keybuzz.io"] }),
  },
  {
    name: "hex",
    example: "`6b657962757a7a5f646576`",
    given: config({ PGDATABASE: Buffer.from("keybuzz_dev").toString("hex") }),
  },
  {
    name: "compression",
    example: "base64 of gzip",
    given: config({ PGDATABASE: gzipSync("keybuzz_dev").toString("base64") }),
  },
  {
    name: "encryption",
    example: "sealed or encrypted values that the cluster opens",
    given: object("bitnami.com/v1alpha1:SealedSecret", {
      spec: { encryptedData: { PGDATABASE: "AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq" } },
    }),
  },
  {
    name: "base64 of text that is not UTF-8",
    example: "PowerShell's `-EncodedCommand`",
    given: config({ a: Buffer.from("https://backend-dev.keybuzz.io", "utf16le").toString("base64") }),
  },
  {
    name: "base64 in pieces",
    example: "half of it in one entry, half in another",
    given: config({
      a: base64("https://backend-dev.keybuzz.io").slice(0, 16),
      b: base64("https://backend-dev.keybuzz.io").slice(16),
    }),
  },
  {
    name: "texts in more than eight others",
    example: "base64 of base64, nine times",
    given: config({ a: Array.from({ length: 9 }).reduce<string>(base64, "https://backend-dev.keybuzz.io") }),
  },
  {
    name: "escapes of programming languages outside of JSON",
    example: "`\\x62ackend-dev.keybuzz.io` in a script",
    given: config({ "a.js": "fetch('https://\\x62ackend-dev.keybuzz.io')" }),
  },
  {
    name: "entities of HTML and XML",
    example: "`https://backend&#45;dev.keybuzz.io`",
    given: config({ "a.xml": "<a>https://backend&#45;dev.keybuzz.io</a>" }),
  },
  {
    name: "elements of XML",
    example: "`<database>keybuzz_dev</database>`",
    given: config({ "a.xml": "<database>keybuzz_dev</database>" }),
  },
  {
    name: "SQL",
    example: "`GRANT keybuzz_dev_rw TO app`",
    given: config({ "a.sql": "GRANT keybuzz_dev_rw TO app; ALTER DATABASE keybuzz_dev OWNER TO app;" }),
  },
  {
    name: "settings whose names say nothing",
    example: "`TARGET=keybuzz_dev`: a word is a name only where something says its kind",
    given: config({ TARGET: "keybuzz_dev", NOTE: "keybuzz-api-dev" }),
  },
  {
    name: "words of programs that are not PostgreSQL's",
    example: "`node migrate.js keybuzz_dev`",
    given: container({ command: ["node", "migrate.js", "keybuzz_dev"] }),
  },
  {
    name: "settings in comments",
    example: "`# PGDATABASE=keybuzz_dev` as a line; URLs and hosts in comments are seen",
    given: config({ ".env": "# PGDATABASE=keybuzz_dev\n" }),
  },
  {
    name: "labels",
    example: "`database: keybuzz_dev` as a label",
    given: object("core/v1:Service", { metadata: { labels: { database: "keybuzz_dev" } } }),
  },
  {
    name: "a host in the query or path of another URL, without a scheme",
    example:
      "`https://proxy.example.org/?to=backend-dev.keybuzz.io`; with `https://` it is seen, under `host=` too",
    given: config({ A: "https://proxy.example.org/?to=backend-dev.keybuzz.io" }),
  },
  {
    name: "other names of the same thing",
    example: "a DNS alias, a link shortener, a Service that leads to one",
    given: config({ A: "https://alias.example.org" }),
  },
  {
    name: "hosts by wildcard",
    example: "`*.keybuzz.io` in an Ingress",
    given: object("networking.k8s.io/v1:Ingress", { spec: { rules: [{ host: "*.keybuzz.io" }] } }),
  },
  {
    name: "a namespace behind a name of two words that could be public",
    example: "`https://api.app/`; with a port other than 80 and 443, or with `.svc`, it is seen",
    given: config({ A: "https://api.app/" }),
  },
  {
    name: "an address in a range",
    example: "`10.0.0.0/24` in a NetworkPolicy",
    given: egress({ ipBlock: { cidr: "10.0.0.0/24" } }, [{ port: 4001 }]),
  },
  {
    name: "an address for all its ports",
    example: "`10.0.0.250/32` without `ports`: both environments' backends listen there",
    given: egress({ ipBlock: { cidr: "10.0.0.250/32" } }),
  },
  {
    name: "namespaces by labels of their own",
    example: "`namespaceSelector` on `keybuzz.io/environment: dev`",
    given: egress({ namespaceSelector: { matchLabels: { "keybuzz.io/environment": "dev" } } }),
  },
  {
    name: "domains below another environment's mail identity",
    example: "`MAIL_FROM=x@mail.dev.keybuzz.io`",
    given: config({ MAIL_FROM: "x@mail.dev.keybuzz.io" }),
  },
  {
    name: "addresses of mail that are no sender's",
    example: "`SUPPORT=x@dev.keybuzz.io`",
    given: config({ SUPPORT: "x@dev.keybuzz.io" }),
  },
  {
    name: "images by digest alone",
    example: "`ghcr.io/keybuzzio/keybuzz-client@sha256:…`",
    given: container({ image: `ghcr.io/keybuzzio/keybuzz-client@sha256:${"0".repeat(64)}` }),
  },
  {
    name: "paths in Vault without their mount where no name says that they are ones",
    example: "`SES_ENTRY_NAME=keybuzz/dev/ses`; `VAULT_SES_PATH` is seen below `secret`",
    given: config({ SES_ENTRY_NAME: "keybuzz/dev/ses" }),
  },
  {
    name: "what is in images, files and volumes",
    example: "a name that was built in, as NEXT_PUBLIC values are",
    given: container({
      image: "ghcr.io/keybuzzio/keybuzz-api:v1",
      volumeMounts: [{ name: "a", mountPath: "/config" }],
    }),
  },
  {
    name: "what stands behind two million characters of one text",
    example: "no object of Kubernetes, Vault or AWS is as long",
    given: config({ A: `${" ".repeat(2_100_000)}https://backend-dev.keybuzz.io` }),
  },
  {
    name: "resources that the program only reads, and components",
    example: "what a component declares is judged, its own arguments are not",
    given: resource(
      "keybuzz:kubernetes:Client",
      { backendUrl: "https://backend-dev.keybuzz.io" },
      { component: true },
    ),
  },
];
