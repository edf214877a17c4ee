import { dcs } from "./dcs";
import { dds } from "./dds";
import { gaussDb } from "./gaussdb";
import { geminiDb } from "./geminidb";
import type { EmulatedList } from "./list";
import { rds } from "./rds";
import { taurusDb } from "./taurusdb";
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
