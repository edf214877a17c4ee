import fc from "fast-check";
import { canonical, weightOf } from "../../lib/model/canonical";

/** The same value with the keys of every object in another order. */
function shuffled(value: any): any {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, shuffled(item)]);
  return Object.fromEntries(entries.reverse());
}

describe("canonical JSON", () => {
  test("of equal values is the same text, whatever the order of their keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(canonical(value));
        expect(JSON.stringify(canonical(shuffled(value)))).toBe(text);
        expect(canonical(value)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(JSON.stringify(canonical(JSON.parse(text)))).toBe(text);
      }),
    );
  });

  test("gives back what is in order already, and leaves alone what it is given", () => {
    const inOrder = { a: [1, { b: 2, c: 3 }], d: null };
    expect(canonical(inOrder)).toBe(inOrder);
    const given = { b: 1, a: 2 };
    canonical(given);
    expect(Object.keys(given)).toEqual(["b", "a"]);
  });

  test("has no number that JSON can't carry: it reads back the same", () => {
    const value = JSON.parse('{"a":1e999,"b":[-0,-1e999],"c":1.5}');
    expect(canonical(value)).toEqual({ a: null, b: [0, null], c: 1.5 });
    expect(JSON.parse(JSON.stringify(canonical(value)))).toEqual(canonical(value));
    expect(Object.is(canonical(-0), 0)).toBe(true);
  });

  test("keeps a key that is named __proto__ a key", () => {
    const value = JSON.parse('{"b":1,"__proto__":{"polluted":true}}');
    expect(JSON.stringify(canonical(value))).toBe('{"__proto__":{"polluted":true},"b":1}');
    expect((canonical(value) as any).polluted).toBeUndefined();
  });

  test("refuses what is nested deeper than a hundred levels", () => {
    const nested = (depth: number) => JSON.parse("[".repeat(depth) + "]".repeat(depth));
    expect(() => canonical(nested(100))).not.toThrow();
    expect(() => canonical(nested(101))).toThrow(/^nested deeper than 100 levels$/);
    expect(() => canonical(nested(5_000))).toThrow(RangeError);
  });
});

describe("the weight of a JSON value", () => {
  test("counts every value in it, and objects and lists for more", () => {
    const weight = (text: string) => weightOf(JSON.parse(text));
    expect([weight("1"), weight('"a"'), weight("null")]).toEqual([16, 16, 16]);
    expect(weight('{"a":{},"__proto__":[1,2]}')).toBe(3 * 64 + 2 * 16);
  });

  test("is infinite where it is nested too deep, at any place", () => {
    const nested = (levels: number) => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);
    expect(weightOf(nested(100))).toBe(6_400);
    expect(weightOf([1, { a: nested(99) }, 2])).toBe(Infinity);
    expect(weightOf(nested(100_000))).toBe(Infinity);
  });
});
