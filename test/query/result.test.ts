import { Backup, BackupKind, BackupService, BackupStatus } from "../../lib";
import { Result, Shelf } from "../../lib/query/result";

const backup = (id: string) =>
  Backup.of({
    ...{ service: BackupService.RDS, id, kind: BackupKind.MANUAL, databases: [] },
    ...{ status: BackupStatus.COMPLETED, isRestorable: true },
  });

/** A result of so many backups, and how often they were made. */
function resultOf(shelf: Shelf, length: number) {
  const made = { times: 0 };
  const result = new Result(shelf, (onWarning) => {
    onWarning(`made ${++made.times} times`);
    return Array.from({ length }, (_, i) => backup(String(i)));
  });
  return { made, result };
}

describe("what a lookup came to", () => {
  test("is made when it is read, once, and is the same each time", () => {
    const { made, result } = resultOf(new Shelf(), 3);
    expect(made.times).toBe(0);
    expect(result.warnings).toEqual(["made 1 times"]);
    expect(result.backups).toBe(result.backups);
    expect(made.times).toBe(1);
  });

  test("is given up where more than 5,000 were read since, and made again with the same warnings", () => {
    const shelf = new Shelf();
    const [first, second] = [resultOf(shelf, 3_000), resultOf(shelf, 2_000)];
    const before = first.result.backups;
    void second.result.backups;
    expect(first.result.backups).toBe(before);
    // The second was read longest ago.
    void resultOf(shelf, 1).result.backups;
    void second.result.backups;
    expect([first.made.times, second.made.times]).toEqual([1, 2]);
    expect(first.result.backups).not.toBe(before);
    expect(first.result.backups.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(first.result.warnings).toEqual(["made 1 times"]);
  });

  test("is kept while it is the one that is read, however long it is", () => {
    const { made, result } = resultOf(new Shelf(), 6_000);
    expect(result.backups).toBe(result.backups);
    expect(made.times).toBe(1);
  });
});
