/** A stretch of time that can be restored to, or a point where both are equal; epoch milliseconds. */
export interface RestoreWindow {
  start: number;
  end: number;
}

/** A record's fields under trimmed keys. */
export type Fields = Record<string, unknown>;

/** A made-up backup in the emulator's own words. */
export interface Spec {
  /** 32 hex digits. */
  id: string;
  instance: string;
  beginMs: number;
  durationMs: number;
  bytes: number;
  kind: "auto" | "manual" | "incremental" | "fragment";
  state: "done" | "failed" | "running" | "waiting" | "deleting" | "deleted" | "expired";
  name: string;
  description?: string;
  /** What differs from what the list makes up. */
  engine?: { type?: string; version?: string };
  instanceName?: string;
  /** RDS: instead of those that are made up for SQL Server. */
  databases?: readonly string[];
  /** GeminiDB: a backup of these databases and tables only. */
  tables?: readonly { database_name: string; table_names: readonly string[] | null }[];
  /** DCS: a finished backup that cannot be restored from. */
  unrestorable?: boolean;
}

/** What a made-up backup of an instance is, relative to now. */
export type Draft = Omit<Spec, "id" | "instance" | "beginMs" | "bytes" | "name"> & {
  /** How long ago it began. */
  ago: number;
  megabytes: number;
  name?: string;
};

/** How a query writes a time. */
export interface Notation {
  /** As the page has it. */
  form: string;
  /** Anything but a number says that it isn't written so, "zone" that only its zone is not. */
  read(text: string): number | "format" | "zone" | undefined;
  /** Whether a raw plus in the query of a URL may mean one. */
  hasPlus?: boolean;
}

/** A query parameter that selects records by what they hold. */
export interface Filter {
  allowed: readonly string[] | "any";
  /** What it is where it isn't sent. */
  default?: string;
  /** What a record has to have. */
  of(record: Fields, isTableLevel: boolean): unknown;
}

/** A call for restore windows. */
export interface WindowsCall {
  version: string;
  /** What follows the instance in the path. */
  resource: readonly string[];
  list: string;
  /** Whether a day selects them, or two bounds and an offset. */
  by: "day" | "mandatory day" | "bounds";
  /** Those of an instance with default data. */
  default(now: number): RestoreWindow[];
}

/** How a refusal is told. */
export interface Code {
  status: number;
  code: string;
}

/** What not every list says of a backup. */
export type Said =
  "status" | "description" | "instanceName" | "engine" | "databases" | "isSupportRestore";

/** What one list does otherwise than the others, and what it holds unless told. */
export interface EmulatedList {
  /**
   * Whose list it is, as its endpoint is called. Lists of one service share that and its port, their
   * instances and the restore windows.
   */
  service: string;
  version: string;
  resource: string;
  /** Where the instance is named, and whether it must be. */
  instance: "optional" | "mandatory" | "path";
  offset: { name: string; first: 0 | 1 };
  limit: { default: number; allowed: (limit: number) => boolean; rule: string };
  window: {
    begin: string;
    end: string;
    notation: Notation;
    together: boolean;
    /** What the end must be, compared with the begin. */
    endIs: "later" | "not earlier" | "anything";
  };
  /** What the page of a later version of the same call has otherwise. */
  later?: Pick<EmulatedList, "version" | "offset" | "limit" | "window">;
  /** Further query parameters by name. */
  filters: Record<string, Filter>;
  /** Whether a record is of databases or tables, where the list tells such apart from others. */
  isTableLevel?(record: Fields): boolean;
  /** The call for the vendor's own restore windows, if there is one. */
  windows: WindowsCall | undefined;
  newestFirst: boolean;
  /** Whether the page leaves open if the total counts one page alone. */
  isTotalAmbiguous?: boolean;
  keys: { list: string; total: string; id: string; begin: string; end: string };
  errors: {
    parameter: string;
    offset: string;
    /** The page's own words, where it has them. */
    offsetMessage?: string;
    endTime: string;
    zone: string;
    backupId: string;
    token: Code;
    project: Code;
    instance: Code;
    /** What the body of a refusal has besides. */
    body?: Fields;
  };
  /**
   * The records of the page's example responses, verbatim: nulls, stray spaces and all. The totals
   * beside them are not kept, because they count records that the page doesn't show.
   */
  samples: readonly unknown[];
  /** The instances that it holds recent backups of. @default - those that the samples name */
  instances?: readonly string[];
  says: readonly Said[];
  /** Writes a backup as the page has it: names, units, notations. */
  write(spec: Spec): Fields;
  /** What the name of a made-up backup begins with. */
  namePrefix: string;
  /** The recent backups of every instance that the samples name. */
  drafts: readonly Draft[];
  /** What its backups can be; of generated records, the more often named, the more of them. */
  generated: { kinds: readonly Spec["kind"][]; states: readonly Spec["state"][] };
}
