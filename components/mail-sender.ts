/**
 * Who may send: an IAM user that can do one thing, send mail from one address of one identity, and its access
 * keys in two slots.
 *
 * - The policy names the identity and the configuration set by ARNs built from configuration. Taken from the
 *   identity's outputs they would be unknown in a preview, and with them the whole policy.
 * - The key of the present generation is the one handed out. The key before it exists only while the idle slot
 *   is open, so that clients can change over; IAM allows two keys, and there are never more.
 * - The secret key is a secret output. The SMTP password that could be derived from it is not handed out: the
 *   fallback speaks the API.
 */
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { type Environment, environmentTags } from "./handles";
import {
  type AwsPlace,
  arn,
  checkConfigurationSet,
  checkIamUser,
  checkPlace,
  checkSender,
} from "./mail-rules";
import { Problems } from "./problems";
import { checkRotation, type Rotation, slotsOf } from "./rotation";

export interface MailSenderArgs extends AwsPlace {
  /** The environment that sends. Its name must be a part of `iamUser`. */
  readonly environment: Environment;
  /** Name of the IAM user. Changing it makes a new user with a new key; the old one goes when clients changed. */
  readonly iamUser: string;
  /** Domain that the user may send from. */
  readonly identity: string;
  /** The one address that it may send as. An address at `identity`, in lower case. */
  readonly sender: string;
  /** Name of the configuration set that it may send through. */
  readonly configurationSet: string;
  /** Which access key is in use. Raising the generation by one creates the next key. */
  readonly accessKeyRotation: Rotation;
}

/** An access key of the sender: both parts are secret outputs. */
export interface MailAccessKey {
  readonly id: pulumi.Output<string>;
  readonly secret: pulumi.Output<string>;
}

/** An IAM user that may send from one address, and its access keys. */
export class MailSender extends pulumi.ComponentResource {
  /** ARN of the user. */
  readonly userArn: string;
  /** The key to hand out: the one of the present generation. */
  readonly accessKey: MailAccessKey;
  /** What must stand before the key can send. */
  readonly resources: pulumi.Resource[];

  constructor(name: string, args: MailSenderArgs, opts?: pulumi.ComponentResourceOptions) {
    const problems = new Problems(`Mail sender ${name}`);
    checkMailSender(problems, args);
    problems.throwIfAny();
    super("keybuzz:aws:MailSender", name, { ...args }, opts);

    this.userArn = `arn:aws:iam::${args.accountId}:user/${args.iamUser}`;
    const user = this.createUser(name, args);
    const policy = this.allowSending(name, args, user);
    this.keepPreviousKey(name, args, [user, policy]);
    const key = this.createKey(name, args, slotsOf(args.accessKeyRotation).active.generation, [user, policy]);
    this.accessKey = { id: pulumi.secret(key.id), secret: pulumi.secret(key.secret) };
    this.resources = [policy, key];
    this.registerOutputs({ userArn: this.userArn, accessKey: this.accessKey });
  }

  private createUser(name: string, args: MailSenderArgs): iam.User {
    // No forceDestroy: a key that nobody declared is to stop the deletion, not to vanish with it. Renamed in
    // place, the user would keep the key that clients are leaving, under a name that no state knows.
    return new iam.User(
      `${name}-user`,
      { name: args.iamUser, tags: environmentTags(args.environment) },
      { parent: this, replaceOnChanges: ["name"] },
    );
  }

  private allowSending(name: string, args: MailSenderArgs, user: iam.User): iam.UserPolicy {
    // Its name is fixed, so the provider would delete it first: under another user it can stand beside itself.
    return new iam.UserPolicy(
      `${name}-policy`,
      { name: "send-mail", user: args.iamUser, policy: sendingPolicy(args) },
      { parent: this, dependsOn: [user], deleteBeforeReplace: false },
    );
  }

  private keepPreviousKey(name: string, args: MailSenderArgs, dependsOn: pulumi.Resource[]): void {
    const { idle } = slotsOf(args.accessKeyRotation);
    if (idle.open) this.createKey(name, args, idle.generation, dependsOn);
  }

  /** The generation is in the logical name: raising it makes another key instead of replacing this one. */
  private createKey(
    name: string,
    args: MailSenderArgs,
    generation: number,
    dependsOn: pulumi.Resource[],
  ): iam.AccessKey {
    return new iam.AccessKey(
      `${name}-access-key-${generation}`,
      { user: args.iamUser, status: "Active" },
      { parent: this, dependsOn },
    );
  }
}

/** Notes what is wrong with the arguments. */
export function checkMailSender(problems: Problems, args: MailSenderArgs): void {
  checkPlace(problems, args);
  checkIamUser(problems, args.environment, args.iamUser);
  checkSender(problems, args.identity, args.sender);
  checkConfigurationSet(problems, args.environment, args.configurationSet);
  checkRotation(problems, "accessKeyRotation", args.accessKeyRotation);
}

function sendingPolicy(args: MailSenderArgs): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "SendAsTheSenderOnly",
        Effect: "Allow",
        Action: ["ses:SendEmail", "ses:SendRawEmail"],
        Resource: [
          arn(args, "ses", `identity/${args.identity}`),
          arn(args, "ses", `configuration-set/${args.configurationSet}`),
        ],
        Condition: { StringEquals: { "ses:FromAddress": args.sender } },
      },
    ],
  });
}
