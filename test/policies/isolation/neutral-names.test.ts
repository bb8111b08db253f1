/** What is of one environment goes out of a name, and nothing else does. */
import { describe, expect, it } from "vitest";
import { neutral } from "../../../policies/isolation/neutral-names";

describe("a name without its environment", () => {
  it.each([
    ["keybuzz-api-dev", "dev", "keybuzz-api-*"],
    ["dev-api", "dev", "*-api"],
    ["api-dev.keybuzz.io", "dev", "api-*.keybuzz.io"],
    ["keybuzz_dev_app_a", "dev", "keybuzz_*_app_a"],
    ["keybuzz/DEV/ses", "dev", "keybuzz/*/ses"],
    ["devApi", "dev", "*Api"],
    ["apiDev", "dev", "api*"],
    ["api-prod", "production", "api-*"],
    ["api-eu-prod", "eu-prod", "api-*"],
    ["api_eu_prod", "eu-prod", "api_*"],
    ["device-devices", "dev", "device-devices"],
    ["my-dev2", "dev", "my-dev2"],
    ["a.b", "-", "a.b"],
    ["reproduce", "prod", "reproduce"],
  ])("%s of %s is %s", (name, environment, want) => {
    expect(neutral(name, environment)).toBe(want);
  });
});
