/**
 * Stand-ins for the providers: what each would compute, beside echoing the inputs. Deterministic, so that
 * the same program gives the same password, and another keeper another one.
 */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** What a provider would compute, beside echoing the inputs. */
export function computedOutputs(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
): Record<string, unknown> {
  const seed = `${type} ${name} ${JSON.stringify(inputs)}`;
  const account = "123456789012";
  switch (type) {
    case "random:index/randomPassword:RandomPassword":
      return {
        id: "none",
        result: pulumi.secret(generated(seed, Number(inputs.length))),
        bcryptHash: pulumi.secret(generated(`${seed} bcrypt`, 60)),
      };
    case "random:index/randomId:RandomId": {
      const bytes = Buffer.from(generated(seed, Number(inputs.byteLength)));
      return {
        id: bytes.toString("base64url"),
        hex: bytes.toString("hex"),
        b64Std: bytes.toString("base64"),
      };
    }
    case "aws:iam/user:User":
      return { arn: `arn:aws:iam::${account}:user/${inputs.name}`, uniqueId: `AIDA${digits(seed, 16)}` };
    case "aws:iam/policy:Policy":
      return { arn: `arn:aws:iam::${account}:policy/${inputs.name}` };
    case "aws:iam/accessKey:AccessKey":
      return {
        id: `AKIA${generated(seed, 16).toUpperCase()}`,
        secret: pulumi.secret(generated(`${seed} secret`, 40)),
        sesSmtpPasswordV4: pulumi.secret(generated(`${seed} smtp`, 44)),
      };
    case "aws:sns/topic:Topic":
      return { arn: `arn:aws:sns:eu-west-1:${account}:${inputs.name}` };
    case "aws:ses/domainIdentity:DomainIdentity":
      return { arn: `arn:aws:ses:eu-west-1:${account}:identity/${inputs.domain}` };
    case "aws:ses/domainDkim:DomainDkim":
      return { dkimTokens: dkimTokens(seed) };
    case "aws:sesv2/emailIdentity:EmailIdentity":
      return {
        arn: `arn:aws:ses:eu-west-1:${account}:identity/${inputs.emailIdentity}`,
        identityType: "DOMAIN",
        verifiedForSendingStatus: false,
        dkimSigningAttributes: { tokens: dkimTokens(seed), status: "PENDING" },
      };
    case "aws:sesv2/configurationSet:ConfigurationSet":
      return {
        arn: `arn:aws:ses:eu-west-1:${account}:configuration-set/${inputs.configurationSetName}`,
      };
    case "vault:kv/secretV2:SecretV2":
      return { path: `${inputs.mount}/data/${inputs.name}`, metadata: { version: "1" } };
    case "vault:appRole/authBackendRole:AuthBackendRole":
      return { roleId: generated(seed, 36) };
    default:
      return {};
  }
}

/** Letters and digits, the same for the same seed. */
function generated(seed: string, length: number): string {
  let text = "";
  for (let round = 0; text.length < length; round++) {
    text += createHash("sha256").update(`${seed} ${round}`).digest("hex");
  }
  return text.slice(0, length);
}

function digits(seed: string, length: number): string {
  return generated(seed, length).toUpperCase();
}

function dkimTokens(seed: string): string[] {
  return ["a", "b", "c"].map((part) => generated(`${seed} ${part}`, 32));
}

/** How a monitor marks a value that is not known. */
const UNKNOWN_MARKER = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Answers a call of a provider function; in a preview, what stands in Vault is not known. */
export function answer(
  token: string,
  inputs: Record<string, unknown>,
  preview: boolean,
): Record<string, unknown> {
  switch (token) {
    case "vault:kv/getSecretV2:getSecretV2": {
      if (preview) return { ...inputs, data: UNKNOWN_MARKER, dataJson: UNKNOWN_MARKER };
      const data: Record<string, string> = { key: `value of ${inputs.name}` };
      const path = `${inputs.mount}/data/${inputs.name}`;
      return { ...inputs, data, dataJson: JSON.stringify(data), version: 1, path };
    }
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: "123456789012", arn: "arn:aws:iam::123456789012:user/test", userId: "AIDATEST" };
    case "aws:index/getRegion:getRegion":
      return { region: "eu-west-1", name: "eu-west-1", id: "eu-west-1" };
    default:
      throw new Error(`no answer for ${token}: give one with the option \`invoke\``);
  }
}
