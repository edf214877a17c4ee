import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BackupEmulator, BackupKind, BackupService, RuleId } from "../../lib";
import { formatLock } from "../../lib/lock/format";
import { entryOf, lockOf } from "../support/locks";
import { temporaryFolder } from "../support/programs";
import { told } from "./checks";

// Windows count back from now: 12 hours ago one began, and 36 hours ago the one before.
const HOUR_MS = 3_600_000;
const hourAgo = (hours: number) => {
  const hour = new Date(Date.now() - hours * HOUR_MS).getUTCHours();
  return `${String(hour).padStart(2, "0")}:00-${String(hour).padStart(2, "0")}:30`;
};

let emulator: BackupEmulator;
let before: NodeJS.ProcessEnv;
beforeEach(() => {
  emulator = BackupEmulator.start({ count: 0 });
  before = { ...process.env };
  Object.assign(process.env, emulator.environment);
});
afterEach(() => {
  process.env = before;
  emulator.close();
});

/** An RDS instance whose list says that of its backup policy, with a backup of now. */
function addRds(id: string, strategy?: unknown): void {
  emulator.addInstanceRecord(BackupService.RDS, {
    ...{ id, name: id, status: "ACTIVE", type: "Single", created: "2018-08-20T02:33:49+0800" },
    ...{ datastore: { type: "MySQL", version: "8.0" }, volume: { size: 100 } },
    backup_strategy: strategy,
  });
  addBackup(BackupService.RDS, id);
}

function addBackup(service: BackupService, instanceId: string, kind = BackupKind.AUTOMATIC): void {
  const beginTime = new Date(Date.now() - HOUR_MS);
  emulator.addBackup({
    service,
    instanceId,
    id: `b-${service}-${kind}-${instanceId}`,
    beginTime,
    kind,
  });
}

/** The rules that JUnit has a case for, by the instance. */
function casesIn(text: string, classname: string): string[] {
  const cases = text.matchAll(/<testcase name="([^"]*)" classname="([^"]*)"/g);
  return [...cases].flatMap(([, name, of]) => (of === classname ? name! : []));
}

