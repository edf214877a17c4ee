import { Lazy, Token, Tokenization } from "cdktf";
import fc from "fast-check";
import {
  defang,
  isPlain,
  escapeUri,
  excerpt,
  isKnownOnlyAtDeploy,
  kindOf,
  printable,
  printableJson,
  unquoted,
  nearest,
  shown,
} from "../../lib/model/text";
import { Duration } from "../../lib";

// Texts that are rich in what Terraform and cdktf look for.
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom("$", "%", "#", "&", "{", "}", "${", "%{", "$${", "TfToken[", "TOKEN.0", "]}"),
      fc.constantFrom(
        "String Map Token Value",
        " ",
        "\t",
        "-8.10956221259138e+298",
        "8.10956221259138e+298",
        "\\",
        '"',
      ),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

describe("defang", () => {
  test("breaks the very text by which cdktf encodes a number that it knows only at deploy", () => {
    const token = String(Token.asNumber(Lazy.numberValue({ produce: () => 1 })));
    expect(Tokenization.reverseNumber(Number(token))).toBeDefined();
    for (const text of [token, token.slice(1)]) expect(defang(text)).toMatch(/^-?[\d.]+_e\+298$/);
  });

  test.each([
    ['${file("/etc/passwd")}', '$_{file("/etc/passwd")}'],
    ['$ {file("/etc/passwd")}', '$_ {file("/etc/passwd")}'],
    ["%{ if true }x%{ endif }", "%_{ if true }x%_{ endif }"],
    ["$${x}", "$$_{x}"],
    ["${TfToken[TOKEN.99999]}", "$_{TfToken[TOKEN.99999]}"],
    ["#{TfToken[TOKEN.1]}", "#_{TfToken[TOKEN.1]}"],
    ["&{TfToken[TOKEN.1]}", "&_{TfToken[TOKEN.1]}"],
    ['${"$"}{x}', '$_{"$"}{x}'],
    ["{x}", "_{x}"],
    ["costs 5$", "costs 5$_"],
    ["costs 5$ ", "costs 5$_ "],
    ["-8.10956221259138e+298", "-8.10956221259138_e+298"],
    ["8.10956221259138e+298", "8.10956221259138_e+298"],
    ["8.1095 6221259138 e+298", "8.1095 6221259138_ e+298"],
    ["810956221259138e284", "810956221259138_e284"],
    ["String Map Token Value", "String Map Token Value_"],
    ["Any Map Token Value ", "Any Map Token Value_ "],
    ["a\u0000b", "a_b"],
    ["{", "_{"],
    ["$", "$_"],
    [" String Map Token Value", " String Map Token Value_"],
    ["|8.10956221259138e+298", "|8.10956221259138_e+298"],
    ["+|8.10956221259138e+298", "+|8.10956221259138_e+298"],
    ["1e5 8.10956221259138e+298", "1_e5 8.10956221259138_e+298"],
  ])("makes %s into %s", (text, expected) => {
    expect(defang(text)).toBe(expected);
  });

  test.each([
    "43e4feaab48f11e89039fa163ebaa7e4br01",
    "5560df16-cebf-4473-95c4-d1b573c16e79",
    "GaussDB-hly-ha-20220509080110906",
    "backup of {orders} at 100% or $5",
    "日本語 ünï©ode 🎉",
    "5 eggs at 100% off",
    "a String Map Token Value",
    "String Map Token Values",
    "a\\b\"c'd`e",
  ])("leaves %s as it is", (text) => {
    expect(defang(text)).toBe(text);
  });

  // What programs do with a name before they write it.
  const HANDLINGS: ((text: string) => string)[] = [
    (text) => text,
    (text) => text.trim(),
    (text) => text.replace(/\s/g, ""),
    (text) => text.replace(/\s+/g, " "),
    (text) => text.replace(/[^\x20-\x7e]/g, ""),
    (text) => text.replaceAll(".", ""),
    (text) => text.normalize("NFKC"),
    (text) => text.toLowerCase(),
    (text) => text.slice(0, 63),
    (text) => `${text.trim()}{x}`,
    (text) => `\${x}${text.trim()}`.slice(4),
  ];

  test("leaves nothing that Terraform evaluates or cdktf takes for a token, also between two texts, whatever a program does with them", () => {
    fc.assert(
      fc.property(hostile, hostile, fc.constantFrom(...HANDLINGS), (a, b, handle) => {
        const [one, two] = [handle(defang(a)), handle(defang(b))];
        for (const text of [one, two, one + two, `restore-${one}`, handle(defang(a) + defang(b))]) {
          expect(text).not.toMatch(/[$%#&]\{/);
          expect(Token.isUnresolved(text)).toBe(false);
          expect(Tokenization.reverseString(text).tokens).toHaveLength(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("loses nothing but adds `_`, and only once", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = defang(text);
        expect(safe.replaceAll("_", "")).toBe(text.replace(/[_\0]/g, ""));
        expect(defang(safe)).toBe(safe);
      }),
    );
  });
});

describe("unquoted", () => {
  test("has nothing that ends a text in an expression, where cdktf escapes no quote", () => {
    expect(unquoted('x", z = file("/etc/hostname"), w = "\\')).toBe(
      "x', z = file('/etc/hostname'), w = '/",
    );
    expect(unquoted("backup of {orders} at 100% or $5")).toBe("backup of {orders} at 100% or $5");
  });
});

describe("isKnownOnlyAtDeploy", () => {
  test("sees a cdktf token and a Terraform expression", () => {
    expect(isKnownOnlyAtDeploy(Lazy.stringValue({ produce: () => "x" }))).toBe(true);
    for (const text of [
      "${var.instance}",
      "%{ if x }",
      "#{TfToken[TOKEN.1]}",
      "&{TfToken[TOKEN.1]}",
    ])
      expect(isKnownOnlyAtDeploy(text)).toBe(true);
    expect(isKnownOnlyAtDeploy("a48e43ff268f4c0e879652d65e63d0fbin01")).toBe(false);
  });
});

// All that is drawn by no terminal, or acted upon by it.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const unseen = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\u001b", "\u009b", "\n", "\u2028", "\u202e", "\u200b", "\ud800", "\u{e0041}"),
    fc.constantFrom("a", " ", "é", "日", "🎉", "\\", '"'),
  ),
});

describe("printable", () => {
  test.each([
    ["a\u001b[31mb", "a [31mb"],
    ["a\r\nFORGED", "a FORGED"],
    ["a\u0085b\u2028c\u2029d", "a b c d"],
    ["a\u202eb", "a\\u{202e}b"],
    ["a\u{e0041}b", "a\\u{e0041}b"],
    ["a\ud800", "a\\u{d800}"],
    ["日本語 ünï©ode 🎉 a\\b", "日本語 ünï©ode 🎉 a\\b"],
  ])("makes %j %j", (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test("leaves one line with nothing unseen, and does it once", () => {
    fc.assert(
      fc.property(fc.oneof(unseen, fc.string({ unit: "binary" })), (text) => {
        const line = printable(text);
        expect(line).not.toMatch(UNSEEN);
        expect(printable(line)).toBe(line);
        expect(excerpt(text, 3)).not.toMatch(UNSEEN);
      }),
    );
  });
});

describe("printableJson", () => {
  test("has nothing unseen but its own line breaks, and reads back as it was", () => {
    fc.assert(
      fc.property(fc.dictionary(unseen, unseen), (value) => {
        const json = JSON.stringify(value, null, 2);
        expect(printableJson(json).replaceAll("\n", "")).not.toMatch(UNSEEN);
        expect(printableJson(json).split("\n")).toHaveLength(json.split("\n").length);
        expect(JSON.parse(printableJson(json))).toEqual(JSON.parse(json));
      }),
    );
  });
});

describe("excerpt", () => {
  test("is one line and no longer than asked", () => {
    expect(excerpt("a\n\tb\u0000c  d", 100)).toBe("a b c d");
    expect(excerpt("x".repeat(300), 10)).toBe(`${"x".repeat(10)}…`);
    expect(excerpt("ab🎉cd", 3)).toBe("ab…");
    expect(excerpt(" abc ", 3)).toBe("abc");
  });
});

describe("whatever a program gave", () => {
  class Order {}
  test.each<[unknown, string]>([
    ["a text", '"a text"'],
    [" ", '" "'],
    ["a".repeat(100), `"${"a".repeat(80)}…"`],
    [5, "5"],
    [Token.asNumber("${a.b}"), "a number that Terraform knows only at deploy"],
    [NaN, "NaN"],
    [5n, "5"],
    [Symbol("a"), "Symbol(a)"],
    [null, "null"],
    [() => "a secret", "a function"],
    [["a secret"], "a list"],
    [[], "an empty list"],
    [new Date(NaN), "no valid Date"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [Duration.days(400), "400 days"],
    [{ secret: "a secret" }, "an object"],
    [Object.create(null), "an object"],
    [new Order(), "an Order"],
    [/a/, "a RegExp"],
  ])("is shown as what it is, %#", (value, told) => {
    expect(shown(value)).toBe(told);
  });
});

describe("the names that are most like one", () => {
  test("are the nearest first, none of them too far", () => {
    const names = ["maxSpread", "maxAge", "page", "onUnmet"];
    expect(nearest("MAXage", names, 2)).toEqual(["maxAge"]);
    expect(nearest("axage", names, 3)).toEqual(["maxAge", "page"]);
    expect(nearest("max_age", names, 0, (name) => name.replace(/\W|_/g, "").toLowerCase())).toEqual(
      ["maxAge"],
    );
  });
});

describe("what a body is", () => {
  test.each([
    ["", "an empty body"],
    [" \n", "an empty body"],
    [" <html>", "HTML or XML of 7 characters"],
    ["<a/>", "HTML or XML of 4 characters"],
    [' {"a":1}', "JSON of 8 characters"],
    ["[]", "JSON of 2 characters"],
    ["a < b, [c]", "a text of 10 characters"],
  ])("%j: %s", (body, kind) => {
    expect(kindOf(body)).toBe(kind);
  });
});

describe("escapeUri", () => {
  test("leaves only what RFC 3986 leaves", () => {
    expect(escapeUri("a*(b)!'~")).toBe("a%2A%28b%29%21%27~");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(escapeUri(text)).toMatch(/^([A-Za-z0-9._~-]|%[0-9A-F]{2})*$/);
        expect(decodeURIComponent(escapeUri(text))).toBe(text);
      }),
    );
  });
});

describe("a text that is plain", () => {
  const piece = fc.constantFrom(
    ...["1", "8", "e", "E", "+", "-", ".", " ", "298", "e298", "1.8881545897087505e+298"],
    ...["Map Token Value", "String", "map token", "{", "$", "%", "\\", '"', "é", "\t", "x"],
  );

  test("is one that a closer look, which any letter that is not ASCII brings about, leaves as it is", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        if (!isPlain(text)) return;
        for (const closer of [`é${text}`, `${text}é`])
          expect(unquoted(defang(closer))).toBe(closer);
        expect(unquoted(defang(text))).toBe(text);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each(["backup-0e42f1", "2026-01-01T00:00:00+0000", "3e4 of 7", "8.0"])("is %s", (text) => {
    expect(isPlain(text)).toBe(true);
  });

  test.each([
    "1e298",
    "1 e + 2 9 8",
    "1".repeat(190),
    "${x}",
    "String map token value",
    "a\tb",
    "é",
  ])("is not %j", (text) => expect(isPlain(text)).toBe(false));
});
