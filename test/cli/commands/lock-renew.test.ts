import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BackupEmulator,
  BackupProviderProps,
  BackupService,
  Duration,
  IfInstanceMissing,
  LookupMode,
  RdsBackups,
  RestoreTarget,
} from "../../../lib";
import { formatLock, Lock, LockEntry } from "../../../lib/lock/format";
import { parseLock } from "../../../lib/lock/parse";
import { keyOf } from "../../../lib/query/identity";
import { appOn } from "../../support/app";
import { captured } from "../../support/captured";
import { runCommand, startCommand } from "../../support/command";
import { lockOf } from "../../support/locks";
import { temporaryFolder } from "../../support/programs";

const PROJECT = "0123456789abcdef0123456789abcdef";
const record = (i: number, more: object = {}) => ({
  ...{ id: `b${i}`, name: `night-${i}`, instance_id: "orders", type: "auto", size: i },
  ...{ status: "COMPLETED", begin_time: `2026-01-0${i}T00:00:00+0000` },
  ...{ end_time: `2026-01-0${i}T01:00:00+0000`, ...more },
});

let emulator: BackupEmulator;
let folder: string;
let file: string;

const start = (records: any[] = [record(1), record(2)], projectId = PROJECT) => {
  emulator?.close();
  const lists = { [BackupService.RDS]: records };
  const instances = { [BackupService.RDS]: ["orders", "users"] };
  emulator = BackupEmulator.start({ records: lists, instances, projectId });
};

beforeEach(() => {
  start();
  folder = temporaryFolder("renew");
  file = join(folder, "backups.lock.json");
});
afterEach(() => emulator.close());

/** What a synthesis leaves that asks for two instances, an instance that is not there, and the last days. */
function synthesise(props: BackupProviderProps = {}): void {
  const all = { lockFile: file, mode: LookupMode.LIVE, projectId: PROJECT, ...props };
  const { stack, synth } = appOn(emulator, all);
  const backups = new RdsBackups(stack, "orders", { instanceId: "orders" });
  new RdsBackups(stack, "users", { instanceId: "users", within: Duration.days(7) });
  new RdsBackups(stack, "later", {
    instanceId: "later",
    ifInstanceMissing: IfInstanceMissing.EMPTY,
  });
  new RestoreTarget(stack, "target", { backups });
  captured(() => synth());
}

const text = () => readFileSync(file, "utf8");
const lock = () => parseLock(text(), "the lock");
const entryOf = (label: string): LockEntry =>
  [...lock().entries.values()].find((entry) => entry.label.includes(label))!;
const renew = (args: string[] = [], env = emulator.environment) =>
  runCommand(["lock", "renew", ...args], { cwd: folder, env });

/** With the times that the answers had. */
const timeless = (content: string) =>
  content.replace(/"at":"[^"]+"/g, "").replace(/sha256-\w+/g, "");

test("asks anew for all that the stacks ask, and keeps what they decided", async () => {
  synthesise();
  const before = text();
  const { exit, stdout, stderr } = await renew();
  expect({ exit, stderr }).toEqual({
    exit: 0,
    stderr: expect.stringContaining("note: decisions are as the last synthesis wrote them"),
  });
  expect(stdout).toBe("backups.lock.json: 3 renewed (0 with changes), 0 new, 0 gone\n");
  expect(text()).not.toBe(before);
  expect(timeless(text())).toBe(timeless(before));
});

test("what it wrote is what the synthesis asks for", async () => {
  synthesise();
  await renew();
  const asked = emulator._requests().length;
  const props = { lockFile: file, mode: LookupMode.FROZEN, projectId: PROJECT };
  const { stack } = appOn(emulator, props);
  const query = new RdsBackups(stack, "orders", { instanceId: "orders" });
  expect(query.all.map(({ id }) => id)).toEqual(["b2", "b1"]);
  expect(emulator._requests()).toHaveLength(asked);
});

test("tells what has changed", async () => {
  synthesise();
  start([record(2), record(3)]);
  const { exit, stdout } = await renew();
  expect(exit).toBe(0);
  expect(stdout.split("\n")).toEqual([
    "backups.lock.json: 3 renewed (1 with changes), 0 new, 0 gone",
    expect.stringMatching(/^ {2}stack\/orders, RDS backups of instance orders: gone: b1 /),
    expect.stringMatching(/^ {2}stack\/orders, .*: new: b3 /),
    expect.stringMatching(/the newest restorable backup is b3, before it was b2\.$/),
    "",
  ]);
  expect(
    entryOf("orders")
      .records.all()
      .map(({ id }) => id),
  ).toEqual(["b2", "b3"]);
  // The decision is the program's.
  expect(lock().stacks.get("stack")!.decisions).toEqual({ "stack/target": "backup b2" });
});

