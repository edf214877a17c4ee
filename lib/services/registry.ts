import { BackupService } from "../model/backup";
import { dcs } from "./dcs";
import { gaussDb } from "./gaussdb";
import { geminiDb } from "./geminidb";
import { rds } from "./rds";
import { ServiceApi } from "./service";
import { taurusDb } from "./taurusdb";

export const SERVICES: Record<BackupService, ServiceApi> = {
  [BackupService.GAUSSDB]: gaussDb,
  [BackupService.RDS]: rds,
  [BackupService.GEMINIDB]: geminiDb,
  [BackupService.DCS]: dcs,
  [BackupService.TAURUSDB]: taurusDb,
};
