import fc from "fast-check";
import { BackupKind, BackupStatus } from "../../../lib/model/backup";
import { Duration } from "../../../lib/model/duration";
import { Rule } from "../../../lib/restore/rules";
import { backup, evidenceOf, subject, TAURUS } from "./support";

const gap = Rule.gap();

const every = (...hours: number[]) => subject(hours.map((each) => backup(`b${each}`, each)));

describe("gap", () => {
  test("accepts a schedule that was kept", () => {
    expect(evidenceOf(gap, every(10, 34, 58, 82, 106, 130, 154, 178))).toEqual([]);
  });

  test("tells the longest gap, and how many were too long", () => {
    expect(evidenceOf(gap, every(10, 58, 82, 154, 178))).toEqual([
      "in the 7 days up to 2026-01-31T12:00:00Z no usable backup was begun for 3 days, from 2026-01-25T02:00:00Z to 2026-01-28T02:00:00Z; the schedule of 24 h with a tolerance of 2 h was exceeded by 2 gaps",
    ]);
  });

  test("accepts a gap of exactly the schedule and its tolerance, and not a second more", () => {
    expect(evidenceOf(gap, every(1, 27))).toEqual([]);
    expect(evidenceOf(gap, every(1, 27 + 1 / 3600))[0]).toContain("for 1 day 2 h 1 s");
    expect(evidenceOf(Rule.gap({ tolerance: Duration.hours(1) }), every(1, 27))).toHaveLength(1);
    expect(
      evidenceOf(
        Rule.gap({ tolerance: Duration.hours(0), schedule: Duration.hours(26) }),
        every(1, 27),
      ),
    ).toEqual([]);
  });

  test("counts the time since the last one", () => {
    expect(evidenceOf(gap, every(30, 50))[0]).toContain(
      "for 1 day 6 h, from 2026-01-30T06:00:00Z to 2026-01-31T12:00:00Z",
    );
  });

  test("counts the time before the first one only where the list reaches back that far", () => {
    expect(evidenceOf(gap, every(10, 34))).toEqual([]);
    expect(evidenceOf(gap, every(10, 34, 167))[0]).toContain("5 days 13 h");
    // Begun before the 7 days: the gap counts from their start.
    expect(evidenceOf(gap, every(10, 34, 5000))[0]).toContain(
      "for 5 days 14 h, from 2026-01-24T12:00:00Z to 2026-01-30T02:00:00Z",
    );
    expect(evidenceOf(gap, every(10, 34, 168))[0]).toContain("from 2026-01-24T12:00:00Z");
  });

  test("takes a failed one as a sign that the list reaches back", () => {
    const failed = backup("f", 200, { status: BackupStatus.FAILED });
    const list = [backup("b", 10), failed];
    expect(evidenceOf(gap, subject(list))[0]).toContain("for 6 days 14 h");
    const atTheEdge = backup("f", 168, { status: BackupStatus.FAILED });
    expect(evidenceOf(gap, subject([backup("b", 10), atTheEdge]))).toHaveLength(1);
  });

  test("does not take a long retention before the past days for a gap", () => {
    const daily = [10, 34, 58, 82, 106, 130, 154];
    expect(evidenceOf(gap, every(...daily, 9000))).toEqual([]);
  });

  test("tells that there was none in all the days", () => {
    expect(evidenceOf(gap, every(9000))[0]).toContain("for 7 days,");
  });

  test("knows no gap where nothing has a time", () => {
    expect(evidenceOf(gap, subject([]))).toEqual([]);
    expect(evidenceOf(gap, subject([backup("a", undefined)]))).toEqual([]);
    expect(evidenceOf(gap, subject([backup("f", 9, { status: BackupStatus.FAILED })]))).toEqual([]);
  });

  test("is not closed by an incremental backup", () => {
    const between = backup("i", 25, { kind: BackupKind.INCREMENTAL });
    expect(evidenceOf(gap, subject([backup("a", 1), between, backup("b", 50)]))).toHaveLength(1);
  });

  test("says nothing of TaurusDB", () => {
    expect(evidenceOf(gap, TAURUS)).toEqual([]);
  });

  test("finds something exactly where a naive walk over the hours does", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 300 })), (hours) => {
        const sorted = [...hours].sort((a, b) => a - b);
        const points = [0, ...sorted.filter((each) => each <= 168)];
        if (sorted.some((each) => each >= 168)) points.push(168);
        const isKnown = sorted.some((each) => each <= 168) || sorted.some((each) => each >= 168);
        const steps = points.slice(1).map((each, i) => each - (points[i] as number));
        const expected = isKnown && Math.max(0, ...steps) > 26;
        expect(evidenceOf(gap, every(...hours))).toHaveLength(expected ? 1 : 0);
      }),
    );
  });
});
