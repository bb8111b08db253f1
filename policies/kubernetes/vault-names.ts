/** Names of Kubernetes objects and keys that speak of Vault's root token, static tokens and unseal keys. */
import { meaningOf, wordsOf } from "../secret-forms/setting-names";

/** Whether an object is called after such a token: `vault-root-token`, `vault-unseal-keys`. */
export function isVaultTokenObject(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? "";
  const bare = /^(?:SECRETS?|CREDENTIALS?|CREDS)$/.test(last) ? words.slice(0, -1) : words;
  return meaningOf(bare.join("_")) === "vault" || (bare.includes("VAULT") && bare.at(-1) === "UNSEAL");
}

/** Whether a key holds such a token: `VAULT_TOKEN`, `root_token`, `unseal_keys_b64`. */
export function isVaultTokenKey(key: string): boolean {
  return meaningOf(key) === "vault";
}
