import { BackupsUsageError, ErrorActor, ErrorReport } from "../../lib";
import { refusal } from "../../lib/model/errors";

const codes = (text: string) => ErrorReport.allOf(text).map(({ code }) => code);

describe("a report", () => {
  test("tells of a message its code, who has to act and what it means", () => {
    const { message } = refusal("INVALID_ID", "instanceId is empty", "Allowed is an id.");
    expect(ErrorReport.of(message)).toEqual({
      code: "INVALID_ID",
      actor: ErrorActor.PROGRAM,
      meaning: "An id is missing, blank, known only at deploy, or can't be one.",
    });
    expect(ErrorReport.of(refusal("UNREACHABLE", "no host").message)?.actor).toBe(
      ErrorActor.ENVIRONMENT,
    );
  });

  test.each([
    ["as it is printed", String(refusal("INVALID_ID", "x"))],
    ["as jsii passes it on", "BackupsUsageError: INVALID_ID: x."],
    ["behind several names", "Error: BackupsUsageError: INVALID_ID: x."],
    ["under a heading, with its construct", "Error: Annotations:\n[stack/x] INVALID_ID: x.\n"],
    ["of a construct with brackets", "[stack/db[0]] INVALID_ID: x."],
    ["indented", "Validation failed:\n  [stack/x] INVALID_ID: x."],
  ])("is found in a text %s", (_how, text) => {
    expect(codes(text)).toEqual(["INVALID_ID"]);
  });

  test("is one of each code, in the order of the text", () => {
    const failed = new BackupsUsageError({
      code: "LOOKUPS_FAILED",
      what: "3 lookups failed:",
      list: ["THROTTLED: too much.", "NOT_FOUND: nothing.", "THROTTLED: too much."],
    });
    expect(codes(failed.message)).toEqual(["LOOKUPS_FAILED", "THROTTLED", "NOT_FOUND"]);
  });

  test.each([
    ["an error of another library", "TypeError: x is not a function"],
    ["no known code", "SOMETHING_ELSE: x"],
    ["a name that every object has", "constructor: x"],
    ["a code within a line", "the service said: INVALID_ID: x"],
    ["nothing", ""],
  ])("is none of %s", (_what, text) => {
    expect(ErrorReport.of(text)).toBeUndefined();
  });

  test("is not forged by what the cloud says", () => {
    const { message } = refusal("SERVICE_FAILED", "it said: x\nINVALID_ID: y\r\u2028INVALID_ID: z");
    expect(codes(message)).toEqual(["SERVICE_FAILED"]);
  });
});
