import { BackupsUsageError } from "../../../lib/model/errors";
import { applySuppressions, RuleId, RuleLevel, RuleSuppression } from "../../../lib/restore/rules";

const finding = (rule: RuleId, subject: string) => ({
  ...{ rule, subject, level: RuleLevel.WARNING, evidence: "seen", advice: "Do it." },
});
const suppression = (rule: RuleId, path: string, reason = "agreed") => ({ rule, path, reason });

/** The subjects that are left over. */
const kept = (subjects: string[], path: string) =>
  applySuppressions(
    subjects.map((each) => finding(RuleId.RPO, each)),
    [suppression(RuleId.RPO, path)],
  ).kept.map(({ subject }) => subject);

describe("a suppression", () => {
  test("takes out the findings of its rule, with its reason, in their order", () => {
    const findings = [finding(RuleId.RPO, "a"), finding(RuleId.GAP, "a"), finding(RuleId.RPO, "b")];
    const { kept, suppressed } = applySuppressions(findings, [
      suppression(RuleId.RPO, "a", " test db "),
    ]);
    expect(kept).toEqual([findings[1], findings[2]]);
    expect(suppressed).toEqual([{ ...findings[0], reason: "test db" }]);
  });

  test("holds for its construct and all below it, and for no sibling", () => {
    const all = ["a", "a/b", "a/b/c", "a/bc", "x/a/b"];
    expect(kept(all, "a/b")).toEqual(["a", "a/bc", "x/a/b"]);
    expect(kept(all, "a/b/")).toEqual(["a", "a/bc", "x/a/b"]);
    expect(kept(all, "a/b//")).toEqual(["a", "a/bc", "x/a/b"]);
    expect(kept(all, "")).toEqual([]);
  });

  test("tells the reason of the first one that fits", () => {
    const both = [suppression(RuleId.RPO, "a", "first"), suppression(RuleId.RPO, "a/b", "second")];
    expect(applySuppressions([finding(RuleId.RPO, "a/b")], both).suppressed[0]?.reason).toBe(
      "first",
    );
  });

  test.each(["", "  \n", undefined, 3])("without a reason (%j) is refused", (reason) => {
    const bad = { ...suppression(RuleId.RPO, "a"), reason } as RuleSuppression;
    expect(() => applySuppressions([], [bad])).toThrow(BackupsUsageError);
    expect(() => applySuppressions([], [bad])).toThrow(
      'MISSING_REASON: the suppression of rpo at "a" has no reason. Say in `reason` why',
    );
  });

  test("of a rule that is not, or without a path, is refused", () => {
    expect(() => applySuppressions([], [suppression("rto" as RuleId, "a")])).toThrow(
      'UNKNOWN_RULE: there is no rule "rto". Allowed are rpo, failures, ',
    );
    const pathless = { rule: RuleId.RPO, reason: "agreed" } as RuleSuppression;
    expect(() => applySuppressions([], [pathless])).toThrow(
      "INVALID_SUPPRESSION: the suppression of rpo at undefined has no path. Allowed is the path of a construct",
    );
  });
});