test("says of what a stack asks and has no answer to that it asks nothing of it", async () => {
  synthesise();
  const { stack, synth } = appOn(emulator, { lockFile: file, mode: LookupMode.LIVE });
  const backups = new RdsBackups(stack, "orders", { instanceId: "orders" });
  new RdsBackups(stack, "users", { instanceId: "users" });
  new RestoreTarget(stack, "target", { backups, maxAge: Duration.hours(1) });
  expect(() => captured(() => synth())).toThrow("BACKUP_NOT_GOOD_ENOUGH");
  const { exit, stderr, stdout } = await renew(["--take-over"]);
  expect(stdout).toContain("1 renewed");
  expect(stderr).toContain(
    "note: stack asks 1 lookup that the lock has no answer to; only a synthesis asks anew",
  );
  expect(exit).toBe(0);
});

test("of one question alone, by its label, its key or its construct", async () => {
  synthesise();
  const { label, query } = entryOf("orders");
  for (const only of [label, keyOf(query), "stack/ord*"]) {
    const asked = emulator._requests().length;
    const { exit, stdout } = await renew(["--only", only, "--format", "json"]);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout).renewed).toMatchObject([{ label, records: 2 }]);
    const lists = emulator
      ._requests()
      .slice(asked)
      .filter(({ service }) => service === "rds");
    expect(lists).toHaveLength(1);
  }
});

test("refuses what matches nothing, before anybody is asked", async () => {
  synthesise();
  const asked = emulator._requests().length;
  const { exit, stderr } = await renew(["--only", "nothing*"]);
  expect({ exit, stderr }).toEqual({
    exit: 1,
    stderr: expect.stringContaining('INVALID_ARGUMENT: --only "nothing*"'),
  });
  expect(emulator._requests()).toHaveLength(asked);
});

test("keeps the old answer of an instance that is gone, renews the others, and ends with 3", async () => {
  synthesise();
  emulator.close();
  emulator = BackupEmulator.start({
    records: {
      [BackupService.RDS]: [record(3)].map((each) => ({ ...each, instance_id: "users" })),
    },
    projectId: PROJECT,
  });
  const before = entryOf("orders");
  const { exit, stdout, stderr } = await renew();
  expect(exit).toBe(3);
  expect(stdout).toContain("2 renewed (");
  expect(stdout).toContain("1 could not be asked: the old answers stay");
  expect(stderr).toContain("INSTANCE_NOT_FOUND");
  expect(stderr).toContain("construct: stack/orders");
  expect(entryOf("orders").answered).toEqual(before.answered);
});

test("takes an instance that is there by now for what it is", async () => {
  synthesise();
  expect(entryOf("later").missing).toBeDefined();
  start([record(1), record(2), record(3, { instance_id: "later" })]);
  const { exit, stdout } = await renew(["--only", "stack/later"]);
  expect({ exit, stdout }).toEqual({
    exit: 0,
    stdout: expect.stringContaining("the service knows of it now"),
  });
  expect(entryOf("later")).toMatchObject({ missing: undefined, label: expect.any(String) });
});

test("writes nothing where nobody answers", async () => {
  synthesise();
  const before = text();
  const env = emulator.environment;
  emulator.close();
  const { exit, stdout, stderr } = await renew(["--timeout", "20s"], env);
  expect({ exit, stdout }).toEqual({
    exit: 3,
    stdout: expect.stringContaining("nothing was renewed"),
  });
  expect(stderr).toContain("UNREACHABLE");
  expect(text()).toBe(before);
  start();
});

