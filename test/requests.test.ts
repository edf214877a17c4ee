import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Construct } from "constructs";
import {
  BackupEmulator,
  BackupKind,
  BackupOutputs,
  BackupProviderProps,
  BackupService,
  Credentials,
  DcsBackups,
  Duration,
  GaussDbBackups,
  GeminiDbBackups,
  GeminiDbBackupType,
  LookupMode,
  ProjectBackups,
  RdsBackups,
  RestoreTarget,
  Selection,
  TaurusDbIncrementalBackups,
  Unmet,
} from "../lib";
import { SERVICES } from "../lib/emulator/services/registry";
import {
  DEFAULT_DOMAIN_NAME,
  DEFAULT_PASSWORD,
  DEFAULT_USER_NAME,
  EmulatorConfig,
} from "../lib/emulator/types";
import { appOn, SAMPLE, settingsFor } from "./support/app";
import { markdownTable } from "./support/markdown-table";
import { queriesOfAll } from "./support/queries";

const FILE = join(__dirname, "..", "docs", "requests.md");
const { DCS, GAUSSDB, GEMINIDB, RDS, TAURUSDB } = BackupService;

interface Row {
  readonly question: string;
  readonly requests: number;
  /** So many records has each list. @default - the emulator's usual data */
  readonly count?: number;
  readonly ask: (stack: Construct) => void;
  readonly settings?: BackupProviderProps;
  readonly records?: EmulatorConfig["records"];
  readonly instances?: EmulatorConfig["instances"];
  readonly prepare?: (emulator: BackupEmulator) => void;
  /** Whether it is synthesised once before, which is not counted. */
  readonly before?: boolean;
}

const rds = (stack: Construct, id = "rds") =>
  new RdsBackups(stack, id, { instanceId: SAMPLE[RDS] });
const unwritten = (stack: Construct) =>
  new RdsBackups(stack, "rds", { instanceId: SAMPLE[RDS], outputs: BackupOutputs.NONE });
const password = Credentials.password({
  userName: DEFAULT_USER_NAME,
  domainName: DEFAULT_DOMAIN_NAME,
  password: DEFAULT_PASSWORD,
});

const instanceOf = (i: number) => `${i.toString(16).padStart(32, "0")}in14`;
const gaussDbOf = (count: number) => (stack: Construct) => {
  for (let i = 0; i < count; i++) {
    new GaussDbBackups(stack, `gaussdb-${i}`, { instanceId: instanceOf(i) });
  }
};

/** Two backups of each of 60 instances, of five services. */
const PROJECT: EmulatorConfig["records"] = Object.fromEntries(
  (["rds", "dcs", "gaussDb", "geminiDb", "taurusDbFull"] as const).map((name) => [
    name,
    Array.from({ length: 120 }, (_, i) =>
      SERVICES[name].write({
        id: i.toString(16).padStart(32, "0"),
        instance: `${(i % 60).toString(16).padStart(32, "0")}in01`,
        beginMs: Date.UTC(2026, 5, 14),
        durationMs: 60_000,
        bytes: 1024,
        kind: "auto",
        state: "done",
        name: "nightly",
      }),
    ),
  ]),
);

const NOON = new Date("2026-06-15T12:00:00Z");

