/** Throws at resources that say so, later for those that come first. */
const { setTimeout: sleep } = require("node:timers/promises");
const { PolicyPack } = require("@pulumi/policy");

new PolicyPack("throws", {
  policies: [
    {
      name: "sometimes",
      description: "Sometimes throws.",
      validateResource: async ({ props, name }, report) => {
        await sleep(props.wait ?? 0);
        if (props.dies) process.kill(process.pid, "SIGKILL");
        if (props.exits) {
          console.error(`leaving because of ${name}`);
          process.exit(7);
        }
        if (props.hangs) await sleep(1e9);
        if (props.throws) throw new TypeError(`it broke at ${name} with ${props.password}`);
        report(`judged ${name}`);
      },
    },
  ],
});
