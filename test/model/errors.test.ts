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
    expect(BackupsError.isBackupsError(undefined)).toBe(false);
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
