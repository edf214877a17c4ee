import fc from "fast-check";
import { Backup, BackupKind, BackupStatus } from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";
import {
  chooseConsistent,
  ConsistencyChoice,
  ConsistencyConstraints,
  ConsistencyMember,
} from "../../lib/restore/consistency";

const DAY = 86_400_000;
const asOf = new Date(10 * DAY);
const day = (days: number) => new Date(days * DAY);
const time = (date?: Date) => date?.getTime() ?? NaN;

function backup(id: string, begin: number, hours?: number): Backup {
  return Backup.of({
    ...{ service: BackupService.RDS, id, isRestorable: true, databases: [], raw: {} },
    ...{ kind: BackupKind.AUTOMATIC, status: BackupStatus.COMPLETED },
    beginTime: day(begin),
    endTime: hours === undefined ? undefined : day(begin + hours / 24),
  });
}

function member(name: string, days: number[], windows?: number[][]): ConsistencyMember {
  return {
    name,
    candidates: days.map((each) => backup(`${name}@${each}`, each, 1)),
    windows: windows?.map(([start, end]) => ({ start: day(start!), end: day(end ?? start!) })),
  };
}

function choose(members: ConsistencyMember[], limits: { spread?: number; age?: number } = {}) {
  return chooseConsistent(members, {
    asOf,
    maxSpreadMs: limits.spread === undefined ? undefined : limits.spread * DAY,
    maxAgeMs: limits.age === undefined ? undefined : limits.age * DAY,
  });
}

/** What was picked, in days: "7" is a backup, "@7" a moment. */
const picked = ({ picks }: ConsistencyChoice) =>
  picks.map((each) => `${each.restoreTime ? "@" : ""}${each.moment.getTime() / DAY}`);

// The naive reference. Ends are whole days, so that a grid of half days has every moment that could
// matter, and some that should not.
interface Range {
  from: number;
  to: number;
}
function isBetter(a: Range, b: Range | undefined, maxSpreadMs: number): boolean {
  if (!b) return true;
  const [one, other] = [a.to - a.from, b.to - b.from];
  const areClose = maxSpreadMs !== Infinity && Math.max(one, other) <= maxSpreadMs;
  if (areClose && a.from !== b.from) return a.from > b.from;
  return one < other || (one === other && a.from > b.from);
}

function inWindows({ windows = [] }: ConsistencyMember, moment: number): boolean {
  return windows.some(({ start, end }) => time(start) <= moment && moment <= time(end));
}

function bruteForce(
  members: readonly ConsistencyMember[],
  floor: number,
  maxSpreadMs = Infinity,
  windowsFirst = true,
): Range | undefined {
  const grid = Array.from({ length: 21 }, (_, i) => (i * DAY) / 2).filter((each) => each >= floor);
  const common = grid.filter((each) => members.every((one) => inWindows(one, each))).at(-1);
  const isCommon = windowsFirst && common !== undefined && members.length > 0;
  if (isCommon && maxSpreadMs === Infinity) return { from: common, to: common };
  const choices = members.map((each) => {
    const begins = each.candidates.map(({ beginTime }) => time(beginTime));
    return [...new Set([...begins, ...grid.filter((moment) => inWindows(each, moment))])];
  });
  let best: Range | undefined;
  const visit = (index: number, range: Range) => {
    if (index < choices.length) {
      for (const moment of choices[index]!.filter((each) => each >= floor)) {
        const [from, to] = [Math.min(range.from, moment), Math.max(range.to, moment)];
        visit(index + 1, { from, to });
      }
    } else if (isBetter(range, best, maxSpreadMs)) best = range;
  };
  if (members.length > 0) visit(0, { from: Infinity, to: -Infinity });
  return best;
}

const days = fc.integer({ min: 0, max: 9 });
const window = fc
  .tuple(days, fc.integer({ min: 0, max: 2 }))
  .map(([start, length]) => ({ start: day(start), end: day(Math.min(start + length, 9)) }));
const candidate = fc
  .tuple(fc.nat(99), days, fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }))
  .map(([id, begin, hours]) => backup(`b${id}`, begin, hours));
