/** Policies of AWS for cases: the one that the project writes, and what is changed of it. */
import { isMap, type Value } from "../../../../policies/value";
import { resource } from "../../cases";

export const IDENTITY = "arn:aws:ses:eu-west-1:123456789012:identity/keybuzz.io";
export const CONFIGURATION_SET = "arn:aws:ses:eu-west-1:123456789012:configuration-set/keybuzz-prod";

type Parts = Readonly<Record<string, Value>>;

/** The statement by which PROD's user may send. A part that is undefined is left out. */
export function sending(parts: Readonly<Record<string, Value | undefined>> = {}): Parts {
  const all = {
    Sid: "SendAsTheSenderOnly",
    Effect: "Allow",
    Action: ["ses:SendEmail", "ses:SendRawEmail"],
    Resource: [IDENTITY, CONFIGURATION_SET],
    Condition: { StringEquals: { "ses:FromAddress": "noreply@keybuzz.io" } },
    ...parts,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, part]) => (part === undefined ? [] : [[name, part]])),
  );
}

/** A document of one statement or of a list of them. */
export function document(statement: Value): Parts {
  return { Version: "2012-10-17", Statement: statement };
}

/** A policy of PROD's user, given as JSON if it is a map. */
export function userPolicy(policy: Value) {
  return resource("aws:iam/userPolicy:UserPolicy", {
    name: "send-mail",
    user: "keybuzz-ses-prod",
    policy: isMap(policy) ? JSON.stringify(policy) : policy,
  });
}
