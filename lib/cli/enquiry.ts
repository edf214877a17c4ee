import { Credentials } from "../cloud/credentials";
import { Cloud } from "../cloud/endpoints";
import { ConnectionSettings } from "../cloud/environment";
import { whoseIs } from "../lock/format";
import { MemoryLock } from "../lock/store";
import { Caller } from "../lookup/caller";
import { addressOf, targetOf } from "../lookup/inquiries";
import { Source } from "../lookup/lookup";
import { LookupMode } from "../lookup/mode";
import { Session } from "../lookup/session";
import { BackupsError, refusal } from "../model/errors";
import { checkedId } from "../model/ids";
import { BackupService } from "../model/service";
import { shown } from "../model/text";
import { timeOf } from "../model/time";
import { Duration } from "../model/duration";
import { durationIn, timeIn } from "./arguments";

/** How long all lookups may take. */
const PATIENCE = Duration.minutes(2);

/** Whom to ask: what the environment leaves open. Credentials stand in no argument, where others read them. */
export interface CloudOptions {
  readonly cloud?: string;
  readonly region?: string;
  readonly project?: string;
  readonly projectName?: string;
  readonly caFile?: string;
  readonly timeout?: string;
  readonly asOf?: string;
}

/** What one run of the command asks the cloud, past any lock. */
export class Enquiry implements Caller {
  public readonly session = new Session();
  // A command is no construct.
  public readonly constructPath = "";
  public readonly source: Source;
  public readonly findSource = () => this.source;

  /**
   * An error where nobody can be asked: before any request.
   * @param services Those that will be asked.
   */
  constructor(options: CloudOptions, services: readonly BackupService[]) {
    this.source = {
      settings: settingsIn(options),
      timeoutMs: patienceIn(options),
      asOf: options.asOf === undefined ? undefined : timeOf(timeIn(options.asOf)),
      mode: LookupMode.LIVE,
      maxLockAgeMs: 0,
      store: new MemoryLock(),
    };
    targetOf(this.source);
    for (const service of services) addressOf(service, this.source);
    this.session.addSource(this.source);
  }

  public get asOf(): Date {
    return this.session.asOf(this.source);
  }

  /** By whom the lookups were answered, once they are. */
  public get answered(): string[] {
    const entries = this.session.entries.map(({ answered }) => whoseIs(answered));
    return [...new Set(entries)].sort();
  }

  /** Waits for all that was declared; what failed is told where it is read. */
  public async load(): Promise<void> {
    await loaded(this.session);
  }
}

/** All that was declared, waited for: what failed is told where it is read. */
export async function loaded(session: Session): Promise<void> {
  try {
    await session.load();
  } catch (error) {
    if (!BackupsError.isBackupsError(error)) throw error;
  }
}

/** How long all of it may take, in milliseconds. */
export function patienceIn({ timeout }: CloudOptions): number {
  return (timeout === undefined ? PATIENCE : durationIn(timeout)).toMilliseconds();
}

/** Where to ask, by what was said of it; the environment has the rest. */
export function settingsIn({ cloud, region, project, projectName, caFile }: CloudOptions) {
  if (project !== undefined) checkedId("--project", project, "");
  if (project !== undefined && projectName !== undefined) {
    throw refusal(
      "INVALID_ARGUMENT",
      "both --project and --project-name are given",
      "Give one of them.",
    );
  }
  const texts = { cloud, region, "project-name": projectName, "ca-file": caFile };
  for (const [name, text] of Object.entries(texts)) {
    if (text === undefined || text.trim() !== "") continue;
    throw refusal("INVALID_ARGUMENT", `--${name} is blank`, "Give it a value, or leave it out.");
  }
  const settings: ConnectionSettings = {
    cloud: cloud === undefined ? undefined : cloudIn(cloud),
    region,
    projectId: project,
    projectName,
    caFile,
    credentials: Credentials.fromEnvironment(),
  };
  return settings;
}

function cloudIn(name: string): Cloud {
  const cloud = Cloud._named(name);
  // Of a custom one the addresses have to be known as well.
  if (cloud && cloud.name !== "custom") return cloud;
  throw refusal(
    "INVALID_ARGUMENT",
    `--cloud ${shown(name)} is no cloud`,
    "Allowed: otc, huaweicloud; any other by CDKTF_BACKUPS_ENDPOINTS.",
  );
}

/** Of a lock file nobody is asked: what says whom would be unused. */
export function refuseAsking(options: CloudOptions & { readonly within?: string }): void {
  const given = ASKING.find(([name]) => options[name] !== undefined);
  if (!given) return;
  throw refusal(
    "INVALID_ARGUMENT",
    `${given[1]} stands beside --lock, which asks nobody`,
    "Leave out one of the two; --as-of may stand beside it.",
  );
}

const ASKING = [
  ["cloud", "--cloud"],
  ["region", "--region"],
  ["project", "--project"],
  ["projectName", "--project-name"],
  ["caFile", "--ca-file"],
  ["timeout", "--timeout"],
  ["within", "--within"],
] as const;
