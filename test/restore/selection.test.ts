import fc from "fast-check";
import {
  Backup,
  BackupAttributes,
  BackupKind,
  BackupStatus,
  newestFirst,
} from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";
import { latestRestorable, whyNotRestorable } from "../../lib/restore/candidates";
import { matchesGlob, Selection } from "../../lib/restore/selection";
import { RestoreDecision } from "../../lib/restore/decision";

const DAY = 86_400_000;
const AS_OF = new Date("2026-01-31T00:00:00Z");

const made = (attributes: Partial<BackupAttributes>): Backup => {
  const kind = attributes.kind ?? BackupKind.AUTOMATIC;
  const status = attributes.status ?? BackupStatus.COMPLETED;
  const isFull = kind === BackupKind.AUTOMATIC || kind === BackupKind.MANUAL;
  return Backup.of({
    service: BackupService.RDS,
    id: "b",
    instanceId: "i",
    kind,
    status,
    isRestorable: isFull && status === BackupStatus.COMPLETED,
    beginTime: AS_OF,
    endTime: AS_OF,
    databases: [],
    raw: {},
    ...attributes,
  });
};

const anyBackup = fc
  .record({
    id: fc.uuid(),
    name: fc.option(fc.constantFrom("nightly-1", "nightly-22", "before-migration"), {
      nil: undefined,
    }),
    kind: fc.constantFrom(...Object.values(BackupKind)),
    status: fc.constantFrom(
      BackupStatus.COMPLETED,
      BackupStatus.COMPLETED,
      BackupStatus.FAILED,
      BackupStatus.BUILDING,
    ),
    begin: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
    length: fc.integer({ min: 0, max: 2 }),
    sizeBytes: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
    engineVersion: fc.constantFrom("5.6", "5.7", undefined),
  })
  .map(({ begin, length, ...rest }) =>
    made({
      ...rest,
      beginTime: begin === undefined ? undefined : new Date(begin * DAY),
      endTime: begin === undefined ? undefined : new Date((begin + length) * DAY),
    }),
  );
const anyList = fc.array(anyBackup).map((list) => list.sort(newestFirst));

const decide = (backups: readonly Backup[], selection: Selection) =>
  RestoreDecision._of({ subject: "stack/target", backups, selection, asOf: AS_OF });

/** The choice by trying each: what the documentation says, read naively. */
function naive(backups: Backup[], accepts: (backup: Backup) => boolean, kinds: BackupKind[] = []) {
  const usable = backups.filter(
    (backup) =>
      backup.status === BackupStatus.COMPLETED &&
      backup.beginTime !== undefined &&
      (backup.isRestorable ||
        (backup.kind === BackupKind.FRAGMENT && kinds.includes(backup.kind))) &&
      accepts(backup),
  );
  return usable.reduce<Backup | undefined>(
    (best, each) => (best && newestFirst(best, each) <= 0 ? best : each),
    undefined,
  );
}

