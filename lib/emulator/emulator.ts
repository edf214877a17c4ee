import { Credentials } from "../cloud/credentials";
import { Cloud, Endpoints } from "../cloud/endpoints";
import { Thread } from "../thread/thread";
import { BackupService } from "../model/service";
import { BackupsError, refusal } from "../model/errors";
import { brand, by, checkedValue, DATE, listOf, required, struct, TEXT } from "../model/shape";
import { RestoreWindow } from "../model/window";
import { sampleInstances } from "./data";
import type { EmulatedBackup, EmulatedInstance } from "./described";
import {
  BackupEmulatorOptions,
  configOf,
  EmulatorFault,
  faultOf,
  listName,
  serviceName,
} from "./options";
import type { Reply, Request } from "./thread";
import {
  ControlCommand,
  DEFAULT_ACCESS_KEY,
  DEFAULT_PROJECT_ID,
  DEFAULT_REGION,
  DEFAULT_SECRET_KEY,
  EmulatorConfig,
  LoggedRequest,
} from "./types";

const PATIENCE_MS = 20_000;
const ID = required(by("INVALID_ID", TEXT));
const WINDOWS = required(
  listOf(struct<RestoreWindow>({ start: required(DATE), end: required(DATE) })),
);

/**
 * The APIs of the backups and IAM as a real HTTP server on 127.0.0.1, in a thread of its own, each
 * service on a port of its own.
 *
 * Written from the vendor's pages and as strict as they are. For tests and first steps: its data is
 * made up, but for the records of the vendor's published samples. It does not keep the process alive.
 */
export class BackupEmulator {
  /**
   * Starts one, on ports that the system picks; returns when it listens.
   * @param options What it holds and how it answers.
   * @throws `INVALID_PROPERTY`, `INVALID_DURATION` or `INVALID_TIME` for an option that can't be, or is none;
   * `INVALID_SERVICE` for records or instances of no value of `BackupService`; `EMULATOR_FAILED`
   * where it does not listen within 20 s, and for the record of an instance without an id;
   * `PACKAGE_INCOMPLETE` where a bundler has taken the library apart.
   */
  public static start(options: BackupEmulatorOptions = {}): BackupEmulator {
    return new BackupEmulator(configOf(options));
  }

  /** @internal */
  public static _startWith(config: EmulatorConfig): BackupEmulator {
    return new BackupEmulator(config);
  }

  /**
   * The ids of the instances that the default data has backups of; the published samples' own.
   * @param service Whose instances.
   * @throws `INVALID_SERVICE` for no value of `BackupService`.
   */
  public static sampleInstances(service: BackupService): string[] {
    const name = serviceName(service);
    // Loaded where they are asked for: as a rule only the emulator's thread needs them.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { SERVICES } = require("./services/registry") as typeof import("./services/registry");
    return sampleInstances(SERVICES[name]);
  }

  /** Where its services are, for `Cloud.custom`: each has a port, and no path. */
  public readonly endpoints: Endpoints;
  /** It as a cloud: `Cloud.custom(emulator.endpoints)`, which Python could not write. */
  public readonly cloud: Cloud;
  /** The access key that it knows. */
  public readonly credentials: Credentials;
  /** Its region. */
  public readonly region: string;
  /** Its project. */
  public readonly projectId: string;
  private readonly thread: Thread;
  private readonly replies: Reply[] = [];
  private endReason?: string;

  private constructor(private readonly config: EmulatorConfig) {
    this.thread = new Thread(
      "emulator/thread",
      config,
      (reply) => this.replies.push(reply as Reply),
      (reason) => (this.endReason = reason),
    );
    const reply = this.await();
    if (!("endpoints" in reply)) {
      this.close();
      throw failed("error" in reply ? reply.error : JSON.stringify(reply));
    }
    this.endpoints = reply.endpoints;
    this.cloud = Cloud.custom(this.endpoints);
    this.region = config.region ?? DEFAULT_REGION;
    this.projectId = config.projectId ?? DEFAULT_PROJECT_ID;
    this.credentials = Credentials.accessKey({
      accessKey: config.accessKey ?? DEFAULT_ACCESS_KEY,
      secretKey: config.secretKey ?? DEFAULT_SECRET_KEY,
    });
  }

  /** The variables that point another process at it: its endpoints, region and access key. */
  public get environment(): { [name: string]: string } {
    return {
      CDKTF_BACKUPS_ENDPOINTS: JSON.stringify(this.endpoints),
      HW_REGION_NAME: this.region,
      HW_ACCESS_KEY: this.config.accessKey ?? DEFAULT_ACCESS_KEY,
      HW_SECRET_KEY: this.config.secretKey ?? DEFAULT_SECRET_KEY,
    };
  }

  /**
   * Adds a backup, or replaces the one of its id.
   * @param backup What it is, in the words of `Backup`.
   * @throws `NOT_LISTED` for what the service's list has no field or word for; `INVALID_ID`, `INVALID_SIZE` or
   * `INVALID_TIME` for a value that can't be; `INVALID_SERVICE` for no value of `BackupService`;
   * `EMULATOR_FAILED` as after `close`.
   */
  public addBackup(backup: EmulatedBackup): void {
    const { record, service } = described().recordOfBackup(backup);
    this._control({ op: "remove", service, id: backup.id });
    this._control({ op: "add", service, record });
  }

