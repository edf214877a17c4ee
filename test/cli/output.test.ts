import { Format, targetsOf } from "../../lib/cli/output";
import { terminalOf, painted } from "../../lib/cli/terminal";

const ALLOWED: Format[] = ["text", "json"];

describe("what is written where", () => {
  test("is the first format, to standard output, where nothing is said", () => {
    expect(targetsOf(undefined, [], ALLOWED)).toEqual([{ format: "text" }]);
  });

  test("is several at once; what stands behind the first sign is the file", () => {
    expect(targetsOf("json", ["text=a=b.txt", "json=c\nd"], ALLOWED)).toEqual([
      { format: "json" },
      { format: "text", file: "a=b.txt" },
      { format: "json", file: "c\nd" },
    ]);
  });

  test.each([
    ["csv", []],
    ["", []],
    ["toString", []],
    [undefined, ["csv=a"]],
    [undefined, ["a.json"]],
    [undefined, ["json="]],
    [undefined, ["=a.json"]],
  ])("%j and %j can't be", (format, outs) => {
    expect(() => targetsOf(format, outs as string[], ALLOWED)).toThrow(/INVALID_ARGUMENT: --/);
  });
});

describe("a terminal", () => {
  const stream = (given: object) => given as NodeJS.WriteStream;
  const tty = stream({ isTTY: true, columns: 100 });

  test("is as wide as it says; a file is as wide as it has to be", () => {
    expect(terminalOf(tty, {}).columns).toBe(100);
    expect(terminalOf(stream({ isTTY: true, columns: 0 }), {}).columns).toBe(80);
    expect(terminalOf(stream({ isTTY: true, columns: 3 }), {}).columns).toBe(40);
    expect(terminalOf(stream({}), {}).columns).toBe(Infinity);
  });

  test("shows colours, unless NO_COLOR is set, or it can't", () => {
    const red = (env: NodeJS.ProcessEnv, on = tty) => painted("no", "red", terminalOf(on, env));
    expect(red({})).toBe("\u001b[31mno\u001b[39m");
    expect(red({ NO_COLOR: "" })).toBe("\u001b[31mno\u001b[39m");
    for (const plain of [red({ NO_COLOR: "1" }), red({ TERM: "dumb" }), red({}, stream({}))]) {
      expect(plain).toBe("no");
    }
  });
});
