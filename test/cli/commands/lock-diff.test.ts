import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LockReview } from "../../../lib";
import { formatLock, Lock } from "../../../lib/lock/format";
import { runCommand } from "../../support/command";
import { entryOf, lockOf, record } from "../../support/locks";
import { describeWith, ENVIRONMENT, temporaryFolder } from "../../support/programs";

const LOCK = "backups.lock.json";
const BEFORE = lockOf([entryOf("orders", 2)], { decisions: { "recovery/target": "backup b1" } });
const AFTER = lockOf([entryOf("orders", 3)], { decisions: { "recovery/target": "backup b2" } });

let folder: string;
beforeEach(() => {
  folder = temporaryFolder("diff");
});

const keep = (lock: Lock | string, name = LOCK) =>
  writeFileSync(join(folder, name), typeof lock === "string" ? lock : formatLock(lock));
const diff = (args: string[] = [], cwd = folder) => runCommand(["lock", "diff", ...args], { cwd });
const git = (...args: string[]) =>
  execFileSync("git", args, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...ENVIRONMENT,
      ...{ GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@example.com" },
      ...{ GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@example.com" },
    },
  }).trim();
const commit = (message: string) => {
  git("add", "-A");
  git("commit", "-qm", message);
};

describe("between two files", () => {
  beforeEach(() => {
    keep(BEFORE, "a.json");
    keep(AFTER, "b.json");
  });

  test("gives the sentences of LockReview, a line each", async () => {
    const { exit, stdout, stderr } = await diff(["a.json", "b.json"]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    const sentences = LockReview.between(formatLock(BEFORE), formatLock(AFTER));
    expect(sentences.length).toBeGreaterThan(2);
    expect(stdout).toBe(`${sentences.join("\n")}\n`);
  });

  test("as JSON, the decisions told apart", async () => {
    const { stdout } = await diff(["a.json", "b.json", "--format", "json"]);
    const { before, after, differences } = JSON.parse(stdout);
    expect([before, after]).toEqual(["a.json", "b.json"]);
    expect(differences[0]).toEqual({
      subject: "recovery/q0, RDS backups of instance orders",
      change: expect.stringMatching(/^new: backup-000002br01 "orders-2"/),
      is_decision: false,
    });
    expect(differences.at(-1)).toEqual({
      subject: "recovery/target",
      change: "decides backup b2, before backup b1",
      is_decision: true,
    });
  });

  test("as Markdown for a merge request, by whom it is about", async () => {
    const { stdout } = await diff(["a.json", "b.json", "--format", "markdown"]);
    const [first, , subject, , ...rest] = stdout.split("\n");
    expect(first).toBe("Differences between a.json and b.json:");
    expect(subject).toBe("**recovery/q0, RDS backups of instance orders**");
    expect(rest[0]).toMatch(/^- new: backup-000002br01/);
    expect(stdout).toMatch(
      /\n\n\*\*Decisions\*\*\n\n- recovery\/target decides backup b2, before backup b1\n$/,
    );
  });

  test("says where there is no difference", async () => {
    for (const format of ["text", "markdown"]) {
      const { exit, stdout } = await diff(["a.json", "./a.json", "--format", format]);
      expect({ exit, stdout }).toEqual({
        exit: 0,
        stdout: "No difference between a.json and ./a.json.\n",
      });
    }
    const { exit } = await diff(["a.json", "a.json", "--fail-on", "change"]);
    expect(exit).toBe(0);
  });

  test("ends with 2 where --fail-on says so", async () => {
    expect(await diff(["a.json", "b.json", "--fail-on", "change"])).toMatchObject({ exit: 2 });
    expect(await diff(["a.json", "b.json", "--fail-on", "decision"])).toMatchObject({ exit: 2 });
    keep(lockOf([entryOf("orders", 3)], { decisions: { "recovery/target": "backup b1" } }), "c");
    expect(await diff(["a.json", "c", "--fail-on", "decision"])).toMatchObject({ exit: 0 });
    expect(await diff(["a.json", "c", "--fail-on", "change"])).toMatchObject({ exit: 2 });
    expect(await diff(["a.json", "b.json", "--fail-on", "error"])).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("Allowed: change, decision."),
    });
  });

  test("takes nothing of a lock for markup", async () => {
    const hostile = { ...record(0, 7), name: "<b>@all [x](http://y)\n# |`" };
    keep(lockOf([entryOf("orders", [...[0, 1].map((i) => record(0, i)), hostile])]), "c.json");
    const { stdout } = await diff(["a.json", "c.json", "--format", "markdown"]);
    expect(stdout).toContain("&lt;b&gt;@&#8203;all \\[x\\]\\(http:&#8203;//y\\) \\#&#8203; \\|\\`");
  });

  test("refuses one that was edited", async () => {
    keep(formatLock(AFTER).replace("orders-1", "orders-9"), "b.json");
    expect(await diff(["a.json", "b.json"])).toMatchObject({
      ...{ exit: 1, stdout: "" },
      stderr: expect.stringContaining("LOCK_INVALID: b.json, line"),
    });
  });

  test("outside a repository says that a revision is none", async () => {
    keep(AFTER);
    for (const args of [[], ["main"], ["a.json", "v1.2"]]) {
      expect(await diff(args)).toMatchObject({
        ...{ exit: 1, stdout: "" },
        stderr: expect.stringMatching(/^REVISION_UNREADABLE: .* is in no git repository/),
      });
    }
  });
});

