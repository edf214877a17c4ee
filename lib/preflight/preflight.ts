import { CloudClient } from "../cloud/client";
import { tell } from "../cloud/notice";
import { Queues } from "../cloud/queue";
import { Reading } from "../cloud/reading";
import { Credentials } from "../cloud/credentials";
import { Cloud, endpointOf, endpointUrl, hostIn } from "../cloud/endpoints";
import { resolveTarget } from "../cloud/environment";
import { BackupKind } from "../model/backup";
import { BackupsError, refusal } from "../model/errors";
import { printable } from "../model/text";
import { DAY_MS, midnightOf, parseTime } from "../model/time";
import { whyNotNow, whyNotOf } from "../restore/candidates";
import { findMoment } from "../restore/moment";
import { RawRecord } from "../services/record";
import { Records } from "../services/records";
import { withLevel } from "../services/level";
import { Paging } from "../services/paging";
import { listOf, SERVICES } from "../services/registry";
import { ListRequest } from "../services/service";
import { decodeWindows } from "../services/windows";
import { checkClock } from "../query/clock";
import { decode } from "../query/decode";
import {
  BACKUP_VARIABLE,
  INSTANCE_VARIABLE,
  ORDER_VARIABLE,
  parseOrder,
  PreflightOrder,
  TIME_VARIABLE,
} from "./order";
import { readList } from "../wire/read-list";

const PATIENCE_MS = 60_000;

/** What is about to be restored. */
export interface Wanted {
  /** Empty where a moment builds on no backup that is listed. */
  readonly backupId: string;
  /** Empty where the backup's record names none. */
  readonly instanceId: string;
  /** The moment; empty where the backup itself is restored. */
  readonly restoreTime: string;
}

/** Looks whether what is about to be restored is still there, and says so, or throws. */
export async function preflight(
  order: PreflightOrder,
  wanted: Wanted,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { cloud, account } = resolveTarget(
    {
      cloud: Cloud._named(order.cloud, order.endpoints) ?? Cloud.custom(order.endpoints),
      region: order.region,
      projectId: order.projectId,
      caFile: order.caFile,
      credentials: order.usesMetadata ? Credentials.metadataService() : undefined,
    },
    env,
  );
  const client = new CloudClient(account, new Queues(tell));
  const baseUrl = endpointUrl(cloud, account.region, endpointOf(order.service)) ?? "";
  if (order.host !== undefined && hostIn(baseUrl) !== order.host) {
    throw gone(
      `${order.host} answered the synthesis, but the environment of the apply names ${hostIn(baseUrl) || "none"}`,
    );
  }
  const reading = new Reading(PATIENCE_MS);
  const read = async (list: ListRequest, paging: Paging) => {
    const attempts: RawRecord[][] = [];
    const whole = await readList(
      client,
      { baseUrl, paging, ...list },
      reading,
      (page, attempt) => void (attempts[attempt] ??= []).push(...page.records),
    );
    checkClock(client.clockAheadMs);
    return attempts[whole] ?? [];
  };
  try {
    return wanted.restoreTime === ""
      ? await preflightOfBackup(order, wanted, read)
      : await preflightOfMoment(order, wanted, read);
  } finally {
    // Where one page failed, others of its requests may be under way, or wait.
    reading.stop();
  }
}

type Read = (list: ListRequest, paging: Paging) => Promise<RawRecord[]>;

async function preflightOfBackup(order: PreflightOrder, wanted: Wanted, read: Read) {
  const { backupId, instanceId } = wanted;
  const { service, list = "backups" } = order;
  const { filters = {}, paging, requests } = listOf({ service, list });
  // Whatever it is of: it may be one that the list leaves out unasked.
  const widest = Object.entries(filters).flatMap(([name, { all }]) => (all ? [[name, all]] : []));
  const query = { service, list, backupId, filters: Object.fromEntries(widest) };
  const records: RawRecord[] = [];
  for (const request of requests({ ...query, instanceId: order.instanceId })) {
    const found = await read(request, paging);
    records.push(...found.map((record) => withLevel(record, request.level)));
  }
  const now = new Date();
  const [backup] = decode(Records.of(records), query, now).backups;
  if (!backup) throw gone(`the backup ${backupId} is gone`);
  const reason =
    whyNotOf(backup, instanceId || undefined) ?? whyNotNow(backup, now, [BackupKind.FRAGMENT]);
  if (reason !== undefined) throw gone(`the backup ${backupId} ${reason}`);
  return printable(`backup ${backup.id} is there and can be restored`);
}

async function preflightOfMoment(order: PreflightOrder, wanted: Wanted, read: Read) {
  const time = parseTime(wanted.restoreTime);
  const { windows } = SERVICES[order.service];
  if (!time || !windows) throw gone(`the moment ${wanted.restoreTime} can't be asked for`);
  const instanceId = wanted.instanceId || order.instanceId || "";
  const records: RawRecord[] = [];
  // A window may be listed under the day on which it begins.
  for (const day of [midnightOf(time) - DAY_MS, midnightOf(time)]) {
    records.push(...(await read(windows.list(instanceId, day), windows.paging)));
  }
  if (!findMoment(decodeWindows(records), time, new Date()).moment) {
    throw gone(`the moment ${wanted.restoreTime} can't be restored to any more`);
  }
  return `the moment ${wanted.restoreTime} can be restored to`;
}

function gone(what: string): BackupsError {
  return refusal(
    "PREFLIGHT_FAILED",
    what,
    "Nothing was restored. Synthesise again, raise the pin's epoch, and plan anew.",
  );
}

/** What `node cdktf-backups-preflight.js` does: exit code 0 if the restore may go on. */
export async function main(): Promise<void> {
  try {
    const order = parseOrder(process.env[ORDER_VARIABLE] ?? "");
    const { env } = process;
    const wanted = {
      backupId: env[BACKUP_VARIABLE] ?? "",
      instanceId: env[INSTANCE_VARIABLE] ?? "",
      restoreTime: env[TIME_VARIABLE] ?? "",
    };
    tell(`preflight: ${await preflight(order, wanted, env)}`);
  } catch (error) {
    const message = BackupsError.isBackupsError(error) ? error.message : printable(String(error));
    process.stderr.write(`${message}\n`);
    process.exitCode = 1;
  }
}
