"use strict";
/**
 * Makes the result of a provider function unknown, whatever member a program asks for. The protocol can say so
 * only since 3.259; older SDKs take a missing member for a known `undefined`, and no version can express it in
 * the form that returns a promise. The monitor answers with one key that nothing else uses; where the SDK unpacks
 * such an answer, the program gets an object of which every member is unknown.
 */
/** Key of an answer of which nothing is known; property/unknown-result.ts writes it. */
const UNKNOWN_RESULT = "keybuzz:unknown-result";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Asked for by the language and by promises, not by programs. */
const NOT_MEMBERS = new Set(["then", "toJSON", "toString", "valueOf", "constructor", "hasOwnProperty"]);

/** Patches the SDK's runtime/rpc.js. */
function patchRpc(rpc, require) {
  const { deserializeProperties } = rpc;
  if (typeof deserializeProperties !== "function") return;
  rpc.deserializeProperties = (struct, ...rest) => {
    const properties = deserializeProperties(struct, ...rest);
    return Object.hasOwn(properties, UNKNOWN_RESULT)
      ? unknownMembers(require("../output").unknown)
      : properties;
  };
}

/** An object of which every member, at any depth, is the SDK's unknown value; as text it is the sentinel. */
function unknownMembers(unknown) {
  const isMember = (key) => typeof key === "string" && !NOT_MEMBERS.has(key) && !key.startsWith("__");
  const answer = (target, key) => {
    if (key === Symbol.toPrimitive) return (hint) => (hint === "number" ? Number.NaN : UNKNOWN);
    return isMember(key) ? member : Reflect.get(target, key);
  };
  const member = new Proxy(unknown, { get: answer });
  return new Proxy({ [UNKNOWN_RESULT]: unknown }, { get: answer });
}

module.exports = { patchRpc, unknownMembers };
