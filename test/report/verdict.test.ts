import { BackupService } from "../../lib/model/service";
import { RuleLevel } from "../../lib/restore/rules";
import { Duration } from "../../lib/model/duration";
import { judged, windowGapText } from "../../lib/report/judgement";
import { ReportLane, ReportModel } from "../../lib/report/model";
import { verdictOf } from "../../lib/report/verdict";
import { backup, decision, failed, finding, incremental, lane, model } from "./models";

const fresh = (name: string) => lane(name, [backup(name, 5)]);
const late = (name: string, hours: number) => lane(name, [backup(name, 26 + hours)]);
const none = (name: string) => lane(name, [backup(name, 5, failed)]);
const unset = (name: string) => lane(name, [backup(name, 5)], { rpo: undefined });
const bare = (name: string) => lane(name, [backup(name, 5, failed)], { rpo: undefined });
const unknown = (name: string) => lane(name, [], { problem: "HTTP 504" });
const taurus = (hours: number) =>
  lane("taurus", [incremental("i1", hours)], {
    hasFullBackups: false,
    service: BackupService.TAURUSDB,
  });

const verdict = (lanes: ReportLane[], more: Partial<ReportModel> = {}) => {
  const of = model(lanes, more);
  return verdictOf(of, judged(of));
};

describe("the verdict", () => {
  test.each<[string, "bad" | "unknown" | "good", ReportLane[]]>([
    ["There are no instances to show.", "unknown", []],
    ["The instance meets its RPO.", "good", [fresh("a")]],
    ["All 2 instances meet their RPO.", "good", [fresh("a"), fresh("b")]],
    [
      "4 of 5 instances meet their RPO; orders is 3 h over.",
      "bad",
      [fresh("a"), fresh("b"), late("orders", 3), fresh("c"), fresh("d")],
    ],
    ["The RPO is missed: orders is 1 min over.", "bad", [late("orders", 0.0001)]],
    ["The instance meets its RPO.", "good", [late("orders", 0)]],
    ["1 of 2 instances meets its RPO; b has no usable backup.", "bad", [fresh("a"), none("b")]],
    [
      "0 of 5 instances meet their RPO; e has no usable backup; c is 2 days over; d is 5 h over; 2 more miss theirs.",
      "bad",
      [late("a", 1), late("b", 2), late("c", 48), late("d", 5), none("e")],
    ],
    [
      "The instance meets its RPO; nothing is known of 1: b.",
      "unknown",
      [fresh("a"), unknown("b")],
    ],
    ["Nothing is known of the instance: a.", "unknown", [unknown("a")]],
    ["Nothing is known of any of 4.", "unknown", ["a", "b", "c", "d"].map(unknown)],
    ["No RPO is set for the instance.", "good", [unset("a")]],
    ["No RPO is set for any of the 2 instances.", "good", [unset("a"), unset("b")]],
    ["The instance meets its RPO; no RPO is set for 1.", "good", [fresh("a"), unset("b")]],
    ["No RPO is set for the instance, which has no usable backup.", "bad", [bare("a")]],
    [
      "The instance meets its RPO; no RPO is set for 2, 1 of which has no usable backup.",
      "bad",
      [fresh("a"), unset("b"), bare("c")],
    ],
    [
      "0 of 3 instances meet their RPO; orders is 5 h over; RDS instance b is 3 h over; DCS instance c is 1 h over.",
      "bad",
      [
        { ...late("RDS instance a", 5), name: "orders" },
        { ...late("RDS instance b", 3), name: "twice" },
        { ...late("DCS instance c", 1), name: "twice" },
      ],
    ],
    // The newest end of an incremental backup counts: half an hour after its begin.
    ["The instance meets its RPO.", "good", [taurus(26.5)]],
    ["The RPO is missed: taurus is 30 min over.", "bad", [taurus(27)]],
  ])("%s", (sentence, weight, lanes) => {
    expect(verdict(lanes)).toMatchObject({ sentence, weight });
  });

  test("counts errors, warnings and what is suppressed apart", () => {
    const warning = finding({ level: RuleLevel.WARNING });
    const suppressed = finding({ reason: "it is a cache" });
    const rest = (...findings: (typeof warning)[]) => verdict([fresh("a")], { findings });
    expect(rest().rest).toEqual(["Findings: none."]);
    expect(rest(suppressed).rest).toEqual(["Findings: none; 1 suppressed."]);
    expect(rest(suppressed).weight).toBe("good");
    expect(rest(warning, warning).rest).toEqual(["Findings: 2 warnings."]);
    expect(rest(warning).weight).toBe("good");
    expect(rest(finding(), warning).rest).toEqual(["Findings: 1 error, 1 warning."]);
    expect(rest(finding()).weight).toBe("bad");
  });

  test("tells whether restores have what they want", () => {
    const orders = lane("orders", [backup("b1", 5)]);
    const told = (...hours: number[]) =>
      verdict([orders], { decisions: hours.map((each) => decision(orders, each)) });
    expect(told(6).rest[1]).toBe("The one restore has what it wants.");
    expect(told(4).rest[1]).toBe("The one restore does not have what it wants.");
    expect(told(4).weight).toBe("bad");
    expect(told(6, 7).rest[1]).toBe("Of 2 restores each has what it wants.");
    expect(told(6, 4, 3).rest[1]).toBe("Of 3 restores 2 do not have what they want.");
  });
});

