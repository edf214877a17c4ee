import { decodeSegment, escapeRfc3986, readQuery, splitUrl } from "../../lib/emulator/query";

it("splits a url at its first question mark", () => {
  expect(splitUrl("/a?b=c?d")).toEqual({ path: "/a", rawQuery: "b=c?d" });
  expect(splitUrl("/a")).toEqual({ path: "/a", rawQuery: "" });
});

it("reads a raw plus as a space, and keeps what was sent", () => {
  expect(readQuery("a=1+2&b=1%2B2")).toMatchObject([
    { name: "a", value: "1 2", rawValue: "1+2", malformed: false },
    { name: "b", value: "1+2", rawValue: "1%2B2", malformed: false },
  ]);
});

it("keeps duplicates, empty values, and equals signs in values", () => {
  const pairs = readQuery("a=1&a=2&b=&c&d=x=y&&");
  expect(pairs.map(({ name, value }) => [name, value])).toEqual([
    ["a", "1"],
    ["a", "2"],
    ["b", ""],
    ["c", ""],
    ["d", "x=y"],
  ]);
});

it.each(["a=%", "a=%zz", "%ff=1"])("calls %j malformed", (query) => {
  expect(readQuery(query)).toMatchObject([{ malformed: true }]);
});

it("decodes a path segment, where a plus is a plus", () => {
  expect(decodeSegment("a+b%20c")).toBe("a+b c");
  expect(decodeSegment("%")).toBeUndefined();
});

it("escapes all that RFC 3986 reserves", () => {
  expect(escapeRfc3986("aZ09-_.~ !'()*+/:é")).toBe("aZ09-_.~%20%21%27%28%29%2A%2B%2F%3A%C3%A9");
});
