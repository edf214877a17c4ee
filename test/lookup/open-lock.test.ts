import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import fs, { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BackupEmulator,
  BackupProvider,
  BackupProviderProps,
  BackupQuery,
  BackupService,
  Cloud,
  ConsistencyGroup,
  Credentials,
  DcsBackups,
  Duration,
  GaussDbBackups,
  GeminiDbBackups,
  GeminiDbBackupType,
  IfInstanceMissing,
  InPlaceRestore,
  LookupMode,
  MemoryLock,
  RdsBackups,
  RecoveryPolicy,
  RestoreTarget,
  RestoreTrigger,
  Rule,
  Selection,
  TaurusDbIncrementalBackups,
  Unmet,
} from "../../lib";
import { Answered, formatLock, Lock } from "../../lib/lock/format";
import { Source } from "../../lib/lookup/lookup";
import { OpenLock } from "../../lib/lookup/open-lock";
import { withoutLevel } from "../../lib/services/level";
import { appOn, SAMPLE, settingsFor } from "../support/app";
import { OwnStore, readWhole } from "../support/locks";
import { captured } from "../support/captured";
import { queriesOfAll } from "../support/queries";

const { LIVE, CACHED, FROZEN } = LookupMode;
const HOUR_MS = 3_600_000;

let emulator: BackupEmulator;
let store: OwnStore;
beforeEach(() => {
  emulator = BackupEmulator.start();
  store = new OwnStore();
});
afterEach(() => {
  emulator.close();
  jest.useRealTimers();
  delete process.env["CDKTF_BACKUPS_MODE"];
  delete process.env["CDKTF_BACKUPS_PRUNE_DAYS"];
  delete process.env["CDKTF_BACKUPS_UNMET"];
});

/** The lists that were asked for, by their first pages. */
const lists = () => emulator._requests().filter(({ url }) => /offset=0|start=1(&|$)/.test(url));
const locked = (): Lock => readWhole(store.read()!, "the lock");
const decisions = () => locked().stacks.get("stack")!.decisions;
const labels = () => [...locked().entries.values()].map(({ label }) => label).sort();
const rewrite = (change: (lock: Lock) => Lock) =>
  store.write(formatLock(change(locked())), store.read());

/** As if the answers that are kept had come from there, or then. */
const answeredBy = (other: Partial<Answered>) =>
  rewrite((lock) => {
    const entries = [...lock.entries].map(
      ([key, entry]) => [key, { ...entry, answered: { ...entry.answered, ...other } }] as const,
    );
    return { ...lock, entries: new Map(entries) };
  });

/** Another clock from here on; timers and the worker go by the real one. */
function setClock(now: Date): void {
  jest.useFakeTimers({
    now,
    doNotFake: [
      ...(["hrtime", "nextTick", "performance", "queueMicrotask", "setImmediate"] as const),
      ...(["setInterval", "setTimeout", "clearImmediate", "clearInterval"] as const),
      ...(["clearTimeout"] as const),
    ],
  });
}

/** One synthesis of a program, on the lock of this test. */
function synthesise<T>(
  props: BackupProviderProps,
  program: (stack: TerraformStack, provider: BackupProvider) => T,
) {
  const { stack, provider, synth, outdir } = appOn(emulator, { lockStore: store, ...props });
  const made = program(stack, provider);
  let config: any;
  const printed = captured(() => (config = synth()));
  return { made, printed, config, provider, outdir };
}

const rds = (stack: Construct) => new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
const all = (stack: Construct) => [
  new GaussDbBackups(stack, "gaussdb"),
  rds(stack),
  new GeminiDbBackups(stack, "geminidb", { type: GeminiDbBackupType.ALL }),
  new DcsBackups(stack, "dcs", { instanceId: SAMPLE.dcs, within: Duration.days(7) }),
  new TaurusDbIncrementalBackups(stack, "taurusdb", { instanceId: SAMPLE.taurusdb }),
];

test("every list that the library knows comes back from the lock, offline, as it was", () => {
  const values = (queries: BackupQuery[]) =>
    queries.map(({ all, warnings }) => JSON.stringify([all, warnings]));
  const live = values(synthesise({ mode: LIVE }, (s) => queriesOfAll(s)).made);
  const count = lists().length;
  expect(values(synthesise({ mode: FROZEN }, (s) => queriesOfAll(s)).made)).toEqual(live);
  expect(lists()).toHaveLength(count);
});

test("a lock that was written against one emulator is good against the next, on other ports", () => {
  const { endpoints, projectId } = emulator;
  const ids = ({ made }: { made: BackupQuery[] }) => made.map(({ all }) => all.map(({ id }) => id));
  const live = ids(synthesise({ mode: LIVE, projectId }, (stack) => queriesOfAll(stack)));
  emulator.close();
  emulator = BackupEmulator.start({ count: 1 });
  expect(Object.values(emulator.endpoints)).not.toEqual(Object.values(endpoints));
  for (const mode of [CACHED, FROZEN]) {
    expect(ids(synthesise({ mode, projectId }, (stack) => queriesOfAll(stack)))).toEqual(live);
  }
  expect(emulator.requests).toEqual([]);
});

