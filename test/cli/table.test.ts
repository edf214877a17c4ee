import * as fc from "fast-check";
import stringWidth from "string-width";
import { Column, table } from "../../lib/cli/table";

type Row = readonly string[];
const columns = (...least: (number | undefined)[]): Column<Row>[] =>
  least.map((each, i) => ({ title: `T${i}`, text: (row) => row[i]!, least: each }));
const widths = (text: string) => text.split("\n").map((line) => stringWidth(line));

// As they come: of any script, of emoji, of what nobody sees.
const NAME = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom("备", "份", "👩‍👩‍👧", "🗄️", "é", "ﾊ", "a", " ", "\u202e", "\n"),
    maxLength: 40,
  }),
);

describe("a table", () => {
  test("is as wide as what stands in it where it is for no terminal", () => {
    const rows = [
      ["orders", "a".repeat(200)],
      ["备份", "b"],
    ];
    expect(table(rows, columns(8, undefined))).toBe(
      ["T0      T1", `orders  ${"a".repeat(200)}`, "备份    b"].join("\n"),
    );
  });

  test("aligns numbers to the right", () => {
    const shown = table([["7"], ["1200"]], [{ title: "N", text: ([n]) => n!, isNumber: true }]);
    expect(shown).toBe(["   N", "   7", "1200"].join("\n"));
  });

  test("cuts the widest first, and what must not be cut never", () => {
    const rows = [["a".repeat(30), "b".repeat(20), "c".repeat(32)]];
    const [, line] = table(rows, columns(8, 8, undefined), 70).split("\n");
    expect(line).toBe(`${"a".repeat(16)}…  ${"b".repeat(16)}…  ${"c".repeat(32)}`);
    expect(stringWidth(line!)).toBe(70);
    expect(table(rows, columns(8, 8, undefined), 10)).toContain("c".repeat(32));
  });

  test("of any names is never wider than the terminal where it can be cut that far", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(NAME, NAME, NAME), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 40, max: 120 }),
        (rows, width) => {
          const shown = table(rows, columns(8, 12, 8), width);
          expect(Math.max(...widths(shown))).toBeLessThanOrEqual(width);
          expect(shown.split("\n")).toHaveLength(rows.length + 1);
        },
      ),
    );
  });

  test("has each column begin at one place, however wide its letters are", () => {
    fc.assert(
      fc.property(fc.array(NAME, { minLength: 1, maxLength: 8 }), (names) => {
        const marked = names.map((name) => [name, "|"]);
        const lines = table(marked, columns(8, undefined), 30).split("\n").slice(1);
        const places = lines.map((line) => stringWidth(line.slice(0, line.lastIndexOf("|"))));
        expect(new Set(places).size).toBe(1);
      }),
    );
  });
});
