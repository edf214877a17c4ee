import fc from "fast-check";
import {
  Backup,
  BackupKind,
  BackupService,
  BackupStatus,
  newestFirst,
} from "../../lib/model/backup";
import { latestRestorable } from "../../lib/restore/selection";

const backup = fc
  .record({
    id: fc.uuid(),
    day: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
    isRestorable: fc.boolean(),
  })
  .map(({ id, day, isRestorable }) =>
    Backup.of({
      ...{ service: BackupService.RDS, id, isRestorable, databases: [], raw: {} },
      ...{ kind: BackupKind.AUTOMATIC, status: BackupStatus.COMPLETED },
      beginTime: day === undefined ? undefined : new Date(day * 86_400_000),
    }),
  );

describe("latestRestorable", () => {
  test("is the newest of those that can be restored and have a time, or none", () => {
    fc.assert(
      fc.property(fc.array(backup), (backups) => {
        const chosen = latestRestorable([...backups].sort(newestFirst));
        const usable = backups.filter((each) => each.isRestorable && each.beginTime);
        expect(chosen === undefined).toBe(usable.length === 0);
        for (const other of usable) {
          expect(other.beginTime!.getTime()).toBeLessThanOrEqual(chosen!.beginTime!.getTime());
        }
      }),
    );
  });
});