describe("LIVE", () => {
  test("always asks, and writes what it got", () => {
    const ours = { mode: LIVE, projectId: emulator.projectId };
    const { printed } = synthesise(ours, all);
    expect(printed).toBe("the lock: written for the first time, with 5 lookups\n");
    const count = lists().length;
    const before = store.read();
    expect(synthesise(ours, all).printed).toBe(
      "the lock: 5 renewed (0 with changes), 0 new, 0 gone\n",
    );
    expect(lists()).toHaveLength(2 * count);
    expect(store.read()).not.toBe(before);
  });

  test("says what it has changed in a lock that was there", () => {
    const said = (mode: LookupMode, program: (stack: Construct) => unknown) =>
      synthesise({ mode }, program).printed;
    said(LIVE, (s) => [rds(s), new GaussDbBackups(s, "gaussdb"), new GeminiDbBackups(s, "gemini")]);
    const [backup] = synthesise({ mode: FROZEN }, rds).made.all;
    emulator.addBackupRecord(BackupService.RDS, { ...backup!.raw, id: "another" });
    const dcs = (s: Construct) => new DcsBackups(s, "dcs", { instanceId: SAMPLE.dcs });
    const three = (s: Construct) => [rds(s), dcs(s), new GeminiDbBackups(s, "gemini")];
    expect(said(LIVE, three)).toBe("the lock: 2 renewed (1 with changes), 1 new, 0 gone\n");
    process.env["CDKTF_BACKUPS_PRUNE_DAYS"] = "0";
    expect(said(LIVE, three)).toBe("the lock: 3 renewed (0 with changes), 0 new, 1 gone\n");
    expect(said(CACHED, three)).toBe("");
  });

  test("counts an instance that is no longer there, or there again, as a change", () => {
    const { EMPTY } = IfInstanceMissing;
    const { printed } = synthesise({ mode: LIVE }, (stack) => {
      new RdsBackups(stack, "new", { instanceId: "newin01", ifInstanceMissing: EMPTY });
    });
    expect(printed).toMatch(/first time/);
    emulator.addInstanceRecord(BackupService.RDS, { id: "newin01", name: "new" });
    const again = synthesise({ mode: LIVE }, (stack) => {
      new RdsBackups(stack, "new", { instanceId: "newin01", ifInstanceMissing: EMPTY });
    });
    expect(again.printed).toBe("the lock: 1 renewed (1 with changes), 0 new, 0 gone\n");
  });

  test("keeps whole records, of whom, and when they were asked for", () => {
    const began = Date.now();
    const { made } = synthesise({ mode: LIVE }, all);
    const { entries, stacks } = locked();
    expect(entries.size).toBe(5);
    for (const { answered, records, label } of entries.values()) {
      expect(answered).toMatchObject({
        ...{ cloud: "custom", region: emulator.region, project_id: emulator.projectId },
        host: "127.0.0.1",
      });
      const time = Date.parse(answered.at);
      expect(time).toBeGreaterThanOrEqual(began);
      expect(time).toBeLessThanOrEqual(Date.now());
      const query = made.find((each) => each._label() === label)!;
      // DCS can't ask for a week exactly: what lies around it is kept, and filtered when it is read.
      expect(records.length).toBeGreaterThanOrEqual(query.all.length);
      const sent = records.all().map(withoutLevel);
      for (const { raw } of query.all) expect(sent).toContainEqual(raw);
    }
    expect([...stacks.keys()]).toEqual(["stack"]);
    expect(stacks.get("stack")).toEqual({
      ...{ with: [], decisions: {} },
      lookups: Object.fromEntries(
        made.map(({ node }) => [node.path, [expect.stringMatching(/^\w+\/[0-9a-f]{16}$/)]]),
      ),
    });
  });

  test("keeps no error, and the answers beside it", () => {
    const { stack, app } = appOn(emulator, { lockStore: store });
    rds(stack);
    new RdsBackups(stack, "missing", { instanceId: "nobody" });
    captured(() => expect(() => app.synth()).toThrow(/INSTANCE_NOT_FOUND/));
    expect(labels()).toEqual([`RDS backups of instance ${SAMPLE.rds}`]);
  });

  test("keeps nothing where the program ends before it is synthesised", () => {
    const { stack } = appOn(emulator, { lockStore: store });
    expect(rds(stack).all.length).toBeGreaterThan(0);
    expect(store.read()).toBeUndefined();
  });
});

describe("CACHED", () => {
  const ours = (more: BackupProviderProps = {}) => ({ projectId: emulator.projectId, ...more });

  test("is the default: takes what is young, and asks for the rest", () => {
    const first = synthesise(ours(), rds).made;
    const count = lists().length;
    const { made, printed } = synthesise(ours(), (stack) => [
      rds(stack),
      new DcsBackups(stack, "dcs", { instanceId: SAMPLE.dcs }),
    ]);
    expect(lists()).toHaveLength(count + 1);
    expect(lists().at(-1)!.service).toBe("dcs");
    expect(made[0]!.all.map(({ id }) => id)).toEqual(first.all.map(({ id }) => id));
    expect(printed).toMatch(
      /^the lock: 1 of 2 lookups answered from it, as told by 127\.0\.0\.1, the oldest 0 min old; `CDKTF_BACKUPS_MODE=LIVE npx cdktf synth` asks anew\n$/,
    );
    expect(locked().entries.size).toBe(2);
  });

  test.each([
    [59, true, undefined],
    [61, false, undefined],
    [25 * 60, true, Duration.hours(26)],
    [27 * 60, false, Duration.hours(26)],
    [-10, true, undefined],
    // From a clock that is wrong: it would never grow old.
    [-60, false, undefined],
  ])("takes an answer of %d minutes ago: %p (maxLockAge %s)", (minutes, isTaken, maxLockAge) => {
    synthesise(ours(), rds);
    const count = lists().length;
    const at = new Date(Date.now() - minutes * 60_000).toISOString();
    answeredBy({ at });
    synthesise(ours({ maxLockAge }), rds);
    expect(lists().length - count).toBe(isTaken ? 0 : 1);
  });

  test.each<[string, (of: BackupEmulator) => BackupProviderProps]>([
    ["none", () => ({})],
    ["only the project's name, which every account has", (of) => ({ projectName: of.region })],
  ])("asks another account's cloud for its own backups where %s is declared", (_what, declared) => {
    const { made: first } = synthesise(declared(emulator), rds);
    emulator.close();
    emulator = BackupEmulator.start({
      projectId: "another-project",
      records: { [BackupService.RDS]: [{ ...first.all[0]!.raw, id: "theirs" }] },
    });
    const { made } = synthesise(declared(emulator), rds);
    expect(made.all.map(({ id }) => id)).toEqual(["theirs"]);
  });

  test("asks for what was missing before: it may have been made", () => {
    const empty = (stack: Construct) =>
      new RdsBackups(stack, "rds", {
        instanceId: "to-be",
        ifInstanceMissing: IfInstanceMissing.EMPTY,
      });
    synthesise(ours(), empty);
    const [entry] = [...locked().entries.values()];
    expect(entry!.missing).toEqual({ code: "INSTANCE_NOT_FOUND", service_code: "DBS.200045" });
    const count = lists().length;
    synthesise(ours(), empty);
    expect(lists()).toHaveLength(count + 1);
  });

  test("loads neither a worker nor the environment for what it takes", () => {
    synthesise(ours(), rds);
    emulator.close();
    const unusable = { credentials: Credentials.fromEnvironment(), region: emulator.region };
    const { made } = synthesise(ours(unusable), rds);
    expect(made.all.length).toBeGreaterThan(0);
  });
});

