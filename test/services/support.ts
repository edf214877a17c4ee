import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "../../lib/query/decode";
import { Result } from "../../lib/query/result";
import { Records } from "../../lib/services/records";
import { Backup } from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";
import { RawRecord } from "../../lib/services/record";
import { parsePage } from "../../lib/services/paging";
import { Query } from "../../lib/services/query";
import { listOf } from "../../lib/services/registry";

const AS_OF = new Date("2026-01-31T00:00:00Z");

/** A query of a service's list of backups, unchecked. */
export function queryFor(service: BackupService, more: Partial<Query> = {}): Query {
  return { service, list: "backups", filters: {}, ...more };
}

/** Decodes records as a lookup does, with no filter but those given. */
export function decodeRecords(
  service: BackupService,
  records: RawRecord[],
  query: Partial<Query> = {},
): Result {
  return decode(Records.of(records), queryFor(service, query), AS_OF);
}

export function decodeOne(service: BackupService, record: RawRecord, list = "backups") {
  const { backups, warnings } = decodeRecords(service, [record], { list });
  return { backup: backups[0] as Backup, warnings };
}

/** A published sample, whole: its page as it is parsed, and its backups. */
export function sample(service: BackupService, file: string, list = "backups") {
  const text = readFileSync(join(__dirname, "samples", `${file}.json`), "utf8");
  const page = parsePage(text, listOf({ service, list }).paging);
  const { backups, warnings } = decodeRecords(service, page.records, { list });
  return { ...page, backups, warnings };
}
