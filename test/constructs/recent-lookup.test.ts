import fc from "fast-check";
import {
  BackupEmulator,
  BackupKind,
  BackupOutputs,
  BackupQuery,
  BackupQueryProps,
  BackupService,
  DcsBackups,
  Duration,
  GaussDbBackups,
  GeminiDbBackups,
  LookupMode,
  MemoryLock,
  RdsBackups,
  RecoveryPolicy,
  RestoreTarget,
  RestoreTargetProps,
  Selection,
  TaurusDbBackups,
} from "../../lib";
import { appOn, SAMPLE } from "../support/app";

const NOON = new Date("2026-06-15T12:00:00Z");
const { NONE, SUMMARY } = BackupOutputs;
const DAY_MS = 86_400_000;

type Props = BackupQueryProps & { readonly instanceId: string };
const QUERIES: [BackupService, new (scope: any, id: string, props: Props) => BackupQuery][] = [
  [BackupService.RDS, RdsBackups],
  [BackupService.GAUSSDB, GaussDbBackups],
  [BackupService.GEMINIDB, GeminiDbBackups],
  [BackupService.DCS, DcsBackups],
  [BackupService.TAURUSDB, TaurusDbBackups],
];

const emulators: BackupEmulator[] = [];
function emulatorOf(count: number, seed = 1): BackupEmulator {
  const emulator = BackupEmulator.start({ now: NOON, count, seed });
  emulators.push(emulator);
  return emulator;
}
afterEach(() => {
  while (emulators.length > 0) emulators.pop()!.close();
});

/** The paths of the lists that were asked for, each with the begin of its window. */
function asked(emulator: BackupEmulator): (string | null)[] {
  return emulator.requests
    .map((line) => new URL(line.split(" ")[1]!, "http://emulator"))
    .filter(({ pathname }) => pathname.includes("backups"))
    .map(({ searchParams }) => searchParams.get("begin_time"));
}

function record(id: string, begin: Date, more: object = {}) {
  const end = new Date(begin.getTime() + 60_000);
  const time = (date: Date) => date.toISOString().replace(/\.\d+Z$/, "+0000");
  return {
    ...{ id, name: id, type: "auto", status: "COMPLETED", size: 1, instance_id: SAMPLE.rds },
    ...{ begin_time: time(begin), end_time: time(end), datastore: { type: "MySQL", version: "8" } },
    ...more,
  };
}

/** An emulator whose first RDS instance has a backup of so many days ago each, and a target on its newest. */
function targetOn(
  days: number[],
  props: Partial<RestoreTargetProps> = {},
  settings: object = {},
  outputs = NONE,
) {
  const emulator = emulatorOf(0);
  for (const ago of days) {
    const begin = new Date(NOON.getTime() - ago * DAY_MS);
    emulator.addBackupRecord(BackupService.RDS, record(`b${ago}`.replace(".", "-"), begin));
  }
  const made = appOn(emulator, { asOf: NOON, ...settings });
  const backups = new RdsBackups(made.stack, "rds", { instanceId: SAMPLE.rds, outputs });
  const target = new RestoreTarget(made.stack, "target", { backups, ...props });
  return { ...made, emulator, backups, target };
}