describe("FROZEN", () => {
  const frozen = (more: BackupProviderProps = {}): BackupProviderProps => ({
    ...{ mode: FROZEN, credentials: Credentials.fromEnvironment() },
    ...more,
  });

  test("takes no answer that was edited, and is not stopped by one that is not asked for", () => {
    synthesise({ mode: LIVE }, (stack) => [new GaussDbBackups(stack, "gaussdb"), rds(stack)]);
    const text = store.read()!;
    const edited = text.replace(/("status":"COMPLETED".*\n)/, (line) =>
      line.replace("COMP", "COMX"),
    );
    expect(edited).not.toBe(text);
    store.write(edited, text);
    const frozenAt = (asOf: Date) => ({ ...frozen(), asOf });
    const gaussdb = (stack: Construct) => new GaussDbBackups(stack, "gaussdb");
    const { made } = synthesise(frozenAt(new Date()), rds);
    expect(made.all.length).toBeGreaterThan(0);
    expect(() => synthesise(frozenAt(new Date()), gaussdb)).toThrow(
      /LOCK_INVALID: .*edited: GaussDB/,
    );
    // Without an `asOf` the times of all that its stacks took count, so all have to be right.
    expect(() => synthesise(frozen(), rds)).toThrow(/LOCK_INVALID: .*edited: GaussDB/);
  });

  test("gives what was found then: values, warnings, raw records, outputs and decisions", () => {
    emulator.close();
    emulator = BackupEmulator.start({
      records: {
        [BackupService.RDS]: [
          ...[3, 1, 2].map((i) => ({
            ...{ type: "auto", status: "COMPLETED", size: "odd", instance_id: "orders" },
            ...{ id: `b${i}`, name: "${danger}", begin_time: `2026-01-0${i}T00:00:00+0000` },
          })),
        ],
      },
    });
    const program = (stack: Construct) => {
      const query = new RdsBackups(stack, "rds", { instanceId: "orders" });
      const target = new RestoreTarget(stack, "target", { backups: query });
      return { query, target };
    };
    const live = synthesise({ mode: LIVE }, program);
    emulator.close();
    const then = synthesise(frozen(), program);
    expect(JSON.stringify(then.made.query.all)).toBe(JSON.stringify(live.made.query.all));
    expect(then.made.query.warnings).toEqual(live.made.query.warnings);
    expect(live.made.query.warnings.length).toBeGreaterThan(3);
    expect(then.config.output).toEqual(live.config.output);
    expect(then.made.target.decision.toJson()).toEqual(live.made.target.decision.toJson());
  });

  test("gives all five services, and asks nobody", () => {
    const live = synthesise({ mode: LIVE }, all).made;
    const count = emulator._requests().length;
    const { made, printed } = synthesise(frozen(), all);
    expect(emulator._requests()).toHaveLength(count);
    made.forEach((query, i) => {
      expect(JSON.stringify(query.all)).toBe(JSON.stringify(live[i]!.all));
    });
    expect(printed).toMatch(
      /^the lock: FROZEN: 5 of 5 lookups as of \d{4}-[\dT:.-]+Z, answered by project \w+ \(custom, eu-de\) at 127\.0\.0\.1 \(the program declares no project id\)\n$/,
    );
  });

  test("gives restore windows too, of the days before then", () => {
    const moment = new Date(Date.now() - 3 * HOUR_MS);
    const windows = [{ start: new Date(moment.getTime() - HOUR_MS), end: moment }];
    emulator.setRestoreWindows(BackupService.RDS, SAMPLE.rds, windows);
    const program = (stack: Construct) => {
      const backups = rds(stack);
      const selection = Selection.newestMoment();
      new RecoveryPolicy(stack, "policy", {
        queries: [backups],
        rules: [Rule.windowGap()],
      });
      const members = [{ name: "orders", backups, moments: true }];
      const group = new ConsistencyGroup(stack, "group", { members });
      return { target: new RestoreTarget(stack, "target", { backups, selection }), group };
    };
    const live = synthesise({ mode: LIVE }, program).made;
    expect(live.target.restoreTime).toBeDefined();
    setClock(new Date(Date.now() + 40 * 24 * HOUR_MS));
    const then = synthesise(frozen(), program).made;
    expect(then.target.restoreTime).toEqual(live.target.restoreTime);
    expect(then.group.picks).toEqual(live.group.picks);
    expect(decisions()).toEqual({
      "stack/target": `moment ${live.target.restoreTime!.toISOString()}`.replace(".000Z", "Z"),
      "stack/group": expect.stringMatching(/^orders (to moment|from backup) /),
    });
  });

  test("is as of when its lock was written, unless the program says another moment", () => {
    const live = synthesise({ mode: LIVE }, all).provider.asOf;
    setClock(new Date(Date.now() + 90 * 24 * HOUR_MS));
    const { made, provider } = synthesise(frozen(), all);
    expect(provider.asOf).toEqual(live);
    // Of the week before then, not of the week before today.
    expect(made[3]!.all.length).toBeGreaterThan(0);
    const asOf = new Date("2026-01-01T00:00:00Z");
    expect(synthesise(frozen({ asOf }), rds).provider.asOf).toEqual(asOf);
  });

  describe("after a run that took some answers and asked for others", () => {
    const one = (stack: Construct) =>
      new RdsBackups(stack, "one", { instanceId: SAMPLE.rds, within: Duration.days(7) });
    const two = (stack: Construct) => new GaussDbBackups(stack, "two");
    const unused = (stack: Construct) => new GaussDbBackups(stack, "unused", { backupId: "y" });
    const target = (stack: Construct, backups = one(stack)) =>
      new RestoreTarget(stack, "target", { backups, maxAge: Duration.hours(26) });
    const ours = () => ({ projectId: emulator.projectId, maxLockAge: Duration.days(9) });
    let clock: number;
    beforeEach(() => {
      clock = Date.now();
      setClock(new Date(clock - 3 * 24 * HOUR_MS));
      synthesise(ours(), unused);
      setClock(new Date(clock - HOUR_MS));
      synthesise(ours(), two);
      setClock(new Date(clock));
    });

    test("is as of that run, whatever is read first, and of no answer that it does not take", () => {
      const mixed = synthesise(ours(), (stack) => [two(stack).all, target(stack)]);
      expect(mixed.printed).toMatch(/^the lock: 1 of 2 lookups answered from it/m);
      setClock(new Date(clock + 40 * 24 * HOUR_MS));
      for (const reads of [
        (stack: Construct) => [two(stack).all, target(stack)],
        (stack: Construct) => [target(stack).isMet, two(stack).all],
      ]) {
        const then = synthesise(frozen(ours()), (stack, provider) => [
          ...reads(stack),
          provider.asOf,
        ]);
        expect(then.made.at(-1)).toEqual(new Date(clock));
        expect(then.config.output).toEqual(mixed.config.output);
        expect(then.printed).toContain(`as of ${new Date(clock).toISOString()}, the oldest answer`);
      }
    });

    test("decides as that run did, though an older answer lies beside the new one", () => {
      const hurried = new Date(clock - 20 * 60_000).toISOString().replace(/\.\d+Z/, "+0000");
      const { raw } = one(appOn(emulator).stack).all[0]!;
      const manual = { ...raw, id: "manual-just-now", type: "manual", status: "COMPLETED" };
      emulator.addBackupRecord(BackupService.RDS, {
        ...manual,
        begin_time: hurried,
        end_time: hurried,
      });
      const program = (stack: Construct) => [two(stack), target(stack)] as const;
      const mixed = synthesise(ours(), program);
      expect(mixed.made[1].backup.id).toBe("manual-just-now");
      setClock(new Date(clock + 24 * HOUR_MS));
      expect(synthesise(frozen(ours()), program).config).toEqual(mixed.config);
    });

    test("is as of what it takes, though the same stack asked for something else meanwhile", () => {
      const stage = (name: string) => (stack: Construct) =>
        new RdsBackups(stack, "rds", {
          ...{ instanceId: SAMPLE.rds, backupId: name, within: Duration.days(7) },
        });
      for (const [i, name] of ["prod", "dev", "prod", "dev"].entries()) {
        setClock(new Date(clock + i * 24 * HOUR_MS));
        synthesise({ ...ours(), mode: LIVE }, stage(name));
      }
      const { made } = synthesise(frozen(ours()), (stack, provider) => {
        void stage("prod")(stack).all;
        return provider.asOf;
      });
      expect(made).toEqual(new Date(clock + 2 * 24 * HOUR_MS));
    });

    test("is not moved by a stack that was synthesised alone since", () => {
      const both = (app: Construct) => [
        one(new TerraformStack(app, "a")),
        two(new TerraformStack(app, "b")),
      ];
      synthesise({ ...ours(), mode: LIVE }, (stack) => both(stack.node.root));
      setClock(new Date(clock + 24 * HOUR_MS));
      synthesise({ ...ours(), mode: LIVE }, (stack) =>
        two(new TerraformStack(stack.node.root, "b")),
      );
      const frozenApp = (read: (app: Construct) => void) =>
        synthesise(frozen(ours()), (stack, provider) => {
          read(stack.node.root);
          return provider.asOf;
        }).made;
      expect(frozenApp((app) => one(new TerraformStack(app, "a")).all)).toEqual(new Date(clock));
      // Both again: never as of the first what is of the second.
      const { app } = appOn(emulator, { lockStore: store, ...frozen(ours()) });
      expect(one(new TerraformStack(app, "a")).all.length).toBeGreaterThan(0);
      const second = two(new TerraformStack(app, "b"));
      expect(() => second.all).toThrow(/^LOCK_AMBIGUOUS: .* never synthesised together/);
    });

    test("finds the decisions of the run that asked, though a later one only took from the lock", () => {
      const program = (stack: Construct) => {
        const backups = new RdsBackups(stack, "day", {
          ...{ instanceId: SAMPLE.rds, within: Duration.hours(12) },
        });
        new RestoreTarget(stack, "target", { backups, onUnmet: Unmet.WARN });
      };
      synthesise({ ...ours(), mode: LIVE }, program);
      const decided = decisions();
      expect(decided["stack/target"]).toMatch(/^backup/);
      setClock(new Date(clock + 5 * 24 * HOUR_MS));
      const { made } = synthesise(ours(), (stack) => program(stack));
      expect(made).toBeUndefined();
      expect(decisions()).toEqual(decided);
    });

    test("takes the old answer of a service that failed for what it is: old", () => {
      emulator.fault({ service: BackupService.GAUSSDB, status: 403, times: -1 });
      const { stack, app } = appOn(emulator, { ...ours(), lockStore: store, mode: LIVE });
      const count = one(stack).all.length;
      two(stack);
      captured(() => expect(() => app.synth()).toThrow(/NOT_PERMITTED/));
      const { made } = synthesise(frozen(ours()), (s) => [one(s), two(s)]);
      expect(made[0]!.all).toHaveLength(count);
      expect(made[1]!.all.length).toBeGreaterThan(0);
    });
  });

  test("has `asOf` before the first query where the lock is of one program, and is an error where it is of two", () => {
    const week = (stack: Construct, provider: BackupProvider) =>
      new RdsBackups(stack, "rds", {
        instanceId: SAMPLE.rds,
        beginTime: new Date(provider.asOf.getTime() - 7 * 24 * HOUR_MS),
      });
    const live = synthesise({ mode: LIVE }, week).made.all.map(({ id }) => id);
    setClock(new Date(Date.now() + 40 * 24 * HOUR_MS));
    expect(synthesise(frozen(), week).made.all.map(({ id }) => id)).toEqual(live);
    const { app } = appOn(emulator, { lockStore: store, mode: LIVE });
    new GaussDbBackups(new TerraformStack(app, "another"), "gaussdb");
    captured(() => app.synth());
    const { provider } = appOn(emulator, { lockStore: store, ...frozen() });
    expect(() => provider.asOf).toThrow(/^AS_OF_UNKNOWN: .*after the first value of a query/);
  });

  test.each([
    [
      "a group's picks",
      (s: Construct, backups: RdsBackups) => {
        const members = [{ name: "orders", backups, moments: true }];
        return new ConsistencyGroup(s, "group", { members }).picks;
      },
    ],
    [
      "a target's moment",
      (s: Construct, backups: RdsBackups) =>
        new RestoreTarget(s, "t", { backups, selection: Selection.newestMoment() }).restoreTime,
    ],
    [
      "a policy's findings",
      (s: Construct, queries: RdsBackups) =>
        new RecoveryPolicy(s, "p", { queries: [queries] }).findings,
    ],
  ])("has %s read first in a stack that the lock does not know", (_, read) => {
    const query = (s: Construct) => new RdsBackups(s, "rds", { instanceId: SAMPLE.rds });
    synthesise({ mode: LIVE }, (s) => read(s, query(s)));
    const another = appOn(emulator, { lockStore: store, mode: LIVE });
    new GaussDbBackups(new TerraformStack(another.app, "another"), "gaussdb");
    captured(() => another.app.synth());
    const { app } = appOn(emulator, { lockStore: store, ...frozen() });
    const renamed = new TerraformStack(app, "renamed");
    expect(() => read(renamed, query(renamed))).not.toThrow();
  });

  test("does not take an answer that counts back from another moment for the whole", () => {
    const old = new Date(Date.now() - 60 * 24 * HOUR_MS);
    const query = (stack: Construct) =>
      new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds, within: Duration.days(7) });
    const asked = (props: BackupProviderProps) => {
      const count = lists().length;
      const { made } = synthesise({ projectId: emulator.projectId, ...props }, query);
      return [made.all.length, lists().length - count];
    };
    const [now] = asked({});
    expect(now).toBeGreaterThan(5);
    const [before] = asked({ asOf: old, mode: LIVE });
    // In both directions, CACHED asks, and FROZEN says what is missing.
    expect(asked({})).toEqual([now, 1]);
    expect(asked({ asOf: old })).toEqual([before, 1]);
    const { stack } = appOn(emulator, {
      ...{ lockStore: store, ...frozen(), projectId: emulator.projectId },
    });
    expect(() => query(stack).all).toThrow(
      /^LOCK_MISSING: the lock has an answer to ".*" that counts back from \d{4}.*, which does not reach/,
    );
    expect(asked({ asOf: old, mode: FROZEN })).toEqual([before, 0]);
  });

  test("has restore windows of the same day only", () => {
    const program = (stack: Construct) => {
      const selection = Selection.newestMoment();
      return new RestoreTarget(stack, "target", { backups: rds(stack), selection });
    };
    const midnight = Date.UTC(2026, 0, 2);
    const windows = (end: number) =>
      emulator.setRestoreWindows(BackupService.RDS, SAMPLE.rds, [
        { start: new Date(midnight - 5 * HOUR_MS), end: new Date(end) },
      ]);
    const ours = { projectId: emulator.projectId };
    windows(midnight - HOUR_MS / 2);
    setClock(new Date(midnight - HOUR_MS / 3));
    synthesise(ours, program);
    windows(midnight + HOUR_MS / 4);
    setClock(new Date(midnight + HOUR_MS / 3));
    const after = synthesise(ours, program).made.restoreTime;
    expect(after).toEqual(new Date(midnight + HOUR_MS / 4));
    setClock(new Date(midnight + 99 * HOUR_MS));
    expect(synthesise(frozen(ours), program).made.restoreTime).toEqual(after);
  });

  test("writes nothing", () => {
    synthesise({ mode: LIVE }, rds);
    const before = store.read();
    const spy = jest.spyOn(store, "write");
    process.env["CDKTF_BACKUPS_PRUNE_DAYS"] = "0";
    synthesise(frozen(), rds);
    expect(spy).not.toHaveBeenCalled();
    expect(store.read()).toBe(before);
  });

  test("is what a pipeline can insist on", () => {
    process.env["CDKTF_BACKUPS_MODE"] = "FROZEN";
    const { stack } = appOn(emulator, { lockStore: store, mode: LIVE });
    expect(() => rds(stack).all).toThrow(/^LOCK_MISSING: the lock is not there/);
    expect(lists()).toEqual([]);
  });

  test("ends with every query that is missing or has changed, and the one command that adds them", () => {
    synthesise({ mode: LIVE }, (stack) => [
      new RdsBackups(stack, "same", { instanceId: SAMPLE.rds }),
      new DcsBackups(stack, "changed", { instanceId: SAMPLE.dcs, within: Duration.days(7) }),
    ]);
    const { stack } = appOn(emulator, { lockStore: store, ...frozen() });
    const queries = [
      new RdsBackups(stack, "same", { instanceId: SAMPLE.rds }),
      new DcsBackups(stack, "changed", { instanceId: SAMPLE.dcs, within: Duration.days(9) }),
      new GaussDbBackups(stack, "new"),
    ];
    expect(() => queries[2]!.all).toThrow(
      [
        'LOCK_MISSING: the lock has no answer to "GaussDB backups of all instances", and in the mode FROZEN nobody is asked. Run `CDKTF_BACKUPS_MODE=LIVE npx cdktf synth` where the cloud can be reached, and commit the lock. It will add as well:',
        `- stack/changed: the query has changed (within_ms): the lock has the answer to "DCS backups of instance ${SAMPLE.dcs} (within 7 days)", not to "DCS backups of instance ${SAMPLE.dcs} (within 9 days)"`,
      ].join("\n"),
    );
    expect(() => queries[1]!.all).toThrow(/^LOCK_MISSING: the query has changed \(within_ms\)/);
    expect(queries[0]!.all.length).toBeGreaterThan(0);
    expect(lists()).toHaveLength(2);
  });

  test("reports all of them at once where none is read before the synthesis", () => {
    const { stack, app } = appOn(emulator, { lockStore: store, ...frozen() });
    all(stack);
    let message = "";
    try {
      app.synth();
    } catch (error) {
      message = String(error);
    }
    for (const id of ["gaussdb", "rds", "geminidb", "dcs", "taurusdb"]) {
      expect(message).toContain(`[stack/${id}] LOCK_MISSING: the lock is not there`);
    }
    expect(store.read()).toBeUndefined();
  });

  test("has an instance that was missing be missing, or empty where that was said", () => {
    const query = (ifInstanceMissing: IfInstanceMissing) => (stack: Construct) =>
      new RdsBackups(stack, "rds", { instanceId: "to-be", ifInstanceMissing });
    synthesise({ mode: LIVE }, query(IfInstanceMissing.EMPTY));
    expect(synthesise(frozen(), query(IfInstanceMissing.EMPTY)).made.all).toEqual([]);
    const { stack } = appOn(emulator, { lockStore: store, ...frozen() });
    expect(() => query(IfInstanceMissing.FAIL)(stack).all).toThrow(
      /^INSTANCE_NOT_FOUND: there was no such instance/,
    );
  });

  test("says where it decides otherwise than the lock records", () => {
    const program = (stack: TerraformStack) => {
      new RestoreTarget(stack, "target", { backups: rds(stack) });
    };
    synthesise({ mode: LIVE }, program);
    const decided = decisions()["stack/target"];
    expect(synthesise(frozen(), program).printed).not.toContain("records");
    rewrite((lock) => ({
      ...lock,
      stacks: new Map(
        [...lock.stacks].map(([id, each]) => [
          id,
          { ...each, decisions: { "stack/target": "backup another" } },
        ]),
      ),
    }));
    expect(synthesise(frozen(), program).printed).toContain(
      `the lock: stack/target decides ${decided}, where it records backup another\n`,
    );
  });

  test("says when the lock is older than its guards allow", () => {
    const program = (stack: Construct) => {
      const backups = rds(stack);
      const maxAge = Duration.days(30);
      new RestoreTarget(stack, "target", { backups, maxAge });
      new ConsistencyGroup(stack, "group", { members: [{ name: "one", backups }], maxAge });
    };
    synthesise({ mode: LIVE }, program);
    expect(synthesise(frozen(), program).printed).not.toContain("older");
    setClock(new Date(Date.now() + 31 * 24 * HOUR_MS));
    const { printed, made } = synthesise(frozen(), program);
    for (const id of ["target", "group"]) {
      expect(printed).toMatch(
        new RegExp(
          `^stack/${id}: the lock is older than .maxAge. allows: what was decided as of \\d.* was fresh until \\d.*\\. No action .*CDKTF_BACKUPS_MODE=LIVE asks anew\\.$`,
          "m",
        ),
      );
    }
    expect(made).toBeUndefined();
  });
});

