import { withoutUndefined } from "../../lib/model/defined";

test("leaves out what is undefined, and nothing else", () => {
  const given = { a: undefined, b: null, c: 0, d: "" };
  expect(Object.entries(withoutUndefined(given))).toEqual([
    ["b", null],
    ["c", 0],
    ["d", ""],
  ]);
});
