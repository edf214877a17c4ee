import { Construct, IConstruct } from "constructs";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Cloud } from "../cloud/endpoints";
import { Credentials } from "../cloud/credentials";
import { checkedRegion, hasEnvironment } from "../cloud/environment";
import { Question } from "../query/question";
import { Caller, declareFor } from "../lookup/caller";
import { Lookup, Source } from "../lookup/lookup";
import { DEFAULT_LOCK_FILE, LOCK_PATH, LockFile } from "../lock/file";
import type { BackupEmulator } from "../emulator/emulator";
import { ILockStore, MemoryLock } from "../lock/store";
import { LookupMode, modeOf } from "../lookup/mode";
import { Session } from "../lookup/session";
import { Duration } from "../model/duration";
import { refusal } from "../model/errors";
import { checkedId } from "../model/ids";
import {
  by,
  checkedOptions,
  checkedProps,
  checkedValue,
  DATE,
  declareProps,
  DURATION,
  made,
  oneOf,
  OWN_CHECK,
  required,
  secret,
  Shape,
  TEXT,
  withMethods,
} from "../model/shape";
import { shown } from "../model/text";
import { timeOf } from "../model/time";
import { watchStacks } from "../terraform/stack-files";

const BRAND = Symbol.for("cdktf-backups.BackupProvider");
// On the scope, so that each copy of the library sees those of all.
const PROVIDERS = Symbol.for("cdktf-backups.BackupProviders");
const DEFAULT_TIMEOUT = Duration.minutes(2);
// Synth, diff and deploy of one piece of work agree, and a nightly backup is seen in the morning.
const DEFAULT_MAX_LOCK_AGE = Duration.hours(1);
// The values of X-Language on the vendor's pages.
const LANGUAGES = ["en-us", "zh-cn"];

/** Where lookups go, as whom, and how long they may take. */
export interface BackupProviderProps {
  /**
   * Which cloud is asked.
   * @default - from the environment: HW_CLOUD, HW_AUTH_URL, OS_AUTH_URL, clouds.yaml or
   * CDKTF_BACKUPS_ENDPOINTS
   */
  readonly cloud?: Cloud;
  /** The region, such as "eu-de". @default - from the environment */
  readonly region?: string;
  /** The id of the project. @default - from the environment, or looked up by the region's name */
  readonly projectId?: string;
  /** The name of the project. @default - from the environment, or the region's name */
  readonly projectName?: string;
  /** As whom. @default Credentials.fromEnvironment() */
  readonly credentials?: Credentials;
  /**
   * Where answers come from. The variable CDKTF_BACKUPS_MODE overrides it, so that a pipeline can insist.
   * @default LookupMode.CACHED
   */
  readonly mode?: LookupMode;
  /**
   * How old an answer of the lock file may be, in the mode CACHED. Only answers of a declared `projectId`
   * are taken: no other setting says whose backups they are.
   * @default Duration.hours(1)
   */
  readonly maxLockAge?: Duration;
  /** The lock file, from the current folder; the folder must exist. @default "backups.lock.json" */
  readonly lockFile?: string;
  /** Where the lock is kept instead of in a file, such as `new MemoryLock()`. @default - in `lockFile` */
  readonly lockStore?: ILockStore;
  /**
   * The moment that ages and `within` count back from.
   * @default - now, once for the whole app; in the mode FROZEN when its newest answer in the lock was given
   */
  readonly asOf?: Date;
  /** How long all lookups of a synthesis may take together. @default Duration.minutes(2) */
  readonly timeout?: Duration;
  /** The language of the services' messages (`X-Language`), "en-us" or "zh-cn". @default "en-us" */
  readonly language?: string;
  /**
   * A PEM file with the CA of a proxy that inspects TLS, trusted besides the usual ones.
   * @default - OS_CACERT, or `cacert` in clouds.yaml
   */
  readonly caFile?: string;
}

/** What a test chooses of a provider on an emulator. */
export interface EmulatedProviderProps {
  /** The id of the provider in its scope. @default "emulator" */
  readonly id?: string;
  /** The moment that ages and `within` count back from: the clock of the test. @default - now */
  readonly asOf?: Date;
  /** How long all lookups of a synthesis may take together. @default Duration.minutes(2) */
  readonly timeout?: Duration;
  /** Where answers come from; the variable CDKTF_BACKUPS_MODE overrides it. @default LookupMode.CACHED */
  readonly mode?: LookupMode;
  /** The lock; one that several programs share shows what a frozen run does. @default - a new MemoryLock */
  readonly lockStore?: ILockStore;
}