describe("the order of lanes", () => {
  const order = (lanes: ReportLane[], more: Partial<ReportModel> = {}) =>
    judged(model(lanes, more)).map(({ lane }) => lane.label);

  test("is the worst first, then by name", () => {
    const lanes = [
      ...[fresh("g"), fresh("f"), unset("e"), unknown("d"), late("c", 1), late("b", 2), none("a2")],
      lane("no RPO, nothing usable", [backup("x", 5, failed)], { rpo: undefined }),
    ];
    const sorted = ["a2", "b", "c", "d", "no RPO, nothing usable", "e", "f", "g"];
    expect(order(lanes)).toEqual(sorted);
    expect(order([...lanes].reverse())).toEqual(sorted);
  });

  test("has those with findings and unmet restores before those without", () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map(fresh) as [
      ReportLane,
      ReportLane,
      ReportLane,
      ReportLane,
    ];
    const findings = [
      finding({ subject: a.path, reason: "it is a cache" }),
      finding({ subject: c.path, level: RuleLevel.WARNING }),
      finding({ subject: d.path }),
    ];
    expect(order([a, b, c, d], { findings })).toEqual(["d", "c", "a", "b"]);
    expect(order([a, b, c, d], { findings, decisions: [decision(b, 1)] })).toEqual([
      "b",
      "d",
      "c",
      "a",
    ]);
  });
});

describe("a gap", () => {
  const gaps = (of: ReportLane) =>
    judged(model([of]))[0]!.gaps.map(({ start, end }) =>
      [start, end].map((time) => (Date.parse("2026-01-31T12:00:00Z") - time) / 3_600_000),
    );
  const begun = (...hours: number[]) => hours.map((each) => backup(`b${each}`, each));
  const windows = (...pairs: [number, number][]) =>
    pairs.map(([from, to]) => {
      const time = (hours: number) =>
        new Date(Date.parse("2026-01-31T12:00:00Z") - hours * 3_600_000);
      return { start: time(from), end: time(to) };
    });

  test("is longer than the RPO without the begin of a usable backup, the time up to now included", () => {
    expect(gaps(lane("a", begun(26, 52, 79)))).toEqual([[79, 52]]);
    expect(gaps(lane("a", begun(27)))).toEqual([[27, 0]]);
    expect(gaps(lane("a", [...begun(1, 50), backup("f", 25, failed)]))).toEqual([[50, 1]]);
  });

  test("begins with the oldest backup that is listed, usable or not, but not before what was asked for", () => {
    const list = [...begun(1), backup("f", 90, failed)];
    expect(gaps(lane("a", list))).toEqual([[90, 1]]);
    expect(gaps(lane("a", list, { since: new Date("2026-01-30T00:00:00Z") }))).toEqual([[36, 1]]);
    expect(gaps(lane("a", begun(1)))).toEqual([]);
    expect(gaps(lane("a", []))).toEqual([[Infinity, 0]]);
  });

  test("lies between and after restore windows where there are any, if longer than an hour", () => {
    const of = (...pairs: [number, number][]) =>
      gaps(lane("a", begun(200), { windows: windows(...pairs) }));
    expect(of([50, 40], [39, 20], [18, 1])).toEqual([[20, 18]]);
    expect(of([50, 2])).toEqual([[2, 0]]);
    expect(of()).toEqual([[200, 0]]);
  });

  test("is longer than its policy allows, where one says so, and the page says which are shown", () => {
    const some = { windows: windows([50, 40], [38.5, 20], [18, 0.5]) };
    const two = { ...some, windowGap: Duration.hours(2) };
    expect(gaps(lane("a", [], some))).toEqual([
      [40, 38.5],
      [20, 18],
    ]);
    expect(gaps(lane("a", [], { ...some, windowGap: Duration.minutes(90) }))).toEqual([[20, 18]]);
    expect(gaps(lane("a", [], two))).toEqual([]);
    const shown = (...lanes: ReportLane[]) => windowGapText(model(lanes));
    expect(shown(lane("a", [], two), lane("b", [], two), lane("c", []))).toBe("2 h");
    expect(shown(lane("a", [], some), lane("b", [], two))).toBe("1 h to 2 h (by the instance)");
    expect(shown(lane("a", []))).toBe("1 h");
  });

  test("is not claimed where no RPO is set, or nothing is known", () => {
    expect(gaps(lane("a", begun(90), { rpo: undefined }))).toEqual([]);
    expect(gaps(lane("a", [], { problem: "HTTP 504" }))).toEqual([]);
  });

  test("of a list of incremental backups lies between their ends", () => {
    const list = [1, 4, 40].map((hours) => incremental(`i${hours}`, hours));
    const taurus = lane("a", list, { hasFullBackups: false, rpo: Duration.hours(12) });
    expect(gaps(taurus)).toEqual([[39.5, 3.5]]);
  });
});
