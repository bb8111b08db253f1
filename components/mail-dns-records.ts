/**
 * The DNS records of a mail identity, as plain data: what to publish so that its mail is trusted, and what to
 * leave alone. Pure: nothing here is a resource, since the zone is kept elsewhere and by hand.
 *
 * Everything to create stands on names that only this identity uses. The apex itself gets nothing: it needs no
 * SPF entry for SES, because receivers check SPF against the MAIL FROM domain, and a second SPF record, or one
 * written over the present one, would break the mail that already leaves from there.
 */

/** What one record is for. */
export type DnsRecordPurpose = "dkim" | "mail-from-mx" | "mail-from-spf" | "dmarc";

/** One DNS record that an operator publishes in the zone of the identity. */
export interface DnsRecord<Text = string> {
  readonly purpose: DnsRecordPurpose;
  /**
   * `create`: the name is the identity's alone, the record is published as it is. `merge`: the name may carry a
   * record already; that one stays and at most takes over what is missing. Never replace it.
   */
  readonly action: "create" | "merge";
  /** Fully qualified, without a final dot. */
  readonly name: Text;
  readonly type: "CNAME" | "MX" | "TXT";
  /** As it goes into the zone; a TXT value without its quotes, an MX value with its preference. */
  readonly value: Text;
  /** What an operator must know before publishing it. */
  readonly note: string;
}

/** Easy DKIM has always three keys: one signs, the others are for the change of keys. */
export const DKIM_RECORDS = 3;

/** One of the three DKIM records. A token that SES has not issued yet is named as such. */
export function dkimRecord(identity: string, token: string | undefined): DnsRecord {
  const label = token ?? "(token-not-issued-yet)";
  return {
    ...DKIM_RECORD,
    name: `${label}._domainkey.${identity}`,
    value: `${label}.dkim.amazonses.com`,
  };
}

/** What is known of a DKIM record before SES has issued its token. */
export const DKIM_RECORD = {
  purpose: "dkim",
  action: "create",
  type: "CNAME",
  note: "Proves the identity and signs its mail. All three stay published for as long as the identity lives.",
} as const;

/** MX and SPF of the MAIL FROM domain: bounces come back to SES, and SPF passes for what SES sends. */
export function mailFromRecords(mailFromDomain: string, region: string): DnsRecord[] {
  return [
    {
      purpose: "mail-from-mx",
      action: "create",
      name: mailFromDomain,
      type: "MX",
      value: `10 feedback-smtp.${region}.amazonses.com`,
      note: "The only MX of this name. While it is missing SES sends with a MAIL FROM domain of its own.",
    },
    {
      purpose: "mail-from-spf",
      action: "create",
      name: mailFromDomain,
      type: "TXT",
      value: "v=spf1 include:amazonses.com ~all",
      note: "SPF for SES belongs here, and only here: nothing is added to the SPF record of the identity itself.",
    },
  ];
}

/** A DMARC record to begin with, where there is none. */
export function dmarcAdvice(identity: string): DnsRecord {
  return {
    purpose: "dmarc",
    action: "merge",
    name: `_dmarc.${identity}`,
    type: "TXT",
    value: "v=DMARC1; p=none",
    note:
      "A DMARC record that is already there stays: it serves the other senders of this domain too. " +
      "Mail of SES passes it by DKIM, and by SPF unless it says aspf=s.",
  };
}
