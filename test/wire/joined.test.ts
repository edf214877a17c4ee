import fc from "fast-check";
import {
  BackupEmulator,
  BackupOutputs,
  BackupQuery,
  DdsBackups,
  Duration,
  GaussDbBackups,
  GeminiDbBackups,
  IfInstanceMissing,
  LookupMode,
  MemoryLock,
  RdsBackups,
  TaurusDbBackups,
} from "../../lib";
import { SERVICES, ServiceName } from "../../lib/emulator/services/registry";
import type { Fault } from "../../lib/emulator/types";
import { appOn } from "../support/app";

const NOW = Date.UTC(2026, 5, 15, 12);
const HOUR_MS = 3_600_000;

interface Props {
  readonly instanceId: string;
  readonly ifInstanceMissing?: IfInstanceMissing;
  readonly outputs?: BackupOutputs;
}
type QueryClass = new (scope: any, id: string, props: Props) => BackupQuery;
const JOINABLE: [ServiceName, QueryClass, suffix: string][] = [
  ["gaussDb", GaussDbBackups, "14"],
  ["geminiDb", GeminiDbBackups, "06"],
  ["dds", DdsBackups, "02"],
  ["taurusDbFull", TaurusDbBackups, "07"],
];

const hex = (i: number) => i.toString(16).padStart(32, "0");

/** An emulator whose instances have so many backups each. */
function emulatorOf(service: ServiceName, suffix: string, counts: readonly number[]) {
  const ids = counts.map((_, i) => `${hex(i)}in${suffix}`);
  const specs = counts.flatMap((count, i) =>
    Array.from({ length: count }, (_, j) => ({ instance: ids[i]!, id: hex(1_000 * (i + 1) + j) })),
  );
  const records = specs.map(({ id, instance }, i) =>
    SERVICES[service].write({
      ...{ id, instance, name: id, kind: "auto", state: "done" },
      ...{ beginMs: NOW - i * HOUR_MS, durationMs: 1_000, bytes: 2 ** 30 },
    }),
  );
  const emulator = BackupEmulator._startWith({
    now: NOW,
    records: { [service]: records },
    instances: { [service]: ids },
  });
  emulators.push(emulator);
  return { emulator, ids };
}

const emulators: BackupEmulator[] = [];
afterEach(() => {
  while (emulators.length > 0) emulators.pop()!.close();
});

/** What became of a query of each instance: the ids of its backups, or the code of its error. */
function answersTo(
  emulator: BackupEmulator,
  Query: QueryClass,
  ids: readonly string[],
  settings: object = {},
): string[] {
  const { stack } = appOn(emulator, { projectId: emulator.projectId, ...settings });
  const queries = ids.map((instanceId, i) => new Query(stack, `q${i}`, { instanceId }));
  return queries.map((query) => {
    try {
      return query.all.map(({ id }) => id).join(" ");
    } catch (error) {
      return (error as { code: string }).code;
    }
  });
}

/** The instance that each request for a list named; null where it was the project's. */
function asked(emulator: BackupEmulator): (string | null)[] {
  return emulator.requests
    .filter((line) => line.includes("/backups"))
    .map((line) => new URL(line.split(" ")[1]!, "http://it").searchParams.get("instance_id"));
}

describe.each(JOINABLE)("the lists of many instances of %s", (service, Query, suffix) => {
  test("are one list of their project where that is short, each with its own part", () => {
    const { emulator, ids } = emulatorOf(service, suffix, [3, 1, 2, 4, 1]);
    const alone = ids.map((id) => answersTo(emulator, Query, [id])[0]);
    expect(asked(emulator)).toEqual(ids);
    expect(answersTo(emulator, Query, ids)).toEqual(alone);
    // A second request where the first page may have been cut off.
    expect(asked(emulator).slice(ids.length)).toEqual([null]);
  });

  test("are asked for one by one where the project's list would take more than half as many requests", () => {
    const { emulator, ids } = emulatorOf(service, suffix, [90, 90, 90, 90]);
    const answers = answersTo(emulator, Query, ids);
    expect(answers.map((ids) => ids.split(" ").length)).toEqual([90, 90, 90, 90]);
    expect(asked(emulator).sort()).toEqual([...ids, ...ids, null].sort());
  });

  test("are asked for one by one where they are three", () => {
    const { emulator, ids } = emulatorOf(service, suffix, [1, 2, 3]);
    answersTo(emulator, Query, ids);
    expect(asked(emulator).sort()).toEqual(ids);
  });

  test("leave those on their own that have no part: one without backups, one that does not exist", () => {
    const { emulator, ids } = emulatorOf(service, suffix, [3, 1, 2, 0, 1]);
    const missing = `${hex(99)}in${suffix}`;
    const answers = answersTo(emulator, Query, [...ids, missing]);
    expect(answers.slice(3)).toEqual(["", expect.any(String), "INSTANCE_NOT_FOUND"]);
    expect(asked(emulator)).toEqual([null, ids[3], missing]);
  });
});

