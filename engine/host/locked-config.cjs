"use strict";
/**
 * A configuration secret that nobody unlocked reaches the program as a marker, which is text. Where the program
 * reads it as a number, a truth value or a structure, the SDK would refuse the marker; here such a read gives an
 * unknown secret instead, and an unknown value in the forms that return no output.
 */
const { unknownMembers } = require("./unknown-results.cjs");

/** The whole of a marker, as property/locked-secrets.ts makes it. */
const MARKER = /^locked-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d+$/;
const KINDS = ["Boolean", "Number", "Object"];

/** Patches the SDK's config.js. */
function patchConfig(config, require) {
  const methods = config.Config?.prototype;
  for (const verb of ["get", "require"]) {
    for (const kind of KINDS) {
      wrap(methods, `${verb}${kind}`, require, (sdk) => unknownMembers(sdk.unknown));
      wrap(methods, `${verb}Secret${kind}`, require, unknownSecret);
    }
  }
}

function wrap(methods, name, require, answer) {
  const read = methods?.[name];
  if (typeof read !== "function") return;
  methods[name] = function readUnlessLocked(key, ...rest) {
    const text = require("./runtime/config").getConfig(this.fullKey(key));
    return MARKER.test(text ?? "") ? answer(require("./output")) : read.call(this, key, ...rest);
  };
}

function unknownSecret({ Output, unknown }) {
  const [no, yes] = [Promise.resolve(false), Promise.resolve(true)];
  return new Output([], Promise.resolve(unknown), no, yes, Promise.resolve([]));
}

module.exports = { patchConfig };
