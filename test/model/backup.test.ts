import fc from "fast-check";
import { Backup, BackupKind, BackupStatus, newestFirst } from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";

const backup = (id: string, beginTime?: Date) =>
  Backup.of({
    service: BackupService.RDS,
    id,
    beginTime,
    kind: BackupKind.MANUAL,
    status: BackupStatus.COMPLETED,
    isRestorable: true,
    databases: [],
    raw: {},
  });

const backups = fc.array(
  fc
    .tuple(
      fc.string({ maxLength: 2 }),
      fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
    )
    .map(([id, day]) => backup(id, day === undefined ? undefined : new Date(day * 86_400_000))),
);

describe("newestFirst", () => {
  test("puts the newest first, orders by id where times agree, and leaves unknown times to the end", () => {
    const day = new Date("2026-01-02T00:00:00Z");
    const list = [
      backup("z"),
      backup("b", day),
      backup("a", day),
      backup("c", new Date("2026-01-03")),
    ];
    expect(list.sort(newestFirst).map(({ id }) => id)).toEqual(["c", "a", "b", "z"]);
  });

  test("gives one order whatever the order was", () => {
    fc.assert(
      fc.property(backups, (list) => {
        const key = (each: Backup) => `${each.beginTime?.getTime()} ${each.id}`;
        const sorted = [...list].sort(newestFirst).map(key);
        expect([...list].reverse().sort(newestFirst).map(key)).toEqual(sorted);
      }),
    );
  });
});