describe("a target that needs the newest alone, of a query that writes no output", () => {
  test("asks for the last eight days, with a day's margin, and for no more where one of them will do", () => {
    const { emulator, synth, target } = targetOn([1, 7, 30]);
    expect(target.backup.id).toBe("b1");
    synth();
    expect(asked(emulator)).toEqual(["2026-06-06T12:00:00+0000"]);
    expect(target.decision.reason).toMatch(
      /of 2 that were seen \(those begun since 2026-06-07T12:00:00Z alone were asked for\)/,
    );
  });

  test("asks for all where none of them will do", () => {
    const { emulator, synth, target } = targetOn([30, 40]);
    expect(target.backup.id).toBe("b30");
    synth();
    expect(asked(emulator)).toEqual(["2026-06-06T12:00:00+0000", null]);
    expect(target.decision.reason).toMatch(/of 2 that were seen, /);
  });

  test("asks for no more than `maxAge`, and tells all the same how old the newest is", () => {
    const { emulator, target } = targetOn([2, 4], { maxAge: Duration.hours(26) });
    expect(target.isMet).toBe(false);
    expect(target.backup.id).toBe("b2");
    expect(asked(emulator)).toEqual(["2026-06-13T10:00:00+0000", null]);
  });

  test("asks for the days before a moment that it is to be complete at", () => {
    const selection = Selection.latestBefore(new Date("2026-06-01T00:00:00Z"));
    const { emulator, target } = targetOn([1, 15, 60], { selection });
    expect(target.backup.id).toBe("b15");
    expect(asked(emulator)).toEqual(["2026-05-23T00:00:00+0000"]);
  });

  test("takes one that the service's clock began a little later than now, as it would of the whole list", () => {
    const { target } = targetOn([-5 / (24 * 60), 1]);
    expect(target.backup.beginTime).toEqual(new Date("2026-06-15T12:05:00Z"));
  });

  test.each<[string, Partial<RestoreTargetProps>, BackupOutputs]>([
    ["the query writes an output", {}, SUMMARY],
    ["the target is of an id", { selection: Selection.byId("b1") }, NONE],
    ["no backup may be older than nothing", { maxAge: Duration.seconds(0) }, NONE],
  ])("asks for all at once where %s", (_, props, outputs) => {
    const { emulator, target } = targetOn([1, 30], props, {}, outputs);
    expect(target.backup.id).toBe("b1");
    expect(asked(emulator)).toEqual([null]);
  });

  test("asks for all at once where something else needs all: a policy, or the program", () => {
    const one = targetOn([1, 30]);
    new RecoveryPolicy(one.stack, "policy", { queries: [one.backups] });
    one.synth();
    expect(asked(one.emulator)).toEqual([null]);
    const other = targetOn([1, 30]);
    expect(other.backups.all).toHaveLength(2);
    other.synth();
    expect(asked(other.emulator)).toEqual([null]);
  });

  test("asks for all where the query is narrow itself, and where it names no instance", () => {
    const emulator = emulatorOf(5);
    const { stack } = appOn(emulator, { asOf: NOON });
    const within = Duration.days(60);
    const backups = new RdsBackups(stack, "a", { instanceId: SAMPLE.rds, outputs: NONE, within });
    const ofAll = new GaussDbBackups(stack, "b", { outputs: NONE });
    expect([
      new RestoreTarget(stack, "ta", { backups }).isMet,
      new RestoreTarget(stack, "tb", { backups: ofAll }).isMet,
    ]).toHaveLength(2);
    expect(asked(emulator).sort()).toEqual(["2026-04-15T12:00:00+0000", null]);
  });

  test("travels with the others in one batch, and those that have to ask for more do so together", async () => {
    const emulator = emulatorOf(0);
    emulator.addBackupRecord(BackupService.RDS, record("old", new Date("2026-01-01T00:00:00Z")));
    const { stack, provider } = appOn(emulator, { asOf: NOON });
    const targets = ["a", "b"].map((id, i) => {
      const backupType = [BackupKind.AUTOMATIC, undefined][i];
      const props = { instanceId: SAMPLE.rds, outputs: NONE, backupType };
      const backups = new RdsBackups(stack, id, props);
      return new RestoreTarget(stack, `target-${id}`, { backups });
    });
    await provider.load();
    const window = "2026-06-06T12:00:00+0000";
    expect(asked(emulator)).toEqual([window, window, null, null]);
    expect(targets.map((target) => target.backup.id)).toEqual(["old", "old"]);
    expect(asked(emulator)).toHaveLength(4);
  });

  test.each([
    ["one of the last days", [1, 30], 1],
    ["none of the last days", [30], 2],
  ])("decides from the lock alone as it did before: %s", (_, days, entries) => {
    const lockStore = new MemoryLock();
    const first = targetOn(days, {}, { lockStore });
    first.synth();
    expect(lockStore.read()!.match(/"label":/g)).toHaveLength(entries);
    const frozen = targetOn(days, {}, { lockStore, mode: LookupMode.FROZEN });
    expect(frozen.target.decision.toJson()).toEqual(first.target.decision.toJson());
    frozen.synth();
    expect(asked(frozen.emulator)).toEqual([]);
  });

  test("decides from a lock that has the whole list alone", () => {
    const lockStore = new MemoryLock();
    targetOn([1, 30], {}, { lockStore }, SUMMARY).synth();
    const { synth, target } = targetOn([], {}, { lockStore, mode: LookupMode.FROZEN });
    expect(target.backup.id).toBe("b1");
    synth();
  });

  test("leaves it to the query to say why nothing could be looked up", () => {
    const { app, emulator, target } = targetOn([1]);
    emulator.fault({ status: 403, times: 9 });
    expect(target.isMet).toBe(false);
    expect(() => app.synth()).toThrow(/\[stack\/rds\] NOT_PERMITTED/);
  });

  test("says itself what of its answer could not be understood", () => {
    const { app, emulator, stack, target } = targetOn([]);
    emulator.addBackupRecord(BackupService.RDS, record("odd", NOON, { size: "much" }));
    expect(target.backup.id).toBe("odd");
    app.synth();
    expect(JSON.stringify(stack.node.findChild("target").node.metadata)).toMatch(/size/);
  });

  test("asks a condition that reads another query about each backup once", () => {
    let [asked, other] = [0, undefined as RdsBackups | undefined];
    const rejects = () => {
      asked++;
      other ??= new RdsBackups(made.stack, "other", { instanceId: SAMPLE.rds });
      return other.latest ? undefined : "no";
    };
    const selection = Selection.latest({ condition: { rejects } });
    const made = targetOn([1, 2, 3], { selection });
    expect(made.target.isMet).toBe(true);
    expect(asked).toBe(3);
    expect(made.target.decision.reason).toMatch(/alone were asked for/);
  });

  test("asks for all where the program's own condition throws, and throws what it threw", () => {
    const condition = {
      rejects: () => {
        throw new Error("own");
      },
    };
    const { target } = targetOn([1], { selection: Selection.latest({ condition }) });
    expect(() => target.isMet).toThrow("own");
  });
});