const someMember = fc.record({
  candidates: fc.uniqueArray(candidate, { maxLength: 5, selector: ({ id }) => id }),
  windows: fc.option(fc.array(window, { maxLength: 3 }), { nil: undefined }),
});
const windowsOnly = fc.record({
  candidates: fc.uniqueArray(candidate, { maxLength: 2, selector: ({ id }) => id }),
  windows: fc.array(window, { minLength: 1, maxLength: 3 }),
});
const group = fc
  .oneof(
    fc.array(someMember, { maxLength: 4 }),
    fc.array(windowsOnly, { minLength: 1, maxLength: 4 }),
  )
  .map((members) => members.map((each, i) => ({ name: `m${i}`, ...each })));
const constraints: fc.Arbitrary<ConsistencyConstraints> = fc.record({
  asOf: fc.constant(asOf),
  maxSpreadMs: fc.option(
    fc.integer({ min: 0, max: 4 }).map((each) => each * DAY),
    { nil: undefined },
  ),
  maxAgeMs: fc.option(
    fc.integer({ min: 1, max: 10 }).map((each) => each * DAY),
    { nil: undefined },
  ),
});

function everyGroup(check: (members: ConsistencyMember[], limits: ConsistencyConstraints) => void) {
  fc.assert(fc.property(group, constraints, check), { numRuns: 2000 });
}

const floorOf = ({ maxAgeMs }: ConsistencyConstraints) =>
  maxAgeMs === undefined ? -Infinity : time(asOf) - maxAgeMs;

describe("against every combination", () => {
  test("it is the newest that is close enough, else the closest, and the verdict right", () => {
    everyGroup((members, limits) => {
      const choice = chooseConsistent(members, limits);
      const within = bruteForce(members, floorOf(limits), limits.maxSpreadMs);
      const best = within ?? bruteForce(members, -Infinity, limits.maxSpreadMs);
      expect(choice.spreadMs).toBe(best && best.to - best.from);
      expect(choice.worstAgeMs).toBe(best && time(asOf) - best.from);
      expect(choice.isMet).toBe(
        within !== undefined && within.to - within.from <= (limits.maxSpreadMs ?? Infinity),
      );
    });
  });

  test("the picks are what the members have, and as far apart as is said", () => {
    everyGroup((members, limits) => {
      const { picks, spreadMs, worstAgeMs } = chooseConsistent(members, limits);
      if (spreadMs === undefined) return expect(picks).toEqual([]);
      expect(picks.map((pick) => pick.member)).toEqual(members.map(({ name }) => name));
      const moments = picks.map(({ moment }) => time(moment));
      const [from, to] = [Math.min(...moments), Math.max(...moments)];
      expect([to - from, time(asOf) - from]).toEqual([spreadMs, worstAgeMs]);
      const isCommon =
        from === to && members.every((each) => inWindows(each, from) && each.windows?.length);
      picks.forEach(({ backup: chosen, restoreTime, moment }, i) => {
        const { candidates } = members[i]!;
        const better = (each: Backup) =>
          chosen === undefined ||
          each.beginTime! > chosen.beginTime! ||
          (time(each.beginTime) === time(chosen.beginTime) && each.id < chosen.id);
        if (restoreTime === undefined) {
          expect(isCommon).toBe(false);
          expect(candidates).toContain(chosen);
          expect(chosen!.beginTime).toEqual(moment);
          // Of those within the range it is the newest.
          const inRange = candidates.filter(({ beginTime }) => time(beginTime) <= to);
          expect(inRange.filter(better)).toEqual([]);
        } else {
          expect(restoreTime).toEqual(moment);
          expect(inWindows(members[i]!, time(moment))).toBe(true);
          const complete = candidates.filter(({ endTime }) => endTime && endTime <= moment);
          expect(complete.filter(better)).toEqual([]);
          if (chosen) expect(complete).toContain(chosen);
          const useful = candidates.filter(
            ({ beginTime }) => from <= time(beginTime) && time(beginTime) <= to,
          );
          if (!isCommon) expect(useful).toEqual([]);
        }
      });
    });
  });

  test("without the member that limits it, the rest is best", () => {
    everyGroup((members, limits) => {
      const { spreadMs, limitedBy } = chooseConsistent(members, limits);
      const floor = floorOf(limits);
      if (!spreadMs || !bruteForce(members, floor)) return;
      const without = members.map((_, i) =>
        bruteForce(
          members.filter((__, k) => k !== i),
          floor,
          limits.maxSpreadMs,
          false,
        )!,
      );
      const chosen = without[members.findIndex(({ name }) => name === limitedBy)]!;
      expect(
        without.filter((other) => isBetter(other, chosen, limits.maxSpreadMs ?? Infinity)),
      ).toEqual([]);
    });
  });

  test("at one moment for all, the member that limits it can't be restored to the next", () => {
    everyGroup((members, limits) => {
      const { spreadMs, limitedBy, picks } = chooseConsistent(members, limits);
      if (spreadMs !== 0 || !bruteForce(members, floorOf(limits))) return;
      const limiting = members.find(({ name }) => name === limitedBy)!;
      expect(inWindows(limiting, time(picks[0]!.moment) + 1)).toBe(false);
    });
  });

  test("a permutation of candidates and windows changes nothing", () => {
    everyGroup((members, limits) => {
      const turned = members.map((each) => ({
        ...each,
        candidates: [...each.candidates].reverse(),
        windows: each.windows && [...each.windows].reverse(),
      }));
      expect(chooseConsistent(turned, limits)).toEqual(chooseConsistent(members, limits));
    });
  });
});

