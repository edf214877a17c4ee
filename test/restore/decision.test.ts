import { Backup, BackupAttributes, BackupKind, BackupStatus } from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";
import { DecisionInput, humanTime, RestoreDecision } from "../../lib/restore/decision";
import { Selection } from "../../lib/restore/selection";

const AS_OF = new Date("2026-01-31T06:00:00Z");

const backup = (id: string, begin: string | undefined, more: Partial<BackupAttributes> = {}) =>
  Backup.of({
    ...{ service: BackupService.RDS, id, instanceId: "i-1", name: `nightly-${id}` },
    ...{ kind: BackupKind.AUTOMATIC, status: BackupStatus.COMPLETED, isRestorable: true },
    ...{ engine: "MySQL", engineVersion: "5.6", sizeBytes: 1024, databases: [], raw: {} },
    beginTime: begin === undefined ? undefined : new Date(begin),
    ...more,
  });

const LIST = [
  backup("b4", "2026-01-31T05:00:00Z", { status: BackupStatus.FAILED, isRestorable: false }),
  backup("b3", "2026-01-31T02:00:00Z"),
  backup("b2", "2026-01-30T02:00:00Z"),
  backup("b1", undefined),
];

const decide = (more: Partial<DecisionInput> = {}) =>
  RestoreDecision._of({
    subject: "recovery/orders-target",
    backups: LIST,
    selection: Selection.latest(),
    asOf: AS_OF,
    ...more,
  });

