import { PolicyPack } from "@pulumi/policy";

new PolicyPack("module", { policies: [] });
