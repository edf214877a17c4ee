import { Lazy } from "cdktf";
import { BackupsUsageError } from "../../lib/model/errors";
import { checkedId } from "../../lib/model/ids";

describe("checkedId", () => {
  test.each([
    "a48e43ff268f4c0e879652d65e63d0fbin01",
    "5560df16-cebf-4473-95c4-d1b573c16e79",
    "f0d2aea28d26t4848b8c84ed3fea1822fbr07",
    "with space",
    "...",
    "x".repeat(256),
  ])("takes %s: an id is not checked by its shape", (id) => {
    expect(checkedId("instanceId", id, "stack/orders")).toBe(id);
  });

  test.each([
    ["missing", undefined, /instanceId is missing/],
    ["null", null, /instanceId is missing/],
    ["a number", 7, /is 7, not a string/],
    ["empty", "", /is empty or blank \(""\)/],
    ["blank", " \t ", /is empty or blank/],
    ["a page of blanks", " ".repeat(30), / \(" {20}"\)/],
    ["a space at the end of a page", `${"x".repeat(90)} `, /white space around it \("x{80}"\)/],
    ["a slash", "a/b", /holds a slash \("a\/b"\)/],
    ["a backslash", "a\\b", /holds a slash/],
    ["a line break", "a\nb", /holds a control character/],
    ["one dot", ".", /is ".", which would lead to another path/],
    ["two dots", "..", /is "..", which would lead to another path/],
    ["half a character", "a\ud800", /holds half a character/],
    ["a space at its end", "abc ", /has white space around it \("abc "\)/],
    ["far too long", "x".repeat(257), /is 257 characters long/],
    ["a token", Lazy.stringValue({ produce: () => "x" }), /knows only at deploy/],
  ])("refuses an id that is %s, with the value and what to do", (_what, id, message) => {
    const attempt = () => checkedId("instanceId", id, "stack/orders");
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(
      /^INVALID_ID: .*Allowed is the id as the console.*construct: stack\/orders/,
    );
    expect(attempt).toThrow(BackupsUsageError);
  });
});
