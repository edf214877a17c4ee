import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatLock, Lock } from "../../../lib/lock/format";
import { runCommand } from "../../support/command";
import { entryOf, lockOf } from "../../support/locks";
import { temporaryFolder } from "../../support/programs";

const AS_OF = ["--as-of", "2026-11-21T06:00:00Z"];
const ORDERS = entryOf("orders", 3, "2026-11-21T03:00:00Z");
const USERS = entryOf("users", 1, "2026-11-19T03:00:00Z");

let folder: string;
beforeEach(() => {
  folder = temporaryFolder("status");
});

const keep = (lock: Lock, name = "backups.lock.json") =>
  writeFileSync(join(folder, name), formatLock(lock));
const status = (...args: string[]) => runCommand(["lock", "status", ...args], { cwd: folder });

/** Two answers, of which one stack asks the first alone. */
const partly = (): Lock => {
  const { stacks } = lockOf([ORDERS], { decisions: { "recovery/target": "backup b1" } });
  return { stacks, entries: new Map([ORDERS, USERS]) };
};

test("says what the lock holds, how old it is, whose, and what nobody asks any more", async () => {
  keep(partly());
  const whose = "project p1 (otc, eu-de) at rds.eu-de.otc.t-systems.com";
  expect(await status(...AS_OF)).toEqual({
    exit: 0,
    stderr: "",
    stdout: `backups.lock.json: 1 stack, 2 lookups (1 that no stack asks any more), 4 records, as of 2026-11-21T06:00:00Z
  recovery: 1 lookup, 1 decision

ANSWERED (UTC)           AGE  RECORDS  LOOKUP                          ASKED BY     WHOSE
2026-11-19 03:00  2 days 3 h        1  RDS backups of instance users   nobody       ${whose}
2026-11-21 03:00         3 h        3  RDS backups of instance orders  recovery/q0  ${whose}
`,
  });
});

test("as JSON, with keys that stay", async () => {
  keep(partly());
  const { exit, stdout } = await status(...AS_OF, "--format", "json", "--max-age", "26h");
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    file: "backups.lock.json",
    as_of: "2026-11-21T06:00:00Z",
    findings: [],
    stacks: [
      {
        ...{ id: "recovery", with: [], lookups: [ORDERS[0]], unanswered: [] },
        decisions: { "recovery/target": "backup b1" },
      },
    ],
    lookups: [USERS, ORDERS].map(([key, { answered, label }]) => ({
      ...{ key, label, asked_by: key === ORDERS[0] ? ["recovery/q0"] : [] },
      answered_at: answered.at,
      age_seconds: key === ORDERS[0] ? 10_800 : 183_600,
      is_too_old: key !== ORDERS[0],
      counts_back_from: null,
      ...{ cloud: "otc", region: "eu-de", project_id: "p1" },
      host: "rds.eu-de.otc.t-systems.com",
      missing: null,
      records: key === ORDERS[0] ? 3 : 1,
    })),
  });
});

test("as Markdown, in which nothing that a lock holds is markup", async () => {
  const [key, entry] = ORDERS;
  const label = "<img src=x> [a](http://b) @all | c";
  keep(lockOf([[key, { ...entry, label }]]));
  const { exit, stdout } = await status(...AS_OF, "--format", "markdown");
  expect(exit).toBe(0);
  expect(stdout).toContain(
    "| &lt;img src=x&gt; \\[a\\]\\(http:&#8203;//b\\) @&#8203;all \\| c | recovery/q0 |",
  );
});

