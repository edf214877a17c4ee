import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatLock, Lock } from "../../../lib/lock/format";
import { parseLock } from "../../../lib/lock/parse";
import { runCommand } from "../../support/command";
import { entryOf, lockOf } from "../../support/locks";
import { temporaryFolder } from "../../support/programs";

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
const ORDERS = entryOf("orders", 3, daysAgo(90));
const USERS = entryOf("users", 1, daysAgo(40));
const CARTS = entryOf("carts", 2, daysAgo(2));

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder("prune");
  file = join(folder, "backups.lock.json");
  const recovery = lockOf([ORDERS]).stacks.get("recovery")!;
  const other = { with: [], lookups: { "other/q": [USERS[0], ORDERS[0]] }, decisions: {} };
  keep({
    stacks: new Map([
      ["recovery", recovery],
      ["other", other],
    ]),
    entries: new Map([ORDERS, USERS, CARTS]),
  });
});

const keep = (lock: Lock) => writeFileSync(file, formatLock(lock));
const text = () => readFileSync(file, "utf8");
const held = () => {
  const { entries, stacks } = parseLock(text(), "the lock");
  return [
    [...stacks.keys()].sort(),
    [...entries.values()].map(({ query }) => query["instance_id"]),
  ];
};
const prune = (...args: string[]) => runCommand(["lock", "prune", ...args], { cwd: folder });

test("removes what no stack asks any more, however old that is", async () => {
  const { exit, stdout, stderr } = await prune();
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  expect(stdout).toBe(
    `backups.lock.json: 1 lookup removed, 2 left\n  RDS backups of instance carts (answered ${CARTS[1].answered.at}, 2 records)\n`,
  );
  expect(held()).toEqual([["other", "recovery"], expect.arrayContaining(["orders", "users"])]);
});

test("with --stack also a stack, and what it alone asked", async () => {
  const { exit, stdout } = await prune("--stack", "other", "--format", "json");
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ is_dry_run: false, stacks: ["other"], left: 1 });
  expect(held()).toEqual([["recovery"], ["orders"]]);
});

test("with --older-than only what was answered so long ago", async () => {
  await prune("--older-than", "30d", "--stack", "other");
  expect(held()).toEqual([["recovery"], expect.arrayContaining(["orders", "carts"])]);
  await prune("--older-than", "1d");
  expect(held()).toEqual([["recovery"], ["orders"]]);
});

test("says by --dry-run what it would remove, and writes nothing", async () => {
  const before = text();
  const { exit, stdout } = await prune("--dry-run", "--stack", "recovery");
  expect({ exit, stdout }).toEqual({
    exit: 0,
    stdout: expect.stringContaining("1 lookup and 1 stack would be removed, 2 left"),
  });
  expect(text()).toBe(before);
});

test("writes nothing where nothing is to go, be the file formatted by others", async () => {
  await prune();
  const formatted = JSON.stringify(JSON.parse(text()), null, 4);
  writeFileSync(file, formatted);
  expect(await prune()).toMatchObject({
    exit: 0,
    stdout: "backups.lock.json: 0 lookups removed, 2 left\n",
  });
  expect(text()).toBe(formatted);
});

test("removes one from the future, which no age would ever", async () => {
  const future = entryOf("future", 1, "2999-01-01T00:00:00Z");
  keep({ stacks: new Map(), entries: new Map([future]) });
  await prune("--older-than", "0d");
  expect(held()).toEqual([[], ["future"]]);
  await prune();
  expect(held()).toEqual([[], []]);
});

test("refuses a stack that the lock has not, and names the nearest", async () => {
  const before = text();
  const { exit, stderr } = await prune("--stack", "recovry");
  expect({ exit, stderr }).toEqual({
    exit: 1,
    stderr: 'INVALID_ARGUMENT: the lock has no stack "recovry". Did you mean "recovery"?\n',
  });
  expect(text()).toBe(before);
});

test("refuses a lock that was edited", async () => {
  writeFileSync(file, text().replace("orders-1", "orders-9"));
  const before = text();
  expect(await prune()).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining("LOCK_INVALID"),
  });
  expect(text()).toBe(before);
});