  /**
   * Adds an instance, or replaces the one of its id.
   * @param instance What it is, in the words of `Instance`.
   * @throws What `addBackup` throws.
   */
  public addInstance(instance: EmulatedInstance): void {
    const { record, service } = described().recordOfInstance(instance, this.region);
    this._control({ op: "instance", service, record });
  }

  /**
   * Adds a backup as the service would send it, with what `addBackup` has no word for.
   * @param service Whose list it is added to.
   * @param record The backup with the keys of the list's page (`id` or `backup_id`, `instance_id`, …).
   * @param list "full-backups" for those of TaurusDB; else left out.
   * @throws `INVALID_SERVICE` for no value of `BackupService`, or no list of it; `EMULATOR_FAILED` as
   * after `close`.
   */
  public addBackupRecord(service: BackupService, record: any, list?: string): void {
    this._control({ op: "add", service: listName(service, list), record });
  }

  /**
   * Takes a backup away; one that is not there is none the less gone.
   * @param service From whose list.
   * @param id The backup's id.
   * @param list "full-backups" for those of TaurusDB; else left out.
   * @throws `INVALID_SERVICE` for no value of `BackupService`, or no list of it; `EMULATOR_FAILED` as
   * after `close`.
   */
  public removeBackup(service: BackupService, id: string, list?: string): void {
    checkedValue("id", id, ID, { source: "BackupEmulator.removeBackup" });
    this._control({ op: "remove", service: listName(service, list), id });
  }

  /**
   * Adds an instance as the service would send it, or replaces the one of its id.
   * @param service Whose instance it is.
   * @param record The instance with the keys of the page of the list (`id` or `instance_id`, `name`, …); for
   * DCS also with the `instance_backup_policy` of the page of one instance.
   * @throws `INVALID_SERVICE` for no value of `BackupService`; `EMULATOR_FAILED` for a record without an
   * id, and as after `close`.
   */
  public addInstanceRecord(service: BackupService, record: any): void {
    this._control({ op: "instance", service: serviceName(service), record });
  }

  /**
   * Sets the stretches of time that an instance can be restored to; DCS has none.
   * @param service Whose instance it is.
   * @param instanceId The instance, which exists from now on.
   * @param windows The stretches, instead of those it had.
   * @throws `INVALID_SERVICE` for no value of `BackupService`; `EMULATOR_FAILED` for DCS, and as after `close`.
   */
  public setRestoreWindows(
    service: BackupService,
    instanceId: string,
    windows: RestoreWindow[],
  ): void {
    const at = { source: "BackupEmulator.setRestoreWindows" };
    checkedValue("instanceId", instanceId, ID, at);
    checkedValue("windows", windows, WINDOWS, at);
    this._control({
      op: "windows",
      service: serviceName(service),
      instance: instanceId,
      windows: windows.map(({ start, end }) => ({ start: start.getTime(), end: end.getTime() })),
    });
  }

  /**
   * Lets something go wrong.
   * @param fault What befalls which requests.
   * @throws `INVALID_PROPERTY` or `INVALID_DURATION` for a property that can't be, or is none;
   * `INVALID_SERVICE` for no value of `BackupService`; `EMULATOR_FAILED` as after `close`.
   */
  public fault(fault: EmulatorFault): void {
    this._control({ op: "fault", fault: faultOf(fault) });
  }

  /**
   * The requests that came so far, oldest first: `GET <url>`, where the url begins with the endpoint of
   * its service.
   * @throws `EMULATOR_FAILED` where its thread doesn't answer, as after `close`.
   */
  public get requests(): string[] {
    const endpoints = new Map<string, string>(Object.entries(this.endpoints));
    return this._requests().map(
      ({ method, service, url }) => `${method} ${endpoints.get(service)}${url}`,
    );
  }

  /** Stops it; its ports are free when the thread has ended. */
  public close(): void {
    this.thread.post({ op: "close" } satisfies Request);
  }

  /** @internal */
  public _requests(): LoggedRequest[] {
    return this._control({ op: "requests" }) as LoggedRequest[];
  }

  /** @internal */
  public _control(command: ControlCommand): unknown {
    this.thread.post(command satisfies Request);
    const reply = this.await();
    if ("value" in reply) return reply.value;
    throw failed("error" in reply ? reply.error : JSON.stringify(reply));
  }

  private await(): Reply {
    const began = performance.now();
    this.thread.wait(
      () => this.replies.length > 0,
      () => PATIENCE_MS - (performance.now() - began),
    );
    const reply = this.replies.shift();
    if (reply) return reply;
    throw failed(this.endReason ?? `no reply within ${PATIENCE_MS} ms`);
  }
}

brand(BackupEmulator, "BackupEmulator");

/** Loaded where it is needed, as what it reads of the lists. */
function described(): typeof import("./described") {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("./described") as typeof import("./described");
}

function failed(reason: string): BackupsError {
  return refusal("EMULATOR_FAILED", `the emulator failed: ${reason}`);
}
