/** Values that are no secret although they stand under a secret's name. */

/** Nothing, a switch, or a number too short for a password. */
const SWITCH =
  /^(?:|true|false|yes|no|on|off|enabled?|disabled?|none|null|nil|undefined|required|optional|include|omit|same-origin|\d{1,5})$/i;

/** Says where the secret is to be found, in the words of a tool that puts it in. */
const POINTER =
  /^(?:vault:|ref\+|op:\/\/|arn:|awssm:|gcp-?sm:|gcp-secret:|akv:|env:|file:|sops:|secretref:|secret:\/\/|projects\/[^/]+\/secrets\/)/i;
const ENCRYPTED = /^(?:ENC\[|\$ANSIBLE_VAULT|-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)|AgA|vault:v\d+:)/;

/** Made to be stored: what it was made of cannot be had back. */
const HASHED = /^(?:\$2[aby]\$|\$argon2|\$scrypt\$|\$pbkdf2|\$[156]\$|SCRAM-SHA-256\$|\{SSHA)/i;
const DIGEST = /^(?:sha(?:1|256|384|512)[:-][\w+/=-]{20,}|md5:[0-9a-f]{32})$/i;
const PUBLIC_PEM = /^-----BEGIN (?:CERTIFICATE|(?:[A-Z0-9]+ )?PUBLIC KEY|CERTIFICATE REQUEST)-----/;
const PUBLIC_SSH = /^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) /;
/** Publishable, public and site keys: made for browsers. */
const PUBLISHABLE = /^pk_(?:live|test)_\w+$|^pk\.eyJ/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A reference that somebody fills in: `$(NAME)`, `${NAME}`, `{{ name }}`, `<name>`, `%NAME%`. */
const REFERENCE =
  /\$\([\w.-]+\)|\$\{[^}]*\}|\$[A-Z_][A-Z0-9_]*|\{\{[^}]*\}\}|<[\w .-]+>|%[A-Z_]+%|\[(?:redacted|secret|hidden|REDACTED)\]|\*{3,}/g;

/** Whether a value cannot be a secret in clear, whatever it is called. */
export function isHarmless(value: string): boolean {
  return (
    SWITCH.test(value) ||
    isTemplate(value) ||
    isPath(value) ||
    isPlainUrl(value) ||
    [POINTER, ENCRYPTED, HASHED, DIGEST, PUBLIC_PEM, PUBLIC_SSH, PUBLISHABLE].some((form) => form.test(value))
  );
}

/** Whether nothing of it stands there but references. */
export function isTemplate(value: string): boolean {
  const bare = value.replace(/^(?:Bearer|Basic|token)\s+/i, "");
  const rest = bare.replace(REFERENCE, "");
  return rest !== bare && /^[^A-Za-z0-9]*$/.test(rest);
}

/** A file: a secret in base64 may begin with a slash, but then its parts are no words. */
export function isPath(value: string): boolean {
  if (!/^(?:\.{0,2}|~|[A-Za-z]:)[\\/]/.test(value)) return false;
  return value.split(/[\\/]+/).every((part) => /^[\w.@ -]{0,64}$/.test(part) && !isUnbroken(part));
}

/** Longer than words are, or with digits and capitals in their midst. */
function isUnbroken(part: string): boolean {
  return /[A-Za-z0-9]{20}/.test(part) || /\d[A-Z]|[a-z]\d+[a-z]/.test(part);
}

/** A URL whose parts say nothing secret; those are looked at by themselves. */
function isPlainUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s]+$/i.test(value);
}

/** A checksum, whatever it is of: hexadecimal or base64 of a hash's length. */
export function isChecksum(value: string): boolean {
  const bare = value.replace(/^(?:sha\d+|md5)[:-]/i, "");
  return /^(?:[0-9a-f]{7,128}|[\w+/-]{27}=|[\w+/-]{43}=?|[\w+/-]{86}={0,2})$/i.test(bare);
}

/** Identifiers and addresses that look random and are none. */
export function isIdentifier(value: string): boolean {
  return (
    UUID.test(value) ||
    DIGEST.test(value) ||
    /^arn:/.test(value) ||
    /@sha256:[0-9a-f]{64}$/.test(value) ||
    /^[\w.-]+\.(?:com|net|org|io|dev|local|internal|svc|pro|eu|fr|cloud|app)(?::\d+)?(?:\/\S*)?$/i.test(value)
  );
}
