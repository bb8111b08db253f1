/** The domain that the environment sends mail from. */
import { MailIdentity } from "../components/mail-identity";
import { configurationSetName, type EnvironmentConfig, mailEventsTopicName } from "../config";
import type { Providers } from "./providers";

export function declareMailIdentity(config: EnvironmentConfig, providers: Providers): MailIdentity {
  const { environment, aws, mail } = config;
  return new MailIdentity(
    "mail",
    {
      environment,
      accountId: aws.accountId,
      region: aws.region,
      identity: mail.identity,
      sender: mail.sender,
      mailFromDomain: mail.mailFromDomain,
      configurationSet: configurationSetName(environment.name),
      eventsTopic: mailEventsTopicName(environment.name),
      iamUser: mail.iamUser,
      accessKeyRotation: mail.accessKeyRotation,
    },
    { provider: providers.aws },
  );
}