describe("an answer that broke an expectation", () => {
  const none = Selection.latest({ nameGlob: "nothing-*" });
  const fails = (build: (stack: TerraformStack) => void, props: BackupProviderProps = {}) => {
    const { stack, app } = appOn(emulator, { lockStore: store, ...props });
    captured(() =>
      expect(() => {
        build(stack);
        app.synth();
      }).toThrow(/[A-Z_]+: /),
    );
  };
  const BREAKS: [string, (stack: TerraformStack) => void][] = [
    [
      "of a target",
      (stack) => new RestoreTarget(stack, "target", { backups: rds(stack), selection: none }),
    ],
    [
      "of what acts on a target that only warns",
      (stack) => {
        const options = { onUnmet: Unmet.WARN, pin: { epoch: 1 } };
        const target = new RestoreTarget(stack, "target", {
          ...{ backups: rds(stack), selection: none },
          ...options,
        });
        new RestoreTrigger(stack, "trigger", { target, command: "true" });
      },
    ],
    [
      "of a group",
      (stack) =>
        new ConsistencyGroup(stack, "group", {
          members: [{ name: "orders", backups: rds(stack), selection: none }],
        }),
    ],
    [
      "of a policy",
      (stack) =>
        new RecoveryPolicy(stack, "policy", {
          queries: [rds(stack)],
          rules: [Rule.rpo(Duration.hours(0.001))],
        }),
    ],
  ];

  test.each(BREAKS)("%s is not kept, and others are", (_whose, build) => {
    fails((stack) => {
      build(stack);
      new DcsBackups(stack, "dcs", { instanceId: SAMPLE.dcs });
    });
    expect(labels()).toEqual([`DCS backups of instance ${SAMPLE.dcs}`]);
  });

  test("that the program itself catches is kept: a frozen run takes the same way", () => {
    const program = (stack: Construct) => {
      const backups = rds(stack);
      const options = { selection: none, onUnmet: Unmet.WARN };
      const target = new RestoreTarget(stack, "target", { backups, ...options });
      expect(() => backups.byId("nobody")).toThrow(/^BACKUP_NOT_FOUND/);
      expect(() => target.backup).toThrow(/^NO_RESTORABLE_BACKUP/);
      return backups.latest?.id;
    };
    const { made } = synthesise({}, program);
    expect(synthesise({ mode: FROZEN }, program).made).toBe(made);
  });

  test("of another stack is not kept either", () => {
    const { app } = appOn(emulator, { lockStore: store });
    rds(new TerraformStack(app, "a-first"));
    const last = new TerraformStack(app, "z-last");
    new RestoreTarget(last, "target", { backups: rds(last), selection: none });
    captured(() => expect(() => app.synth()).toThrow(/NO_RESTORABLE_BACKUP/));
    expect(store.read()).toBeUndefined();
  });

  test("leaves no answer of before in the lock, which it refutes, but the decision that was reviewed", () => {
    const ours = { projectId: emulator.projectId };
    synthesise({ ...ours, mode: LIVE }, (stack) => {
      new RestoreTarget(stack, "target", { backups: rds(stack) });
    });
    const decided = decisions();
    fails(BREAKS[0]![1], { ...ours, mode: LIVE });
    expect(labels()).toEqual([]);
    expect(decisions()).toEqual(decided);
    expect(decided["stack/target"]).toMatch(/^backup \w+br01$/);
  });

  test("is taken out of the lock where it came from there: the next run asks", () => {
    const ours = { projectId: emulator.projectId };
    synthesise(ours, rds);
    const count = lists().length;
    const { stack, app } = appOn(emulator, { ...ours, lockStore: store });
    BREAKS[0]![1](stack);
    expect(captured(() => expect(() => app.synth()).toThrow(/NO_RESTORABLE/))).toContain(
      "the lock: 1 lookup taken out of it, whose answers did not hold; the next run asks again\n",
    );
    expect(lists()).toHaveLength(count);
    expect(labels()).toEqual([]);
    fails(BREAKS[0]![1], ours);
    expect(lists()).toHaveLength(count + 1);
  });

  test("that only warns is kept", () => {
    synthesise({}, (stack) => {
      const options = { selection: none, onUnmet: Unmet.WARN };
      new RestoreTarget(stack, "target", { backups: rds(stack), ...options });
    });
    expect(labels()).toHaveLength(1);
    expect(decisions()).toEqual({ "stack/target": "none" });
  });
});

