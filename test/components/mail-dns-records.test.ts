/** Proves that the records to publish verify the identity and leave the apex of the domain alone. */
import { describe, expect, test } from "vitest";
import { dkimRecord, dmarcAdvice, mailFromRecords } from "../../components/mail-dns-records";

describe("records to create", () => {
  test("a DKIM record leads from the token below the identity to SES", () => {
    expect(dkimRecord("dev.keybuzz.io", "abc")).toMatchObject({
      purpose: "dkim",
      action: "create",
      name: "abc._domainkey.dev.keybuzz.io",
      type: "CNAME",
      value: "abc.dkim.amazonses.com",
    });
  });

  test("a token that SES has not issued is named as missing, not as undefined", () => {
    const { name, value } = dkimRecord("dev.keybuzz.io", undefined);
    expect(name).toBe("(token-not-issued-yet)._domainkey.dev.keybuzz.io");
    expect(value).not.toContain("undefined");
  });

  test("bounces come back to SES in the region that sent", () => {
    expect(mailFromRecords("bounce.keybuzz.io", "eu-west-1")).toMatchObject([
      { name: "bounce.keybuzz.io", type: "MX", value: "10 feedback-smtp.eu-west-1.amazonses.com" },
      { name: "bounce.keybuzz.io", type: "TXT", value: "v=spf1 include:amazonses.com ~all" },
    ]);
  });
});

test("DMARC is only advised, where a record may be already", () => {
  expect(dmarcAdvice("keybuzz.io")).toMatchObject({
    purpose: "dmarc",
    action: "merge",
    name: "_dmarc.keybuzz.io",
    type: "TXT",
    value: "v=DMARC1; p=none",
  });
});

test("nothing is to be created or merged at the apex, where the SPF record of other senders stands", () => {
  const records = [
    dkimRecord("keybuzz.io", "abc"),
    ...mailFromRecords("bounce.keybuzz.io", "eu-west-1"),
    dmarcAdvice("keybuzz.io"),
  ];
  expect(records.map((record) => record.name)).not.toContain("keybuzz.io");
  expect(records.every((record) => record.note.endsWith("."))).toBe(true);
});