describe("with --max-age", () => {
  test("ends with 2 where an answer that a stack uses is older", async () => {
    keep(lockOf([ORDERS, USERS]));
    const { exit, stdout } = await status(...AS_OF, "--max-age", "26h");
    expect(exit).toBe(2);
    expect(stdout).toMatch(
      /\n\nRDS backups of instance users is 2 days 3 h old, not 1 day 2 h at most\n$/,
    );
    expect(await status(...AS_OF, "--max-age", "52h")).toMatchObject({ exit: 0 });
  });

  test("tells an age that is over by little so that it differs from what is allowed", async () => {
    keep(lockOf([ORDERS]));
    const { stdout } = await status("--as-of", "2026-11-21T03:00:01.2Z", "--max-age", "1s");
    expect(stdout).toMatch(/ is 2 s old, not 1 s at most\n$/);
  });

  test("ends with 2 where a stack asks what the lock has no answer to", async () => {
    const { stacks } = lockOf([ORDERS, USERS]);
    keep({ stacks, entries: new Map([ORDERS]) });
    const { exit, stdout } = await status(...AS_OF, "--max-age", "26h");
    expect(exit).toBe(2);
    expect(stdout).toContain("recovery asks 1 lookup that the lock has no answer to");
    expect(await status(...AS_OF)).toMatchObject({ exit: 0, stdout });
  });

  test("takes no answer from the future for a young one", async () => {
    keep(lockOf([ORDERS]));
    const [early, late] = ["2026-11-21T02:00:00Z", "2026-11-21T02:50:00Z"];
    const ended = await status("--as-of", early, "--max-age", "1h");
    expect(ended).toMatchObject({ exit: 2, stdout: expect.stringContaining("from the future") });
    expect(await status("--as-of", late, "--max-age", "1h")).toMatchObject({ exit: 0 });
  });

  test.each([
    ["--max-age", "soon"],
    ["--as-of", "yesterday"],
    ["--format", "csv"],
  ])("refuses %s %s", async (option, value) => {
    keep(partly());
    const ended = await status(option, value);
    expect(ended).toMatchObject({ exit: 1, stdout: "" });
    expect(ended.stderr).toMatch(/^INVALID_ARGUMENT: /);
  });
});

test("finds the lock of the project from a folder below it, and takes another one by its path", async () => {
  keep(partly());
  keep(lockOf([USERS]), "other.lock.json");
  writeFileSync(join(folder, "cdktf.json"), "{}");
  const below = join(folder, "lib", "stacks");
  mkdirSync(below, { recursive: true });
  const found = await runCommand(["lock", "status"], { cwd: below });
  expect(found).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^\.\.\/\.\.\/backups/) });
  const other = await runCommand(["lock", "status", "../../other.lock.json"], { cwd: below });
  expect(other).toMatchObject({ exit: 0, stdout: expect.stringMatching(/: 1 stack, 1 lookup, 1/) });
});

describe("a lock that can't be read ends it with 1 and the lock's own error:", () => {
  const broken: [string, (text: string) => string, string][] = [
    ["cut off", (text) => text.slice(0, -20), "LOCK_INVALID: backups.lock.json, line"],
    ["a record edited", (text) => text.replace("orders-1", "orders-9"), "the lock was edited"],
    ["a time edited", (text) => text.replace("21T03", "21T05"), "the lock was edited"],
    ["of a newer version", (text) => text.replace('n": 1', 'n": 2'), "LOCK_TOO_NEW"],
    ["in a conflict", (text) => `<<<<<<< HEAD\n${text}`, "markers of a merge conflict"],
  ];
  test.each(broken)("%s", async (_what, change, told) => {
    keep(partly());
    const file = join(folder, "backups.lock.json");
    const content = readFileSync(file, "utf8");
    writeFileSync(file, change(content));
    expect(change(content)).not.toBe(content);
    expect(await status()).toEqual({
      ...{ exit: 1, stdout: "" },
      stderr: expect.stringContaining(told),
    });
  });

  test("not there, or a folder", async () => {
    const missing = await status();
    expect(missing).toMatchObject({ exit: 1, stdout: "" });
    expect(missing.stderr).toContain("LOCK_UNREADABLE: backups.lock.json is not there");
    const ended = await status(".");
    expect(ended).toMatchObject({ exit: 1, stderr: expect.stringContaining("it is a directory") });
  });
});

test("shows nothing that would move a terminal's cursor", async () => {
  const [key, entry] = ORDERS;
  const lock = lockOf([[key, { ...entry, label: "a\u001b[2Jb\u202e" }]]);
  keep({ ...lock, stacks: new Map([["st\u001b]0;x\u0007", [...lock.stacks.values()][0]!]]) });
  for (const format of ["text", "json", "markdown"]) {
    const { exit, stdout } = await status("--format", format);
    expect(exit).toBe(0);
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  }
});

test("a command without its own says which there are", async () => {
  expect(await runCommand(["lock"])).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining("renew"),
  });
  const unknown = await runCommand(["lock", "stats"]);
  expect(unknown).toMatchObject({ exit: 1, stderr: expect.stringContaining("status") });
});
