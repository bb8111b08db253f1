/**
 * A program before and after an edit, between which everything happens that an `up` can do: creates, updates, both
 * kinds of replacement (one with a dependent that must go first), deletions in order, and objects that are left alone.
 */
import type { Program } from "../deploy/program";

export async function before(p: Program): Promise<void> {
  const own = await p.provider("own", { region: "north" });
  const part = await p.component("part");
  await p.named("kept", { value: "1" }, { parent: part.urn });
  await p.named("grown", { value: "1" }, { parent: part.urn });
  const first = await p.named("first", { name: "first-1", value: "1" });
  await p.named("user", { value: "of first-1" }, { from: { value: [first.urn] } });
  const root = await p.named("root", { value: "1", replaceOn: "1" });
  const bound = await p.named(
    "bound",
    { value: "1", replaceOn: root.outputs.computed ?? null },
    { from: { replaceOn: [root.urn] } },
  );
  await p.named(
    "bound-too",
    { replaceOn: bound.outputs.computed ?? null },
    { from: { replaceOn: [bound.urn] } },
  );
  await p.named("near", { value: "1" }, { dependsOn: [root.urn] });
  const gone = await p.named("gone", { value: "1" });
  await p.named("gone-user", {}, { dependsOn: [gone.urn], provider: `${own.urn}::${own.id}` });
  await p.made("made", { value: "1" });
  await p.made("made-gone", { value: "1" });
  await p.named("left", {}, { retainOnDelete: true });
  await p.value("value", { value: "1" });
}

export async function after(p: Program): Promise<void> {
  const other = await p.provider("other", { region: "south" });
  const part = await p.component("part");
  await p.named("kept", { value: "1" }, { parent: part.urn });
  await p.named("grown", { value: "2" }, { parent: part.urn });
  const first = await p.named("first", { name: "first-2", value: "1" });
  await p.named("user", { value: "of first-2" }, { from: { value: [first.urn] } });
  const root = await p.named("root", { value: "1", replaceOn: "2" });
  const bound = await p.named(
    "bound",
    { value: "1", replaceOn: root.outputs.computed ?? null },
    { from: { replaceOn: [root.urn] } },
  );
  await p.named(
    "bound-too",
    { replaceOn: bound.outputs.computed ?? null },
    { from: { replaceOn: [bound.urn] } },
  );
  await p.named("near", { value: "1" }, { dependsOn: [root.urn] });
  await p.made("made", { value: "2" });
  await p.value("value", { value: "2" });
  const more = await p.component("more", {}, { parent: part.urn });
  const fresh = await p.named("new", { value: "1" }, { parent: more.urn });
  await p.named("new-user", { value: fresh.outputs.token ?? null }, { from: { value: [fresh.urn] } });
  await p.named("elsewhere", {}, { provider: `${other.urn}::${other.id}` });
  await p.outputs({ fresh: fresh.outputs.computed ?? null });
}

/** Objects with ids that nobody knows beforehand. */
export async function madeUp(p: Program): Promise<void> {
  await p.made("one", { value: "1" });
  await p.named("two", { value: "1" });
}

export const programs = { before, after, madeUp } as const;