describe("a selection chooses what a naive reading chooses", () => {
  test("the latest", () => {
    fc.assert(
      fc.property(anyList, (list) => {
        expect(decide(list, Selection.latest()).chosen).toBe(naive(list, () => true));
        expect(latestRestorable(list, AS_OF)).toBe(naive(list, () => true));
      }),
    );
  });

  test("the latest of a kind, a name, a version, a size and a condition", () => {
    const kinds = [BackupKind.MANUAL, BackupKind.FRAGMENT];
    fc.assert(
      fc.property(anyList, fc.integer({ min: 0, max: 100 }), (list, minSizeBytes) => {
        const odd = (backup: Backup) => backup.id.charCodeAt(0) % 2 === 1;
        const selection = Selection.latest({
          ...{ kinds, nameGlob: "nightly-*", engineVersion: "5.7", minSizeBytes },
          condition: { rejects: (backup) => (odd(backup) ? undefined : "is even") },
        });
        const accepts = (backup: Backup) =>
          kinds.includes(backup.kind) &&
          (backup.name ?? "").startsWith("nightly-") &&
          backup.engineVersion === "5.7" &&
          (backup.sizeBytes ?? -1) >= minSizeBytes &&
          odd(backup);
        expect(decide(list, selection).chosen).toBe(naive(list, accepts, kinds));
      }),
    );
  });

  test("the latest before a moment", () => {
    fc.assert(
      fc.property(anyList, fc.integer({ min: 0, max: 22 }), (list, day) => {
        const time = new Date(day * DAY);
        const accepts = (backup: Backup) => backup.endTime !== undefined && backup.endTime <= time;
        expect(decide(list, Selection.latestBefore(time)).chosen).toBe(naive(list, accepts));
      }),
    );
  });

  test("never one begun after the moment, though its end, before its begin, is not", () => {
    const odd = made({ id: "odd", beginTime: new Date(20 * DAY), endTime: new Date(5 * DAY) });
    const decision = decide([odd], Selection.latestBefore(new Date(10 * DAY)));
    expect(decision.chosen).toBeUndefined();
    expect(decision.rejected[0]!.reason).toBe("was begun only at 1970-01-21T00:00:00.000Z");
  });

  test("never one from the future, by whatever selection", () => {
    const future = made({ id: "f", beginTime: new Date(AS_OF.getTime() + 10 * DAY) });
    for (const selection of [Selection.latest(), Selection.byId("f")]) {
      expect(decide([future], selection).chosen).toBeUndefined();
    }
    expect(latestRestorable([future], AS_OF)).toBeUndefined();
  });

  test("an id", () => {
    fc.assert(
      fc.property(anyList, fc.nat(), (list, n) => {
        const id = list[n % (list.length || 1)]?.id ?? "none";
        expect(decide(list, Selection.byId(id)).chosen).toBe(
          naive(list, (each) => each.id === id, [BackupKind.FRAGMENT]),
        );
      }),
    );
  });

  test("and tells of every backup why", () => {
    fc.assert(
      fc.property(anyList, (list) => {
        const { chosen, rejected } = decide(list, Selection.latest());
        expect(rejected.length + (chosen ? 1 : 0)).toBe(list.length);
        for (const { reason } of rejected) expect(reason).toMatch(/^(is|has|holds|can't|was) /);
      }),
    );
  });
});

describe("why a restore can't start from a backup", () => {
  test.each([
    [{ status: BackupStatus.FAILED }, "has failed"],
    [{ status: BackupStatus.BUILDING }, "is still being made"],
    [{ status: BackupStatus.DELETING }, "is being deleted"],
    [{ status: BackupStatus.EXPIRED }, "has expired"],
    [{ status: BackupStatus.DELETED }, "has been deleted"],
    [{ status: BackupStatus.UNKNOWN }, "is in a state that is not known"],
    [
      { kind: BackupKind.INCREMENTAL, status: BackupStatus.UNKNOWN },
      "is incremental: no restore starts from it alone",
    ],
    [{ kind: BackupKind.UNKNOWN }, "is of a kind that is not known"],
    [{ kind: BackupKind.FRAGMENT }, "is differential: chosen only where `kinds` names FRAGMENT"],
    [{ beginTime: undefined }, "has no begin time that can be read, so no age"],
    [{ isRestorable: false, isSupportRestore: false }, "can't be restored, the service says"],
    [
      { status: BackupStatus.FAILED, errorCode: "dcs.1", errorMessage: "It broke. Try again." },
      "has failed (dcs.1: It broke. Try again)",
    ],
    [{ status: BackupStatus.FAILED, errorCode: "dcs.1" }, "has failed (dcs.1)"],
    [{ isRestorable: false }, "is not said to support a restore"],
    [
      { isRestorable: false, isPartial: true },
      "holds single databases or tables, not the instance",
    ],
  ])("%j: it %s", (attributes, reason) => {
    expect(whyNotRestorable(made(attributes))).toBe(reason);
  });

  test("a differential one can be chosen where its kind is asked for", () => {
    expect(
      whyNotRestorable(made({ kind: BackupKind.FRAGMENT }), [BackupKind.FRAGMENT]),
    ).toBeUndefined();
  });
});

describe("a selection", () => {
  const time = new Date("2026-01-31T04:00:00Z");
  const whole = {
    ...{ kinds: [BackupKind.AUTOMATIC, BackupKind.MANUAL], nameGlob: "nightly-*" },
    ...{ engineVersion: "5.7", minSizeBytes: 5, condition: { rejects: () => "is no good" } },
  };

  test.each([
    [Selection.latest(), "the newest backup"],
    [
      Selection.latest(whole),
      "the newest backup, of kind automatic or manual, named nightly-*, of version 5.7, of at least 5 bytes, that meets the program's own condition",
    ],
    [Selection.latestBefore(time), "the newest backup complete at 2026-01-31T04:00:00.000Z"],
    [Selection.byId("b1"), "the backup b1"],
    [Selection.pointInTime(time), "the instance as of 2026-01-31T04:00:00.000Z"],
    [Selection.newestMoment(), "the newest moment that can be restored to"],
  ])("reads as a person says it: %s", (selection, text) => {
    expect(selection.toString()).toBe(text);
  });

  test("names an id, or a moment in RFC 3339, where it is of one", () => {
    expect(Selection.byId("b1")._names()).toBe("b1");
    expect(Selection.pointInTime(time)._names()).toBe("2026-01-31T04:00:00Z");
    for (const each of [Selection.latest(), Selection.latestBefore(time), Selection.newestMoment()])
      expect(each._names()).toBeUndefined();
  });

  test("is of a moment where it is of a point in time, or of the newest one", () => {
    expect(Selection.pointInTime(time)._moment()).toEqual({ time });
    expect(Selection.newestMoment()._moment()).toEqual({ time: undefined });
    for (const each of [Selection.latest(), Selection.latestBefore(time), Selection.byId("b")])
      expect(each._moment()).toBeUndefined();
  });

  const late = new Date(time.getTime() + 1);
  test.each<[Selection, Partial<BackupAttributes>, string | undefined]>([
    [Selection.byId("b1"), {}, "is not the one that was asked for"],
    [
      Selection.latest({ kinds: [BackupKind.MANUAL, BackupKind.FRAGMENT] }),
      {},
      "is automatic, not manual or fragment",
    ],
    [Selection.latest({ nameGlob: "n*" }), { name: "x" }, "is named x, not n*"],
    [Selection.latest({ nameGlob: "?*" }), {}, "is named nothing, not ?*"],
    [Selection.latest({ engineVersion: "5" }), { engineVersion: "6" }, "is of version 6, not 5"],
    [Selection.latest({ engineVersion: "5" }), {}, "is of version unknown, not 5"],
    [Selection.latest({ minSizeBytes: 5 }), { sizeBytes: 4 }, "is 4 bytes, less than 5"],
    [Selection.latest({ minSizeBytes: 5 }), { sizeBytes: 5 }, undefined],
    [Selection.latest({ minSizeBytes: 0 }), {}, "is an unknown number of bytes, less than 0"],
    [Selection.latest({ condition: whole.condition }), {}, "is no good"],
    [Selection.latestBefore(time), { beginTime: time, endTime: time }, undefined],
    [
      Selection.latestBefore(time),
      { beginTime: late, endTime: late },
      "was begun only at 2026-01-31T04:00:00.001Z",
    ],
    [
      Selection.latestBefore(time),
      { beginTime: time, endTime: late },
      "was complete 2026-01-31T04:00:00.001Z, not by 2026-01-31T04:00:00.000Z",
    ],
    [
      Selection.latestBefore(time),
      { beginTime: time, endTime: undefined },
      "was complete at an unknown time, not by 2026-01-31T04:00:00.000Z",
    ],
  ])("of %s on %j: %s", (selection, attributes, reason) => {
    const backup = made({ beginTime: time, endTime: time, ...attributes });
    expect(selection._rejects(backup, late)).toBe(reason);
  });
});

describe("matchesGlob", () => {
  test.each([
    ["nightly-1", "nightly-*", true],
    ["nightly-", "nightly-*", true],
    ["weekly-1", "nightly-*", false],
    ["a.b", "a?b", true],
    ["ab", "a?b", false],
    ["", "*", true],
    ["", "", true],
    ["a", "", false],
    ["a[b]c", "a[b]*", true],
    ["日本語", "日?語", true],
    ["aXbXc", "a*b*c", true],
  ])("%p matches %p: %p", (text, glob, expected) => {
    expect(matchesGlob(text, glob)).toBe(expected);
  });

  test("agrees with the same pattern as a regular expression", () => {
    const letters = fc.array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 8 });
    fc.assert(
      fc.property(letters, fc.array(fc.constantFrom("a", "b"), { maxLength: 8 }), (glob, text) => {
        const signs: Record<string, string> = { "*": ".*", "?": "." };
        const source = glob.map((each) => signs[each] ?? each).join("");
        const expected = new RegExp(`^${source}$`).test(text.join(""));
        expect(matchesGlob(text.join(""), glob.join(""))).toBe(expected);
      }),
    );
  });

  test("takes no exponential time on a pattern made for it", () => {
    expect(matchesGlob("a".repeat(2_000), `${"*a".repeat(200)}b`)).toBe(false);
  });
});

describe("a selection that can choose nothing", () => {
  test.each([
    [
      "of incremental ones",
      () => Selection.latest({ kinds: [BackupKind.MANUAL, BackupKind.INCREMENTAL] }),
      /^INVALID_KIND: a selection by kinds \[manual, incremental\] can choose nothing. Allowed are /,
    ],
    ["of no kind at all", () => Selection.latest({ kinds: [] }), /^INVALID_KIND/],
    [
      "of a negative size",
      () => Selection.latest({ minSizeBytes: -1 }),
      /^INVALID_SIZE: Selection.latest: minSizeBytes is -1. Allowed is a number of bytes from 0/,
    ],
    [
      "before no moment",
      () => Selection.latestBefore(new Date("x")),
      /^INVALID_TIME: Selection.latestBefore: time is no valid Date. Allowed is a Date from 1970 on, such as /,
    ],
    [
      "of no moment",
      () => Selection.pointInTime("now" as unknown as Date),
      /^INVALID_TIME: Selection.pointInTime: time is "now"/,
    ],
  ])("%s is refused", (_what, make, message) => {
    expect(make).toThrow(message);
  });
});