describe("a decision", () => {
  test("reads as a person wants it in an incident", () => {
    expect(decide().toText()).toBe(`recovery/orders-target: MET
  as of    2026-01-31T06:00:00Z
  wanted   the newest backup
  chosen   b3 "nightly-b3", automatic, begun 2026-01-31T02:00:00Z (4 h before), 1024 bytes, MySQL 5.6
  because  it is the newest backup; of 4 that were seen, a restore could start from 2
  not chosen (3):
    2026-01-31T05:00:00Z  b4  has failed
    2026-01-30T02:00:00Z  b2  is older than b3
    at an unknown time    b1  has no begin time that can be read, so no age`);
  });

  test("tells of a failure why, and what else is known of each backup", () => {
    const failed = backup("b5", undefined, {
      ...{ service: BackupService.DCS, status: BackupStatus.FAILED, isRestorable: false },
      ...{ createdAt: new Date("2026-01-31T05:30:00Z"), backupFormat: "AOF", progress: "3.00" },
      ...{ errorCode: "dcs.08.0002", errorMessage: "Operation timed out." },
    });
    const [rejected] = decide({ backups: [failed] }).toJson().rejected;
    expect(rejected).toMatchObject({
      ...{ reason: "has failed (dcs.08.0002: Operation timed out)", begin_time: null },
      ...{ created_at: "2026-01-31T05:30:00Z", backup_format: "AOF", progress: "3.00" },
      error_code: "dcs.08.0002",
    });
  });

  test("reads as a pipeline wants it: plain JSON, every backup in it", () => {
    const json = decide().toJson();
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json).toMatchObject({
      is_met: true,
      as_of: "2026-01-31T06:00:00Z",
      chosen: { id: "b3", begin_time: "2026-01-31T02:00:00Z" },
      rejected: [{ id: "b4", reason: "has failed" }, { id: "b2" }, { id: "b1", begin_time: null }],
    });
  });

  test("given whole to JSON is its toJson() without nulls, as is each that it rejected", () => {
    const written = JSON.parse(JSON.stringify(decide()));
    expect(decide().toJson()).toMatchObject(written);
    expect(written).toMatchObject({ is_met: true, chosen: { id: "b3" }, rejected: [{}, {}, {}] });
    const [rejected] = JSON.parse(JSON.stringify(decide().rejected));
    expect(rejected).toMatchObject({ reason: "has failed", backup: { id: "b4" } });
  });

  test("reads so where nothing is suitable, and where nothing else was seen", () => {
    const none = decide({ backups: LIST.slice(0, 1) });
    expect(none.shortcomings).toEqual([]);
    expect(none.toText()).toBe(`recovery/orders-target: UNMET
  as of    2026-01-31T06:00:00Z
  wanted   the newest backup
  because  a restore could start from none of the 1 backups that were seen (wanted: the newest backup)
  not chosen (1):
    2026-01-31T05:00:00Z  b4  has failed`);
    const bare = { name: undefined, engine: undefined, sizeBytes: undefined };
    const only = decide({ backups: [backup("b", "2026-01-31T05:00:00Z", bare)] });
    expect(only.toText()).toBe(`recovery/orders-target: MET
  as of    2026-01-31T06:00:00Z
  wanted   the newest backup
  chosen   b, automatic, begun 2026-01-31T05:00:00Z (1 h before), unknown size, 5.6
  because  it is the newest backup; of 1 that were seen, a restore could start from 1`);
    const blank = { ...bare, engineVersion: undefined };
    const unnamed = decide({ backups: [backup("b", "2026-01-31T05:00:00Z", blank)] });
    expect(unnamed.toText()).toMatch(/unknown size$/m);
  });

  test("is told to a command on one line, and of a long list its start", () => {
    const summary = decide({ backups: LIST.slice(0, 2) })._summary();
    expect(summary).toBe(
      "wanted: the newest backup; because it is the newest backup; of 2 that were seen, a restore could start from 1; b4 has failed",
    );
    const many = Array.from({ length: 2_000 }, (_, i) => backup(`b${i}`, undefined));
    expect(decide({ backups: many })._summary().length).toBeLessThan(4_100);
  });

  test("keeps a backup that is merely too old, and says so", () => {
    const decision = decide({ maxAgeMs: 3 * 3_600_000 });
    expect(decision.chosen?.id).toBe("b3");
    expect(decision.isMet).toBe(false);
    expect(decision.shortcomings).toEqual(["it is 4 h old, more than the 3 h that are allowed"]);
    expect(decision.toText()).toMatch(/NOT GOOD ENOUGH[^]*but {6}it is 4 h old/);
  });

  test("tells an age that is over its limit by a second as more than the limit", () => {
    expect(decide({ maxAgeMs: 4 * 3_600_000 - 1_000 }).shortcomings).toEqual([
      "it is 4 h old, more than the 3 h 59 min 59 s that are allowed",
    ]);
  });

  test("never takes a backup of another instance than was asked for", () => {
    const { chosen, rejected } = decide({ instanceId: "i-2" });
    expect(chosen).toBeUndefined();
    expect(rejected[1]?.reason).toBe("is of instance i-1, not i-2");
    const backups = [backup("c", "2026-01-31T03:00:00Z", { instanceId: "i-2" }), ...LIST];
    expect(decide({ backups, instanceId: "i-1" }).chosen?.id).toBe("b3");
    const unsaid = backup("u", "2026-01-31T03:00:00Z", { instanceId: undefined });
    expect(decide({ backups: [unsaid], instanceId: "i-1" }).chosen?.id).toBe("u");
  });

  test("passes over a backup that was begun after the moment it is taken at", () => {
    const future = backup("b9", "2026-02-01T00:00:00Z");
    const { chosen, rejected } = decide({ backups: [future, ...LIST] });
    expect(chosen?.id).toBe("b3");
    expect(rejected[0]?.reason).toBe(
      "was begun only at 2026-02-01T00:00:00Z, after 2026-01-31T06:00:00Z",
    );
    expect(decide({ backups: [backup("b9", "2026-01-31T06:15:00Z")] }).chosen?.id).toBe("b9");
  });

  test("is met at the very age that is allowed", () => {
    expect(decide({ maxAgeMs: 4 * 3_600_000 }).isMet).toBe(true);
    expect(decide({ maxAgeMs: 4 * 3_600_000 - 1 }).isMet).toBe(false);
  });

  test.each([undefined, NaN, -1])(
    "takes a backup of the size %s for one that may not fit",
    (sizeBytes) => {
      const odd = backup("b9", "2026-01-31T03:00:00Z", { sizeBytes });
      const decision = decide({ backups: [odd], destination: { volumeSizeBytes: 1e12 } });
      expect(decision).toMatchObject({ chosen: { id: "b9" }, isMet: false });
    },
  );

  test("takes an empty backup for one that fits", () => {
    const empty = backup("b9", "2026-01-31T03:00:00Z", { sizeBytes: 0 });
    expect(decide({ backups: [empty], destination: { volumeSizeBytes: 1 } }).isMet).toBe(true);
  });

  test("of a moment says what it builds on: the newest backup that was complete by then", () => {
    const moment = new Date("2026-01-31T02:30:00Z");
    const done = (id: string, begin: string, endTime: Date | undefined) =>
      backup(id, begin, { endTime });
    const backups = [
      done("running", "2026-01-31T02:00:00Z", undefined),
      done("late", "2026-01-31T01:00:00Z", new Date(moment.getTime() + 1)),
      done("base", "2026-01-31T00:00:00Z", moment),
      done("old", "2026-01-30T00:00:00Z", new Date("2026-01-30T01:00:00Z")),
      ...LIST.slice(0, 1),
    ];
    const selection = Selection.pointInTime(moment);
    const decision = decide({ backups, selection, moment: { moment } });
    expect(decision).toMatchObject({ chosen: { id: "base" }, restoreTime: moment, isMet: true });
    expect(decision.rejected.map(({ reason }) => reason)).toEqual([
      "was complete only after 2026-01-31T02:30:00Z",
      "was complete only after 2026-01-31T02:30:00Z",
      "is older than base",
      "has failed",
    ]);
    expect(decision.toText()).toContain(`
  moment   2026-01-31T02:30:00Z
  chosen   base "nightly-base", automatic, begun 2026-01-31T00:00:00Z (6 h before), 1024 bytes, MySQL 5.6
  because  the service says that this moment can be restored to
`);
  });

  test.each([
    [{}, "the service names none within a month of it"],
    [
      { before: new Date("2026-01-31T01:00:00Z") },
      "the last one before it is 2026-01-31T01:00:00Z",
    ],
    [
      { before: new Date("2026-01-31T01:00:00Z"), after: new Date("2026-01-31T03:00:00Z") },
      "the last one before it is 2026-01-31T01:00:00Z, the first one after it is 2026-01-31T03:00:00Z",
    ],
  ])("of a moment that can't be restored to says which can: %j", (moment, where) => {
    const decision = decide({ selection: Selection.newestMoment(), moment });
    expect(decision).toMatchObject({ isMet: false, chosen: undefined, restoreTime: undefined });
    expect(decision.reason).toBe(
      `no moment like that can be restored to (wanted: the newest moment that can be restored to): ${where}`,
    );
    expect(decision.rejected.map(({ reason }) => reason)).toEqual([
      "has failed",
      "is a backup, not a moment",
      "is a backup, not a moment",
      "has no begin time that can be read, so no age",
    ]);
  });

  test("takes a moment that builds on no listed backup for one that may not fit", () => {
    const decision = decide({
      ...{ backups: [], selection: Selection.newestMoment(), moment: { moment: AS_OF } },
      destination: { volumeSizeBytes: 1e12, engineVersion: "8.0" },
    });
    expect(decision.isMet).toBe(false);
    expect(decision.shortcomings).toEqual([
      "it is of version unknown, the destination of 8.0",
      "it is of unknown size, perhaps more than the 1000000000000 of the destination's volume",
    ]);
  });

  test("compares what was chosen with what the destination will be", () => {
    const destination = { engineVersion: "8.0", volumeSizeBytes: 1023 };
    expect(decide({ destination }).shortcomings).toEqual([
      "it is of version 5.6, the destination of 8.0",
      "it is 1024 bytes, more than the 1023 of the destination's volume",
    ]);
    expect(decide({ destination: { engineVersion: "5.6", volumeSizeBytes: 1024 } }).isMet).toBe(
      true,
    );
  });

  test("of nothing suitable names the nearest and what kept each", () => {
    const decision = decide({ backups: LIST.slice(0, 1) });
    expect(decision.chosen).toBeUndefined();
    expect(decision.isMet).toBe(false);
    expect(decision.reason).toBe(
      "a restore could start from none of the 1 backups that were seen (wanted: the newest backup)",
    );
    expect(decision._nearest()).toBe("The nearest: b4 has failed.");
    expect(decide({ backups: [] })._nearest()).toBe("The list of backups is empty.");
    const failed = Array.from({ length: 6 }, (_, i) =>
      backup(`f${i}`, undefined, { status: BackupStatus.FAILED }),
    );
    expect(decide({ backups: failed })._nearest()).toBe(
      "The nearest: f0 has failed; f1 has failed; f2 has failed; f3 has failed; f4 has failed.",
    );
  });

  test("among several instances is refused, unless by id", () => {
    const backups = [...LIST, backup("c", "2026-01-01T00:00:00Z", { instanceId: "i-2" })];
    const of = (count: number) =>
      Array.from({ length: count }, (_, i) => backup("b", undefined, { instanceId: `i-${i}` }));
    expect(() => decide({ backups })).toThrow(
      /^SEVERAL_INSTANCES: .*of 2 instances: i-1, i-2\. Give the query an `instanceId`/,
    );
    expect(() => decide({ backups: of(5) })).toThrow("i-0, i-1, i-2, i-3, i-4. Give");
    expect(() => decide({ backups: of(6) })).toThrow("i-0, i-1, i-2, i-3, i-4, …. Give");
    expect(decide({ backups, selection: Selection.byId("c") }).chosen?.id).toBe("c");
    const unsaid = backup("u", undefined, { instanceId: undefined });
    expect(decide({ backups: [...LIST, unsaid] }).chosen?.id).toBe("b3");
  });
});

describe("humanTime", () => {
  test.each([
    [0, "0 min"],
    [59_000, "0 min"],
    [12 * 60_000, "12 min"],
    [252 * 60_000, "4 h 12 min"],
    [26 * 3_600_000, "1 day 2 h"],
    [26.9 * 3_600_000, "1 day 2 h"],
    [72 * 3_600_000, "3 days"],
    [-90 * 60_000, "-1 h 30 min"],
  ])("%d ms is %s", (milliseconds, text) => {
    expect(humanTime(milliseconds)).toBe(text);
  });
});
