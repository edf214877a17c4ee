import fc from "fast-check";
import {
  Backup,
  BackupAttributes,
  BackupKind,
  BackupLevel,
  BackupStatus,
  isFull,
  newestFirst,
} from "../../lib/model/backup";
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

const whole: Required<BackupAttributes> = {
  service: BackupService.DCS,
  id: "b1",
  name: "nightly",
  description: "before the upgrade",
  instanceId: "i1",
  instanceName: "orders",
  kind: BackupKind.MANUAL,
  status: BackupStatus.COMPLETED,
  isRestorable: true,
  isPartial: true,
  sizeBytes: 1024,
  beginTime: new Date("2026-01-31T04:00:00Z"),
  endTime: new Date("2026-01-31T04:10:00Z"),
  createdAt: new Date("2026-01-31T03:59:00Z"),
  updatedAt: new Date("2026-01-31T04:11:00Z"),
  engine: "Redis",
  engineVersion: "5.0",
  databases: [{ name: "shop", tables: ["orders"] }],
  level: BackupLevel.INSTANCE,
  isSupportRestore: true,
  errorCode: "dcs.08.0002",
  errorMessage: "Operation timed out.",
  backupFormat: "RDB",
  progress: "100.00",
  period: "04:00-05:00",
  isAssociatedWithDdm: false,
  raw: { backup_id: "b1" },
};

describe("a backup", () => {
  test("is what it is made of, with the record in `raw` alone", () => {
    const made = Backup.of(whole);
    for (const [name, value] of Object.entries(whole)) {
      expect([name, made[name as keyof Backup]]).toEqual([name, value]);
    }
    expect(Object.keys(made)).not.toContain("raw");
    // Given whole to the framework, a plain Date would be `{}`.
    for (const time of [made.beginTime, made.endTime, made.createdAt, made.updatedAt])
      expect(time).toHaveProperty("resolve");
  });

  test("holds the whole instance and has an empty record where nothing else is said", () => {
    const { isPartial, raw } = Backup.of({ ...whole, isPartial: undefined, raw: undefined });
    expect([isPartial, raw]).toEqual([false, {}]);
  });

  test("given whole to JSON has all its fields in snake_case, times in RFC 3339, and no record", () => {
    expect(JSON.parse(JSON.stringify(Backup.of(whole)))).toEqual({
      service: "dcs",
      id: "b1",
      name: "nightly",
      description: "before the upgrade",
      instance_id: "i1",
      instance_name: "orders",
      kind: "manual",
      status: "completed",
      is_restorable: true,
      is_partial: true,
      size_bytes: 1024,
      begin_time: "2026-01-31T04:00:00Z",
      end_time: "2026-01-31T04:10:00Z",
      created_at: "2026-01-31T03:59:00Z",
      updated_at: "2026-01-31T04:11:00Z",
      engine: "Redis",
      engine_version: "5.0",
      databases: [{ name: "shop", tables: ["orders"] }],
      level: "instance",
      is_support_restore: true,
      error_code: "dcs.08.0002",
      error_message: "Operation timed out.",
      backup_format: "RDB",
      progress: "100.00",
      period: "04:00-05:00",
      is_associated_with_ddm: false,
    });
  });

  test("is a full one where it is automatic or manual", () => {
    const full = Object.values(BackupKind).filter(isFull);
    expect(full).toEqual([BackupKind.AUTOMATIC, BackupKind.MANUAL]);
  });
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

  test("is none between two of one id and time, and turns round with its arguments", () => {
    const [a, b] = [backup("a"), backup("b")];
    expect([newestFirst(a, b), newestFirst(b, a), newestFirst(a, a)]).toEqual([-1, 1, 0]);
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
