import { BackupsEnvironmentError } from "../../lib";
import { Outcome } from "../../lib/model/outcome";

const error = new BackupsEnvironmentError({ code: "INSTANCE_NOT_FOUND", what: "none" });
const failing = Outcome.of<string>(() => {
  throw error;
});

describe("an outcome", () => {
  test("is the value", () => {
    const { value, problem, isKnown, required } = Outcome.of(() => "v");
    expect([value, problem, isKnown, required]).toEqual(["v", undefined, true, "v"]);
  });

  test("is the problem that there is none, which is thrown where the value is required", () => {
    expect([failing.value, failing.problem, failing.isKnown]).toEqual([undefined, error, false]);
    expect(() => failing.required).toThrow(error);
  });

  test("is both where the value is not good enough", () => {
    const { value, problem, isKnown, required } = Outcome.of(
      () => "v",
      (of) => (of === "v" ? error : undefined),
    );
    expect([value, problem, isKnown, required]).toEqual(["v", error, true, "v"]);
  });

  test("is not what a bug makes of it", () => {
    const bug = () => {
      throw new TypeError("a bug");
    };
    expect(() => Outcome.of(bug)).toThrow(TypeError);
  });

  test("says where in the program it happened", () => {
    const { problem } = failing.at({ constructPath: "stack/q", query: "all" });
    expect(problem?.message).toBe("INSTANCE_NOT_FOUND: none. [construct: stack/q; query: all]");
  });
});
