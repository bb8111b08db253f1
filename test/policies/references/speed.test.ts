/** Long and hostile texts take time in proportion to their length, and what is kept of texts is bounded. */
import { describe, expect, it } from "vitest";
import { namesIn } from "../../../policies/references/text";

const LENGTH = 200_000;
const fill = (part: string): string => part.repeat(Math.ceil(LENGTH / part.length)).slice(0, LENGTH);

const hostile = [
  " ",
  "a",
  "-",
  ":",
  "a.",
  "a/",
  "a:",
  "a://",
  "https:",
  "https://a@",
  "host='",
  "host=' ",
  "user = ",
  "%25",
  "a%3A%2F%2F",
  '"',
  '{"',
  "[[",
  "x: \n",
  "x=y ",
  "x='",
  "$(A)",
  "-d a ",
  "psql ",
  "<a@",
  "arn:aws:iam::1:user/",
  "system:serviceaccount:",
  "QUJD",
  "QUJDREVGR0hJSktM\n",
  "{{",
];

describe("a text", () => {
  it.each(hostile)("of 200,000 characters of %j is read in proportion to its length", (part) => {
    const text = fill(part);
    const time = (given: string): number => {
      const start = process.cpuUsage();
      namesIn(`${given}!`);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    };
    // Four times the length in four times the time is 4; in proportion to the square it is 16.
    const [short, long] = [time(text.slice(0, LENGTH / 4)), time(text)];
    expect(long, `${short} ms, then ${long} ms`).toBeLessThan(Math.max(9 * short, 600));
  });

  it("leaves no more behind than is worth keeping", () => {
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 60_000; index += 1)
      namesIn(`https://host-${index}.example.org/${"x".repeat(300)}`);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150_000_000);
  });
});
