import * as fc from "fast-check";
import { csv, json, markdown, markdownTable, ndjson } from "../../lib/cli/formats";

const TEXT = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(
      "\u2028",
      "\u2029",
      "\u0085",
      "\r",
      "\n",
      "\0",
      '"',
      "\\",
      "\ud800",
      ",",
      "a",
    ),
    maxLength: 30,
  }),
);

/** Records of CSV, as RFC 4180 has them. */
function parsed(text: string): string[][] {
  const records = text.match(/(?:"(?:[^"]|"")*"|[^"\n])*\n/g) ?? [];
  return records.map((record) =>
    [...`,${record.slice(0, -1)}`.matchAll(/,("(?:[^"]|"")*"|[^,]*)/g)].map(([, cell]) =>
      cell!.replace(/^"(.*)"$/s, "$1").replace(/""/g, '"'),
    ),
  );
}

describe("NDJSON", () => {
  test("is an object a line, whatever names hold", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ name: TEXT, size: fc.integer() })), (rows) => {
        const text = ndjson(rows);
        const lines = text === "" ? [] : text.slice(0, -1).split(/\r\n|[\n\r\u0085\u2028\u2029]/);
        expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
      }),
    );
  });

  test("of nothing is nothing", () => {
    expect(ndjson([])).toBe("");
  });
});

test("JSON reads back as it was, and moves no terminal's cursor", () => {
  fc.assert(
    fc.property(TEXT, (name) => {
      expect(JSON.parse(json({ name }))).toEqual({ name });
      expect(json({ name }).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

describe("CSV", () => {
  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1"])(
    "%j is no formula of a spreadsheet",
    (name) => {
      const [, [cell]] = parsed(csv([{ name }], ["name"])) as [string[], [string]];
      expect(cell).toMatch(/^[^=+\-@\t\r＝＋－＠]/);
    },
  );

  test("has no cell that begins as a formula, and a line for each row, whatever names hold", () => {
    const NAME = fc.oneof(
      TEXT,
      fc.tuple(fc.constantFrom(..."=+-@\t\r"), TEXT).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(NAME, NAME), { minLength: 1 }), (names) => {
        const text = csv(
          names.map(([a, b]) => ({ a, b })),
          ["a", "b"],
        );
        expect(text.split("\n")).toHaveLength(names.length + 2);
        for (const [a, b] of parsed(text).slice(1)) {
          expect(a).not.toMatch(/^[=+\-@\t\r]/);
          expect(b).not.toMatch(/^[=+\-@\t\r]/);
        }
      }),
    );
  });

  test("leaves numbers as they are, what is nested as JSON, what is unknown empty", () => {
    const row = { n: 12, less: -1.5, list: [{ a: 1 }], none: null };
    expect(csv([row], ["n", "less", "list", "none", "gone"])).toBe(
      'n,less,list,none,gone\n12,-1.5,"[{""a"":1}]",,\n',
    );
  });
});

describe("Markdown", () => {
  test("has nothing of a name as markup, a link, a mention or HTML", () => {
    expect(markdown("[a](http://x) `b` *c* _d_ <img src=x> @team #1 !x a|b ~s~ \\ {e}")).toBe(
      "\\[a\\]\\(http:&#8203;//x\\) \\`b\\` \\*c\\* \\_d\\_ &lt;img src=x&gt; @&#8203;team \\#&#8203;1 \\!&#8203;x a\\|b \\~&#8203;s\\~ \\\\ \\{e\\}",
    );
  });

  test.each([
    ["@team", "@&#8203;team"],
    ["a@b.example", "a@&#8203;b.example"],
    ["team/x#12", "team/x\\#&#8203;12"],
    ["see GH-12", "see GH-&#8203;12"],
    ["WWW.a.example", "WWW&#8203;.a.example"],
    ["ssh://a.example", "ssh:&#8203;//a.example"],
    ["!1 ~1 $1 %1 &1", "\\!&#8203;1 \\~&#8203;1 \\$&#8203;1 %&#8203;1 &amp;&#8203;1"],
    ["50 % & more", "50 % &amp; more"],
  ])("of %j makes no link of GitHub's or GitLab's", (name, written) => {
    expect(markdown(name)).toBe(written);
  });

  test.each([
    ["- [x] done", "\\- \\[x\\] done"],
    ["---", "\\---"],
    ["=== ", "\\=== "],
    [" 1. one", " 1\\. one"],
    ["1) one", "1\\) one"],
    ["orders-1.2 - new", "orders-1.2 - new"],
    ["26.5 GiB", "26.5 GiB"],
    ["2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z"],
  ])("of %j makes no item of a list, nor a heading", (name, written) => {
    expect(markdown(name)).toBe(written);
  });

  test("is a row a line and a cell a name, whatever names hold", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(TEXT, TEXT), { minLength: 1 }), (rows) => {
        const lines = markdownTable(rows, ["A", "B"]).split(/[\n\r\u0085\u2028\u2029]/);
        expect(lines).toHaveLength(rows.length + 2);
        for (const line of lines) {
          expect(line.replace(/\\[\\|]/g, "").match(/\|/g)).toHaveLength(3);
        }
      }),
    );
  });
});
