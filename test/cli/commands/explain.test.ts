import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BackupEmulator,
  BackupService,
  ConsistencyGroup,
  Duration,
  RdsBackups,
  RecoveryPolicy,
  RestoreTarget,
  Rule,
  RuleId,
  RuleLevel,
  Unmet,
} from "../../../lib";
import { heldRules } from "../../../lib/restore/rules";
import { appOn } from "../../support/app";
import { captured } from "../../support/captured";
import { runCommand } from "../../support/command";
import { temporaryFolder } from "../../support/programs";

const now = new Date("2026-11-21T04:00:00Z");
const record = (i: number, more: object = {}) => ({
  ...{ id: `b${i}`, name: `night-${i}`, instance_id: "orders", type: "auto", size: i },
  ...{ status: "COMPLETED", begin_time: `2026-11-${i}T00:00:00+0000` },
  ...{ end_time: `2026-11-${i}T01:00:00+0000`, ...more },
});

let emulator: BackupEmulator;
let folder: string;
beforeEach(() => {
  const records = [record(19), record(20, { status: "FAILED" }), record(18)];
  emulator = BackupEmulator.start({ records: { [BackupService.RDS]: records }, now });
  folder = temporaryFolder("explain");
});
afterEach(() => emulator.close());

type Declare = (stack: any, orders: RdsBackups) => void;

/** What a synthesis leaves in the output folder. */
function synthesise(declare: Declare, outdir = join(folder, "cdktf.out")): void {
  mkdirSync(outdir, { recursive: true });
  const { app, stack } = appOn(emulator, { asOf: now }, { outdir, skipValidation: true });
  declare(stack, new RdsBackups(stack, "orders", { instanceId: "orders" }));
  captured(() => app.synth());
}

const explain = (...args: string[]) => runCommand(["explain", ...args], { cwd: folder });
const written = (out = "cdktf.out") => join(folder, out, "stacks", "stack");
const decisionsFile = () => join(written(), "restore-decisions.json");

describe("a decision", () => {
  test("is told as the program tells it", async () => {
    let told = "";
    synthesise((stack, backups) => {
      told = new RestoreTarget(stack, "target", { backups }).decision.toText();
    });
    expect(told).toMatch(/^stack\/target: MET\n/);
    expect(await explain()).toEqual({ exit: 0, stderr: "", stdout: `${told}\n` });
    expect(await explain("stack")).toEqual({ exit: 0, stderr: "", stdout: `${told}\n` });
  });

  test("that is unmet ends it with 2", async () => {
    let told = "";
    synthesise((stack, backups) => {
      const maxAge = Duration.hours(26);
      const target = new RestoreTarget(stack, "target", { backups, maxAge, onUnmet: Unmet.WARN });
      told = target.decision.toText();
    });
    expect(told).toContain("\n  but      it is 2 days 4 h old, more than");
    expect(await explain()).toEqual({ exit: 2, stderr: "", stdout: `${told}\n` });
  });

  test("that is pinned says what the folder saw first, and that today's differs", async () => {
    const pinned: Declare = (stack, backups) => {
      new RestoreTarget(stack, "target", { backups, pin: { epoch: 3 } });
    };
    synthesise(pinned);
    const first = await explain();
    expect(first).toMatchObject({ exit: 0 });
    expect(first.stdout).toMatch(/\n {2}pinned {3}epoch 3 saw b19 first\n$/);
    emulator.close();
    emulator = BackupEmulator.start({ records: { [BackupService.RDS]: [record(21)] }, now });
    synthesise(pinned);
    expect((await explain()).stdout).toMatch(
      /\n {2}pinned {3}epoch 3 saw b19 first, today's choice differs: raise the epoch to take it\n$/,
    );
  });

  test("as JSON is what was written, and as Markdown a table", async () => {
    synthesise((stack, backups) => void new RestoreTarget(stack, "target", { backups }));
    const { stdout } = await explain("--format", "json");
    const content = JSON.parse(readFileSync(decisionsFile(), "utf8"))["stack/target"];
    expect(JSON.parse(stdout)).toEqual({
      output: "cdktf.out",
      stacks: [
        { stack: "stack", explained: [{ path: "stack/target", kind: "decision", content }] },
      ],
    });
    const markdown = (await explain("--format", "markdown")).stdout;
    expect(markdown).toContain("### stack\n\n**stack/target: met**\n\nChosen: b19, because");
    expect(markdown).toContain("| 2026-11-20T00:00:00Z | b20 | has failed |");
  });

  test("of which nothing is known, as the lookup failed, ends it with 3", async () => {
    synthesise((stack, backups) => void new RestoreTarget(stack, "target", { backups }));
    const pinned = { epoch: 1, first_seen: "b1" };
    const content = {
      "stack/target": null,
      "stack/pinned": { pinned },
      "stack/new": { pinned: null },
    };
    writeFileSync(decisionsFile(), JSON.stringify(content));
    const { exit, stdout } = await explain();
    expect({ exit, stdout }).toEqual({
      exit: 3,
      stdout: ["target", "pinned", "new"]
        .map(
          (name) => `stack/${name}: UNKNOWN\n  because  a lookup failed when it was synthesised\n`,
        )
        .join("\n"),
    });
    expect((await explain("--format", "markdown")).stdout).toContain("**stack/target: unknown**");
  });
});