describe("a group of backups alone", () => {
  test("takes the closest backups, not the newest of each", () => {
    const choice = choose([member("a", [1, 5, 9]), member("b", [5.5, 7])]);
    expect(picked(choice)).toEqual(["5", "5.5"]);
    expect(choice).toMatchObject({ spreadMs: DAY / 2, worstAgeMs: 5 * DAY, isMet: true });
    expect(choice.picks.map((pick) => pick.backup?.id)).toEqual(["a@5", "b@5.5"]);
  });

  test("takes the newest that are close enough, where that is said, not older ones that are closer", () => {
    const nightly = (minutes: (night: number) => number) =>
      Array.from({ length: 90 }, (_, night) => 9.9 - night / 10 - minutes(night) / 1_440);
    const group = [
      member(
        "a",
        nightly(() => 0),
      ),
      member(
        "b",
        nightly((i) => (i === 83 ? 4.9 : 5)),
      ),
    ];
    expect(choose(group).picks[0]!.backup!.id).toBe(group[0]!.candidates[83]!.id);
    const choice = choose(group, { spread: 1 / 12 });
    expect(choice.picks.map(({ backup: { id } = {} as any }) => id)).toEqual(
      group.map(({ candidates }) => candidates[0]!.id),
    );
    expect(choice.isMet).toBe(true);
    expect(choice.reason).toMatch(/^the newest set that is close enough is 5 min apart, from /);
    expect(choice.reason).toMatch(/; \w keeps it from being newer$/);
  });

  test("takes the closest where none is close enough, and says by how much", () => {
    const choice = choose([member("a", [1, 5]), member("b", [2, 7])], { spread: 0.5 });
    expect(picked(choice)).toEqual(["1", "2"]);
    expect(choice).toMatchObject({ isMet: false, spreadMs: DAY });
    expect(choice.reason).toMatch(
      /^the closest set is 1 day apart, .*, more than the 12 h allowed; /,
    );
  });

  test("takes the newest of equally close sets", () => {
    expect(picked(choose([member("a", [1, 3, 6]), member("b", [2, 7])]))).toEqual(["6", "7"]);
  });

  test("takes the newest backup of a member that has several within the set", () => {
    const choice = choose([member("a", [2]), member("b", [2, 3, 4]), member("c", [5])]);
    expect(picked(choice)).toEqual(["2", "4", "5"]);
  });

  test("takes the first by id of backups that were begun at the same moment", () => {
    const candidates = ["y", "x", "z"].map((id) => backup(id, 4));
    expect(choose([{ name: "a", candidates }]).picks[0]?.backup?.id).toBe("x");
  });

  test("passes over a backup without a begin time", () => {
    const timeless = Backup.of({ ...backup("timeless", 9), beginTime: undefined });
    // By its id it would stand between the two others, against their times.
    const invalid = Backup.of({ ...backup("b", 9), beginTime: new Date(NaN) });
    const candidates = [backup("a", 1), invalid, timeless, backup("c", 3)];
    expect(choose([{ name: "a", candidates }]).picks[0]?.backup?.id).toBe("c");
    expect(choose([{ name: "a", candidates: [timeless, invalid] }]).picks).toEqual([]);
  });

  test("is limited by the member without which the rest would be closest, then newest", () => {
    const [a, b, c] = [member("a", [1, 8]), member("b", [1.5, 8]), member("c", [4])];
    expect(choose([a, b, c]).limitedBy).toBe("c");
    // Either of two is close without the other; the one with few backups keeps it from being newer.
    const [few, many] = [member("few", [5.2]), member("many", [1, 2, 3, 4, 5, 6, 7, 8, 9])];
    expect(choose([many, few])).toMatchObject({ limitedBy: "few" });
    expect(choose([few, many])).toMatchObject({ limitedBy: "few" });
  });

  test("is limited by one with the earliest moment where no single member makes the difference", () => {
    const free = member("free", [1, 2]);
    const group = [free, member("a", [2]), member("b", [1]), member("c", [1]), member("d", [2])];
    expect(choose(group).limitedBy).toBe("b");
  });
});

