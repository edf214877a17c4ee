import { Duration, LookupMode } from "../../lib";
import { LockEntry } from "../../lib/lock/format";
import { formerKeys } from "../../lib/lock/former";
import { Run } from "../../lib/lookup/lookup";
import { askAgain, doubtAmong, frozenAsOf, plan } from "../../lib/lookup/plan";
import { answerTo, ask, Asking, formerly, hoursAgo, NOW, runOf } from "../support/runs";

const { LIVE, CACHED, FROZEN } = LookupMode;
const WEEK = Duration.days(7);

interface Case {
  readonly asked?: Asking;
  /** What differs from an answer of half an hour ago; null where the lock has none. */
  readonly answered?: Partial<LockEntry["answered"]> | null;
  readonly entry?: Partial<LockEntry>;
  readonly run?: Partial<Run>;
  /** Another question that is asked in the same run. */
  readonly other?: Asking;
}

/** What is done in each mode: "serve", "ask", or the code of the refusal. */
function stepsOf({ asked: asking = {}, answered = {}, entry, run, other }: Case): string[] {
  return [LIVE, CACHED, FROZEN].map((mode) => {
    const inMode = (each: Asking) => ask({ ...each, source: { mode, ...each.source } });
    const asked = inMode(asking);
    const found: LockEntry = { ...answerTo(asked, answered ?? {}), ...entry };
    const all = other ? [asked, inMode(other)] : [asked];
    const step = plan(asked, runOf(all, answered ? [[asked, found]] : [], run), true);
    if ("refuse" in step) return step.refuse.code;
    if ("serve" in step) expect(step.serve).toBe(found);
    return Object.keys(step)[0]!;
  });
}

const [ASK, SERVE] = ["ask", "serve"];
const NO_ID = { settings: { region: "eu-de" } };

describe("what is done for a question in the modes LIVE, CACHED and FROZEN", () => {
  test.each<[string, Case, string[]]>([
    ["there is no lock", { answered: null }, [ASK, ASK, "LOCK_MISSING"]],
    ["it has a young answer", {}, [ASK, SERVE, SERVE]],
    ["it has an old answer", { answered: { at: hoursAgo(1.01) } }, [ASK, ASK, SERVE]],
    [
      "an older one may serve",
      { answered: { at: hoursAgo(9) }, asked: { source: { maxLockAgeMs: 1e9 } } },
      [ASK, SERVE, SERVE],
    ],
    [
      "its answer is from a clock that is a little fast",
      { answered: { at: hoursAgo(-0.2) }, asked: { source: { asOf: NOW } } },
      [ASK, SERVE, SERVE],
    ],
    [
      "its answer is from a wrong clock",
      { answered: { at: hoursAgo(-0.3) }, asked: { source: { asOf: NOW } } },
      [ASK, ASK, SERVE],
    ],
    [
      "its answer is later than what was read before",
      { answered: { at: hoursAgo(-0.2) } },
      [ASK, SERVE, "LOCK_AMBIGUOUS"],
    ],
    ["no project id is declared", { asked: { source: NO_ID } }, [ASK, ASK, SERVE]],
    [
      "the instance was missing",
      { entry: { missing: { code: "INSTANCE_NOT_FOUND" } } },
      [ASK, ASK, SERVE],
    ],
    [
      "another host has answered",
      { answered: { host: "127.0.0.1" } },
      [ASK, ASK, "LOCK_OF_ANOTHER_HOST"],
    ],
    [
      "another host has answered and the environment names none",
      { answered: { host: "127.0.0.1" }, run: { hostOf: () => undefined } },
      [ASK, SERVE, SERVE],
    ],
    ["two accounts ask the same", { other: { asker: "they" } }, [ASK, ASK, "LOCK_AMBIGUOUS"]],
    ["one account asks it twice", { other: { path: "recovery/two" } }, [ASK, SERVE, SERVE]],
    [
      "its key stands for another query",
      { entry: { query: { service: "rds" } } },
      [ASK, ASK, "LOCK_MISSING"],
    ],
    ["it counts back from now", { asked: { within: WEEK } }, [ASK, SERVE, SERVE]],
    [
      "it counts back from a month before",
      { asked: { within: WEEK }, answered: { as_of: hoursAgo(30 * 24) } },
      [ASK, ASK, "LOCK_MISSING"],
    ],
  ])("where %s", (_what, given, steps) => {
    expect(stepsOf(given)).toEqual(steps);
  });
});