/**
 * Says where and as whom the queries in its scope ask; a query without one asks as the environment says.
 *
 * It writes nothing into Terraform. Put it under the App for all stacks, or into one stack.
 */
export class BackupProvider extends Construct {
  /**
   * Whether this is a BackupProvider, whichever copy of the library made it.
   * @param x Anything.
   */
  public static isBackupProvider(x: any): x is BackupProvider {
    return typeof x === "object" && x !== null && BRAND in x;
  }

  /**
   * Whether the environment holds credentials (`HW_*`, `OS_*`, `HUAWEICLOUD_SDK_*`, be it half of
   * them) or CDKTF_BACKUPS_ENDPOINTS: whether somebody means a cloud to be asked.
   */
  public static isConfiguredByEnvironment(): boolean {
    return hasEnvironment(process.env);
  }

  /**
   * A provider by which the queries in the scope ask an emulator: its endpoints, region, project and
   * access key, and a lock in memory, so that no file is written and nothing is printed of it.
   * @param scope The App for all stacks, or one stack.
   * @param emulator Whom they ask.
   * @param props What else a test chooses.
   * @throws What the constructor throws.
   */
  public static forEmulator(
    scope: Construct,
    emulator: BackupEmulator,
    props: EmulatedProviderProps = {},
  ): BackupProvider {
    const source = "BackupProvider.forEmulator";
    checkedValue("emulator", emulator, required(made("BackupEmulator")), { source });
    checkedOptions(source, props, EMULATED);
    return new BackupProvider(scope, props.id ?? "emulator", {
      cloud: Cloud.custom(emulator.endpoints),
      region: emulator.region,
      projectId: emulator.projectId,
      credentials: emulator.credentials,
      lockStore: props.lockStore ?? new MemoryLock(),
      mode: props.mode,
      asOf: props.asOf,
      timeout: props.timeout,
    });
  }

  private readonly source: Source;

  /**
   * @param props Where, as whom and how; of what is left out the environment says, or the default holds.
   * @throws `INVALID_DURATION`, `INVALID_ID`, `INVALID_LANGUAGE`, `INVALID_LOCK`, `INVALID_MODE`,
   * `INVALID_PROPERTY`, `INVALID_REGION` or `INVALID_TIME` for a property that can't be, or is none; `INVALID_MODE` and
   * `INVALID_PRUNE_DAYS` for a variable.
   */
  constructor(scope: Construct, id: string, props: BackupProviderProps = {}) {
    super(scope, id);
    const given = checked(checkedProps(new.target, props, this.node.path), this.node.path);
    Object.defineProperty(this, BRAND, { value: true });
    watchStacks(this);
    Object.defineProperty(scope, PROVIDERS, {
      value: [...providersIn(scope), this],
      configurable: true,
    });
    this.source = sourceFrom(given, this);
    sessionOf(this).addSource(this.source);
  }

  /**
   * The moment that ages and `within` count back from.
   * @throws In the mode FROZEN, where the program gives none: `AS_OF_UNKNOWN` where nothing tells yet
   * which answers count, `LOCK_INVALID`, `LOCK_TOO_NEW` or `LOCK_UNREADABLE` where the lock can't be read.
   */
  public get asOf(): Date {
    return sessionOf(this).asOf(this.source);
  }

  /**
   * Sends every query that was declared so far, in one batch, without blocking.
   *
   * After it all values are there; a name that nobody has, or several, is an error where a value is read. Nobody needs it: reading a value does the same, and waits.
   * @throws It rejects: with `LOOKUPS_FAILED` where several lookups failed; where one did, with what
   * `BackupQuery.all` throws.
   */
  public load(): Promise<void> {
    return sessionOf(this).load();
  }

  /** @internal */
  public _source(): Source {
    return this.source;
  }
}

export const PROVIDER = made<BackupProvider>("BackupProvider");

const MODE = by("INVALID_MODE", oneOf("LookupMode", LookupMode));
const STORE = by("INVALID_LOCK", withMethods<ILockStore>("read", "write"));

const EMULATED: Shape<EmulatedProviderProps> = {
  id: TEXT,
  asOf: DATE,
  timeout: DURATION,
  mode: MODE,
  lockStore: STORE,
};

declareProps<BackupProviderProps>(BackupProvider, "BackupProvider", {
  cloud: made("Cloud", ", such as Cloud.openTelekomCloud()"),
  region: OWN_CHECK,
  projectId: OWN_CHECK,
  projectName: OWN_CHECK,
  credentials: secret(made("Credentials", ", such as Credentials.fromEnvironment()")),
  mode: MODE,
  maxLockAge: DURATION,
  lockFile: LOCK_PATH,
  lockStore: STORE,
  asOf: DATE,
  timeout: DURATION,
  language: OWN_CHECK,
  caFile: TEXT,
});