describe("a group in which all have windows", () => {
  test("is restored to the newest moment in common, each from its newest backup complete by then", () => {
    const a = member("a", [1, 4, 9], [[0, 6]]);
    const b = member("b", [7], [[3, 8]]);
    const choice = choose([a, b]);
    expect(picked(choice)).toEqual(["@6", "@6"]);
    expect(choice).toMatchObject({ spreadMs: 0, worstAgeMs: 4 * DAY, isMet: true, limitedBy: "a" });
    expect(choice.picks.map((pick) => pick.backup?.id)).toEqual(["a@4", undefined]);
    expect(choice.picks[0]?.restoreTime).toEqual(day(6));
    expect(choice.reason).toBe(
      "the newest moment that all restore windows have in common is 1970-01-07T00:00:00Z, 4 days old; a keeps it from being newer",
    );
    expect(JSON.parse(JSON.stringify(choice.picks))).toMatchObject([
      { member: "a", backup: { id: "a@4" }, restore_time: "1970-01-07T00:00:00Z" },
      { member: "b", restore_time: "1970-01-07T00:00:00Z", moment: "1970-01-07T00:00:00Z" },
    ]);
  });

  test("takes newer backups that are close enough before an older moment in common", () => {
    const group = [member("a", [1, 9], [[0, 3]]), member("b", [9.25], [[2, 4]])];
    expect(picked(choose(group))).toEqual(["@3", "@3"]);
    expect(picked(choose(group, { spread: 1 }))).toEqual(["9", "9.25"]);
    expect(picked(choose(group, { spread: 0.1 }))).toEqual(["@3", "@3"]);
  });

  test("does not start from a backup that was still being made at the moment", () => {
    const candidates = [backup("old", 1, 1), backup("running", 5.9, 12), backup("endless", 5)];
    const windows = [{ start: day(0), end: day(6) }];
    expect(choose([{ name: "a", candidates, windows }]).picks[0]?.backup?.id).toBe("old");
    const justDone = { name: "a", candidates: [backup("just", 5, 24), ...candidates], windows };
    expect(choose([justDone]).picks[0]?.backup?.id).toBe("just");
  });

  test.each([
    ["windows that touch", [[2, 5]], [[5, 9]], "@5"],
    [
      "touching windows of one member",
      [
        [0, 3],
        [3, 6],
      ],
      [[2, 4]],
      "@4",
    ],
    [
      "a window inside another",
      [
        [0, 8],
        [1, 2],
      ],
      [[4, 5]],
      "@5",
    ],
    ["a point within a window", [[4]], [[1, 6]], "@4"],
    ["points in common", [[7], [2], [4]], [[4], [2], [6]], "@4"],
    [
      "a gap at the newest window",
      [
        [0, 3],
        [6, 7],
      ],
      [[2, 5]],
      "@3",
    ],
    [
      "unsorted, overlapping windows",
      [
        [5, 7],
        [0, 2],
        [1, 6],
      ],
      [
        [6, 6],
        [3, 4],
      ],
      "@6",
    ],
    [
      "a window that ends before it starts",
      [
        [9, 0],
        [1, 2],
      ],
      [[0, 8]],
      "@2",
    ],
  ])("finds the moment with %s", (_, a, b, moment) => {
    const group = [member("a", [], a), member("b", [], b)];
    expect(picked(choose(group))).toEqual([moment, moment]);
    expect(picked(choose([...group].reverse()))).toEqual([moment, moment]);
  });

  test("takes the nearest edges where there is no moment in common, the newest of them", () => {
    const choice = choose([
      member(
        "a",
        [],
        [
          [0, 2],
          [5, 6],
        ],
      ),
      member(
        "b",
        [],
        [
          [3, 4],
          [7, 8],
        ],
      ),
    ]);
    expect(picked(choice)).toEqual(["@6", "@7"]);
    expect(choice).toMatchObject({ spreadMs: DAY, isMet: true });
  });

  test("names the member whose window ends first, the first by order of several", () => {
    const group = [member("a", [], [[0, 9]]), member("b", [], [[0, 5]]), member("c", [], [[1, 5]])];
    expect(choose(group).limitedBy).toBe("b");
  });
});

