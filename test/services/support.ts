import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode, Result } from "../../lib/query/decode";
import { Query } from "../../lib/query/query";
import { Backup, BackupService } from "../../lib/model/backup";
import { RawRecord } from "../../lib/services/record";
import { parsePage } from "../../lib/services/paging";
import { SERVICES } from "../../lib/services/registry";

const AS_OF = new Date("2026-01-31T00:00:00Z");

/** Decodes records as a lookup does, with no filter but those given. */
export function decodeRecords(
  service: BackupService,
  records: RawRecord[],
  query: Partial<Query> = {},
): Result {
  return decode(records, { service, isEmptyIfInstanceMissing: false, ...query }, AS_OF);
}

export function decodeOne(service: BackupService, record: RawRecord) {
  const { backups, warnings } = decodeRecords(service, [record]);
  return { backup: backups[0] as Backup, warnings };
}

/** A published sample, whole: its page as it is parsed, and its backups. */
export function sample(service: BackupService, file: string) {
  const text = readFileSync(join(__dirname, "samples", `${file}.json`), "utf8");
  const page = parsePage(text, SERVICES[service].paging);
  return { ...page, ...decodeRecords(service, page.records) };
}
