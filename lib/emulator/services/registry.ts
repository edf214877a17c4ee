import { dcs } from "./dcs";
import { dcsInstances } from "./dcs-instances";
import { dds } from "./dds";
import { ddsInstances } from "./dds-instances";
import { gaussDb } from "./gaussdb";
import { gaussDbInstances } from "./gaussdb-instances";
import { geminiDb } from "./geminidb";
import { geminiDbInstances } from "./geminidb-instances";
import type { InstanceList } from "./instance-list";
import type { EmulatedList } from "./list";
import { rds } from "./rds";
import { rdsInstances } from "./rds-instances";
import { taurusDb } from "./taurusdb";
import { taurusDbInstances } from "./taurusdb-instances";
import { taurusDbFull } from "./taurusdb-full";

/** The lists that the emulator serves. */
export const SERVICES = {
  gaussDb,
  rds,
  geminiDb,
  dcs,
  taurusDb,
  taurusDbFull,
  dds,
} satisfies Record<string, EmulatedList>;

/** The name of a list. */
export type ServiceName = keyof typeof SERVICES;

/** In the table's order, on which generated records depend. */
export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];

// A service has one list of its instances, however many of backups.
const INSTANCES: Record<ServiceName, InstanceList> = {
  gaussDb: gaussDbInstances,
  rds: rdsInstances,
  geminiDb: geminiDbInstances,
  dcs: dcsInstances,
  taurusDb: taurusDbInstances,
  taurusDbFull: taurusDbInstances,
  dds: ddsInstances,
};

/** The list of the instances of a list's service. */
export function instanceListOf(name: ServiceName): InstanceList {
  return INSTANCES[name];
}
