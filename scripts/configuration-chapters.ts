/** The chapters of docs/configuration.md that no schema can give. */

export const chaptersBefore = `
# Configuration

<!-- Made by scripts/generate-configuration-reference.ts from the schema in config/: change it there. -->

\`Pulumi.<env>.yaml\` is the only place where an environment differs from the others. Its settings are structured
values of the namespace \`keybuzz\`. They are validated as a whole before anything is declared, and every mistake is
reported at once, each with its place, the value seen and what is allowed:

\`\`\`
Pulumi.dev.yaml has 2 mistakes:
Pulumi.dev.yaml:55:17: keybuzz:workloads.api.replicas: "two" is not an integer; allowed: 1 to 50
Pulumi.dev.yaml:93:5: keybuzz:aws.regoin: is an unknown key; allowed: keys accountId, region; did you mean "region"?
\`\`\`

A value that does not come from the file, but from the command line, is reported without a line.

Editors that know YAML schemas check the file while it is written, and explain each key: the first line of the file
names \`config/environment.schema.json\`, which is made from the same definition.

Texts that YAML would read as numbers stand in quotes: \`accountId: "123456789012"\`, \`cpu: "4"\`, \`tag: "1.10"\`.

## Adding an environment

1. Copy the file of the environment that comes closest: \`cp Pulumi.dev.yaml Pulumi.staging.yaml\`. Take out the line
   \`encryptionsalt:\`, if there is one, and every key with \`secure:\`: they belong to the other stack.
2. Give it names of its own: \`environment.name\`, both databases, the namespaces, the hosts, \`vault.prefix\`, the
   mail identity with its sender, MAIL FROM domain and IAM user, the port of the backend, and the client's image. No
   two environments may share one; see [What an environment claims](#what-an-environment-claims).
3. \`npx kb preview staging\` shows what it consists of, without credentials and without changing anything.
4. Write its secrets into Vault below its prefix, or encrypt them into its file (below).
5. \`pulumi stack init staging\`, then \`pulumi preview --stack staging\`.

No code changes.

## Secrets

No secret stands in a structured value. \`keybuzz:secrets\` and \`keybuzz:registry.pullSecret\` say where each comes from:

- \`source: vault\`: an entry below the environment's prefix, written by whoever has the value. It is read at every
  deployment and never written back.
- \`source: generated\`: made at the first deployment. Raising \`generation\` makes a new one.
- \`source: config\`: encrypted in this file, under top-level keys that hold one string each. A secret with one value
  names its key, a secret with several maps each environment variable to a key:

  \`\`\`yaml
  config:
    keybuzz:secrets:
      opsKey: { source: config, key: opsKey }
      smtp: { source: config, keys: { SMTP_USER: smtpUser, SMTP_PASSWORD: smtpPassword } }
    keybuzz:opsKey:
      secure: v1:…
    keybuzz:smtpUser:
      secure: v1:…
    keybuzz:smtpPassword:
      secure: v1:…
  \`\`\`

  \`pulumi config set --secret keybuzz:smtpPassword --stack dev\` asks for the value and writes the encrypted key.
- \`source: none\`: the secret is not needed.

A key that is named and not set, set and not named, or in clear is a mistake. So is \`secure:\` inside a structured
value: Pulumi would decrypt it and leave it in the state in clear.

## Rotating a credential

The application's database login and the mail user's access key have two slots each, so that a new credential is in
use before the old one stops working. \`rotation\` and \`accessKeyRotation\` say which slot is in use.

1. Raise \`generation\` by one and set \`idleSlot: open\`, in one change. The idle slot gets a new credential, consumers
   roll over to it, and the old one still works.
2. When nothing uses the old one any more, set \`idleSlot: closed\`. It stops working.

Raising \`generation\` with \`idleSlot: closed\` would close the credential that running pods still hold.

## Overriding a value once

\`npx kb preview prod --config keybuzz:workloads.api.replicas=3\` lays a value over the file for this preview and saves
nothing. Pulumi's own \`-c\` saves into the file; \`pulumi config set --path keybuzz:workloads.api.replicas 3\` does so
on purpose.
`;

export function chaptersAfter(kinds: readonly string[]): string {
  return `
## What an environment claims

From its configuration follow the names that an environment owns, by kind:
${kinds.map((kind) => `\`${kind}\``).join(", ")}.

A name that one environment claims twice is a mistake in its file. \`npm test\` compares the claims of all files in
the repository, by kind and as whole names, Vault prefixes also by what lies below them: no two environments may share
one.

The databases \`keybuzz\` and \`keybuzz_backend\` and the users \`keybuzz_api_dev\`, \`kb_backend\` and \`v-kubernet-…\` are
legacy: PROD is live on them, so nothing declared may own them or refer to them.
`;
}