test("chooses what it would choose of the whole list, whatever the list holds", () => {
  const selections = fc.oneof(
    fc.constant(Selection.latest()),
    fc.constantFrom(...["*-1*", "orders*"]).map((nameGlob) => Selection.latest({ nameGlob })),
    fc.constantFrom(BackupKind.AUTOMATIC, BackupKind.MANUAL).map((kind) => {
      return Selection.latest({ kinds: [kind] });
    }),
    fc.integer({ min: 0, max: 100 }).map((days) => {
      return Selection.latestBefore(new Date(NOON.getTime() - days * DAY_MS));
    }),
  );
  let [narrow, wide] = [0, 0];
  fc.assert(
    fc.property(
      fc.constantFrom(...QUERIES),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(1000),
      selections,
      fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
      ([service, Query], count, seed, selection, days) => {
        const emulator = BackupEmulator.start({ now: NOON, count, seed });
        try {
          const { stack } = appOn(emulator, { asOf: NOON });
          const maxAge = days === undefined ? undefined : Duration.days(days);
          const [recent, whole] = [NONE, SUMMARY].map((outputs) => {
            const backups = new Query(stack, outputs, { instanceId: SAMPLE[service], outputs });
            return new RestoreTarget(stack, `of-${outputs}`, { backups, selection, maxAge });
          });
          const { reason, rejected, ...chosen } = recent!.decision.toJson();
          expect({ ...chosen, subject: "" }).toEqual({
            ...whole!.decision.toJson(),
            ...{ subject: "", reason: undefined, rejected: undefined },
          });
          if (/alone were asked for/.test(reason)) narrow++;
          else wide++;
          // What it has seen, it judges alike.
          const all = whole!.decision.toJson().rejected.map(({ id }: { id: string }) => id);
          expect(all).toEqual(expect.arrayContaining(rejected.map(({ id }: any) => id)));
        } finally {
          emulator.close();
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(Math.min(narrow, wide)).toBeGreaterThan(5);
});
