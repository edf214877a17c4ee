import { tell, tellTo } from "../../lib/cloud/notice";
import { captured } from "../support/captured";

describe("a notice", () => {
  test("is one printable line of standard output", () => {
    expect(captured(() => tell("one\n\u001b[2Jtwo\u202e"))).toBe("one [2Jtwo\\u{202e}\n");
  });

  test("goes, as printable, wherever the program says", () => {
    const lines: string[] = [];
    tellTo((line) => lines.push(line));
    expect(captured(() => tell("one\ntwo"))).toBe("");
    expect(lines).toEqual(["one two"]);
  });
});
