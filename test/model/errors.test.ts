import {
  BackupsEnvironmentError,
  BackupsError,
  BackupsUsageError,
  errorAt,
  errorOf,
  refusal,
} from "../../lib/model/errors";

describe("an error", () => {
  const error = new BackupsEnvironmentError({
    code: "NOT_PERMITTED",
    what: "GET https://rds was answered by HTTP 403",
    advice: "Ask for the permission.",
    status: 403,
    requestId: "r-1",
  });

  test("starts with its code and says what happened, what to do and where", () => {
    expect(error.message).toBe(
      "NOT_PERMITTED: GET https://rds was answered by HTTP 403. Ask for the permission. [HTTP status: 403; request id: r-1]",
    );
  });

  test("is a sentence where it says nothing else, with one full stop", () => {
    for (const what of ["it broke", "it broke."])
      expect(refusal("INVALID_ID", what).message).toBe("INVALID_ID: it broke.");
    expect(refusal("INVALID_ID", "y", "Do it.").message).toBe("INVALID_ID: y. Do it.");
  });

  test("has a list a line each, and what it is given on one line", () => {
    const listed = new BackupsUsageError({
      ...{ code: "NO_MEMBERS", what: "these:", list: ["a", "b\nc"], query: "q\u001b[31m" },
    });
    expect(listed.message).toBe("NO_MEMBERS: these:\n- a\n- b c\n [query: q [31m]");
  });

  test("shows those who print it nothing twice, and no cause where there is none", () => {
    expect(Object.keys(error)).not.toContain("details");
    expect(error.details.what).toContain("HTTP 403");
    expect(error).not.toHaveProperty("cause");
  });

  test("says the construct and the query once they are known, and stays of its class", () => {
    const placed = errorAt(error, { constructPath: "stack/orders", query: "RDS backups" });
    expect(placed.message).toContain(
      "[construct: stack/orders; query: RDS backups; HTTP status: 403",
    );
    expect(placed).toBeInstanceOf(BackupsEnvironmentError);
    expect(placed).toMatchObject({ constructPath: "stack/orders", requestId: "r-1", status: 403 });
    const usage = new BackupsUsageError({ code: "INVALID_ID", what: "y" });
    expect(errorAt(usage, { query: "q" })).toBeInstanceOf(BackupsUsageError);
  });

  test("is of the class that its code has: who has to act", () => {
    expect(refusal("INVALID_ID", "y")).toBeInstanceOf(BackupsUsageError);
    expect(refusal("UNREACHABLE", "y")).toBeInstanceOf(BackupsEnvironmentError);
    const { code, details } = refusal("INVALID_ID", "y", "z", { constructPath: "stack/orders" });
    expect(code).toBe("INVALID_ID");
    expect(details).toMatchObject({ what: "y", advice: "z", constructPath: "stack/orders" });
    const ofAnotherVersion = { code: "NOT_OF_THIS_VERSION" as "NO_CLOUD", what: "y" };
    expect(errorOf(ofAnotherVersion)).toBeInstanceOf(BackupsEnvironmentError);
  });

  test("is known as ours by its brand, also from another copy of the library", () => {
    expect(BackupsError.isBackupsError(error)).toBe(true);
    expect(BackupsError.isBackupsError(new Error("x"))).toBe(false);
    for (const none of [undefined, null, "x"])
      expect(BackupsError.isBackupsError(none)).toBe(false);
    expect(Symbol.for("cdktf-backups.BackupsError") in error).toBe(true);
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const copy = require("../../lib/model/errors") as typeof import("../../lib/model/errors");
      expect(copy.BackupsError.isBackupsError(error)).toBe(true);
    });
  });

  test("keeps its cause", () => {
    const cause = new Error("socket");
    expect(refusal("UNREACHABLE", "y", "z", { cause }).cause).toBe(cause);
  });
});