describe("a group of backups and windows", () => {
  test("restores a member with windows to the moment of the other's backup", () => {
    const choice = choose([member("a", [2, 6]), member("b", [1, 9], [[0, 7]])]);
    expect(picked(choice)).toEqual(["6", "@6"]);
    expect(choice.picks[1]?.backup?.id).toBe("b@1");
  });

  test("prefers a backup of the same moment, or within the set, to a moment of a window", () => {
    expect(picked(choose([member("a", [6]), member("b", [6], [[0, 7]])]))).toEqual(["6", "6"]);
    const group = [member("a", [2]), member("b", [4]), member("c", [1, 3], [[0, 9]])];
    expect(picked(choose(group))).toEqual(["2", "4", "3"]);
  });

  test("restores a member of moments alone to a moment, from the backup that it builds on, or not at all", () => {
    const [a, b] = [member("a", [4, 7], [[6, 8]]), member("b", [7])];
    expect(picked(choose([a, b]))).toEqual(["7", "7"]);
    const choice = choose([{ ...a, isOfMoments: true }, b]);
    expect(picked(choice)).toEqual(["@7", "7"]);
    expect(choice.picks[0]?.backup?.id).toBe("a@4");
    const without = { ...member("a", [7]), isOfMoments: true };
    expect(choose([without, b])).toMatchObject({ picks: [], isMet: false, limitedBy: "a" });
  });

  test("takes the newest moment of a window that makes the set no wider", () => {
    const group = [
      member("a", [2]),
      member("b", [6]),
      member(
        "c",
        [],
        [
          [0, 4],
          [7, 9],
        ],
      ),
    ];
    expect(picked(choose(group))).toEqual(["2", "6", "@4"]);
  });

  test("treats a member with an empty list of windows as one without", () => {
    expect(picked(choose([member("a", [6], []), member("b", [], [[0, 7]])]))).toEqual(["6", "@6"]);
  });
});

describe("constraints", () => {
  test("a spread is allowed up to its limit; above it the picks are given all the same", () => {
    const group = [member("a", [3]), member("b", [5])];
    expect(choose(group, { spread: 2 })).toMatchObject({
      isMet: true,
      reason: expect.stringContaining("to 1970-01-06T00:00:00Z, 7 days old; a keeps"),
    });
    const choice = choose(group, { spread: 1.5 });
    expect(choice).toMatchObject({ isMet: false, spreadMs: 2 * DAY });
    expect(picked(choice)).toEqual(["3", "5"]);
    expect(choice.reason).toBe(
      "the closest set is 2 days apart, from 1970-01-04T00:00:00Z to 1970-01-06T00:00:00Z, more than the 1 day 12 h allowed; a keeps it from being closer",
    );
  });

  test("an age is allowed up to its limit, and comes before the spread", () => {
    const group = [member("a", [3, 6]), member("b", [3, 8])];
    expect(picked(choose(group, { age: 7 }))).toEqual(["3", "3"]);
    expect(picked(choose(group, { age: 6.9 }))).toEqual(["6", "8"]);
  });

  test("a window counts from where it is young enough", () => {
    const group = [
      member("a", [8]),
      member(
        "b",
        [1],
        [
          [0, 4],
          [6, 7],
        ],
      ),
    ];
    expect(choose(group, { age: 3 })).toMatchObject({ isMet: true, spreadMs: DAY });
    expect(choose(group, { age: 3 }).picks[1]?.backup?.id).toBe("b@1");
  });

  test("where a member has nothing young enough, the best set of whatever age is given", () => {
    const group = [member("a", [3, 9]), member("old", [3.5]), member("c", [3, 9])];
    const choice = choose(group, { age: 2 });
    expect(choice).toMatchObject({ isMet: false, limitedBy: "old", spreadMs: DAY / 2 });
    expect(picked(choice)).toEqual(["3", "3.5", "3"]);
    expect(choice.reason).toBe(
      "old can't be restored to any moment of the last 2 days; of whatever age, the closest set is 12 h apart, from 1970-01-04T00:00:00Z to 1970-01-04T12:00:00Z, 7 days old",
    );
    // "far" alone keeps the set apart, but it is not what breaks the limit.
    const apart = [member("far", [9]), member("old", [3]), member("older", [3])];
    expect(choose(apart).limitedBy).toBe("far");
    expect(choose(apart, { age: 2 })).toMatchObject({ isMet: false, limitedBy: "old" });
    expect(choose(group, { age: 2, spread: 0.25 }).reason).toMatch(/7 days old, more than the 6 h/);
  });
});

