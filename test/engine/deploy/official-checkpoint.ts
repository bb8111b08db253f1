/** A checkpoint as the official CLI writes it: minified, fields in its order, secrets as ciphertexts, no aliases. */
import { createHash } from "node:crypto";
import { SALT } from "./program";

const SIGNATURE = '"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270"';
const TIME = '"created":"2026-11-27T13:25:32.138376468Z","modified":"2026-11-27T13:25:48.5529046Z"';
const STACK = "urn:pulumi:dev::trial::pulumi:pulumi:Stack::trial-dev";
const PROVIDER = "urn:pulumi:dev::trial::pulumi:providers:testing::default_1_2_3";
const PROVIDER_ID = "0b1f6f0e-5a3c-4d53-9d5e-0a2f7d9c1b11";
const PART = "urn:pulumi:dev::trial::trial:index:Part::part";
const A = "urn:pulumi:dev::trial::trial:index:Part$testing:index:Named::a";
const B = "urn:pulumi:dev::trial::testing:index:Named::b";
const SEEN = "urn:pulumi:dev::trial::testing:index:Named::seen";

/** The text "hunter22", encrypted under the passphrase of trials. */
const CIPHERTEXT = "v1:PaVw320F9qorzwCv:7f1iBHLzQhGPJaqADd5xdwZAjCM5HTn4o6Q=";
const SECRET = `{${SIGNATURE},"ciphertext":"${CIPHERTEXT}"}`;
/** As `pulumi stack import` of an opened state leaves it until the next write. */
const OPENED = `{${SIGNATURE},"plaintext":"\\"computed from hunter22\\""}`;

const SERVED = `"provider":"${PROVIDER}::${PROVIDER_ID}"`;

const RESOURCES = [
  `{"urn":"${STACK}","custom":false,"type":"pulumi:pulumi:Stack","outputs":{"a":"1","password":${SECRET}},${TIME}}`,
  `{"urn":"${PROVIDER}","custom":true,"id":"${PROVIDER_ID}","type":"pulumi:providers:testing",` +
    `"inputs":{"__internal":{},"version":"1.2.3"},"outputs":{"version":"1.2.3"},${TIME}}`,
  `{"urn":"${PART}","custom":false,"type":"trial:index:Part","inputs":{"size":1},"outputs":{"done":true},` +
    `"parent":"${STACK}","propertyDependencies":{"size":[]},${TIME}}`,
  `{"urn":"${A}","custom":true,"id":"a","type":"testing:index:Named",` +
    `"inputs":{"list":[1e+21,-0.5,null,{}],"name":"a","value":${SECRET}},` +
    `"outputs":{"computed":${OPENED},"list":[1e+21,-0.5,null,{}],"name":"a","value":${SECRET}},"parent":"${PART}",` +
    `"protect":true,${SERVED},"propertyDependencies":{"list":[],"name":[],"value":[]},` +
    `"additionalSecretOutputs":["computed"],"customTimeouts":{"create":90,"update":7200},${TIME}}`,
  `{"urn":"${B}","custom":true,"id":"b","type":"testing:index:Named","inputs":{"name":"b","value":"<b> & é"},` +
    `"outputs":{"computed":"x","name":"b","value":"<b> & é"},"parent":"${STACK}","dependencies":["${A}"],${SERVED},` +
    `"propertyDependencies":{"name":[],"value":["${A}"]},"importID":"b","deletedWith":"${A}",${TIME},` +
    `"ignoreChanges":["other"],"futureField":{"kept":[1,"2"]}}`,
  `{"urn":"${SEEN}","custom":true,"id":"seen","type":"testing:index:Named","outputs":{"name":"seen"},` +
    `"parent":"${STACK}","external":true,${SERVED}}`,
];

/** The file; parts of it can be made to differ. */
export function officialCheckpoint(
  changed: {
    readonly resources?: readonly string[];
    readonly magic?: string;
    readonly version?: number;
  } = {},
): string {
  const {
    resources = RESOURCES,
    magic = createHash("sha256").update("3.259.0").digest("hex"),
    version = 3,
  } = changed;
  return (
    `{"version":${version},"checkpoint":{"stack":"organization/trial/dev","latest":{"manifest":{` +
    `"time":"2026-11-27T14:44:25.374822179+01:00","magic":"${magic}","version":"3.259.0"},` +
    `"secrets_providers":{"type":"passphrase","state":{"salt":"${SALT}"}},"resources":[${resources.join(",")}],` +
    `"metadata":{}}}}`
  );
}

export const OFFICIAL_RESOURCES: readonly string[] = RESOURCES;
