import { LookupMode } from "../../lib";
import { LockEntry } from "../../lib/lock/format";
import { ErrorCode } from "../../lib/model/error-codes";
import { refusal } from "../../lib/model/errors";
import { Outcome } from "../../lib/model/outcome";
import { changesBy, deviations, doubtsIn, Ended, provenance } from "../../lib/lookup/ending";
import { Run } from "../../lib/lookup/lookup";
import { answerTo, ask, Asking, formerly, hoursAgo, runOf } from "../support/runs";

const { LIVE, FROZEN } = LookupMode;
const served = { isFromLock: true };
const frozen = { source: { mode: FROZEN } };

/** A question that the cloud has answered, unless it says otherwise. */
function ended(asking: Asking, more: Partial<Ended> = {}): Ended {
  const asked = ask(asking);
  const outcome = Outcome.of(() => ({}));
  return { ...asked, outcome, entry: answerTo(asked), isBroken: false, ...more };
}

function failed(code: ErrorCode): Partial<Ended> {
  const error = refusal(code, "no");
  return { outcome: Outcome.of(() => void throwing(error)), entry: undefined };
}

function throwing(error: Error): never {
  throw error;
}

/** The instances whose answers are kept, and those whose answers leave the lock. */
function kept(...all: Ended[]) {
  const { answers, refused } = changesBy(all, doubtsIn(all), {}, runOf(all));
  const instances = (keys: Iterable<string>) =>
    [...new Set(keys)].map((key) => all.find((each) => each.key === key)!.identity["instance_id"]);
  return [instances(answers.keys()), instances(refused)];
}

describe("a lock keeps", () => {
  test.each<[string, Partial<Ended>, [string[], string[]]]>([
    ["what the cloud has answered", {}, [["a"], []]],
    ["nothing anew that it has answered itself", served, [[], []]],
    ["nothing of a lookup that failed", failed("NOT_PERMITTED"), [[], []]],
    ["nothing of an instance that is gone", failed("INSTANCE_NOT_FOUND"), [[], ["a"]]],
    ["nothing that broke an expectation", { isBroken: true }, [[], ["a"]]],
    ["nothing that it answered and that broke one", { ...served, isBroken: true }, [[], ["a"]]],
    ["nothing where nobody was asked yet", { outcome: undefined, entry: undefined }, [[], []]],
  ])("%s", (_what, more, expected) => {
    expect(kept(ended({ instanceId: "a" }, more))).toEqual(expected);
  });

  test("neither of two answers that nothing tells apart, and others", () => {
    const theirs = ended({ instanceId: "a", asker: "they" });
    expect(kept(ended({ instanceId: "a" }), theirs, ended({ instanceId: "b" }))).toEqual([
      ["b"],
      ["a"],
    ]);
  });

  test("what a frozen run found broken", () => {
    expect(kept(ended({ ...frozen }, { ...served, isBroken: true }))).toEqual([[], []]);
  });

  test("the decisions of before where nothing was asked, or an expectation was broken", () => {
    const before = { ...formerly([ask({})]), decisions: { "recovery/t": "backup old" } };
    const decided = (more: Partial<Ended>, decision?: string) => {
      const all = [ended({}, more)];
      const run = runOf(all, [], { formerly: { recovery: before } });
      const { stacks } = changesBy(all, doubtsIn(all), { "recovery/t": decision }, run);
      return stacks.get("recovery")!.decisions["recovery/t"];
    };
    expect(decided({}, "backup new")).toBe("backup new");
    expect(decided({}, undefined)).toBe("backup old");
    expect(decided(served, "backup new")).toBe("backup old");
  });
});

describe("a reader is told", () => {
  const lineOf = (all: Ended[], more: Partial<Run> = {}) =>
    provenance(all, runOf(all, [], more))[0];
  const of = (asking: Asking, answered: Partial<LockEntry["answered"]>) => {
    const all = ended(asking, served);
    return { ...all, entry: answerTo(all, answered) };
  };

  test("nothing where the cloud has answered everything", () => {
    expect(lineOf([ended({})])).toBeUndefined();
  });

  test("how old the oldest answer of the lock is, and of which hosts", () => {
    const all = [
      ...[of({ instanceId: "a" }, {}), of({ instanceId: "b" }, { at: hoursAgo(2), host: "h" })],
      ended({ instanceId: "c" }),
    ];
    expect(lineOf(all)).toBe(
      "2 of 3 lookups answered from it, as told by rds.eu-de.otc.t-systems.com and h, the oldest 2 h old; `CDKTF_BACKUPS_MODE=LIVE npx cdktf synth` asks anew",
    );
  });

  test("as of when a frozen run is, and whose its answers are", () => {
    const settings = { region: "eu-de" };
    const all = [of(frozen, { at: "2026-11-21T04:00:00Z" })];
    const old = of({ ...frozen, instanceId: "b" }, { at: "2026-11-20T04:00:00Z" });
    const whose = "project p1 (otc, eu-de) at rds.eu-de.otc.t-systems.com";
    expect(lineOf(all)).toBe(
      `FROZEN: 1 of 1 lookup as of 2026-11-21T04:00:00Z, answered by ${whose}`,
    );
    expect(lineOf([...all, old])).toBe(
      `FROZEN: 2 of 2 lookups as of 2026-11-21T04:00:00Z, the oldest answer of 2026-11-20T04:00:00Z, answered by ${whose}`,
    );
    const undeclared = of({ source: { mode: FROZEN, settings } }, {});
    expect(lineOf([undeclared])).toMatch(/ \(the program declares no project id\)$/);
  });

  test("where a frozen run decides otherwise, and only that", () => {
    const before = { ...formerly([]), decisions: { "recovery/t": "backup a", "recovery/u": "x" } };
    const lines = (mode: LookupMode, decision: string | undefined) => {
      const all = [ended({ source: { mode } })];
      const run = runOf(all, [], { formerly: { recovery: before } });
      return deviations(all, { "recovery/t": decision, "recovery/new": "y" }, run);
    };
    expect(lines(FROZEN, "backup b")).toEqual([
      "recovery/t decides backup b, where it records backup a",
    ]);
    expect(lines(FROZEN, "backup a")).toEqual([]);
    expect(lines(FROZEN, undefined)).toEqual([]);
    expect(lines(LIVE, "backup b")).toEqual([]);
  });
});
