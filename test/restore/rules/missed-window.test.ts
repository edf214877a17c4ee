import fc from "fast-check";
import { Backup, BackupAttributes, BackupKind, BackupStatus } from "../../../lib/model/backup";
import { Duration } from "../../../lib/model/duration";
import { AutomatedBackups, InstanceAttributes } from "../../../lib/model/instance";
import { Rule, RuleLevel, RuleSubject } from "../../../lib/restore/rules";
import { backup, DAY, evidenceOf, HOUR, instance, NOW, subject } from "./support";

// NOW is noon of a Saturday.
const missedWindow = Rule.missedWindow();
const MINUTE = 60_000;

const of = (
  backups: Backup[],
  policy: Partial<AutomatedBackups> | undefined,
  attributes: Partial<InstanceAttributes> = {},
): RuleSubject => {
  const automatedBackups = policy && { isOn: true, ...policy };
  return subject(backups, { instance: instance(automatedBackups, attributes) });
};

/** An automatic one begun at that time. */
const begun = (time: string, attributes: Partial<BackupAttributes> = {}) =>
  backup("b", (NOW.getTime() - Date.parse(time)) / HOUR, attributes);

const NIGHT = { window: "02:00-03:00" };

describe("missed-window", () => {
  test("tells that nothing was begun since the last window, with the newest before", () => {
    expect(evidenceOf(missedWindow, of([begun("2026-01-30T02:10:00Z")], NIGHT))).toEqual([
      "no automatic backup was begun since its window from 2026-01-31T02:00:00Z to 2026-01-31T03:00:00Z, which ended at least 3 h before 2026-01-31T12:00:00Z; the newest before is b begun 2026-01-30T02:10:00Z",
    ]);
    expect(evidenceOf(missedWindow, of([], NIGHT))[0]).toMatch(/12:00:00Z$/);
    expect(missedWindow.level).toBe(RuleLevel.WARNING);
  });

  test("accepts a backup begun within it, later, or a quarter of an hour before", () => {
    for (const time of ["02:10", "09:00", "01:45"]) {
      expect(evidenceOf(missedWindow, of([begun(`2026-01-31T${time}:00Z`)], NIGHT))).toEqual([]);
    }
    expect(evidenceOf(missedWindow, of([begun("2026-01-31T01:44:59Z")], NIGHT))).toHaveLength(1);
  });

  test("counts automatic backups alone, in whatever state but failed", () => {
    const at = "2026-01-31T02:10:00Z";
    for (const status of Object.values(BackupStatus)) {
      const found = evidenceOf(missedWindow, of([begun(at, { status })], NIGHT));
      expect(found).toHaveLength(status === BackupStatus.FAILED ? 1 : 0);
    }
    for (const kind of [BackupKind.MANUAL, BackupKind.INCREMENTAL, BackupKind.UNKNOWN]) {
      expect(evidenceOf(missedWindow, of([begun(at, { kind })], NIGHT))).toHaveLength(1);
    }
  });

  test("looks at the window before, until one has ended so long ago", () => {
    const yesterdays = [begun("2026-01-30T08:05:00Z")];
    expect(evidenceOf(missedWindow, of(yesterdays, { window: "08:00-09:01" }))).toEqual([]);
    expect(evidenceOf(missedWindow, of(yesterdays, { window: "08:00-09:00" }))).toHaveLength(1);
    const patient = Rule.missedWindow(Duration.hours(30));
    expect(evidenceOf(patient, of([begun("2026-01-30T02:10:00Z")], NIGHT))).toEqual([]);
    expect(evidenceOf(patient, of([], NIGHT))[0]).toContain("2026-01-30T02:00:00Z");
    const today = of([], { window: "10:00-11:00" });
    const impatient = Rule.missedWindow(Duration.hours(0));
    expect(evidenceOf(impatient, today)[0]).toContain("2026-01-31T10:00:00Z");
  });

  test.each([
    ["23:00-00:00", "2026-01-30T23:00:00Z", "2026-01-31T00:00:00Z"],
    ["23:30-00:30", "2026-01-30T23:30:00Z", "2026-01-31T00:30:00Z"],
    ["23:00-24:00", "2026-01-30T23:00:00Z", "2026-01-31T00:00:00Z"],
    ["8:00-9:00", "2026-01-31T08:00:00Z", "2026-01-31T09:00:00Z"],
  ])("reads the window %s, which may end on the next day", (window, start, end) => {
    expect(evidenceOf(missedWindow, of([], { window }))[0]).toContain(`from ${start} to ${end}`);
  });

  test("counts the day on which a window begins, of those that are known", () => {
    const on = (...weekdays: number[]) => evidenceOf(missedWindow, of([], { ...NIGHT, weekdays }));
    expect(on(6)[0]).toContain("2026-01-31T02:00:00Z");
    expect(on(7)[0]).toContain("2026-01-25T02:00:00Z");
    expect(on(1, 3)[0]).toContain("2026-01-28T02:00:00Z");
    expect(on()[0]).toContain("2026-01-31T02:00:00Z");
    expect(on(9)).toEqual([]);
    const friday = of([], { window: "23:00-00:00", weekdays: [5] });
    expect(evidenceOf(missedWindow, friday)[0]).toContain("2026-01-30T23:00:00Z");
  });

  test("says nothing of an instance that was not there yet", () => {
    const created = (time: string) => of([], NIGHT, { createdAt: new Date(time) });
    expect(evidenceOf(missedWindow, created("2026-01-31T02:00:01Z"))).toEqual([]);
    expect(evidenceOf(missedWindow, created("2026-01-31T02:00:00Z"))).toHaveLength(1);
  });

  test("has no opinion where the policy is off, or its window can't be read", () => {
    expect(evidenceOf(missedWindow, of([], { ...NIGHT, isOn: false }))).toEqual([]);
    expect(evidenceOf(missedWindow, of([], undefined))).toEqual([]);
    expect(evidenceOf(missedWindow, subject([]))).toEqual([]);
    for (const window of [undefined, "", "night", "24:00-25:00", "02:60-03:00", "02:00"]) {
      expect(evidenceOf(missedWindow, of([], { window }))).toEqual([]);
    }
  });

  test("finds nothing where one is begun in each window, and something where the last is left out", () => {
    const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 });
    const text = (minute: number) =>
      [Math.floor(minute / 60) % 24, minute % 60].map((n) => String(n).padStart(2, "0")).join(":");
    fc.assert(
      fc.property(minutes, fc.nat({ max: 59 }), fc.nat({ max: 100 }), (start, late, grace) => {
        const window = `${text(start)}-${text(start + 60)}`;
        const midnight = Date.parse("2026-01-31T00:00:00Z");
        const nights = Array.from({ length: 20 }, (_, i) => midnight - i * DAY + start * MINUTE);
        const at = (night: number) => (NOW.getTime() - night - late * MINUTE) / HOUR;
        const each = nights.map((night, i) => backup(`b${i}`, at(night)));
        const rule = Rule.missedWindow(Duration.hours(grace));
        expect(evidenceOf(rule, of(each, { window }))).toEqual([]);
        const by = NOW.getTime() - grace * HOUR;
        const last = nights.findIndex((night) => night + HOUR <= by);
        expect(evidenceOf(rule, of(each.slice(last + 1), { window }))).toHaveLength(1);
      }),
    );
  });
});
