/** Arguments of both environments' mail, and helpers to read what was declared from them. */
import * as aws from "@pulumi/aws";
import { MailIdentity, type MailIdentityArgs } from "../../components/mail-identity";
import { type RecordedResource, recordProgram } from "../support/mocks";

export const dev: MailIdentityArgs = {
  environment: { name: "dev", production: false },
  accountId: "123456789012",
  region: "eu-west-1",
  identity: "dev.keybuzz.io",
  sender: "noreply@dev.keybuzz.io",
  mailFromDomain: "bounce.dev.keybuzz.io",
  configurationSet: "keybuzz-dev",
  eventsTopic: "keybuzz-dev-mail-events",
  iamUser: "keybuzz-ses-dev",
  accessKeyRotation: { generation: 1, idleSlot: "closed" },
};

export const prod: MailIdentityArgs = {
  ...dev,
  environment: { name: "prod", production: true },
  identity: "keybuzz.io",
  sender: "noreply@keybuzz.io",
  mailFromDomain: "bounce.keybuzz.io",
  configurationSet: "keybuzz-prod",
  eventsTopic: "keybuzz-prod-mail-events",
  iamUser: "keybuzz-ses-prod",
};

/** Declares a mail identity named `mail`, with an explicit provider as the program has one. */
export function recordMail<T = MailIdentity>(
  args: MailIdentityArgs,
  options: { preview?: boolean; read?: (mail: MailIdentity) => T | Promise<T> } = {},
) {
  return recordProgram(
    async () => {
      const provider = new aws.Provider("aws", { region: "eu-west-1" });
      const mail = new MailIdentity("mail", args, { providers: [provider] });
      return options.read ? await options.read(mail) : undefined;
    },
    { preview: options.preview ?? false },
  );
}

/** The JSON text of a policy, which must be known even in a preview. */
export function policyOf(resource: RecordedResource): Record<string, unknown> {
  return JSON.parse(String(resource.inputs.policy));
}

/** What an attempt to declare it says. */
export async function refusalOf(args: MailIdentityArgs): Promise<string> {
  return recordMail(args).then(
    () => "",
    (error: Error) => error.message,
  );
}