describe("the lists of many instances", () => {
  const gaussDb = (counts: number[]) => emulatorOf("gaussDb", "14", counts);

  test.each<[string, Fault]>([
    ["is refused", { status: 403, times: 1 }],
    ["is no list", { body: "<html>", times: 1 }],
    ["has a record that names no instance", { fields: { instance_id: null }, times: 1 }],
  ])("are asked for one by one where their project's %s", (_, fault) => {
    const { emulator, ids } = gaussDb([1, 2, 1, 2]);
    const alone = ids.map((id) => answersTo(emulator, GaussDbBackups, [id])[0]);
    emulator._control({ op: "fault", fault });
    expect(answersTo(emulator, GaussDbBackups, ids)).toEqual(alone);
    expect(asked(emulator).slice(4)).toEqual([null, ...ids]);
  });

  test("are asked for one by one where their project's changes while it is read", () => {
    const { emulator, ids } = gaussDb([30, 30, 30, 30, 0]);
    const then = { op: "remove", service: "gaussDb", id: `${hex(1_000)}br14` } as const;
    emulator._control({ op: "fault", fault: { times: 1, delayMs: 1, then } });
    expect(answersTo(emulator, GaussDbBackups, ids).map((each) => each.split(" ").length)).toEqual([
      ...[29, 30, 30, 30],
      1,
    ]);
    const requests = asked(emulator);
    expect(requests.slice(0, 2)).toEqual([null, null]);
    expect(new Set(requests.slice(2))).toEqual(new Set(ids));
  });

  test("of RDS, which lists one instance alone, are asked for one by one", () => {
    const { emulator, ids } = emulatorOf("rds", "01", [1, 1, 1, 1, 1]);
    answersTo(emulator, RdsBackups, ids);
    expect(asked(emulator).sort()).toEqual(ids);
  });

  test("are joined with their like alone", () => {
    const { emulator, ids } = gaussDb([1, 1, 1, 1, 1, 1]);
    const { stack } = appOn(emulator);
    const queries = ids.map((instanceId, i) => {
      const backupType = i < 3 ? ("manual" as any) : undefined;
      return new GaussDbBackups(stack, `q${i}`, { instanceId, backupType });
    });
    expect(queries.map((query) => query.all.length)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(asked(emulator).sort()).toEqual(ids);
  });

  test("stand in the lock one by one, as if they had been asked so", () => {
    const { emulator, ids } = gaussDb([3, 1, 2, 4, 1]);
    const [joined, alone] = [new MemoryLock(), new MemoryLock()];
    for (const lockStore of [joined, alone]) {
      const settings = { projectId: emulator.projectId, lockStore, asOf: new Date(NOW) };
      const { stack, synth } = appOn(emulator, settings);
      const queries = ids.map((instanceId, i) => {
        const query = new GaussDbBackups(stack, `q${i}`, { instanceId });
        if (lockStore === alone) void query.all;
        return query;
      });
      expect(queries).toHaveLength(5);
      synth();
    }
    const withoutTimes = (lock: MemoryLock) => lock.read()!.replace(/"(at|digest)": ?"[^"]*"/g, "");
    expect(withoutTimes(joined)).toBe(withoutTimes(alone));
    const known = asked(emulator).length;
    const frozen = { lockStore: joined, mode: LookupMode.FROZEN };
    expect(answersTo(emulator, GaussDbBackups, ids, frozen)[3]!.split(" ")).toHaveLength(4);
    expect(asked(emulator)).toHaveLength(known);
  });

  test("have the time that is left once their project's list was in vain", () => {
    const { emulator, ids } = gaussDb([1, 1, 1, 1]);
    emulator.fault({ hang: true, times: 9 });
    const { stack } = appOn(emulator, {
      projectId: emulator.projectId,
      timeout: Duration.seconds(1),
    });
    const queries = ids.map((instanceId, i) => new GaussDbBackups(stack, `q${i}`, { instanceId }));
    expect(() => queries[0]!.all).toThrow(/^DEADLINE_EXCEEDED/);
    expect(() => queries[3]!.all).toThrow(/^DEADLINE_EXCEEDED/);
  });
});

test("many instances are answered as if each had been asked alone, whatever they have", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...JOINABLE),
      fc.array(fc.nat(40), { minLength: 1, maxLength: 12 }),
      ([service, Query, suffix], counts) => {
        const { emulator, ids } = emulatorOf(service, suffix, counts);
        const answers = answersTo(emulator, Query, ids);
        const joined = asked(emulator).length;
        expect(answers).toEqual(ids.map((id) => answersTo(emulator, Query, [id])[0]));
        const alone = asked(emulator).length - joined;
        const empty = counts.filter((count) => count === 0).length;
        expect(joined).toBeLessThanOrEqual(alone + 1 + empty);
        emulator.close();
      },
    ),
    { numRuns: 30 },
  );
});
