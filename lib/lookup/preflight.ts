import { CloudClient } from "../cloud/client";
import { Credentials } from "../cloud/credentials";
import { Cloud, ENDPOINT_OF, endpointUrl } from "../cloud/endpoints";
import { resolveTarget } from "../cloud/environment";
import { Backup, BackupKind, BackupService } from "../model/backup";
import { BackupsEnvironmentError, BackupsError } from "../model/errors";
import { RawRecord } from "../services/fields";
import { SERVICES } from "../services/registry";
import { whyNotRestorable } from "../restore/selection";
import { decode } from "./decode";
import { BACKUP_VARIABLE, ORDER_VARIABLE, PreflightOrder } from "./preflight-order";
import { deadlineIn, readList } from "./read-list";

const PATIENCE_MS = 60_000;

/** Looks whether the backup is still there and a restore can start from it, or throws. */
export async function preflight(
  order: PreflightOrder,
  backupId: string,
  env: NodeJS.ProcessEnv,
): Promise<Backup> {
  const { cloud, account } = resolveTarget(
    {
      cloud: cloudOf(order),
      region: order.region,
      projectId: order.projectId,
      caFile: order.caFile,
      credentials: order.usesMetadata ? Credentials.metadataService() : undefined,
    },
    env,
  );
  const client = new CloudClient(account);
  const { lists, paging } = SERVICES[order.service];
  const baseUrl = endpointUrl(cloud, account.region, ENDPOINT_OF[order.service]) ?? "";
  const deadline = deadlineIn(PATIENCE_MS);
  const type = order.service === BackupService.GEMINIDB ? "all" : undefined;
  const records: RawRecord[] = [];
  for (const list of lists({ instanceId: order.instanceId, backupId, type })) {
    const attempts: RawRecord[][] = [];
    const whole = await readList(
      client,
      { baseUrl, paging, ...list },
      deadline,
      (page, attempt) => void (attempts[attempt] ??= []).push(...page.records),
    );
    records.push(...(attempts[whole] ?? []));
  }
  const query = { service: order.service, backupId, isEmptyIfInstanceMissing: false };
  const [backup] = decode(records, query, new Date()).backups;
  if (!backup) throw gone(`the backup ${backupId} is gone`);
  const reason = whyNotRestorable(backup, [BackupKind.FRAGMENT]);
  if (reason !== undefined) throw gone(`the backup ${backupId} ${reason}`);
  return backup;
}

function cloudOf({ cloud, endpoints }: PreflightOrder): Cloud {
  if (cloud === "otc") return Cloud.openTelekomCloud(endpoints);
  return cloud === "huaweicloud" ? Cloud.huaweiCloud(endpoints) : Cloud.custom(endpoints);
}

function gone(what: string): BackupsEnvironmentError {
  return new BackupsEnvironmentError({
    code: "PREFLIGHT_FAILED",
    what,
    advice: "Nothing was restored. Synthesise again, raise the pin's epoch, and plan anew.",
  });
}

/** What `node cdktf-backups-preflight.js` does: exit code 0 if the restore may go on. */
export async function main(): Promise<void> {
  try {
    const order = JSON.parse(process.env[ORDER_VARIABLE] ?? "") as PreflightOrder;
    const backup = await preflight(order, process.env[BACKUP_VARIABLE] ?? "", process.env);
    process.stdout.write(`preflight: backup ${backup.id} is there and can be restored\n`);
  } catch (error) {
    const message = BackupsError.isBackupsError(error) ? error.message : String(error);
    process.stderr.write(`${message}\n`);
    process.exitCode = 1;
  }
}
