/**
 * What becomes of sent mail: a configuration set that every message of an environment goes through, and an SNS
 * topic to which it reports the messages that failed.
 *
 * - Only SES, for this one configuration set of this one account, may publish to the topic. The policy is an
 *   argument of the topic, not a resource beside it, so that neither is ever deployed without the other.
 * - Addresses that bounced or complained are not written to again.
 * - Whether the set may send at all is left undeclared. SES stops a set whose reputation falls, and an `up`
 *   must not start it again.
 * - Nobody is subscribed: who reads the topic is decided where the alerts are.
 */
import * as sesv2 from "@pulumi/aws/sesv2";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { type Environment, environmentTags } from "./handles";
import { type AwsPlace, arn, checkConfigurationSet, checkPlace, checkTopic } from "./mail-rules";
import { Problems } from "./problems";

export interface MailEventsArgs extends AwsPlace {
  /** The environment that sends. Its name must be a part of both names. */
  readonly environment: Environment;
  /** Name of the configuration set: `keybuzz-dev`. Changing it replaces the set and its event destination. */
  readonly configurationSet: string;
  /** Name of the topic, and of the event destination that leads to it. Changing it replaces both. */
  readonly eventsTopic: string;
}

/** A configuration set with its failed mail reported to an SNS topic. */
export class MailEvents extends pulumi.ComponentResource {
  /** Name of the configuration set: what the worker names when it sends. */
  readonly configurationSet: string;
  /** ARN of the topic: what an alert subscribes to. */
  readonly topicArn: string;
  /** What must stand before an identity can use the configuration set. */
  readonly resources: pulumi.Resource[];

  constructor(name: string, args: MailEventsArgs, opts?: pulumi.ComponentResourceOptions) {
    const problems = new Problems(`Mail events ${name}`);
    checkMailEvents(problems, args);
    problems.throwIfAny();
    super("keybuzz:aws:MailEvents", name, { ...args }, opts);

    this.configurationSet = args.configurationSet;
    this.topicArn = arn(args, "sns", args.eventsTopic);
    const set = this.sendThroughConfigurationSet(name, args);
    const topic = this.openTopicForSes(name, args);
    this.reportFailures(name, args, [set, topic]);
    this.resources = [set];
    this.registerOutputs({ configurationSet: this.configurationSet, topicArn: this.topicArn });
  }

  private sendThroughConfigurationSet(name: string, args: MailEventsArgs): sesv2.ConfigurationSet {
    return new sesv2.ConfigurationSet(
      `${name}-configuration-set`,
      {
        configurationSetName: args.configurationSet,
        region: args.region,
        reputationOptions: { reputationMetricsEnabled: true },
        suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
        tags: environmentTags(args.environment),
      },
      { parent: this },
    );
  }

  private openTopicForSes(name: string, args: MailEventsArgs): sns.Topic {
    return new sns.Topic(
      `${name}-topic`,
      {
        name: args.eventsTopic,
        region: args.region,
        policy: topicPolicy(args, this.topicArn),
        tags: environmentTags(args.environment),
      },
      { parent: this },
    );
  }

  private reportFailures(name: string, args: MailEventsArgs, dependsOn: pulumi.Resource[]): void {
    new sesv2.ConfigurationSetEventDestination(
      `${name}-destination`,
      {
        configurationSetName: args.configurationSet,
        eventDestinationName: args.eventsTopic,
        region: args.region,
        eventDestination: {
          enabled: true,
          matchingEventTypes: ["BOUNCE", "COMPLAINT", "DELIVERY_DELAY", "REJECT"],
          snsDestination: { topicArn: this.topicArn },
        },
      },
      { parent: this, dependsOn },
    );
  }
}

/** Notes what is wrong with the arguments. */
function checkMailEvents(problems: Problems, args: MailEventsArgs): void {
  checkPlace(problems, args);
  checkConfigurationSet(problems, args.environment, args.configurationSet);
  checkTopic(problems, args.environment, args.eventsTopic);
}

function topicPolicy(args: MailEventsArgs, topicArn: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReportsOfThisConfigurationSetOnly",
        Effect: "Allow",
        Principal: { Service: "ses.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: {
          StringEquals: {
            "aws:SourceAccount": args.accountId,
            "aws:SourceArn": arn(args, "ses", `configuration-set/${args.configurationSet}`),
          },
        },
      },
    ],
  });
}
