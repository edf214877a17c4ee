import {
  Backup,
  BackupAttributes,
  BackupKind,
  BackupStatus,
  newestFirst,
} from "../../lib/model/backup";
import { Duration } from "../../lib/model/duration";
import { BackupService } from "../../lib/model/service";
import { ReportDecision, ReportFinding, ReportLane, ReportModel } from "../../lib/report/model";
import { RestoreDecision } from "../../lib/restore/decision";
import { Rule, RuleFinding, RuleId, RuleLevel, runRules } from "../../lib/restore/rules";
import { Selection } from "../../lib/restore/selection";

export const AS_OF = new Date("2026-01-31T12:00:00Z");
const HOUR = 3_600_000;

/** So many hours before AS_OF. */
export function ago(hours: number): Date {
  return new Date(AS_OF.getTime() - hours * HOUR);
}

/** A usable automatic backup begun so many hours before AS_OF; anything else by attributes. */
export function backup(id: string, hours: number, more: Partial<BackupAttributes> = {}): Backup {
  const { status = BackupStatus.COMPLETED, kind = BackupKind.AUTOMATIC } = more;
  const isFull = kind === BackupKind.AUTOMATIC || kind === BackupKind.MANUAL;
  return Backup.of({
    service: BackupService.RDS,
    id,
    databases: [],
    isRestorable: status === BackupStatus.COMPLETED && isFull,
    beginTime: ago(hours),
    endTime: ago(hours - 0.5),
    sizeBytes: 10 * 1024 ** 3,
    ...more,
    kind,
    status,
  });
}

export const failed = { status: BackupStatus.FAILED, sizeBytes: undefined };

export function incremental(id: string, hours: number): Backup {
  const { UNKNOWN: status } = BackupStatus;
  const attributes = { service: BackupService.TAURUSDB, kind: BackupKind.INCREMENTAL, status };
  return backup(id, hours, attributes);
}

export function lane(
  name: string,
  backups: readonly Backup[],
  more: Partial<ReportLane> = {},
): ReportLane {
  return {
    path: `stack/${name}`,
    label: name,
    service: BackupService.RDS,
    hasFullBackups: true,
    backups: [...backups].sort(newestFirst),
    rpo: Duration.hours(26),
    ...more,
  };
}

export function model(lanes: readonly ReportLane[], more: Partial<ReportModel> = {}): ReportModel {
  return {
    title: "stack",
    asOf: AS_OF,
    lanes,
    findings: [],
    decisions: [],
    provenance: [],
    ...more,
  };
}

export function finding(more: Partial<ReportFinding> = {}): ReportFinding {
  return {
    rule: RuleId.RPO,
    level: RuleLevel.ERROR,
    subject: "stack/orders",
    evidence: "orders: too old",
    advice: "Make a backup now.",
    ...more,
  };
}

/** A decision of the newest one that is young enough. */
export function decision(of: ReportLane, maxAgeHours = 26): ReportDecision {
  const decided = RestoreDecision._of({
    subject: `${of.path}-restored`,
    backups: of.backups,
    selection: Selection.latest(),
    asOf: AS_OF,
    maxAgeMs: maxAgeHours * HOUR,
  });
  return { path: `${of.path}-restored`, lane: of.path, decision: decided };
}

/** A backup each night; sizes grow a little, some were larger or failed. */
function nightly(days: number, from = 10): Backup[] {
  return Array.from({ length: days }, (_, day) => {
    const hasFailed = day % 9 === 4;
    const sizeBytes = (40 + ((day * 7) % 5) - day * 0.3) * 1024 ** 3;
    return backup(`5f0c4a7e-${from}-${day}`, from + day * 24, hasFailed ? failed : { sizeBytes });
  });
}

/** A report as a team would have it: five instances, one over its RPO, one of which nothing is known. */
export function teamModel(): ReportModel {
  const windows = [
    { start: ago(7 * 24), end: ago(110) },
    { start: ago(96), end: ago(0.1) },
  ];
  const orders = lane("orders", nightly(30, 29), { label: "RDS instance orders (a48e…)" });
  const billing = lane(
    "billing",
    [
      ...nightly(30),
      backup("9a11-manual", 60, { kind: BackupKind.MANUAL, sizeBytes: 30 * 1024 ** 3 }),
      backup("9a11-manual-2", 300, { kind: BackupKind.MANUAL, sizeBytes: 28 * 1024 ** 3 }),
      backup("running", 0.6, {
        status: BackupStatus.BUILDING,
        endTime: undefined,
        sizeBytes: undefined,
      }),
    ],
    { label: "RDS instance billing (77b0…)", windows },
  );
  const events = lane(
    "events",
    Array.from({ length: 80 }, (_, i) => incremental(`incr-${i}`, 2 + i * 8)),
    {
      label: "TaurusDB instance events (c1d2…)",
      service: BackupService.TAURUSDB,
      hasFullBackups: false,
    },
  );
  const sessions = lane("sessions", nightly(7, 5), {
    label: "DCS instance sessions (e93f…)",
    service: BackupService.DCS,
    since: ago(7 * 24),
    rpo: Duration.hours(48),
  });
  const audit = lane("audit", [], {
    label: "DDS instance audit (0b77…)",
    service: BackupService.DDS,
    problem: "the service did not answer within 30 s (HTTP 504 three times)",
  });
  const lanes = [sessions, billing, orders, audit, events];
  const found: RuleFinding[] = runRules(
    lanes
      .filter(({ problem }) => problem === undefined)
      .map((each) => Object.assign({ hasVersions: false }, each)),
    [Rule.rpo(), Rule.failures(), Rule.gap(), Rule.count(), Rule.coverage(), Rule.size()],
    AS_OF,
  );
  const suppressed = finding({
    rule: RuleId.AUTOMATED_ONLY,
    level: RuleLevel.WARNING,
    subject: sessions.path,
    evidence: `${sessions.label}: all usable backups are automated, and go with the instance`,
    reason: "A cache: it is filled anew from orders.",
  });
  return model(lanes, {
    title: "stack recovery",
    findings: [...found, suppressed],
    decisions: [decision(orders), decision(billing)],
    provenance: [
      { name: "answered by", value: "rds.eu-de.otc.t-systems.com, dcs.eu-de.otc.t-systems.com" },
      { name: "lock", value: "backups.lock.json, sha256:4b1d0c6a…e17f" },
      { name: "version", value: "cdktf-backups 0.1.0" },
    ],
  });
}

/** So many instances with so many backups each, every eight hours; some are late, some have failed. */
export function projectModel(instances = 1_000, backups = 200): ReportModel {
  const lanes = Array.from({ length: instances }, (_, i) => {
    const late = i % 97 === 0 ? 40 + i / 10 : (i % 7) + 1;
    const list = Array.from({ length: backups }, (_, j) => {
      const isFailed = (i * 31 + j * 17) % 23 === 0;
      const sizeBytes = (20 + (i % 50) + ((i + j * 13) % 7)) * 1024 ** 3;
      return backup(`${i.toString(16).padStart(8, "0")}-${j}`, late + j * 8 + ((i * j) % 5) / 2, {
        ...(isFailed ? failed : { sizeBytes }),
      });
    });
    return lane(`instance-${i}`, list, { label: `RDS instance service-${i} (${i.toString(16)}…)` });
  });
  return model(lanes, { title: "project production" });
}
