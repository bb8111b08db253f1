/**
 * Configuration and components may not import one another, and both must know the regions of SES: a region that
 * one takes and the other refuses would be a program error instead of a mistake with a line.
 */
import { expect, it } from "vitest";
import { DKIM_REGIONS } from "../../components/mail-rules";
import { mailRegions } from "../../config/schema/forms";

it("configuration and the mail identity take the same regions", () => {
  expect(DKIM_REGIONS.length).toBeGreaterThan(0);
  expect([...mailRegions].sort()).toEqual([...DKIM_REGIONS].sort());
});