const ROWS: Row[] = [
  { question: "a list of 26 backups, or of any number below 10", requests: 1, count: 26, ask: rds },
  {
    question: "a list of 20: a server may cut its pages there (5 or 8 divides it, or it is 99)",
    ...{ requests: 2, count: 20, ask: rds },
  },
  {
    question: "a list of DCS with 10 or more, whose total may be the page's own",
    ...{ requests: 2, count: 26 },
    ask: (stack) => new DcsBackups(stack, "dcs", { instanceId: SAMPLE[DCS] }),
  },
  {
    question: "250 backups, in pages of 100 that each start with the last record of the one before",
    ...{ requests: 3, count: 250, ask: rds },
  },
  {
    question: "250 incremental backups of TaurusDB, in pages of 50",
    ...{ requests: 6, count: 250 },
    ask: (stack) =>
      new TaurusDbIncrementalBackups(stack, "taurusdb", { instanceId: SAMPLE[TAURUSDB] }),
  },
  {
    question:
      "of these 250 of RDS those of the last nine days (`within`), which the service leaves out",
    ...{ requests: 1, count: 250, settings: { asOf: NOON } },
    ask: (stack) =>
      new RdsBackups(stack, "rds", { instanceId: SAMPLE[RDS], within: Duration.days(9) }),
  },
  {
    question: "of these 250 the manual ones (`backupType`), likewise",
    ...{ requests: 1, count: 250 },
    ask: (stack) =>
      new RdsBackups(stack, "rds", { instanceId: SAMPLE[RDS], backupType: BackupKind.MANUAL }),
  },
  {
    question: "all backups of GeminiDB (`GeminiDbBackupType.ALL`): two lists",
    ...{ requests: 2, count: 26 },
    ask: (stack) => new GeminiDbBackups(stack, "geminidb", { type: GeminiDbBackupType.ALL }),
  },
  {
    question: "two queries that ask the same",
    requests: 1,
    ask: (stack) => [rds(stack), rds(stack, "again")],
  },
  {
    question: "all instances of GaussDB and of GeminiDB, each in one query without `instanceId`",
    ...{ requests: 2, count: 26 },
    ask: (stack) => [new GaussDbBackups(stack, GAUSSDB), new GeminiDbBackups(stack, GEMINIDB)],
  },
  {
    question:
      "twelve queries of GaussDB, each of an instance, of a project of 120 backups: its list, and each again that has no part in it (here two)",
    ...{ requests: 4, settings: { asOf: NOON } },
    prepare: (emulator) => {
      for (let i = 0; i < 120; i++) {
        const id = `${i.toString(16).padStart(32, "0")}br14`;
        const backup = { id, name: id, type: "auto", status: "COMPLETED", size: 1 };
        const [instance_id, begin_time] = [instanceOf(i % 10), "2026-06-14T00:00:00+0000"];
        emulator.addBackupRecord(GAUSSDB, {
          ...backup,
          instance_id,
          begin_time,
          end_time: begin_time,
        });
      }
    },
    records: { gaussDb: [] },
    instances: { gaussDb: [instanceOf(10), instanceOf(11)] },
    ask: gaussDbOf(12),
  },
  {
    question: "the same where the project's list would take more than six",
    ...{
      requests: 13,
      count: 700,
      instances: { gaussDb: Array.from({ length: 12 }, (_, i) => instanceOf(i)) },
    },
    ask: gaussDbOf(12),
  },
  {
    question:
      "a project of 300 instances, 60 each of RDS, DCS, GaussDB, GeminiDB and TaurusDB, with two backups each (`ProjectBackups`): for each service two of its instances (a server may cut its pages at 60), of RDS and DCS the list of each, of the others two of the project",
    ...{ requests: 136, settings: { asOf: NOON }, records: PROJECT },
    ask: (stack) => {
      const services = [RDS, DCS, GAUSSDB, GEMINIDB, TAURUSDB];
      new ProjectBackups(stack, "project", { services });
    },
  },
  {
    question: "the same out of the lock, in the mode FROZEN",
    ...{ requests: 0, before: true, settings: { mode: LookupMode.FROZEN }, records: PROJECT },
    ask: (stack) => new ProjectBackups(stack, "project", { services: [RDS, DCS, GAUSSDB] }),
  },
  {
    question: "a target that restores to a moment: its list, and the windows of that day",
    ...{ requests: 2, settings: { asOf: NOON } },
    prepare: (emulator) => {
      const window = {
        start: new Date("2026-06-15T01:00:00Z"),
        end: new Date("2026-06-15T11:30:00Z"),
      };
      emulator.setRestoreWindows(RDS, SAMPLE[RDS], [window]);
    },
    ask: (stack) => {
      const selection = Selection.pointInTime(new Date("2026-06-15T11:00:00Z"));
      new RestoreTarget(stack, "target", { backups: rds(stack), selection });
    },
  },
  {
    question:
      "a target on the newest of 250, whose query writes no output (`BackupOutputs.NONE`): the last eight days",
    ...{ requests: 1, count: 250, settings: { asOf: NOON } },
    ask: (stack) => new RestoreTarget(stack, "target", { backups: unwritten(stack) }),
  },
  {
    question: "the same where the last eight days have none that will do: all as well",
    ...{ requests: 4, count: 250, settings: { asOf: NOON } },
    ask: (stack) => {
      const selection = Selection.latest({ nameGlob: "*-249" });
      const props = { backups: unwritten(stack), selection, onUnmet: Unmet.WARN };
      new RestoreTarget(stack, "target", props);
    },
  },
  {
    question: "as a user by password, whose project is known: the token once more, for all lists",
    requests: 2,
    settings: { credentials: password },
    ask: rds,
  },
  {
    question: "without a `projectId`, by access key: the project once more, for all lists",
    requests: 2,
    settings: { projectId: undefined },
    ask: rds,
  },
  {
    question: "in the mode CACHED, where the lock has an answer that is young enough",
    ...{ requests: 0, ask: rds, before: true },
  },
  {
    question: "in the mode FROZEN",
    ...{ requests: 0, ask: queriesOfAll, before: true, settings: { mode: LookupMode.FROZEN } },
  },
];

function counted({ ask, before, count, prepare, settings, ...data }: Row): number {
  const now = settings?.asOf?.getTime();
  const emulator = BackupEmulator._startWith({
    now,
    instances: data.instances,
    records: data.records,
    ...(count && { generate: { seed: 1, count } }),
  });
  try {
    const { lockStore } = settingsFor(emulator);
    const synthesise = (more: BackupProviderProps) => {
      const { stack, synth } = appOn(emulator, {
        projectId: emulator.projectId,
        lockStore,
        ...more,
      });
      ask(stack);
      synth();
    };
    prepare?.(emulator);
    if (before) synthesise({});
    const known = emulator._requests().length;
    synthesise({ ...settings });
    return emulator._requests().length - known;
  } finally {
    emulator.close();
  }
}

describe("docs/requests.md", () => {
  const page = [
    "# How many requests a question takes",
    "",
    "Written by `UPDATE_REQUESTS=1 npx jest test/requests.test.ts`, which counts them; not to be edited. They count against the quota (RDS publishes 60 a minute for a user). Where a filter is one of the service's, what it leaves out is not sent; DCS has none but for the window, the list of TaurusDB's incremental backups neither.",
    "",
    ...markdownTable(
      ["question", "requests"],
      ROWS.map(({ question, requests }) => [question, String(requests)]),
    ),
    "",
  ].join("\n");

  test("says what is counted here; `UPDATE_REQUESTS=1 npx jest test/requests.test.ts` writes it", () => {
    if (process.env["UPDATE_REQUESTS"]) writeFileSync(FILE, page);
    expect(existsSync(FILE) ? readFileSync(FILE, "utf8") : "").toBe(page);
  });

  test.each(ROWS.map((row) => [row.question, row] as const))("is right: %s", (_question, row) => {
    expect(counted(row)).toBe(row.requests);
  });
});
