import { BackupKind } from "../model/backup";
import { Duration } from "../model/duration";
import { BackupsError, refusal } from "../model/errors";
import { BackupService } from "../model/service";
import { nearest, shown } from "../model/text";
import { parseTime } from "../model/time";
import { RuleLevel } from "../restore/rules";
import { WhichList } from "../services/query";

const UNITS = { s: 1, m: 60, min: 60, h: 3_600, d: 86_400, w: 604_800 };

function wrong(what: string, allowed: string): BackupsError {
  return refusal("INVALID_ARGUMENT", what, allowed);
}

/** Longer than nothing, with which no option could do anything. */
export function durationIn(text: string): Duration {
  const duration = lengthIn(text);
  if (duration.toMilliseconds() > 0) return duration;
  throw wrong(`${shown(text)} is no time at all`, "Allowed is more than nothing.");
}

/** "26h", "7d", "1d12h", "0h". */
export function lengthIn(text: string): Duration {
  if (!/^(\d{1,9}(\.\d{1,9})?(min|[smhdw]))+$/.test(text)) {
    throw wrong(`${shown(text)} is no duration`, "Allowed is such as 90m, 26h, 7d or 1d12h.");
  }
  const parts = [...text.matchAll(/([\d.]+)(min|[smhdw])/g)];
  const seconds = parts.map(
    ([, amount, unit]) => Number(amount) * UNITS[unit as keyof typeof UNITS],
  );
  return Duration.seconds(seconds.reduce((all, each) => all + each));
}

/** RFC 3339, with its offset; a day alone is its midnight in UTC. */
export function timeIn(text: string): Date {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const whole = isDay ? `${text}T00:00:00Z` : text.replace(/([T ]\d\d:\d\d)(?=[Z+-])/i, "$1:00");
  const isMoment = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i.test(text);
  const time = isDay || isMoment ? parseTime(whole) : undefined;
  if (time) return time;
  throw wrong(
    `${shown(text)} is no moment`,
    "Allowed is RFC 3339 with Z (UTC) or an offset, such as 2026-01-31T04:00:00Z, or a day in UTC.",
  );
}

/** Of a list, by the word that the command has for it. */
export const LISTS: { readonly [word: string]: WhichList } = {
  gaussdb: { service: BackupService.GAUSSDB, list: "backups" },
  rds: { service: BackupService.RDS, list: "backups" },
  geminidb: { service: BackupService.GEMINIDB, list: "backups" },
  dcs: { service: BackupService.DCS, list: "backups" },
  taurusdb: { service: BackupService.TAURUSDB, list: "full-backups" },
  "taurusdb-incremental": { service: BackupService.TAURUSDB, list: "backups" },
  dds: { service: BackupService.DDS, list: "backups" },
};

// What people call a service by: what runs in it, a former name.
const ALSO_CALLED: { readonly [name: string]: string } = {
  cassandra: "geminidb",
  gaussdbformysql: "taurusdb",
  gaussdbfornosql: "geminidb",
  gaussdbmysql: "taurusdb",
  influxdb: "geminidb",
  mariadb: "rds",
  memcached: "dcs",
  mongodb: "dds or geminidb",
  mssql: "rds",
  mysql: "rds or taurusdb",
  nosql: "geminidb",
  opengauss: "gaussdb",
  postgres: "rds",
  postgresql: "rds",
  redis: "dcs or geminidb",
  sqlserver: "rds",
};

/** Which words there are, and which may be meant. */
export function listAdvice(word: string, more: readonly string[] = []): string {
  const plain = word.toLowerCase().replace(/[^a-z]/g, "");
  const words = [...Object.keys(LISTS), ...more];
  const meant = Object.hasOwn(ALSO_CALLED, plain)
    ? ALSO_CALLED[plain]
    : nearest(word, words, Math.max(2, word.length / 3))[0];
  return `${meant === undefined ? "" : `Did you mean ${meant}? `}Allowed: ${words.join(", ")}.`;
}

/** The command's word for a list; undefined for one that it does not know. */
export function wordFor(service: unknown, list: unknown): string | undefined {
  const found = Object.entries(LISTS).find(
    ([, which]) => which.service === service && which.list === list,
  );
  return found?.[0];
}

/** Each once; "all" is every service, by its list of full backups. */
export function listsIn(words: readonly string[]): WhichList[] {
  const all = Object.keys(LISTS).filter((word) => word !== "taurusdb-incremental");
  const wanted = words.includes("all") ? all : [...new Set(words)];
  return wanted.map((word) => listIn(word, ["all"]));
}

/**
 * One list.
 * @param more Which words would do besides.
 */
export function listIn(word: string, more: readonly string[] = []): WhichList {
  if (Object.hasOwn(LISTS, word)) return LISTS[word]!;
  throw wrong(`${shown(word)} is no service`, listAdvice(word, more));
}

export function kindIn(text: string): BackupKind {
  const kind = Object.values(BackupKind).find((each) => each === text.toLowerCase());
  if (kind !== undefined && kind !== BackupKind.UNKNOWN) return kind;
  const allowed = Object.values(BackupKind).filter((each) => each !== BackupKind.UNKNOWN);
  throw wrong(`${shown(text)} is no kind of backup`, `Allowed: ${allowed.join(", ")}.`);
}

/** From which level on a finding counts: `--fail-on`. */
export function levelIn(text: string): RuleLevel {
  const level = [RuleLevel.ERROR, RuleLevel.WARNING].find((each) => each === text);
  if (level !== undefined) return level;
  const advice = "Allowed: error, warning.";
  throw refusal("INVALID_ARGUMENT", `--fail-on ${shown(text)} is no level`, advice);
}
