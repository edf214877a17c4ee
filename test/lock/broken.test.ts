import fc from "fast-check";
import { brokenAt } from "../../lib/lock/broken";

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe("where a text stops being JSON", () => {
  test.each([
    ["", 0],
    [" \n", 2],
    ["[1, 2", 5],
    ["[1,, 2]", 3],
    ["[1, ]", 4],
    ["[1 2]", 3],
    ['{"a" 1}', 5],
    ['{"a": 1,}', 8],
    ['{"a": {}, 1: 2}', 10],
    ['{"a": 1]', 7],
    ["{} {}", 3],
    ['"a', 0],
    ['["a\nb"]', 1],
    ['["\\x"]', 1],
    ["[01]", 2],
    ["[1.]", 2],
    ["[-]", 1],
    ["[nul]", 1],
    ["[1}", 2],
    ["]", 0],
    ["{},", 2],
    ["1,", 1],
    ['{"a":]', 5],
    ['["\\u12"]', 1],
    ['["\\u00e9" 1]', 10],
    ["[1e5 1]", 5],
    ["[-1.5E-5 1]", 9],
    ["[\u00a01]", 1],
  ])("of %j it is %i", (text, at) => {
    expect(isJson(text)).toBe(false);
    expect(brokenAt(text)).toBe(at);
  });

  test("is the end of what is JSON, and of its every beginning", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, cut) => {
        expect(brokenAt(text)).toBe(text.length);
        // Within a text or a literal it is where that begins.
        const start = text.slice(0, cut % text.length);
        const rest = start.slice(brokenAt(start));
        expect(rest).toMatch(/^$|^"|^(-|t|tr|tru|f|fa|fal|fals|n|nu|nul|[-\d.eE+]+)$/);
      }),
    );
  });

  test("is not behind what the parser finds broken", () => {
    const mutated = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[]",:01e.-\\ \n\u2028xt'))
      .map(([text, at, sign]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + sign + text.slice(place + (at % 2));
      });
    fc.assert(
      fc.property(mutated, (text) => {
        const at = brokenAt(text);
        if (isJson(text)) expect(at).toBe(text.length);
        // What is left before it can go on; with the next piece it can't.
        expect(brokenAt(text.slice(0, at))).toBe(at);
        if (!isJson(text) && at < text.length) {
          expect(isJson(text.slice(0, at) + "!")).toBe(false);
          expect(brokenAt(`${text.slice(0, at)}${text[at]}`)).toBe(at);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("is found in one pass, of texts of any length and depth", () => {
    const long = "a\\n".repeat(4_000_000);
    expect(brokenAt(`["${long}`)).toBe(1);
    expect(brokenAt(`["${long}" 1`)).toBe(long.length + 4);
    const deep = "[".repeat(3_000_000);
    expect(brokenAt(deep)).toBe(deep.length);
  });
});
