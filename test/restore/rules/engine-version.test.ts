import { Rule } from "../../../lib/restore/rules";
import { backup, evidenceOf, subject, TAURUS } from "./support";

const MYSQL = { engine: "MySQL", engineVersion: "5.6" };

describe("engine-version", () => {
  test("tells a newest backup of another version", () => {
    const list = [backup("new", 1, MYSQL), backup("old", 25, { engineVersion: "5.7" })];
    expect(evidenceOf(Rule.engineVersion("5.7"), subject(list))).toEqual([
      "the newest usable backup new begun 2026-01-31T11:00:00Z is MySQL of version 5.6, the instance will be of version 5.7",
    ]);
  });

  test("accepts the same version, whatever the older ones are", () => {
    const list = [backup("new", 1, MYSQL), backup("old", 25, { engineVersion: "5.7" })];
    expect(evidenceOf(Rule.engineVersion("5.6"), subject(list))).toEqual([]);
  });

  test("tells a version that is not known", () => {
    expect(evidenceOf(Rule.engineVersion("5.6"), subject([backup("b", 1)]))[0]).toContain(
      "is of unknown version",
    );
  });

  test("leaves it to other rules that nothing is usable", () => {
    const unread = [backup("b", undefined, MYSQL)];
    expect(evidenceOf(Rule.engineVersion("5.7"), subject([]))).toEqual([]);
    expect(evidenceOf(Rule.engineVersion("5.7"), subject(unread))).toEqual([]);
  });

  test("says nothing of DCS and TaurusDB, whose lists have no versions", () => {
    const cache = subject([backup("b", 1)], { hasVersions: false });
    expect(evidenceOf(Rule.engineVersion("6.0"), cache)).toEqual([]);
    expect(evidenceOf(Rule.engineVersion("8.0"), TAURUS)).toEqual([]);
  });
});