describe("a rule that the policy has and that can't be judged", () => {
  test("is noted once with whose backup policy is not known, and passes in no case", async () => {
    addRds("good", { keep_days: 7, start_time: "02:00-03:00" });
    addRds("missing");
    addRds("blank", {});
    addRds("broken", { keep_days: "abc", start_time: "02:00-03:00" });
    addRds("off", { keep_days: 0 });
    addRds("spare", null);
    const { as, notes } = await told(
      "services: [rds]\nrules: { automated-backups: error, retention: { minimum: 7d } }",
    );
    expect(notes.filter((each) => each.includes("can't be judged"))).toEqual([
      "policy: automated-backups can't be judged of 4 instances: no backup policy is known (rds blank, rds broken, rds missing and 1 more)",
      "policy: retention can't be judged of 5 instances: no backup policy is known (rds blank, rds broken, rds missing and 1 more); automated backups are off (rds off)",
    ]);
    const text = as.junit!();
    const judgedOf = (id: string) =>
      casesIn(text, `rds.${id}`).filter((rule) =>
        ["automated-backups", "retention"].includes(rule),
      );
    expect(judgedOf("good")).toEqual(["automated-backups", "retention"]);
    expect(judgedOf("off")).toEqual(["automated-backups"]);
    expect(judgedOf("missing")).toEqual([]);
  });

  test("is not noted where it holds by default", async () => {
    addRds("missing");
    const { as, notes } = await told("services: [rds]");
    expect(notes).toEqual([]);
    expect(casesIn(as.junit!(), "rds.missing")).not.toContain("retention");
  });

  test("is noted of a cache whose policy has no days", async () => {
    const policy = { backup_type: "auto", periodical_backup_plan: { begin_at: "00:00-01:00" } };
    emulator.addInstanceRecord(BackupService.DCS, {
      ...{ instance_id: "c1", name: "cache", engine: "Redis", engine_version: "5.0" },
      ...{ status: "RUNNING", created_at: "2019-05-31T03:15:40.631Z", max_memory: 1024 },
      ...{ spec_code: "redis.ha.xu1.large.r2.1", cache_mode: "ha" },
      instance_backup_policy: { policy },
    });
    addBackup(BackupService.DCS, "c1");
    const { notes } = await told("services: [dcs]\nrules: { retention: error }");
    expect(notes.filter((each) => each.includes("can't be judged"))).toEqual([
      "policy: retention can't be judged of 1 instance: the backup policy has no days that can be read (dcs cache)",
    ]);
  });

  test("is noted where the backup policy has no window, or none that can be read", async () => {
    addRds("good", { keep_days: 7, start_time: hourAgo(12) });
    addRds("no-window", { keep_days: 7 });
    addRds("odd-window", { keep_days: 7, start_time: "2am" });
    const { as, notes } = await told("services: [rds]\nrules: { missed-window: { grace: 1h } }");
    expect(notes).toEqual([
      "policy: missed-window can't be judged of 2 instances: the backup policy has no window that can be read (rds no-window, rds odd-window)",
    ]);
    expect(casesIn(as.junit!(), "rds.good")).toContain(RuleId.MISSED_WINDOW);
    expect(casesIn(as.junit!(), "rds.odd-window")).not.toContain(RuleId.MISSED_WINDOW);
  });

  test("is noted where backups from before the last window were not asked for", async () => {
    addRds("early", { keep_days: 7, start_time: hourAgo(12) });
    addRds("late", { keep_days: 7, start_time: hourAgo(4) });
    const rules = "rules: { missed-window: { grace: 1h } }";
    const { as, notes } = await told(`within: 8h\nservices: [rds]\n${rules}`);
    expect(notes).toEqual([
      "policy: missed-window can't be judged of 1 instance: backups from before the last window were not asked for (rds early)",
    ]);
    expect(casesIn(as.junit!(), "rds.late")).toContain(RuleId.MISSED_WINDOW);
    expect((await told(`services: [rds]\n${rules}`)).notes).toEqual([]);
  });

  test("is noted of a list that has no full backups, or no versions", async () => {
    emulator.addInstance({ service: BackupService.TAURUSDB, id: "t1", name: "tau" });
    addBackup(BackupService.TAURUSDB, "t1", BackupKind.INCREMENTAL);
    emulator.addInstance({ service: BackupService.DCS, id: "c1", name: "cache" });
    addBackup(BackupService.DCS, "c1");
    const rules = [
      "rules: { count: error, stuck: error, engine-version: { version: '8.0' },",
      "  retention: { minimum: 7d }, missed-window: warning }",
    ].join("\n");
    const { as, notes } = await told(
      `${rules}\nservices: [dcs]\ninstances: [{ service: taurusdb-incremental, name: tau }]`,
    );
    const tau = "(taurusdb-incremental tau)";
    const unasked = `the backup policy is asked for of what stands under services alone ${tau}`;
    expect([...notes].sort()).toEqual([
      `policy: count can't be judged of 1 instance: the list has no full backups ${tau}`,
      "policy: engine-version can't be judged of 2 instances: the list names no versions (dcs cache, taurusdb-incremental tau)",
      `policy: missed-window can't be judged of 1 instance: ${unasked}`,
      `policy: retention can't be judged of 1 instance: ${unasked}`,
      `policy: stuck can't be judged of 1 instance: the list has no states of backups ${tau}`,
    ]);
    expect(casesIn(as.junit!(), "taurusdb-incremental.tau")).toEqual(["rpo"]);
  });

  test("is noted before what could not be understood, of which there may be much", async () => {
    for (let n = 1; n <= 12; n++) addRds(`odd-${n}`, { keep_days: `x${n}` });
    const { notes } = await told("services: [rds]\nrules: { retention: error }");
    expect(notes[0]).toMatch(/^policy: retention can't be judged of 12 instances: /);
    expect(notes.length).toBeGreaterThan(1);
  });

  test("is noted where an instance alone has it, and not where the instance has it off", async () => {
    addRds("missing");
    const own = (rule: string) =>
      told(`services: [rds]\ninstances: [{ service: rds, name: missing, rules: { ${rule} } }]`);
    expect((await own("retention: error")).notes).toEqual([
      "policy: retention can't be judged of 1 instance: no backup policy is known (rds missing)",
    ]);
    const off = "instances: [{ service: rds, name: missing, rules: { retention: off } }]";
    const rules = "rules: { retention: error }";
    expect((await told(`${rules}\nservices: [rds]\n${off}`)).notes).toEqual([]);
  });

  test("is noted of a lock that has backups alone", async () => {
    const lock = join(temporaryFolder("grounds"), "backups.lock.json");
    writeFileSync(lock, formatLock(lockOf([entryOf("orders", 3, "2026-01-01T20:00:00.000Z")])));
    const { notes } = await told("services: [rds]\nrules: { retention: error }", { lock });
    expect(notes).toEqual([
      expect.stringMatching(
        /^policy: retention can't be judged of 1 instance: .*backups\.lock\.json holds no list that tells the backup policy \(rds orders\)$/,
      ),
    ]);
    expect((await told("services: [rds]", { lock })).notes).toEqual([]);
  });
});
