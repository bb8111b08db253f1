/**
 * Uses, one after the other, what KeyBuzz's own program leaves aside. Every line is there because an engine can
 * get it wrong; nothing of it is ever deployed.
 */
import * as pulumi from "@pulumi/pulumi";
import { declareBuiltins } from "./builtins";
import { declareComponents } from "./components";
import { declareFiles } from "./files";
import { declareOptions } from "./options";
import { declareProviders } from "./providers";
import { declareReads } from "./reads";
import { declareSecrets } from "./secrets";
import { declareValues } from "./values";

export = async () => {
  await pulumi.log.warn("a warning about the whole stack");
  await pulumi.log.info(
    "a note about one resource",
    new pulumi.ComponentResource("sampler:index:Noted", "noted"),
  );
  console.log("printed\nin two lines");
  console.error("printed as an error");
  const providers = declareProviders();
  return {
    ...(await declareValues()),
    builtins: declareBuiltins(),
    components: declareComponents(providers),
    files: declareFiles(),
    options: declareOptions(),
    reads: declareReads(providers),
    secrets: declareSecrets(),
  };
};