describe("where another would answer", () => {
  const another = "ffffffffffffffffffffffffffffffff";

  test("refuses a project that the environment names, before anybody is asked", async () => {
    synthesise({ projectId: undefined });
    const before = text();
    const asked = emulator._requests().length;
    const { exit, stderr } = await renew([], {
      ...emulator.environment,
      HW_PROJECT_ID: another,
    });
    expect(exit).toBe(1);
    expect(stderr).toContain("LOCK_OF_ANOTHER_PROJECT: 3 answers of the lock would be of another:");
    expect(stderr).toContain(`by the project ${PROJECT}, and now it would be by ${another}`);
    expect(emulator._requests()).toHaveLength(asked);
    expect(text()).toBe(before);
  });

  test("refuses a project that only the answer tells, and writes nothing", async () => {
    synthesise({ projectId: undefined });
    const before = text();
    start(undefined, another);
    const { exit, stdout, stderr } = await renew();
    expect({ exit, stdout }).toEqual({
      exit: 3,
      stdout: "backups.lock.json: nothing was renewed\n",
    });
    expect(stderr).toContain("LOCK_OF_ANOTHER_PROJECT");
    expect(text()).toBe(before);
  });

  test("takes it where it is told to", async () => {
    synthesise({ projectId: undefined });
    start(undefined, another);
    const { exit, stdout } = await renew(["--take-over"]);
    expect({ exit, stdout }).toEqual({
      exit: 0,
      stdout: expect.stringContaining(`the answer is of another: of project ${another}`),
    });
    expect(entryOf("orders").answered.project_id).toBe(another);
  });

  test("refuses another host, and sends nothing to one that a lock names", async () => {
    synthesise();
    const entries = [...lock().entries].map(([key, entry]): [string, LockEntry] => {
      return [key, { ...entry, answered: { ...entry.answered, host: "rds.evil.example" } }];
    });
    writeFileSync(file, written(entries));
    const asked = emulator._requests().length;
    const { exit, stderr } = await renew();
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining("LOCK_OF_ANOTHER_HOST"),
    });
    expect(stderr).toContain("by the host rds.evil.example, and now it would be by 127.0.0.1");
    expect(emulator._requests()).toHaveLength(asked);
  });
});

/** The lock with other answers, each as if this library had written it. */
function written(entries: [string, LockEntry][]): string {
  const { stacks } = lock();
  const whole = entries.map(([key, { asRead: _, records, ...entry }]): [string, LockEntry] => {
    return [key, { ...entry, records }];
  });
  return formatLock({ stacks, entries: new Map(whole) });
}

describe("a lock of somebody else", () => {
  /** One question more, of a stack. */
  function withQuery(query: LockEntry["query"]): string {
    const [, former] = [...lock().entries][0]!;
    const key = keyOf(query);
    const { label, answered, records } = former;
    const forged: Lock = lockOf([[key, { label, query, answered, records }]]);
    return formatLock(forged);
  }

  test.each([
    ["a filter that this version does not know", { engine_age: "7" }],
    ["another question under the key", { list: "nothing" }],
  ])("that asks by %s is not asked as something else", async (_what, more) => {
    synthesise();
    const content = withQuery({ ...entryOf("orders").query, ...more });
    writeFileSync(file, content);
    const asked = emulator._requests().length;
    const { exit, stderr } = await renew();
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("LOCK_TOO_NEW") });
    expect(emulator._requests()).toHaveLength(asked);
    expect(text()).toBe(content);
  });

  test("whose region or project is none sends nothing", async () => {
    synthesise();
    for (const [name, value] of [
      ["region", "evil.example/"],
      ["project_id", "../p"],
    ] as const) {
      writeFileSync(file, withQuery({ ...entryOf("orders").query, [name]: value }));
      const asked = emulator._requests().length;
      const { exit, stderr } = await renew();
      expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringMatching(/^INVALID_/) });
      expect(emulator._requests()).toHaveLength(asked);
      synthesise();
    }
  });

  test("that was edited is refused whole", async () => {
    synthesise();
    writeFileSync(file, text().replace('"b1"', '"b9"'));
    const before = text();
    const { exit, stderr } = await renew();
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("LOCK_INVALID") });
    expect(text()).toBe(before);
  });
});

test("Ctrl-C leaves the lock as it was, and ends with 130", async () => {
  synthesise();
  const before = text();
  const env = emulator.environment;
  emulator.fault({ service: BackupService.RDS, hang: true, times: -1 });
  const asked = emulator._requests().length;
  const { child, ended } = startCommand(["lock", "renew"], { cwd: folder, env });
  while (emulator._requests().length === asked) await new Promise((next) => setTimeout(next, 20));
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ exit: 130, stdout: "" });
  expect(text()).toBe(before);
});