describe("a policy", () => {
  const policy: Declare = (stack, orders) => {
    RecoveryPolicy.suppress(orders, RuleId.COUNT, "known since <b>May</b>");
    const wanted = [Rule.rpo(Duration.hours(26)).withLevel(RuleLevel.WARNING), Rule.count(5)];
    const rules = heldRules(wanted).map((rule) =>
      wanted.includes(rule) ? rule : rule.withLevel(RuleLevel.OFF),
    );
    new RecoveryPolicy(stack, "policy", { queries: [orders], rules });
  };

  test("tells its findings, and which are accepted and why", async () => {
    // One at the level of an error fails the synthesis: of another program it may be there.
    synthesise(policy);
    const content = readFileSync(decisionsFile(), "utf8");
    writeFileSync(decisionsFile(), content.replace('"level": "warning"', '"level": "error"'));
    const { exit, stdout } = await explain();
    expect(exit).toBe(2);
    expect(stdout.split("\n")).toEqual([
      "stack/policy: 1 finding, 1 accepted",
      expect.stringMatching(/^ {2}error {2}rpo: \[stack\/orders\] /),
      expect.stringMatching(/^ {2}accepted {2}count: .* Reason: known since <b>May<\/b>$/),
      "",
    ]);
    const markdown = (await explain("--format", "markdown")).stdout;
    expect(markdown).toContain("| accepted: known since &lt;b&gt;May&lt;/b&gt; | count |");
  });

  test("ends it with 2 for a warning only where --fail-on says so", async () => {
    synthesise(policy);
    expect(await explain()).toMatchObject({ exit: 0 });
    expect(await explain("--fail-on", "warning")).toMatchObject({ exit: 2 });
    expect(await explain("--fail-on", "change")).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("Allowed: error, warning."),
    });
  });
});

test("a group tells its picks, how far apart they are, and what limits it", async () => {
  synthesise((stack, backups) => {
    const members = [{ name: "orders", backups }];
    new ConsistencyGroup(stack, "set", { members });
    const maxAge = Duration.hours(1);
    new ConsistencyGroup(stack, "young", { members, maxAge, onUnmet: Unmet.WARN });
  });
  const { exit, stdout } = await explain();
  expect(exit).toBe(2);
  expect(stdout).toMatch(
    /^stack\/set: MET\n {2}orders: backup b19, as of 2026-11-19T00:00:00Z\n {2}apart {4}0 min\n {2}oldest {3}2 days 4 h old\n {2}limited {2}by orders\n {2}because {2}.*\n\nstack\/young: UNMET\n/,
  );
  expect((await explain("--format", "markdown")).stdout).toContain(
    "| Member | Backup | As of |\n| --- | --- | --- |\n| orders | b19 | 2026-11-19T00:00:00Z |",
  );
});

test("finds the output folder of the project, from below it as well", async () => {
  const target: Declare = (stack, backups) => void new RestoreTarget(stack, "target", { backups });
  synthesise(target, join(folder, "out", "here"));
  expect(await explain("--output-dir", "out/here")).toMatchObject({ exit: 0 });
  expect(await explain("-d", "out/here")).toMatchObject({ exit: 0 });
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ output: "out/here" }));
  const below = join(folder, "lib");
  mkdirSync(below);
  const found = await runCommand(["explain"], { cwd: below });
  expect(found).toMatchObject({ exit: 0, stdout: expect.stringContaining("MET") });
});

