/**
 * postgresql:index/grantRole:GrantRole. One role as a member of another. A membership that is there already is taken
 * over. A replacement deletes first: created first, as the official provider does it, the deletion that follows
 * would end the new membership, which is the same row.
 */
import type { Plain } from "../table/plain";
import type { ResourceType } from "../table/resource-type";
import { onlyReading, roleNames, splits } from "./joined-id";
import { endMembership, grantMembership, isMaker, type Membership, membershipsOf } from "./membership";
import { quoted, refuseName } from "./names";
import type { Place, Server } from "./server";
import type { Session } from "./session";

export const grantRole: ResourceType<Server> = {
  noun: "membership",
  repeatable: () => true,
  table: {
    fields: {
      role: { type: "text", required: true, replaces: true, refuse: refuseName },
      grantRole: { type: "text", required: true, replaces: true, refuse: refuseName },
      withAdminOption: { type: "flag", default: false, replaces: true },
    },
    defaultsStandIn: "inputs",
    deleteBeforeReplace: "always",
    refuse: ({ role, grantRole }) =>
      role === grantRole ? [{ property: "grantRole", reason: "must be another role than role" }] : [],
  },
  identify: (_server, inputs) => idOf(inputs),

  async create(server, inputs) {
    const [member, group] = [inputs.text("role"), inputs.text("grantRole")];
    await server.change(place(member, group), async (session) => {
      const existing = await membership(session, member, group);
      const admin = inputs.flag("withAdminOption");
      if (existing?.admin === admin) return;
      // An admin option that is not wanted goes with the membership.
      if (existing?.admin) await endMembership(session, member, existing);
      await grantMembership(session, member, group, admin);
    });
    return { id: idOf(inputs) };
  },

  async read(server, id, known) {
    const names = known
      ? { member: known.text("role"), group: known.text("grantRole") }
      : await readId(server, id);
    if (names === undefined) return undefined;
    const { member, group } = names;
    return server.read(place(member, group), async (session) => {
      const found = await membership(session, member, group);
      if (found === undefined) return undefined;
      // Whoever made the role may pass it on, whether that is declared or not.
      const isGiven = known?.flag("withAdminOption") === true && (await isMaker(session, member, group));
      const admin = found.admin || isGiven;
      const properties = { role: member, grantRole: group, withAdminOption: admin };
      return { id: joined(member, group, admin), properties };
    });
  },

  async delete(server, { old }) {
    const [member, group] = [old.text("role"), old.text("grantRole")];
    await server.change(place(member, group), async (session) => {
      const existing = await membership(session, member, group);
      if (existing !== undefined) await endMembership(session, member, existing);
    });
  },
};

function place(member: string, group: string): Place {
  return { subject: `membership of ${quoted(member)} in ${quoted(group)}` };
}

function idOf(inputs: Plain): string {
  return joined(inputs.text("role"), inputs.text("grantRole"), inputs.flag("withAdminOption"));
}

function joined(member: string, group: string, admin: boolean): string {
  return [member, group, admin].join("_");
}

async function membership(session: Session, member: string, group: string): Promise<Membership | undefined> {
  return (await membershipsOf(session, member)).find((one) => one.group === group);
}

async function readId(server: Server, id: string): Promise<{ member: string; group: string } | undefined> {
  const names = await server.read({ subject: `membership ${quoted(id)}` }, roleNames);
  const readings = splits(id, names).flatMap(({ name: member, rest }) =>
    splits(rest, names)
      .filter(({ rest: admin }) => admin === "true" || admin === "false")
      .map(({ name: group }) => ({ member, group })),
  );
  return onlyReading(id, "membership", readings);
}
