import { BackupsUsageError } from "../../../lib/model/errors";
import { applySuppressions, RuleLevel, RuleSuppression } from "../../../lib/restore/rules";

const finding = (rule: string, subject: string) => ({
  ...{ rule, subject, level: RuleLevel.WARNING, evidence: "seen", advice: "Do it." },
});
const suppression = (rule: string, path: string, reason = "agreed") => ({ rule, path, reason });

/** The subjects that are left over. */
const kept = (subjects: string[], path: string) =>
  applySuppressions(
    subjects.map((each) => finding("rpo", each)),
    [suppression("rpo", path)],
  ).kept.map(({ subject }) => subject);

describe("a suppression", () => {
  test("takes out the findings of its rule, with its reason, in their order", () => {
    const findings = [finding("rpo", "a"), finding("gap", "a"), finding("rpo", "b")];
    const { kept, suppressed } = applySuppressions(findings, [
      suppression("rpo", "a", " test db "),
    ]);
    expect(kept).toEqual([findings[1], findings[2]]);
    expect(suppressed).toEqual([{ ...findings[0], reason: "test db" }]);
  });

  test("holds for its construct and all below it, and for no sibling", () => {
    const all = ["a", "a/b", "a/b/c", "a/bc", "x/a/b"];
    expect(kept(all, "a/b")).toEqual(["a", "a/bc", "x/a/b"]);
    expect(kept(all, "a/b/")).toEqual(["a", "a/bc", "x/a/b"]);
    expect(kept(all, "")).toEqual([]);
  });

  test("tells the reason of the first one that fits", () => {
    const both = [suppression("rpo", "a", "first"), suppression("rpo", "a/b", "second")];
    expect(applySuppressions([finding("rpo", "a/b")], both).suppressed[0]?.reason).toBe("first");
  });

  test.each(["", "  \n", undefined, 3])("without a reason (%j) is refused", (reason) => {
    const bad = { ...suppression("rpo", "a"), reason } as RuleSuppression;
    expect(() => applySuppressions([], [bad])).toThrow(BackupsUsageError);
    expect(() => applySuppressions([], [bad])).toThrow(
      'MISSING_REASON: the suppression of rpo at "a" has no reason.',
    );
  });

  test("of a rule that is not, or without a path, is refused", () => {
    expect(() => applySuppressions([], [suppression("rto", "a")])).toThrow("UNKNOWN_RULE");
    const pathless = { rule: "rpo", reason: "agreed" } as RuleSuppression;
    expect(() => applySuppressions([], [pathless])).toThrow("INVALID_SUPPRESSION");
  });
});