test("a stack that is none is an error with the nearest names", async () => {
  synthesise((stack, backups) => void new RestoreTarget(stack, "target", { backups }));
  expect(await explain("stak")).toEqual({
    ...{ exit: 1, stdout: "" },
    stderr: 'INVALID_ARGUMENT: cdktf.out has no stack "stak". Did you mean "stack"?\n',
  });
  expect(await explain("production")).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('It has "stack".'),
  });
});

test("a stack without decisions decides nothing", async () => {
  synthesise(() => undefined);
  expect(await explain()).toEqual({ exit: 0, stderr: "", stdout: "stack: decides nothing\n" });
});

describe("what is not as a synthesis writes it ends it with 1:", () => {
  const manifest = (content: unknown) => {
    const file = join(folder, "cdktf.out", "manifest.json");
    mkdirSync(written(), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  };
  const decisions = (content: unknown) => {
    manifest({ stacks: { stack: { workingDirectory: "stacks/stack" } } });
    writeFileSync(decisionsFile(), typeof content === "string" ? content : JSON.stringify(content));
  };
  const decision = {
    ...{ subject: "stack/t", selection: "the newest", as_of: "2026-11-21T04:00:00Z" },
    ...{ is_met: true, chosen: null, restore_time: null, reason: "r" },
    ...{ shortcomings: [], rejected: [] },
  };
  const refused = async (told: string) =>
    expect(await explain()).toEqual({
      ...{ exit: 1, stdout: "" },
      stderr: expect.stringMatching(new RegExp(`^SYNTHESIS_UNREADABLE: cdktf.out.*${told}`)),
    });

  test("nothing is there", () => refused("manifest.json can't be read: it is not there"));

  test("no manifest", async () => {
    for (const [content, told] of [
      ["{", "it is no JSON"],
      [[], "it has no stacks"],
      [{ stacks: { a: {} } }, "has no folder"],
      [`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`, ""],
    ] as const) {
      manifest(content);
      await refused(told);
    }
  });

  test("a stack's folder that lies elsewhere, by its path or by a link", async () => {
    const secret = temporaryFolder("secret");
    writeFileSync(join(secret, "restore-decisions.json"), JSON.stringify({ "a/b": decision }));
    for (const elsewhere of [secret, "..", "../..", ".", "", "a/../.."]) {
      manifest({ stacks: { a: { workingDirectory: elsewhere } } });
      await refused("is not below it");
    }
    manifest({ stacks: { a: { workingDirectory: "link" } } });
    symlinkSync(secret, join(folder, "cdktf.out", "link"));
    await refused("a link leads out of the folder");
  });

  const wrong: [string, unknown][] = [
    ["a list", []],
    ["a decision that is a number", { "a/b": 7 }],
    ["an object of no kind", { "a/b": {} }],
    ["a time that is none", { "a/b": { ...decision, as_of: "today" } }],
    ["a verdict that is none", { "a/b": { ...decision, is_met: "yes" } }],
    ["a backup without an id", { "a/b": { ...decision, chosen: { name: "n" } } }],
    ["one rejected without a reason", { "a/b": { ...decision, rejected: [{ id: "x" }] } }],
    ["a pin that is none", { "a/b": { ...decision, pinned: { epoch: "1" } } }],
    ["a group of no picks", { "a/b": { is_met: true, picks: [7], reason: "r" } }],
    ["a finding of no level", { "a/b": { kept: [{ rule: "rpo" }], suppressed: [] } }],
  ];
  test.each(wrong)("%s", async (_what, content) => {
    decisions(content);
    await refused("");
  });

  test("too large, a pipe, a folder", async () => {
    decisions(" ".repeat(256 * 1024 ** 2 + 1));
    await refused("at most 268435456 are read");
    rmSync(decisionsFile());
    mkdirSync(decisionsFile());
    await refused("");
  });

  test("but it shows one whose texts would move a cursor, as texts", async () => {
    const hostile = "a\u001b[2J\u202e<b>@all";
    decisions({
      [hostile]: {
        ...decision,
        ...{ subject: hostile, selection: hostile, reason: hostile, shortcomings: [hostile] },
        chosen: { id: hostile, name: hostile, kind: hostile, begin_time: null },
        rejected: [{ id: hostile, reason: hostile }],
        pinned: { epoch: 1, first_seen: hostile, differs: false },
      },
      __proto__x: null,
    });
    for (const format of ["text", "json", "markdown"]) {
      const { exit, stdout } = await explain("--format", format);
      expect(exit).toBe(3);
      // eslint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
      if (format === "markdown") expect(stdout).not.toMatch(/<b>|@(?!&#8203;)/);
    }
  });
});
