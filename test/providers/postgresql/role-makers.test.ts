/**
 * A login that is no superuser and makes roles: PostgreSQL 16 and newer give it the right to pass on what it made,
 * which no declared membership takes from it, nor is taken for one.
 */
import { beforeAll, expect, it } from "vitest";
import type { Provider } from "../../../engine/provider/provider";
import { useServer } from "../../support/postgres";
import { Life } from "../../support/providers";

const context = useServer();

const deployer = () =>
  context.server.provider({ username: "deployer", password: "deployer", superuser: "false" });

const roles = (provider: Provider) => new Life(provider, "postgresql:index/role:Role");
const memberships = (provider: Provider) => new Life(provider, "postgresql:index/grantRole:GrantRole");

/** What the deployer holds of a role, row by row. */
function rows(role: string): Promise<unknown[]> {
  return context.server.sql(
    `SELECT admin_option AS admin, inherit_option AS inherit, set_option AS set, pg_get_userbyid(grantor) AS by
       FROM pg_auth_members WHERE member = 'deployer'::regrole AND roleid = '${role}'::regrole ORDER BY 4`,
  );
}

const MAKERS = { admin: true, inherit: false, set: false, by: "postgres" };
const OWN = { admin: false, inherit: true, set: true, by: "deployer" };

beforeAll(async () => {
  await context.server.sql("CREATE ROLE deployer LOGIN CREATEROLE CREATEDB PASSWORD 'deployer'");
});

it.each([
  ["itself", false, deployer],
  ["itself", true, deployer],
  ["a superuser", false, () => context.server.provider()],
  ["a superuser", true, () => context.server.provider()],
])(
  "becomes a member of what it made by a GrantRole of %s, with admin option %s, and keeps its right when that goes",
  async (by, withAdminOption, provider) => {
    const role = `made ${by} ${withAdminOption}`;
    const made = await roles(await deployer()).create({ name: role });
    const life = memberships(await provider());
    const given = { role: "deployer", grantRole: role, withAdminOption };
    expect(await rows(`"${role}"`)).toEqual([MAKERS]);
    const membership = await life.create(given);
    expect(await rows(`"${role}"`)).toEqual([OWN, MAKERS]);
    expect(await life.refresh(membership)).toEqual(membership);
    await life.create(given);
    await life.delete(membership);
    expect(await rows(`"${role}"`)).toEqual([MAKERS]);
    expect(await life.refresh(membership)).toBeUndefined();
    await roles(await deployer()).delete(made);
  },
);

it("shows no drift with roles: [], and may still change and drop what it made after its own role is updated", async () => {
  const superuser = roles(await context.server.provider());
  const given = { name: "maker", login: true, createRole: true, roles: [], password: "maker" };
  const made = await superuser.create(given);
  const maker = roles(
    await context.server.provider({ username: "maker", password: "maker", superuser: "false" }),
  );
  const theirs = await maker.create({ name: "by_maker" });
  expect(await superuser.refresh(made)).toEqual(made);
  await superuser.update(made, { ...given, connectionLimit: 7 });
  await maker.delete(await maker.update(theirs, { name: "by_maker", connectionLimit: 4 }));
});