describeWith(["git"], "between revisions", () => {
  beforeEach(() => {
    git("init", "-q");
    keep("nothing", "README.md");
    commit("empty");
    keep(BEFORE);
    commit("before");
    keep(AFTER);
  });
  const sentences = `${LockReview.between(formatLock(BEFORE), formatLock(AFTER)).join("\n")}\n`;

  test("compares what is committed last with the file as it is, where nothing is given", async () => {
    expect(await diff()).toEqual({ exit: 0, stderr: "", stdout: sentences });
  });

  test("compares a revision with the file as it is, and two with each other", async () => {
    commit("after");
    git("tag", "v1.2");
    git("branch", "side", "HEAD~1");
    expect(await diff()).toMatchObject({ stdout: expect.stringContaining("No difference") });
    for (const args of [["HEAD~1"], ["side", "v1.2"], ["side", LOCK], [":/before", "HEAD"]]) {
      expect(await diff(args)).toMatchObject({ exit: 0, stdout: sentences });
    }
  });

  test("finds the lock in a folder of the repository, by its own name", async () => {
    const below = join(folder, "deep", "er");
    mkdirSync(below, { recursive: true });
    writeFileSync(join(below, "own.lock.json"), formatLock(BEFORE));
    commit("deep");
    writeFileSync(join(below, "own.lock.json"), formatLock(AFTER));
    expect(await diff(["--file", "own.lock.json"], below)).toMatchObject({ stdout: sentences });
    expect(await diff(["--file", "deep/er/own.lock.json"])).toMatchObject({ stdout: sentences });
  });

  test("reads what was committed, not what git would make of it", async () => {
    writeFileSync(join(folder, ".gitattributes"), `${LOCK} diff=shout\n`);
    git("config", "diff.shout.textconv", `touch ${join(folder, "ran")}; cat`);
    commit("attributes");
    expect(await diff(["HEAD~1"])).toMatchObject({ exit: 0, stdout: sentences });
    expect(() => readFileSync(join(folder, "ran"))).toThrow("ENOENT");
  });

  test("says that a revision has no such file, and that there is no such revision", async () => {
    expect(await diff(["HEAD~1"])).toEqual({
      ...{ exit: 1, stdout: "" },
      stderr: `REVISION_UNREADABLE: the revision "HEAD~1" has no ${LOCK}. Give a revision in which it was committed, by this name, or another file by --file.\n`,
    });
    for (const revision of ["nobody", `HEAD:${LOCK}`, "HEAD^{tree}", "HEAD..HEAD"]) {
      expect(await diff([revision])).toMatchObject({
        ...{ exit: 1, stdout: "" },
        stderr: expect.stringContaining("is neither a file nor a revision of the git repository"),
      });
    }
  });

  test("takes no revision for an option of git or for a command", async () => {
    const written = join(folder, "written");
    for (const revision of [`--output=${written}`, "-h", "^HEAD", "", "HEAD\n"]) {
      expect(await diff(["--", revision])).toMatchObject({
        ...{ exit: 1, stdout: "" },
        stderr: expect.stringMatching(/^INVALID_ARGUMENT: .* is neither a file nor a revision/),
      });
    }
    expect(await diff([`$(touch ${written})`])).toMatchObject({ exit: 1 });
    expect(() => readFileSync(written)).toThrow("ENOENT");
  });

  test("says that git is missing", async () => {
    const { exit, stderr } = await runCommand(["lock", "diff"], {
      cwd: folder,
      env: { PATH: temporaryFolder("nothing") },
    });
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining("REVISION_UNREADABLE: git can't be run there"),
    });
  });
});
