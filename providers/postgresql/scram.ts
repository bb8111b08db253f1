/**
 * Passwords as PostgreSQL keeps them: `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>` (RFC 5803). A
 * password is turned into that form here, so its clear text reaches neither the server's log nor an error; and a
 * stored form is recognised as that of a known password by computing it again.
 */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import saslprep from "@mongodb-js/saslprep";

/** PostgreSQL's default. */
const ITERATIONS = 4096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** No more work is done to recognise a password, whatever a stored form says. */
const MOST_ITERATIONS = 1_000_000;
const SCRAM = /^SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$/;
const MD5 = /^md5[0-9a-f]{32}$/;

/** Whether a program gave a stored form instead of a password; it is then stored as it is. */
export function isVerifier(password: string): boolean {
  return SCRAM.test(password) || MD5.test(password);
}

/** What to store for a password. */
export async function verifierOf(password: string): Promise<string> {
  if (isVerifier(password)) return password;
  return computeVerifier(password, ITERATIONS, randomBytes(SALT_BYTES));
}

/** Whether `stored` is the stored form of a role's password. */
export async function isStoredForm(stored: string, password: string, role: string): Promise<boolean> {
  if (isVerifier(password)) return stored === password;
  if (MD5.test(stored)) {
    return stored === `md5${createHash("md5").update(`${password}${role}`).digest("hex")}`;
  }
  const [, iterations = "", salt = ""] = SCRAM.exec(stored) ?? [];
  if (salt === "" || Number(iterations) > MOST_ITERATIONS) return false;
  const computed = Buffer.from(
    await computeVerifier(password, Number(iterations), Buffer.from(salt, "base64")),
  );
  const given = Buffer.from(stored);
  return computed.length === given.length && timingSafeEqual(computed, given);
}

async function computeVerifier(password: string, iterations: number, salt: Buffer): Promise<string> {
  const salted = await promisify(pbkdf2)(normalised(password), salt, iterations, KEY_BYTES, "sha256");
  const key = (name: string): Buffer => createHmac("sha256", salted).update(name).digest();
  const storedKey = createHash("sha256").update(key("Client Key")).digest("base64");
  const serverKey = key("Server Key").toString("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}

/** SASLprep, as the server and libpq do it: a password with a character that it does not know counts as its bytes. */
function normalised(password: string): string {
  try {
    return saslprep(password);
  } catch {
    return password;
  }
}
