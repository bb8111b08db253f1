/**
 * The domain that an environment sends mail from, complete: verified by DKIM, with a MAIL FROM domain of its
 * own, bounces and complaints reported, one user that may send as one address, and the DNS records to publish.
 *
 * - Nothing waits for verification. DNS is changed by hand, and a deployment must not hang for hours on it; the
 *   fallback stays off in configuration until the identity is verified and the account out of the sandbox.
 * - The records never touch the apex of the domain, and what may be there already is to merge, not to replace.
 * - In production the identity is protected and retained: losing it means new DKIM tokens, and no mail until
 *   they are published.
 *
 * The resources are those of SES's second API. Only there are the length of the DKIM key, tags and the default
 * configuration set arguments, does an event destination change in place, and is a delayed delivery an event;
 * with the first API every change of the destination deletes it before the new one stands. Both APIs keep the
 * same objects, so a stand-in for AWS that lacks a call of the second one can be spoken to by the first.
 */
import * as sesv2 from "@pulumi/aws/sesv2";
import * as pulumi from "@pulumi/pulumi";
import { type Environment, environmentTags } from "./handles";
import {
  DKIM_RECORD,
  DKIM_RECORDS,
  type DnsRecord,
  dkimRecord,
  dmarcAdvice,
  mailFromRecords,
} from "./mail-dns-records";
import { MailEvents } from "./mail-events";
import { type AwsPlace, checkIdentity, checkMailFrom, checkTopic } from "./mail-rules";
import { checkMailSender, type MailAccessKey, MailSender, type MailSenderArgs } from "./mail-sender";
import { Problems } from "./problems";
import type { Rotation } from "./rotation";

export interface MailIdentityArgs extends AwsPlace {
  /** The environment that sends. Only production may send from a domain without the environment's name. */
  readonly environment: Environment;
  /** The domain to send from: `dev.keybuzz.io`. Changing it replaces the identity, with new DKIM tokens. */
  readonly identity: string;
  /** The one address that mail is sent as. An address at exactly `identity`. */
  readonly sender: string;
  /** Domain of the envelope sender, below `identity`, used for nothing else. Changed in place. */
  readonly mailFromDomain: string;
  /** Name of the configuration set: `keybuzz-dev`. Changing it replaces the set and its event destination. */
  readonly configurationSet: string;
  /** Name of the topic that failed mail is reported to: `keybuzz-dev-mail-events`. Changing it replaces it. */
  readonly eventsTopic: string;
  /** Name of the IAM user. Changing it makes a new user with a new key; the old one goes when clients changed. */
  readonly iamUser: string;
  /** Which access key of the user is in use. */
  readonly accessKeyRotation: Rotation;
}

/** A domain identity of SES with all that sending from it takes. */
export class MailIdentity extends pulumi.ComponentResource {
  /** The address that mail is sent as. */
  readonly sender: string;
  /** The region that SES is called in. */
  readonly region: string;
  /** Name of the configuration set to send through. */
  readonly configurationSet: string;
  /** The key to send with: both parts are secret outputs. */
  readonly accessKey: MailAccessKey;
  /** ARN of the topic that failed mail is reported to. */
  readonly eventsTopicArn: string;
  /** What to publish in DNS. The list is complete in a preview; only the DKIM tokens are unknown there. */
  readonly dnsRecords: DnsRecord<pulumi.Input<string>>[];
  /** What must stand before the key can send. */
  readonly resources: pulumi.Resource[];

  constructor(name: string, args: MailIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    validate(name, args);
    super("keybuzz:aws:MailIdentity", name, { ...args }, opts);

    const events = this.reportFailedMail(name, args);
    const identity = this.verifyDomain(name, args, events);
    this.useMailFromDomain(name, args, identity);
    const sender = this.letOneUserSend(name, args);

    this.sender = args.sender;
    this.region = args.region;
    this.configurationSet = events.configurationSet;
    this.accessKey = sender.accessKey;
    this.eventsTopicArn = events.topicArn;
    this.dnsRecords = this.recordsToPublish(args, identity);
    this.resources = [identity, ...sender.resources];
    this.registerOutputs({
      sender: this.sender,
      region: this.region,
      configurationSet: this.configurationSet,
      accessKey: this.accessKey,
      eventsTopicArn: this.eventsTopicArn,
      dnsRecords: this.dnsRecords,
    });
  }

  private reportFailedMail(name: string, args: MailIdentityArgs): MailEvents {
    const { environment, accountId, region, configurationSet, eventsTopic } = args;
    return new MailEvents(
      `${name}-events`,
      { environment, accountId, region, configurationSet, eventsTopic },
      { parent: this },
    );
  }

  private verifyDomain(name: string, args: MailIdentityArgs, events: MailEvents): sesv2.EmailIdentity {
    const { production } = args.environment;
    return new sesv2.EmailIdentity(
      `${name}-domain`,
      {
        emailIdentity: args.identity,
        region: args.region,
        configurationSetName: args.configurationSet,
        dkimSigningAttributes: { nextSigningKeyLength: "RSA_2048_BIT" },
        tags: environmentTags(args.environment),
      },
      { parent: this, dependsOn: events.resources, protect: production, retainOnDelete: production },
    );
  }

  /** Mail still leaves while the MX record is missing: with SES's own MAIL FROM domain, which is less trusted. */
  private useMailFromDomain(name: string, args: MailIdentityArgs, identity: pulumi.Resource): void {
    new sesv2.EmailIdentityMailFromAttributes(
      `${name}-mail-from`,
      {
        emailIdentity: args.identity,
        region: args.region,
        mailFromDomain: args.mailFromDomain,
        behaviorOnMxFailure: "USE_DEFAULT_VALUE",
      },
      { parent: this, dependsOn: [identity] },
    );
  }

  private letOneUserSend(name: string, args: MailIdentityArgs): MailSender {
    return new MailSender(`${name}-sender`, senderArgs(args), { parent: this });
  }

  private recordsToPublish(
    args: MailIdentityArgs,
    identity: sesv2.EmailIdentity,
  ): DnsRecord<pulumi.Input<string>>[] {
    // The id is waited for because the signing attributes are an argument too: a preview may show them as
    // given, without tokens, and the records must be unknown then and not wrong.
    const tokens = pulumi
      .all([identity.id, identity.dkimSigningAttributes])
      .apply(([, signing]) => signing?.tokens ?? []);
    const dkim = Array.from({ length: DKIM_RECORDS }, (_, index) => {
      const record = tokens.apply((issued) => dkimRecord(args.identity, issued[index]));
      return { ...DKIM_RECORD, name: record.name, value: record.value };
    });
    return [...dkim, ...mailFromRecords(args.mailFromDomain, args.region), dmarcAdvice(args.identity)];
  }
}

function validate(name: string, args: MailIdentityArgs): void {
  const problems = new Problems(`Mail identity ${name}`);
  checkIdentity(problems, args.environment, args.identity);
  checkMailFrom(problems, args.identity, args.mailFromDomain);
  checkMailSender(problems, senderArgs(args));
  checkTopic(problems, args.environment, args.eventsTopic);
  problems.throwIfAny();
}

function senderArgs(args: MailIdentityArgs): MailSenderArgs {
  const { environment, accountId, region, iamUser, identity, sender, configurationSet, accessKeyRotation } =
    args;
  return { environment, accountId, region, iamUser, identity, sender, configurationSet, accessKeyRotation };
}