function sourceFrom(props: BackupProviderProps, construct: IConstruct): Source {
  const { mode, maxLockAge, lockFile, lockStore, asOf, timeout, ...settings } = props;
  return {
    settings,
    timeoutMs: (timeout ?? DEFAULT_TIMEOUT).toMilliseconds(),
    asOf: asOf && timeOf(asOf),
    mode: modeOf(mode, process.env, construct.node.path),
    maxLockAgeMs: (maxLockAge ?? DEFAULT_MAX_LOCK_AGE).toMilliseconds(),
    store: lockStore ?? new LockFile(lockFile ?? DEFAULT_LOCK_FILE),
  };
}

function checked(props: BackupProviderProps, constructPath: string): BackupProviderProps {
  const { language, projectId, projectName, timeout } = props;
  const at = { constructPath };
  if (timeout !== undefined && timeout.toMilliseconds() === 0) {
    throw refusal(
      "INVALID_DURATION",
      "timeout is 0",
      "Allowed is a Duration longer than nothing, such as Duration.minutes(2).",
      at,
    );
  }
  if (language !== undefined && !LANGUAGES.includes(language)) {
    throw refusal(
      "INVALID_LANGUAGE",
      `language is ${shown(language)}`,
      'Allowed is a language that the services know, "en-us" or "zh-cn".',
      at,
    );
  }
  checkLock(props, constructPath);
  checkedRegion(props.region);
  if (projectId !== undefined) checkedId("projectId", projectId, constructPath);
  if (projectName !== undefined) checkedId("projectName", projectName, constructPath);
  return props;
}

function checkLock(props: BackupProviderProps, constructPath: string): void {
  const { lockFile, lockStore } = props;
  const at = { constructPath };
  if (lockFile !== undefined && lockStore !== undefined) {
    throw refusal("INVALID_LOCK", "both lockFile and lockStore are given", "Give one of them.", at);
  }
  if (lockFile !== undefined && !existsSync(dirname(resolve(lockFile)))) {
    throw refusal(
      "INVALID_LOCK",
      `lockFile is ${JSON.stringify(lockFile)}, in a folder that does not exist`,
      "Make the folder, or give a path from the current folder, where cdktf.json lies.",
      at,
    );
  }
}

// Not on the construct: printing one would show what the session holds, credentials among it.
const sessions = new WeakMap<IConstruct, Session>();

/** The session of the app that the construct is in. */
export function sessionOf(construct: IConstruct): Session {
  const { root } = construct.node;
  const session = sessions.get(root) ?? new Session();
  sessions.set(root, session);
  return session;
}

/** A question of the construct's, put with the others; `hooks` are those of `Lookup`. */
export function declared<T>(
  construct: IConstruct,
  question: Question<T>,
  findSource: () => Source,
  hooks: Pick<Lookup<T>, "isSpared" | "onSettled"> = {},
): Lookup<T> {
  return declareFor(callerOf(construct, findSource), question, hooks);
}

/** The construct as one that declares questions. */
export function callerOf(construct: IConstruct, findSource: () => Source): Caller {
  return { session: sessionOf(construct), constructPath: construct.node.path, findSource };
}

/** Those directly in it. Not looked for among all that is: each query asks, and a scope may hold thousands. */
function providersIn(scope: IConstruct): BackupProvider[] {
  const known = (scope as { [PROVIDERS]?: BackupProvider[] })[PROVIDERS] ?? [];
  return known.filter((provider) => scope.node.tryFindChild(provider.node.id) === provider);
}

/**
 * Whom a query asks: the provider it was given, else the one of the nearest scope around it that has
 * exactly one, else the environment.
 */
export function sourceOf(construct: IConstruct, given: BackupProvider | undefined): Source {
  if (given !== undefined) return given._source();
  for (const scope of construct.node.scopes.reverse()) {
    const found = providersIn(scope);
    const [only] = found;
    if (found.length > 1) {
      throw refusal(
        "SEVERAL_PROVIDERS",
        `${scope.node.path || "the App"} has several BackupProviders (${found.map(({ node }) => node.id).join(", ")})`,
        "Say which one with `provider`.",
        { constructPath: construct.node.path },
      );
    }
    if (only !== undefined) return only._source();
  }
  const { root } = construct.node;
  const source = environmentSources.get(root) ?? sourceFrom({}, root);
  environmentSources.set(root, source);
  return source;
}

const environmentSources = new WeakMap<IConstruct, Source>();
