import fc from "fast-check";
import { BackupKind, BackupStatus } from "../../lib/model/backup";
import { Duration } from "../../lib/model/duration";
import { envelope, envelopePath } from "../../lib/report/envelope";
import { judged } from "../../lib/report/judgement";
import { describe as described, markOf, tally } from "../../lib/report/lane-marks";
import { detailOf, laneSvg } from "../../lib/report/lane-svg";
import { inlineJson, markup } from "../../lib/report/markup";
import { ticksOf, timeScale, xOf } from "../../lib/report/scale";
import { stripsOf } from "../../lib/report/strips";
import { ago, AS_OF, backup, decision, failed, incremental, lane, model } from "./models";

describe("markup", () => {
  test("takes a text for a text, and markup for markup", () => {
    const inner = markup`<b title="${`"'&`}">${"<i>"}</b>`;
    expect(String(markup`<p>${inner}${[inner, undefined, 3]}</p>`)).toBe(
      `<p>${inner}${inner}3</p>`,
    );
    expect(String(inner)).toBe(`<b title="&quot;&#39;&amp;">&lt;i&gt;</b>`);
  });

  test("shows what nobody would see", () => {
    expect(String(markup`${"a\u202eb\u2028c\ud800"}`)).toBe("a\\u{202e}b c\\u{d800}");
  });

  test("holds JSON that reads back as it was and ends no element", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, text) => {
        const written = String(inlineJson([value, text, "</script><!--\u2028"]));
        expect(written).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(written)).toEqual(
          JSON.parse(JSON.stringify([value, text, "</script><!--\u2028"])),
        );
      }),
    );
  });
});

describe("the axis", () => {
  const scaleOf = (...hours: number[]) =>
    timeScale(
      model([
        lane(
          "a",
          hours.map((each) => backup(`b${each}`, each)),
        ),
      ]),
    );
  const days = ({ start, asOf }: { start: number; asOf: number }) => (asOf - start) / 86_400_000;

  test("is as long as the backups reach back, in a usual length", () => {
    expect(days(scaleOf(1, 20))).toBe(2);
    expect(days(scaleOf(1, 24 * 6.5))).toBe(7);
    expect(days(scaleOf(1, 24 * 25))).toBe(31);
  });

  test("is not made long by a few old ones, but always shows the RPO", () => {
    const nightly = Array.from({ length: 28 }, (_, i) => 1 + i * 24);
    expect(days(scaleOf(...nightly, 24 * 900))).toBe(31);
    const rpo = Duration.days(20);
    expect(days(timeScale(model([lane("a", [backup("b", 1)], { rpo })])))).toBe(31);
    expect(days(timeScale(model([])))).toBe(1);
  });

  test("has its dates at midnight of UTC, times between them, and none on another", () => {
    const texts = ticksOf(scaleOf(1, 20)).map(({ text }) => text);
    const first = ["12:00Z", "18:00Z", "2026-01-30", "06:00Z", "12:00Z", "18:00Z"];
    expect(texts).toEqual([...first, "2026-01-31", "06:00Z"]);
    for (const hours of [1, 30, 100, 1_000, 9_000, 80_000]) {
      const each = ticksOf(scaleOf(hours));
      each.slice(1).forEach(({ x }, i) => expect(x - each[i]!.x).toBeGreaterThan(90));
      expect(each.length).toBeGreaterThan(1);
    }
  });

  test("has what lies beyond it at its edge", () => {
    const scale = scaleOf(1, 20);
    expect([xOf(scale, 0), xOf(scale, Infinity)]).toEqual([0, 1_000]);
  });
});

describe("the envelope of a line", () => {
  test("holds each point, and what lies between two", () => {
    const points = fc
      .array(
        fc.tuple(fc.double({ min: -5, max: 25, noNaN: true }), fc.integer({ min: 0, max: 99 })),
        { minLength: 1 },
      )
      .map((pairs) => pairs.map(([x, y]) => ({ x, y })).sort((a, b) => a.x - b.x));
    fc.assert(
      fc.property(points, (line) => {
        const bins = envelope(line, 20);
        for (const { x, y } of line.filter(({ x }) => x >= 0 && x < 20)) {
          const { low, high } = bins[Math.floor(x)]!;
          expect(low <= y && y <= high).toBe(true);
        }
        const all = line.map(({ y }) => y);
        for (const bin of bins) {
          if (!bin) continue;
          expect(bin.low >= Math.min(...all) - 1e-9 && bin.high <= Math.max(...all) + 1e-9).toBe(
            true,
          );
        }
      }),
    );
  });

  test("has a rise in each column that it crosses, and nothing where it doesn't go", () => {
    const bins = envelope(
      [
        { x: 1, y: 0 },
        { x: 3, y: 10 },
      ],
      4,
    );
    expect(bins).toEqual([
      undefined,
      { low: 0, high: 5 },
      { low: 5, high: 10 },
      { low: 10, high: 10 },
    ]);
    expect(envelopePath(bins, (y) => 10 - y)).toBe("M1 4h1v-5h2V0h-1v5h-1v5h-1z");
  });
});

describe("a lane", () => {
  const list = [
    backup("good", 2),
    backup("manual", 3, { kind: BackupKind.MANUAL }),
    backup("failed", 4, failed),
    backup("building", 0.1, { status: BackupStatus.BUILDING }),
    incremental("i", 5),
    backup("partial", 6, { isRestorable: false, isPartial: true }),
    backup("later", -2),
  ];

  test("marks backups by what can be restored, as the library judges it", () => {
    expect(list.map((each) => markOf(each, AS_OF))).toEqual([
      ...["full", "full", "failed", "building", "incremental", "other", "other"],
    ]);
    expect(tally(list, AS_OF)).toBe(
      "7 backups: 2 usable, 1 incremental, 1 failed, 1 being made, 2 not usable",
    );
    expect(described(list[5]!, AS_OF)).toBe(
      "2026-01-31T06:00:00Z, partial, automatic, 10 GiB, holds single databases or tables, not the instance",
    );
  });

  const drawn = (detail: "each" | "points" | "bins") => {
    const of = lane("a", list);
    const whole = model([of], { decisions: [decision(of)] });
    return String(laneSvg(judged(whole)[0]!, AS_OF, timeScale(whole), detail));
  };

  test("has an element for each backup, or one for each mark where there are many", () => {
    expect(drawn("each").match(/<title>/g)).toHaveLength(7);
    expect(
      drawn("points").match(/<path class="(full|failed|building|incremental|other)"/g),
    ).toHaveLength(5);
    expect(
      drawn("bins").match(/<path class="bin (full|failed|building|incremental|other)"/g),
    ).toHaveLength(5);
    for (const detail of ["each", "points", "bins"] as const) {
      expect(drawn(detail).match(/<circle class="chosen"/g)).toHaveLength(1);
    }
    expect([5_000, 5_001, 50_000, 50_001].map(detailOf)).toEqual([
      "each",
      "points",
      "points",
      "bins",
    ]);
  });

  test("has its columns where its backups are", () => {
    const dashes = /class="bin failed".*?stroke-dasharray="([^"]*)"/
      .exec(drawn("bins"))![1]!
      .split(" ")
      .map(Number);
    expect(dashes.length % 2).toBe(0);
    expect(dashes[0]).toBe(0);
    const scale = timeScale(model([lane("a", list)]));
    expect(dashes[1]).toBe(Math.floor((xOf(scale, ago(4).getTime()) / 1_000) * 400));
    expect(dashes.reduce((sum, each) => sum + each)).toBe(400);
  });
});

describe("the strips", () => {
  const textsOf = (backups: Parameters<typeof lane>[1], more = {}) => {
    const of = model([lane("a", backups, more)]);
    return stripsOf(judged(of)[0]!, timeScale(of), "each").map(({ text }) => text);
  };

  test("tell the age now and at most, and what size is usual, as the rules say it", () => {
    const list = [2, 26, 60, 84, 108, 132].map((hours) => backup(`b${hours}`, hours));
    expect(textsOf(list)).toEqual([
      "2 h as of 2026-01-31T12:00:00Z; at most 1 day 10 h, at 2026-01-30T10:00:00Z; the RPO is 26 h.",
      "The newest automatic one has 10 GiB; 8 GiB to 12 GiB are usual.",
    ]);
    expect(textsOf(list.slice(0, 5), { rpo: undefined })).toEqual([
      "2 h as of 2026-01-31T12:00:00Z; at most 1 day 10 h, at 2026-01-30T10:00:00Z.",
      "The newest automatic one has 10 GiB; there are too few to tell what is usual.",
    ]);
  });

  test("tell what size is usual as the policy has it", () => {
    const list = [2, 26, 60].map((hours) => backup(`b${hours}`, hours));
    const size = {
      ...{ history: 30, minSamples: 2, deviations: 4, floorPercent: 50, floorMebibytes: 16 },
    };
    expect(textsOf(list, { size })[1]).toBe(
      "The newest automatic one has 10 GiB; 5 GiB to 15 GiB are usual.",
    );
  });

  test("are left out where there is nothing to draw", () => {
    expect(textsOf([backup("f", 3, failed)])).toEqual([]);
    expect(textsOf([backup("b", 3, { sizeBytes: undefined })])).toHaveLength(1);
    expect(textsOf([], { problem: "HTTP 504" })).toEqual([]);
  });
});
