import { BackupService } from "../model/service";
import { dcs } from "./dcs";
import { dds } from "./dds";
import { gaussDb } from "./gaussdb";
import { geminiDb } from "./geminidb";
import { WhichList } from "./query";
import { rds } from "./rds";
import { BackupList, ServiceApi } from "./service";
import { taurusDb } from "./taurusdb";

export const SERVICES: Record<BackupService, ServiceApi> = {
  [BackupService.GAUSSDB]: gaussDb,
  [BackupService.RDS]: rds,
  [BackupService.GEMINIDB]: geminiDb,
  [BackupService.DCS]: dcs,
  [BackupService.TAURUSDB]: taurusDb,
  [BackupService.DDS]: dds,
};

/** The list that is meant, of a query say. */
export function listOf({ service, list }: WhichList): BackupList {
  return SERVICES[service].lists[list]!;
}

/** The list of a service that holds the backups that a restore starts from, by its word. */
export function fullListOf(service: BackupService): string {
  const { lists } = SERVICES[service];
  return Object.keys(lists).find((name) => lists[name]!.hasFullBackups)!;
}
