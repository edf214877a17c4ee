import fc from "fast-check";
import {
  Backup,
  BackupAttributes,
  BackupDatabase,
  BackupKind,
  BackupStatus,
  newestFirst,
} from "../../../lib/model/backup";
import {
  AutomatedBackups,
  Instance,
  InstanceAttributes,
  InstanceStatus,
} from "../../../lib/model/instance";
import { BackupService } from "../../../lib/model/service";
import { Rule, RuleSubject } from "../../../lib/restore/rules";

export const NOW = new Date("2026-01-31T12:00:00Z");
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** So many hours before NOW. */
export function ago(hours: number): Date {
  return new Date(NOW.getTime() - hours * HOUR);
}

/** A usable automatic backup begun so many hours before NOW; anything else by attributes. */
export function backup(
  id: string,
  hours: number | undefined,
  attributes: Partial<BackupAttributes> = {},
): Backup {
  const status = attributes.status ?? BackupStatus.COMPLETED;
  const kind = attributes.kind ?? BackupKind.AUTOMATIC;
  const isFull = kind === BackupKind.AUTOMATIC || kind === BackupKind.MANUAL;
  return Backup.of({
    ...{ service: BackupService.RDS, id, databases: [], raw: {} },
    isRestorable: status === BackupStatus.COMPLETED && isFull,
    beginTime: hours === undefined ? undefined : ago(hours),
    ...attributes,
    ...{ kind, status },
  });
}

/** An incremental backup as TaurusDB lists it, complete so many hours before NOW. */
export function incremental(id: string, hours: number | undefined): Backup {
  return backup(id, hours, {
    service: BackupService.TAURUSDB,
    kind: BackupKind.INCREMENTAL,
    status: BackupStatus.UNKNOWN,
    endTime: hours === undefined ? undefined : ago(hours),
  });
}

export function subject(
  backups: readonly Backup[],
  attributes: Partial<RuleSubject> = {},
): RuleSubject {
  return {
    path: "recovery/orders",
    label: "RDS backups of instance a48e",
    ...{ hasFullBackups: true, hasVersions: true },
    backups: [...backups].sort(newestFirst),
    ...attributes,
  };
}

/** An instance of a project that is backed up by this policy, where one is known. */
export function instance(
  automatedBackups?: AutomatedBackups,
  attributes: Partial<InstanceAttributes> = {},
): Instance {
  return Instance.of({
    ...{ service: BackupService.RDS, id: "a48e", name: "orders", status: InstanceStatus.AVAILABLE },
    ...attributes,
    automatedBackups,
  });
}

/** What TaurusDB's list doesn't show. */
export const NO_FULL_ONES = { hasFullBackups: false, hasVersions: false };

/** A list as TaurusDB gives it: what each rule about full backups must be silent on. */
export const TAURUS = subject(
  [1, 50, 400].map((hours) => incremental(`i${hours}`, hours)),
  NO_FULL_ONES,
);

/** What the rule tells. */
export function evidenceOf(rule: Rule, on: RuleSubject): string[] {
  const observations = rule._check(on, NOW);
  for (const { advice } of observations) expect(advice).toMatch(/^[A-Z].*\.$/);
  return observations.map(({ evidence }) => evidence);
}

// From long before NOW to a bit after it, with what a program's own list could hold as well.
const time = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -48, max: 24 * 20 }).map(ago) },
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constant(new Date(NaN)) },
  { weight: 1, arbitrary: fc.date() },
);

function backupOf(service: BackupService): fc.Arbitrary<Backup> {
  return fc
    .record({
      id: fc.uuid(),
      kind: fc.constantFrom(...Object.values(BackupKind)),
      status: fc.oneof(
        fc.constant(BackupStatus.COMPLETED),
        fc.constantFrom(...Object.values(BackupStatus)),
      ),
      isRestorable: fc.boolean(),
      sizeBytes: fc.option(fc.oneof(fc.nat(), fc.double()), { nil: undefined }),
      beginTime: time,
      endTime: time,
      engineVersion: fc.constantFrom(undefined, "5.6", "5.7"),
      databases: fc.constantFrom<BackupDatabase[]>([], [{ name: "shop", tables: [] }]),
    })
    .map((attributes) => Backup.of({ ...attributes, service, raw: {} }));
}

// As no page has them, too: a list may hold whatever the service sent.
const anyInstance: fc.Arbitrary<Instance> = fc
  .record({
    createdAt: time,
    policy: fc.option(
      fc.record({
        isOn: fc.boolean(),
        keepDays: fc.option(fc.nat({ max: 800 }), { nil: undefined }),
        window: fc.constantFrom(undefined, "", "22:00-23:00", "23:30-00:30", "99:00-1", "later"),
        weekdays: fc.option(fc.array(fc.integer({ min: -1, max: 9 })), { nil: undefined }),
      }),
      { nil: undefined },
    ),
  })
  .map(({ createdAt, policy }) => instance(policy, { createdAt }));

/** Any list of any service, with windows or without, of an instance that is known or not. */
export const anySubject: fc.Arbitrary<RuleSubject> = fc
  .constantFrom(...Object.values(BackupService))
  .chain((service) =>
    fc.record({
      path: fc.constantFrom("a", "a/b", "a/bc"),
      label: fc.constant("the backups"),
      hasFullBackups: fc.boolean(),
      hasVersions: fc.boolean(),
      backups: fc.uniqueArray(backupOf(service), { maxLength: 40, selector: ({ id }) => id }),
      windows: fc.option(
        fc.array(
          fc.record({ start: time, end: time }).map((each) => each as { start: Date; end: Date }),
        ),
        { nil: undefined },
      ),
      instance: fc.option(anyInstance, { nil: undefined }),
    }),
  );
