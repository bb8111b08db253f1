/** What a program reads is judged by its id. */
import { expect, it } from "vitest";
import { subjectOf } from "../../../cli/check/subject";
import { UNKNOWN } from "../../../policies/value";
import { declare, makeProject } from "../../support/project";

it("gives what is read with its id, and of an unknown one not more than the program says", async () => {
  const declaration = await declare(
    makeProject({
      "index.js": `
        const core = require("@pulumi/kubernetes/core/v1");
        const random = require("@pulumi/random");
        const own = new random.RandomPet("own", {});
        const foreign = core.Secret.get("known", "shop-dev/db");
        core.Secret.get("made-here", own.id);
        core.Secret.get("made-there", foreign.data.apply((data) => data.name));
        const pulumi = require("@pulumi/pulumi");
        new pulumi.StackReference("stack", { name: "organization/trial/prod" });
      `,
    }),
  );
  const { reads, declared } = subjectOf(declaration);
  expect(declaration.outcome).toBe("succeeded");
  expect(Object.fromEntries(reads.map(({ name, id }) => [name, id]))).toEqual({
    known: "shop-dev/db",
    "made-here": UNKNOWN,
    "made-there": UNKNOWN,
    stack: "organization/trial/prod",
  });
  expect(declared.map(({ name }) => name)).toContain("own");
  expect(declared.map(({ name }) => name)).not.toContain("known");
});
