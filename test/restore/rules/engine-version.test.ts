import { BackupService } from "../../../lib/model/backup";
import { engineVersion } from "../../../lib/restore/rules/engine-version";
import { backup, evidenceOf, subject, TAURUS } from "./support";

const MYSQL = { engine: "MySQL", engineVersion: "5.6" };

describe("engine-version", () => {
  test("finds nothing until a version is given", () => {
    expect(evidenceOf(engineVersion, subject([backup("b", 1, MYSQL)]))).toEqual([]);
  });

  test("tells a newest backup of another version", () => {
    const list = [backup("new", 1, MYSQL), backup("old", 25, { engineVersion: "5.7" })];
    expect(evidenceOf(engineVersion, subject(list), { engineVersion: "5.7" })).toEqual([
      "the newest usable backup new begun 2026-01-31T11:00:00Z is MySQL of version 5.6, the instance will be of version 5.7",
    ]);
  });

  test("accepts the same version, whatever the older ones are", () => {
    const list = [backup("new", 1, MYSQL), backup("old", 25, { engineVersion: "5.7" })];
    expect(evidenceOf(engineVersion, subject(list), { engineVersion: "5.6" })).toEqual([]);
  });

  test("tells a version that is not known", () => {
    expect(
      evidenceOf(engineVersion, subject([backup("b", 1)]), { engineVersion: "5.6" })[0],
    ).toContain("is of unknown version");
  });

  test("leaves it to other rules that nothing is usable", () => {
    const unread = [backup("b", undefined, MYSQL)];
    expect(evidenceOf(engineVersion, subject([]), { engineVersion: "5.7" })).toEqual([]);
    expect(evidenceOf(engineVersion, subject(unread), { engineVersion: "5.7" })).toEqual([]);
  });

  test("says nothing of DCS and TaurusDB, whose lists have no versions", () => {
    const cache = subject([backup("b", 1)], { service: BackupService.DCS });
    expect(evidenceOf(engineVersion, cache, { engineVersion: "6.0" })).toEqual([]);
    expect(evidenceOf(engineVersion, TAURUS, { engineVersion: "8.0" })).toEqual([]);
  });
});