describe("what a program is about to ask", () => {
  const READS: ((stack: Construct) => unknown)[] = [
    (stack) => rds(stack).all,
    (stack) => new GaussDbBackups(stack, "gaussdb").all,
    (stack) => new DcsBackups(stack, "dcs", { instanceId: SAMPLE.dcs }).all,
  ];
  const oneByOne = (stack: Construct) => READS.map((read) => read(stack));
  const arrived = (count: number) => {
    for (const end = Date.now() + 10_000; Date.now() < end;) {
      if (lists().length >= count) return;
    }
    throw new Error(`${lists().length} requests, not ${count}`);
  };

  test("is fetched with its first batch, though it reads each value before the next query", () => {
    synthesise({ mode: LIVE }, oneByOne);
    const before = lists().length;
    synthesise({ mode: LIVE }, (stack) => {
      READS[0]!(stack);
      // Nobody has declared the other two yet.
      arrived(before + 3);
      READS[1]!(stack);
      READS[2]!(stack);
    });
    expect(lists()).toHaveLength(before + 3);
  });

  test("is fetched for stacks that are declared later as well", () => {
    const both = (app: Construct, between: () => void) => {
      READS[0]!(new TerraformStack(app, "one"));
      between();
      READS[1]!(new TerraformStack(app, "two"));
    };
    synthesise({ mode: LIVE }, (stack) => both(stack.node.root, () => undefined));
    const before = lists().length;
    synthesise({ mode: LIVE }, (stack) => both(stack.node.root, () => arrived(before + 2)));
    expect(lists()).toHaveLength(before + 2);
  });

  test("is not fetched where the lock answers it", () => {
    const ours = { projectId: emulator.projectId };
    synthesise(ours, oneByOne);
    const before = lists().length;
    synthesise(ours, (stack) => {
      new RdsBackups(stack, "another", { instanceId: SAMPLE.rds, backupId: "x" });
      oneByOne(stack);
    });
    expect(lists()).toHaveLength(before + 1);
  });

  test("is fetched of other providers as well", () => {
    const both = (stack: TerraformStack, between: () => void) => {
      const other = { ...settingsFor(emulator), lockStore: store, region: "eu-nl" };
      const provider = new BackupProvider(stack.node.root as any, "nl", {
        ...{ ...other, mode: LIVE, projectId: emulator.projectId },
      });
      const [own] = stack.node.root.node.children as BackupProvider[];
      void new RdsBackups(stack, "a", { instanceId: SAMPLE.rds, provider: own }).all;
      between();
      void new GaussDbBackups(stack, "b", { provider }).all;
    };
    synthesise({ mode: LIVE }, (stack) => both(stack, () => undefined));
    const before = lists().length;
    synthesise({ mode: LIVE }, (stack) => both(stack, () => arrived(before + 2)));
    expect(lists()).toHaveLength(before + 2);
  });

  test("is no more than what a service lets through, whatever the lock holds", () => {
    synthesise({ mode: LIVE }, (stack) => {
      READS[0]!(stack);
      new RecoveryPolicy(stack, "policy", {
        queries: [rds(new Construct(stack, "inner"))],
        rules: [Rule.windowGap({ within: Duration.days(300) })],
      });
    });
    const count = () => emulator._requests().filter(({ service }) => service !== "iam").length;
    expect(count()).toBeGreaterThan(300);
    const before = count();
    const looks = jest.spyOn(OpenLock.prototype, "toAskAhead");
    synthesise({ mode: LIVE }, (stack) => [READS[0]!(stack), READS[1]!(stack)]);
    const looked = looks.mock.calls.length;
    looks.mockRestore();
    expect(count()).toBe(before + 2);
    // Nor is it looked for again, whatever else is read.
    expect(looked).toBe(1);
  });

  test("is looked for once, and given to one of those who may be asked", () => {
    synthesise({ mode: LIVE, projectId: emulator.projectId }, oneByOne);
    const stacks = new Set(["stack"]);
    const lock = new OpenLock(store, new Date(), stacks);
    const sourceOf = (projectId: string): Source => ({
      settings: { cloud: Cloud.custom(emulator.endpoints), region: emulator.region, projectId },
      ...{ mode: LIVE, store, timeoutMs: 1, maxLockAgeMs: 1 },
    });
    const [ours, theirs] = [sourceOf(emulator.projectId), sourceOf("theirs")];
    const looks = jest.spyOn(lock.lock.entries, "get");
    expect(lock.toAskAhead(theirs)).toEqual([]);
    expect(lock.toAskAhead(ours)).toHaveLength(3);
    expect(lock.toAskAhead({ ...ours })).toEqual([]);
    looks.mockClear();
    stacks.add("another");
    for (const source of [ours, theirs]) expect(lock.toAskAhead(source)).toEqual([]);
    expect(looks).not.toHaveBeenCalled();
  });

  test("is not asked of another project, and not for another program", () => {
    const theirs = BackupEmulator.start({ projectId: "theirs" });
    const elsewhere = { ...settingsFor(theirs), lockStore: store, projectId: "theirs" };
    synthesise({ ...elsewhere, mode: LIVE }, READS[1]!);
    theirs.close();
    const { app } = appOn(emulator, { lockStore: store, mode: LIVE });
    READS[2]!(new TerraformStack(app, "elsewhere"));
    captured(() => app.synth());
    const before = lists().length;
    synthesise({ mode: LIVE, projectId: emulator.projectId }, READS[0]!);
    expect(lists()).toHaveLength(before + 1);
  });

  test("may fail without a word, as long as nobody declares it", () => {
    synthesise({ mode: LIVE }, oneByOne);
    const before = lists().length;
    emulator.fault({ service: BackupService.GAUSSDB, status: 403, times: -1 });
    synthesise({ mode: LIVE }, (stack) => {
      READS[0]!(stack);
      arrived(before + 3);
      READS[2]!(stack);
    });
    const { stack } = appOn(emulator, { lockStore: store, mode: LIVE });
    expect(() => READS[1]!(stack)).toThrow(/^NOT_PERMITTED/);
  });
});