describe("the refusal of a frozen run that has no answer", () => {
  const source = { mode: FROZEN };
  const [wanted, other] = [ask({ source }), ask({ source, instanceId: "b", path: "recovery/b" })];
  const there = ask({ source, instanceId: "c", path: "recovery/c" });
  const live = ask({ source: { mode: LIVE }, instanceId: "d", path: "recovery/d" });
  const run = runOf([wanted, other, there, live], [[there, answerTo(there)]]);
  const messageOf = (isWanted: boolean) => {
    const step = plan(wanted, run, isWanted);
    return "refuse" in step ? step.refuse.message : "";
  };

  test("names all that the lock lacks where it is the one that is read", () => {
    expect(messageOf(true)).toMatch(
      /^LOCK_MISSING: the lock has no answer to "RDS backups of instance orders", .* It will add as well:\n- recovery\/b: the lock has no answer to "RDS backups of instance b"\n *$/,
    );
  });

  test("speaks of itself alone where it is not", () => {
    expect(messageOf(false)).toMatch(/commit the lock\.$/);
  });

  test("says what differs from what the construct asked last time", () => {
    const before = ask({ instanceId: "before" });
    const known = runOf([wanted], [[before, answerTo(before)]], {
      formerly: { recovery: formerly([before]) },
    });
    const step = plan(wanted, known, true);
    expect("refuse" in step && step.refuse.message).toMatch(
      /^LOCK_MISSING: the query has changed \(instance_id\): the lock has the answer to "RDS backups of instance before", not to "RDS backups of instance orders"/,
    );
  });
});

describe("the moment that a frozen run counts back from", () => {
  const source = { mode: FROZEN };
  const [a, b, c] = ["a", "b", "c"].map((instanceId) =>
    ask({ source, instanceId, path: `recovery/${instanceId}` }),
  ) as [ReturnType<typeof ask>, ReturnType<typeof ask>, ReturnType<typeof ask>];
  const answers = [a, b, c].map((each, i): [typeof a, LockEntry] => [
    each,
    answerTo(each, { at: hoursAgo(9 - i) }),
  ]);
  const asOf = (asked: (typeof a)[], former: (typeof a)[], more: Partial<Run> = {}) =>
    frozenAsOf(runOf(asked, answers, { formerly: { recovery: formerly(former) }, ...more }));

  test("is that of the newest answer which its stacks took last time", () => {
    expect(asOf([a], [a, b])?.toISOString()).toBe(hoursAgo(8));
    expect(asOf([], [a, b])?.toISOString()).toBe(hoursAgo(8));
  });

  test("is that of the newest answer it takes where it asks for something else", () => {
    expect(asOf([a, c], [a, b])?.toISOString()).toBe(hoursAgo(7));
  });

  test("is not told by what is asked in another mode", () => {
    const live = ask({ source: { mode: LIVE }, instanceId: "c" });
    expect(asOf([a, live], [a, b])?.toISOString()).toBe(hoursAgo(8));
  });

  test("is unknown before anything is declared, where the lock is of several programs", () => {
    const two = { recovery: formerly([a]), other: formerly([b]) };
    const unasked = { stacks: new Set<string>() };
    expect(frozenAsOf(runOf([], answers, { formerly: two, ...unasked }))).toBeUndefined();
    const together = { recovery: formerly([a], ["other"]), other: formerly([b], ["recovery"]) };
    const known = frozenAsOf(runOf([], answers, { formerly: together, ...unasked }));
    expect(known?.toISOString()).toBe(hoursAgo(8));
  });
});

describe("what is asked ahead", () => {
  const [a, b] = [ask({ instanceId: "a" }), ask({ instanceId: "b", path: "recovery/b" })];
  const old = (each: typeof a): [typeof a, LockEntry] => [
    each,
    answerTo(each, { at: hoursAgo(9) }),
  ];
  const formerRun = (asked: (typeof a)[], answers = [old(a), old(b)]) =>
    runOf(asked, answers, { formerly: { recovery: formerly([a, b]) } });
  const ahead = (source: typeof a.source, run: Run) =>
    askAgain(source, run, formerKeys(run.lock, run.stacks)).map(([key]) => key);

  test("is what the stack asked last time and has not asked yet", () => {
    expect(ahead(a.source, formerRun([a]))).toEqual([b.key]);
    expect(ahead(a.source, formerRun([a, b]))).toEqual([]);
  });

  test("is nothing that the lock may answer, in its mode", () => {
    expect(ahead(a.source, formerRun([a], [old(a), [b, answerTo(b)]]))).toEqual([]);
    expect(ahead({ ...a.source, mode: FROZEN }, formerRun([a]))).toEqual([]);
  });

  test("is asked of the same project alone", () => {
    const theirs = { ...a.source, settings: { region: "eu-de", projectId: "theirs" } };
    expect(ahead(theirs, formerRun([a]))).toEqual([]);
  });
});

describe("whose an answer is", () => {
  test("is told by who asks", () => {
    expect(doubtAmong([ask({}), ask({})])).toBeUndefined();
    expect(doubtAmong([])).toBeUndefined();
    expect(doubtAmong([ask({}), ask({}), ask({ asker: "they", path: "recovery/x" })])).toMatch(
      /^"RDS backups of instance orders" is asked of two .* \(recovery\/q, recovery\/x\)/,
    );
  });

  test("is told by who has answered, once somebody has", () => {
    const asked = ask({});
    const by = (project_id: string, at?: string) => ({
      ...{ ...asked, entry: answerTo(asked, { project_id, ...(at && { at }) }) },
    });
    expect(doubtAmong([by("p1"), by("p1", hoursAgo(9)), asked])).toBeUndefined();
    expect(doubtAmong([by("p1"), asked, by("p2")])).toMatch(/give both providers a `projectId`/);
  });
});
