import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FIND_PROJECT, inCustomPolicies, policyFor } from "../../lib/services/policy";
import { SERVICES } from "../../lib/services/registry";

const FOLDER = join(__dirname, "..", "..", "docs", "policies");
const CONNECTING = readFileSync(join(FOLDER, "..", "connecting.md"), "utf8");
const APIS = Object.values(SERVICES);

const POLICIES: { readonly [file: string]: readonly string[] } = {
  "backups.json": APIS.flatMap(({ lists }) => Object.values(lists).flatMap(inCustomPolicies)),
  "instances.json": APIS.flatMap(({ instances }) => [
    ...inCustomPolicies(instances),
    ...(instances.detail ? inCustomPolicies(instances.detail) : []),
  ]),
  // IAM is a global service, and a policy is of global services or of those of projects.
  "project.json": [FIND_PROJECT],
};

function document(actions: readonly string[]): string {
  return `${JSON.stringify(policyFor(actions), undefined, 2)}\n`;
}

describe("docs/policies", () => {
  test("are what the lists ask for; `UPDATE_POLICIES=1 npx jest test/services/policies.test.ts` writes them", () => {
    if (process.env["UPDATE_POLICIES"]) {
      mkdirSync(FOLDER, { recursive: true });
      for (const [file, actions] of Object.entries(POLICIES)) {
        writeFileSync(join(FOLDER, file), document(actions));
      }
    }
    const written = existsSync(FOLDER)
      ? readdirSync(FOLDER).map((file) => [file, readFileSync(join(FOLDER, file), "utf8")])
      : [];
    const wanted = Object.entries(POLICIES).map(([file, actions]) => [file, document(actions)]);
    if (JSON.stringify(written.sort()) === JSON.stringify(wanted.sort())) return;
    throw new Error(
      "docs/policies is not what the lists ask for. To write it anew: UPDATE_POLICIES=1 npx jest test/services/policies.test.ts",
    );
  });

  test("allow to look, and nothing else", () => {
    const actions = Object.values(POLICIES).flat();
    expect(actions.filter((action) => !/:(list\w*|get\w*)$/.test(action))).toEqual([]);
  });

  test("have the names that the table does not say are of identity policies", () => {
    const identity = [...CONNECTING.matchAll(/\(`([\w:]+)` in identity policies\)/g)];
    const rest = identity.reduce((text, [whole]) => text.replace(whole, ""), CONNECTING);
    const named = rest.match(/(?<=`)[a-z]+:\w+:\w+(?=`)/g) ?? [];
    expect(identity.length).toBeGreaterThan(2);
    expect([...new Set(named)].sort()).toEqual([...new Set(Object.values(POLICIES).flat())].sort());
  });
});
