import { BackupKind, BackupStatus } from "../../../lib/model/backup";
import { BackupService } from "../../../lib/model/service";
import { Duration } from "../../../lib/model/duration";
import { Rule } from "../../../lib/restore/rules";
import {
  ago,
  backup,
  evidenceOf,
  incremental,
  instance,
  NO_FULL_ONES,
  NOW,
  subject,
} from "./support";

const rpo = Rule.rpo();

const taurus = { service: BackupService.TAURUSDB };

describe("rpo", () => {
  test("tells a newest backup that is older than the RPO, with both", () => {
    const found = evidenceOf(rpo, subject([backup("old", 26.5), backup("older", 50)]));
    expect(found).toEqual([
      "the newest usable backup old begun 2026-01-30T09:30:00Z is 1 day 2 h 30 min old as of 2026-01-31T12:00:00Z; the RPO is 26 h",
    ]);
  });

  test("accepts one exactly as old as the RPO, and not a second more", () => {
    expect(evidenceOf(rpo, subject([backup("b", 26)]))).toEqual([]);
    expect(evidenceOf(rpo, subject([backup("b", 26 + 1 / 3600)]))[0]).toContain("1 day 2 h 1 s");
  });

  test("does not claim that there is none where older ones were not asked for", () => {
    const since = (hours: number) => ({ ...subject([]), since: ago(hours) });
    expect(evidenceOf(rpo, since(1))).toEqual([
      "whether there is a usable backup of the last 26 h can't be known: those begun before 2026-01-31T11:00:00Z were not asked for, and it has no backup begun since 2026-01-31T11:00:00Z",
    ]);
    expect(evidenceOf(rpo, since(26))).toEqual([
      "it has no backup begun since 2026-01-30T10:00:00Z",
    ]);
    expect(evidenceOf(rpo, { ...subject([backup("b", 0.5)]), since: ago(1) })).toEqual([]);
  });

  test("takes another RPO", () => {
    expect(evidenceOf(Rule.rpo(Duration.hours(2)), subject([backup("b", 3)]))).toHaveLength(1);
    expect(evidenceOf(Rule.rpo(Duration.hours(50)), subject([backup("b", 50)]))).toEqual([]);
  });

  test("counts no backup that a restore couldn't start from, and says why not", () => {
    const found = evidenceOf(
      rpo,
      subject([
        backup("f1", 1, { status: BackupStatus.FAILED }),
        backup("f2", 2, { status: BackupStatus.FAILED }),
        backup("i", 1, { kind: BackupKind.INCREMENTAL }),
      ]),
    );
    expect(found).toEqual([
      'of 3 listed backups none is usable: 2 × "has failed"; 1 × "is incremental: no restore starts from it alone"',
    ]);
  });

  test("says why not in the order of the alphabet where reasons are equally frequent", () => {
    const list = [BackupStatus.FAILED, BackupStatus.EXPIRED, BackupStatus.DELETED].map((status) =>
      backup(status, 1, { status }),
    );
    expect(evidenceOf(rpo, subject(list))).toEqual([
      'of 3 listed backups none is usable: 1 × "has been deleted"; 1 × "has expired"; 1 × "has failed"',
    ]);
  });

  test("tells an empty list", () => {
    expect(evidenceOf(rpo, subject([]))).toEqual(["the list of backups is empty"]);
    expect(evidenceOf(rpo, subject([], NO_FULL_ONES))).toHaveLength(1);
  });

  test("tells an instance that has no backup at all", () => {
    const none = subject([], { instance: instance() });
    expect(evidenceOf(rpo, none)).toEqual(["there is no backup of it at all"]);
    expect(evidenceOf(Rule.count(), none)).toEqual([
      "0 usable backups as of 2026-01-31T12:00:00Z, fewer than 2; there is no backup of it at all",
    ]);
  });

  test("tells a list without a time that can be read", () => {
    const unread = [backup("a", undefined), backup("b", 0, { beginTime: new Date(NaN) })];
    expect(evidenceOf(rpo, subject(unread))).toEqual([
      'of 2 listed backups none is usable: 2 × "has no begin time that can be read, so no age"',
    ]);
  });

  test("is not fooled by a backup from the future", () => {
    expect(evidenceOf(rpo, subject([backup("f", -500), backup("b", 30)]))[0]).toContain("backup b");
    expect(evidenceOf(rpo, subject([backup("now", 0)]))).toEqual([]);
    expect(evidenceOf(rpo, subject([backup("f", -500)]))).toEqual([
      `of 1 listed backup none is usable: 1 × "begins after 2026-01-31T12:00:00Z"`,
    ]);
  });

  describe("on TaurusDB", () => {
    test("counts from the newest end of an incremental backup", () => {
      const list = [incremental("new", 2), incremental("old", 40)];
      expect(evidenceOf(rpo, subject(list, NO_FULL_ONES))).toEqual([]);
      expect(evidenceOf(Rule.rpo(Duration.hours(1)), subject(list, NO_FULL_ONES))).toEqual([
        "the newest incremental backup new complete 2026-01-31T10:00:00Z is 2 h old as of 2026-01-31T12:00:00Z; the RPO is 1 h",
      ]);
      expect(evidenceOf(Rule.rpo(Duration.hours(2)), subject(list, NO_FULL_ONES))).toEqual([]);
    });

    test("takes the end, whatever the begin", () => {
      const long = backup("long", 90, {
        ...taurus,
        ...{ kind: BackupKind.INCREMENTAL, status: BackupStatus.UNKNOWN, endTime: ago(1) },
      });
      expect(evidenceOf(rpo, subject([long], NO_FULL_ONES))).toEqual([]);
    });

    test("counts one that ends at this moment, and names the lesser id of two with the same end", () => {
      const list = [incremental("b", 2), incremental("a", 2), incremental("c", 2)];
      for (const backups of [list, [...list].reverse()]) {
        const on = { ...subject([], NO_FULL_ONES), backups };
        expect(evidenceOf(Rule.rpo(Duration.hours(1)), on)[0]).toContain("backup a complete");
      }
      expect(evidenceOf(rpo, subject([incremental("now", 0)], NO_FULL_ONES))).toEqual([]);
    });

    test("tells backups that are not incremental, have no end, failed, or are from the future", () => {
      const failed = { ...taurus, kind: BackupKind.INCREMENTAL, endTime: NOW };
      const list = [
        incremental("a", undefined),
        incremental("b", -1),
        backup("c", 1, { ...failed, status: BackupStatus.FAILED }),
        backup("d", 1, { ...failed, kind: BackupKind.UNKNOWN, status: BackupStatus.UNKNOWN }),
      ];
      expect(evidenceOf(rpo, subject(list, NO_FULL_ONES))).toEqual([
        "there is no incremental backup with an end time up to 2026-01-31T12:00:00Z among the 4 listed",
      ]);
    });
  });
});
