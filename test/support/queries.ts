import { Construct } from "constructs";
import {
  BackupQuery,
  BackupQueryProps,
  BackupService,
  DcsBackups,
  DdsBackups,
  GaussDbBackups,
  GeminiDbBackups,
  GeminiDbBackupType,
  RdsBackups,
  TaurusDbBackups,
  TaurusDbIncrementalBackups,
} from "../../lib";
import { SERVICES } from "../../lib/services/registry";
import { SAMPLE } from "./app";

type Props = BackupQueryProps & { readonly instanceId?: string };
type Make = (scope: Construct, id: string, props: Props & { instanceId: string }) => BackupQuery;

// By service, and by list where a service has several: the compiler names what is missing.
const USUAL: Record<BackupService, Make> = {
  [BackupService.GAUSSDB]: (scope, id, props) => new GaussDbBackups(scope, id, props),
  [BackupService.RDS]: (scope, id, props) => new RdsBackups(scope, id, props),
  [BackupService.GEMINIDB]: (scope, id, props) =>
    new GeminiDbBackups(scope, id, { type: GeminiDbBackupType.ALL, ...props }),
  [BackupService.DCS]: (scope, id, props) => new DcsBackups(scope, id, props),
  [BackupService.TAURUSDB]: (scope, id, props) => new TaurusDbIncrementalBackups(scope, id, props),
  [BackupService.DDS]: (scope, id, props) => new DdsBackups(scope, id, props),
};
const FURTHER: { readonly [list: string]: Make } = {
  "taurusdb/full-backups": (scope, id, props) => new TaurusDbBackups(scope, id, props),
};

/** A query of every list that the library knows, of the emulator's sample instance unless said. */
export function queriesOfAll(scope: Construct, props: Props = {}): BackupQuery[] {
  return Object.values(SERVICES).flatMap(({ service, lists }) =>
    Object.keys(lists).map((list) => {
      const name = list === "backups" ? service : `${service}/${list}`;
      const make = USUAL[name as BackupService] ?? FURTHER[name];
      if (!make) throw new Error(`test/support/queries.ts makes no query of ${name}.`);
      const given = { ...props, instanceId: props.instanceId ?? SAMPLE[service] };
      return make(scope, name.replace("/", "-"), given);
    }),
  );
}