describe("a lock", () => {
  test("keeps neither of two answers that nothing declared tells apart, and says so", () => {
    const theirs = BackupEmulator.start({ projectId: "theirs" });
    const program = (stack: TerraformStack) => {
      const settings = { ...settingsFor(theirs), lockStore: store, mode: LIVE };
      const provider = new BackupProvider(stack.node.root as any, "theirs", settings);
      const [own] = stack.node.root.node.children as BackupProvider[];
      const instanceId = SAMPLE.rds;
      new RdsBackups(stack, "one", { instanceId, provider: own });
      new RdsBackups(stack, "two", { instanceId, provider });
      new DcsBackups(stack, "dcs", { instanceId: SAMPLE.dcs, provider: own });
    };
    const { printed } = synthesise({ mode: LIVE }, program);
    theirs.close();
    expect(printed).toMatch(
      /^the lock: no answer is kept where "RDS .*" is asked of two that nothing declared tells apart \(stack\/one, stack\/two\): give both providers a `projectId`/m,
    );
    expect(labels()).toEqual([`DCS backups of instance ${SAMPLE.dcs}`]);
  });

  test.each<[string, (port: string) => BackupProviderProps]>([
    ["credentials", () => ({ credentials: Credentials.token("another") })],
    [
      "a port",
      (rdsUrl) => ({ projectId: "p", cloud: Cloud.custom({ ...emulator.endpoints, rds: rdsUrl }) }),
    ],
  ])("never answers for two that differ by %s alone, in no mode", (_what, differs) => {
    const port = emulator.endpoints.rds!.replace(/:\d+/, ":1");
    const other = differs(port);
    const { projectId } = other;
    const first = {
      ...settingsFor(emulator),
      lockStore: store,
      projectId: projectId && emulator.projectId,
    };
    synthesise({ ...first, mode: LIVE }, rds);
    expect(labels()).toHaveLength(1);
    const two = (mode: LookupMode) => {
      const { app, stack } = appOn(emulator, { ...first, mode });
      const second = { ...first, ...other, projectId: first.projectId, mode };
      const provider = new BackupProvider(app, "second", second);
      const [own] = app.node.children as BackupProvider[];
      new RdsBackups(stack, "one", { instanceId: SAMPLE.rds, provider: own });
      return { app, query: new RdsBackups(stack, "two", { instanceId: SAMPLE.rds, provider }) };
    };
    expect(() => two(FROZEN).query.all).toThrow(/^LOCK_AMBIGUOUS: "RDS .*" is asked of two/);
    const { app, query } = two(LIVE);
    expect(() => query.all).toThrow(/[A-Z]+: /);
    captured(() => expect(() => app.synth()).toThrow());
    // Not even the answer of the one that was asked alone before.
    expect(labels()).toEqual([]);
  });

  test("keeps the one answer that it gave to one provider and the cloud to another", () => {
    const ours = { mode: CACHED, projectId: emulator.projectId };
    synthesise(ours, rds);
    const { printed } = synthesise(ours, (stack) => {
      const settings = { ...settingsFor(emulator), ...ours, lockStore: store, mode: LIVE };
      const provider = new BackupProvider(stack.node.root as any, "live", settings);
      const [own] = stack.node.root.node.children as BackupProvider[];
      new RdsBackups(stack, "one", { instanceId: SAMPLE.rds, provider: own });
      new RdsBackups(stack, "two", { instanceId: SAMPLE.rds, provider });
    });
    expect(printed).not.toContain("no answer is kept");
    expect(labels()).toHaveLength(1);
  });

  test("does not stand for another cloud that the environment names today", () => {
    const environment = emulator.environment;
    const undeclared = { cloud: undefined, credentials: undefined, region: undefined };
    const ours = { ...undeclared, projectId: emulator.projectId };
    Object.assign(process.env, environment);
    synthesise({ ...ours, mode: LIVE }, rds);
    answeredBy({ host: "rds.eu-de.otc.t-systems.com" });
    const before = lists().length;
    synthesise({ ...ours, mode: CACHED }, rds);
    for (const name of Object.keys(environment)) delete process.env[name];
    expect(lists()).toHaveLength(before + 1);
  });

  describe("of a stub that answered for a cloud that the program names", () => {
    const declared = { cloud: Cloud.openTelekomCloud(), region: "eu-de" };
    const environment = "CDKTF_BACKUPS_ENDPOINTS";
    beforeEach(() => {
      process.env[environment] = JSON.stringify(emulator.endpoints);
      synthesise({ ...declared, projectId: emulator.projectId, mode: LIVE }, rds);
    });
    afterEach(() => delete process.env[environment]);

    test("is not taken by FROZEN without it, though the program is the same", () => {
      delete process.env[environment];
      const run = () =>
        synthesise({ ...declared, projectId: emulator.projectId, mode: FROZEN }, rds);
      expect(run).toThrow(
        /LOCK_OF_ANOTHER_HOST: the lock has an answer to "RDS .*" of 127\.0\.0\.1, but by the program and the environment rds\.eu-de\.otc\.t-systems\.com is the one to ask/,
      );
    });

    test("is not taken by CACHED without it", () => {
      const other = BackupEmulator.start();
      const far = Object.fromEntries(
        Object.entries(other.endpoints).map(([name, url]) => [
          name,
          url.replace("127.0.0.1", "localhost"),
        ]),
      );
      process.env[environment] = JSON.stringify(far);
      synthesise({ ...declared, projectId: emulator.projectId, mode: CACHED }, rds);
      expect(other._requests().some(({ url }) => url.includes("/backups"))).toBe(true);
      other.close();
    });

    test("is taken with it, and told apart by its host", () => {
      const { printed } = synthesise(
        { ...declared, projectId: emulator.projectId, mode: FROZEN },
        rds,
      );
      expect(printed).toContain(`project ${emulator.projectId} (otc, eu-de) at 127.0.0.1`);
    });
  });

  test("has a file that the environment names read once, however many answers it has", () => {
    const file = join(mkdtempSync(join(tmpdir(), "clouds-")), "clouds.yaml");
    writeFileSync(file, "clouds: {mine: {auth: {auth_url: https://iam.example.com/v3}}}");
    const environment = { OS_CLOUD: "mine", OS_CLIENT_CONFIG_FILE: file };
    const ours = { projectId: emulator.projectId };
    synthesise({ ...ours, mode: LIVE }, all);
    Object.assign(process.env, environment);
    const read = jest.spyOn(fs, "readFileSync");
    synthesise({ ...ours, mode: FROZEN }, all);
    for (const name of Object.keys(environment)) delete process.env[name];
    const times = read.mock.calls.filter(([path]) => path === file).length;
    read.mockRestore();
    expect(times).toBe(1);
  });

  test("is not changed by what a frozen provider finds broken", () => {
    synthesise({ mode: LIVE }, rds);
    const [before] = [...locked().entries.keys()];
    const { stack, app } = appOn(emulator, { lockStore: store, mode: FROZEN });
    const options = { ...settingsFor(emulator), lockStore: store, mode: LIVE };
    const live = new BackupProvider(stack, "live", options);
    new DcsBackups(stack, "dcs", { instanceId: SAMPLE.dcs, provider: live });
    const [own] = app.node.children as BackupProvider[];
    const backups = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds, provider: own });
    new RestoreTarget(stack, "target", { backups, selection: Selection.byId("nobody") });
    captured(() => expect(() => app.synth()).toThrow(/NO_RESTORABLE_BACKUP/));
    expect([...locked().entries.keys()]).toContain(before);
    expect(locked().entries.size).toBe(2);
  });

  test("in a file is one, however its path is written", () => {
    const spelled = (lockFile: string) => ({ mode: LIVE, lockFile, lockStore: undefined });
    process.env["CDKTF_BACKUPS_PRUNE_DAYS"] = "0";
    synthesise(spelled("one.lock.json"), (stack) => {
      rds(stack);
      const settings = { ...settingsFor(emulator), ...spelled("./one.lock.json") };
      const provider = new BackupProvider(stack, "other", settings);
      new DcsBackups(stack, "dcs", { instanceId: SAMPLE.dcs, provider });
    });
    const lock = readWhole(readFileSync("one.lock.json"), "one.lock.json");
    expect(lock.entries.size).toBe(2);
    expect(Object.keys(lock.stacks.get("stack")!.lookups)).toHaveLength(2);
  });

  test("of somebody else can't write lines of its own on the terminal", () => {
    synthesise({ mode: LIVE }, rds);
    const project = "x\n::error::gotcha\u001b[31m";
    answeredBy({ project_id: project });
    const { printed } = synthesise({ mode: FROZEN }, rds);
    expect(printed).toContain("answered by project x ::error::gotcha [31m (custom, eu-de)");
    expect(printed.trim().split("\n")).toHaveLength(1);
  });

  test.each([CACHED, FROZEN])("tells which cloud answered where nothing else does (%s)", (mode) => {
    const environment = emulator.environment;
    const undeclared = { cloud: undefined, credentials: undefined, region: undefined };
    const ours = { ...undeclared, projectId: emulator.projectId };
    Object.assign(process.env, environment);
    synthesise({ ...ours, mode: LIVE }, rds);
    for (const name of Object.keys(environment)) delete process.env[name];
    answeredBy({ cloud: "otc" });
    const { stack } = appOn(emulator, { ...ours, lockStore: store, mode });
    const target = new RestoreTarget(stack, "target", { backups: rds(stack), pin: { epoch: 1 } });
    const restore = () =>
      new InPlaceRestore(stack, "restore", {
        ...{ target, targetInstanceId: "x", confirmOverwriteOf: "x" },
        createTimeout: Duration.hours(1),
      });
    expect(restore).toThrow(/^NO_RESTORE_RESOURCE: Open Telekom Cloud/);
  });

  test("of several projects keeps them apart", () => {
    synthesise({ mode: LIVE, projectId: emulator.projectId }, rds);
    const another = BackupEmulator.start({ projectId: "another" });
    const theirs = { ...settingsFor(another), lockStore: store, projectId: "another" };
    synthesise({ ...theirs, mode: LIVE }, rds);
    another.close();
    expect(locked().entries.size).toBe(2);
    const missing = { mode: FROZEN, projectId: "a-third" };
    const { stack } = appOn(emulator, { lockStore: store, ...missing });
    expect(() => rds(stack).all).toThrow(/^LOCK_MISSING/);
  });

  test("may be one of each provider", () => {
    const other = new MemoryLock();
    synthesise({ mode: LIVE }, (stack) => {
      const theirs = { ...settingsFor(emulator), lockStore: other };
      const provider = new BackupProvider(stack.node.root as any, "theirs", theirs);
      const instanceId = SAMPLE.gaussdb;
      const backups = new GaussDbBackups(stack, "gaussdb", { provider, instanceId });
      new RestoreTarget(stack, "target", { backups });
      // Both stand under the App: this one says which it means.
      const [own] = stack.node.root.node.children as BackupProvider[];
      new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds, provider: own });
    });
    expect(labels()).toEqual([`RDS backups of instance ${SAMPLE.rds}`]);
    const theirs = readWhole(other.read()!, "theirs");
    expect([...theirs.entries.values()].map(({ label }) => label)).toEqual([
      `GaussDB backups of instance ${SAMPLE.gaussdb}`,
    ]);
    expect(Object.keys(theirs.stacks.get("stack")!.decisions)).toEqual(["stack/target"]);
    expect(decisions()).toEqual({});
  });

  test("that can't be read is an error in every mode, before anything is sent", () => {
    store.write("{");
    for (const mode of [LIVE, CACHED, FROZEN]) {
      const { stack, app } = appOn(emulator, { lockStore: store, mode });
      const query = rds(stack);
      expect(() => query.all).toThrow(/^LOCK_INVALID: the lock, line 1: /);
      expect(() => app.synth()).toThrow(/LOCK_INVALID/);
    }
    expect(emulator._requests()).toEqual([]);
    expect(store.read()).toBe("{");
  });

  test("that is forgotten with the process is worth no line", () => {
    const memory = new MemoryLock();
    const run = (mode: LookupMode, program: (stack: Construct) => unknown) =>
      synthesise({ mode, lockStore: memory }, program).printed;
    expect(run(LIVE, rds)).toBe("");
    expect(run(CACHED, all)).toBe("");
    expect(run(FROZEN, rds)).toBe("");
    expect(readWhole(memory.read()!, "the lock").entries.size).toBe(5);
    jest.spyOn(memory, "write").mockImplementation(() => {
      throw new Error("no");
    });
    expect(run(LIVE, rds)).toBe("");
  });

  test("that can't be written is said, and nothing else happens", () => {
    jest.spyOn(store, "write").mockImplementation(() => {
      throw new Error("EROFS: read-only file system");
    });
    const { printed, config } = synthesise({ mode: LIVE }, rds);
    expect(printed).toBe(
      "the lock: nothing was written (EROFS: read-only file system); the synthesis goes on\n",
    );
    expect(config.output.rds.value.count).toBeGreaterThan(0);
  });

  test("is pruned on request of what nobody asks for any more", () => {
    synthesise({ mode: LIVE }, (stack) => [rds(stack), new GaussDbBackups(stack, "gaussdb")]);
    synthesise({ mode: LIVE }, rds);
    expect(labels()).toHaveLength(2);
    process.env["CDKTF_BACKUPS_PRUNE_DAYS"] = "0";
    synthesise({ mode: LIVE }, rds);
    expect(labels()).toEqual([`RDS backups of instance ${SAMPLE.rds}`]);
  });
});