describe("groups at the edge", () => {
  test("one without members is not met: nobody would be restored", () => {
    const { reason, ...rest } = choose([]);
    expect(rest).toEqual({ picks: [], isMet: false });
    expect(reason).toBe("the group has no members: there is nothing to restore");
  });

  test("one member is restored from its newest backup, or to the end of its windows", () => {
    const alone = choose([member("a", [2, 6, 4])]);
    expect(picked(alone)).toEqual(["6"]);
    expect(alone).toMatchObject({ isMet: true, spreadMs: 0, worstAgeMs: 4 * DAY, limitedBy: "a" });
    expect(alone.reason).toBe(
      "the newest moment that all can be restored to is 1970-01-07T00:00:00Z, 4 days old; a keeps it from being newer",
    );
    expect(
      picked(
        choose([
          member(
            "a",
            [2],
            [
              [1, 3],
              [4, 5],
            ],
          ),
        ]),
      ),
    ).toEqual(["@5"]);
  });

  test("members that have nothing at all are named, and nothing is picked", () => {
    const empty = ["b", "c", "d", "e", "f", "g"].map((name) => member(name, [], []));
    const { reason, ...rest } = choose([member("a", [1]), ...empty]);
    expect(rest).toEqual({ picks: [], isMet: false, limitedBy: "b" });
    expect(reason).toMatch(/^b, c, d, e, f and 1 more can't be restored at all: /);
    expect(choose(empty.slice(1)).reason).toMatch(/^c, d, e, f, g can't be restored at all: /);
  });
});

describe("a group of 50 members with 1,000 backups each", () => {
  // Deterministic, uneven, and never twice the same moment in a member.
  const moment = (name: number, i: number) =>
    i * 3_600_000 + ((name * 7919 + i * 104_729) % 3_599_999);
  const members = Array.from({ length: 50 }, (_, name) => ({
    name: `m${name}`,
    candidates: Array.from({ length: 1000 }, (__, i) => backup(`${i}`, moment(name, i) / DAY)),
  }));

  /** The textbook's sliding window with a count per member: another way than the module's. */
  function slidingWindow(): Range {
    const events = members
      .flatMap(({ candidates }, name) =>
        candidates.map((each) => ({ at: time(each.beginTime), name })),
      )
      .sort((a, b) => a.at - b.at);
    const counts = members.map(() => 0);
    let best: Range | undefined;
    let [start, covered] = [0, 0];
    for (const { at, name } of events) {
      if (counts[name]!++ === 0) covered++;
      for (; covered === members.length; start++) {
        const range = { from: events[start]!.at, to: at };
        if (isBetter(range, best, Infinity)) best = range;
        if (--counts[events[start]!.name]! === 0) covered--;
      }
    }
    return best!;
  }

  test("gets the same set as a sliding window", () => {
    const choice = chooseConsistent(members, { asOf: day(50) });
    const best = slidingWindow();
    expect(choice.spreadMs).toBe(best.to - best.from);
    expect(choice.worstAgeMs).toBe(50 * DAY - best.from);
    expect(choice.spreadMs).toBeGreaterThan(0);
    const moments = choice.picks.map((pick) => time(pick.moment));
    expect([Math.min(...moments), Math.max(...moments)]).toEqual([best.from, best.to]);
    expect(choice.picks).toHaveLength(50);
  });
});
