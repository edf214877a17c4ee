import * as cdktf from "cdktf";
import { Construct } from "constructs";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as library from "../lib";
import { configOf } from "../lib/emulator/options";
import { appOn } from "./support/app";

const { Lazy, TerraformStack, Token } = cdktf;
const {
  BackupEmulator,
  BackupKind,
  BackupProvider,
  BackupQuery,
  BackupService,
  BackupsUsageError,
  BackupStatus,
  Cloud,
  Credentials,
  Duration,
  InstanceStatus,
  RestoreTarget,
  RdsBackups,
  Rule,
  RuleId,
  RuleLevel,
  Selection,
} = library;

interface Type {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: "array" | "map"; readonly elementtype: Type };
}
interface Member {
  readonly name: string;
  readonly type: Type;
  readonly optional?: boolean;
}
interface Declared {
  readonly name: string;
  readonly kind: "class" | "enum" | "interface";
  readonly abstract?: boolean;
  readonly datatype?: boolean;
  readonly interfaces?: string[];
  readonly properties?: Member[];
  readonly initializer?: { readonly parameters?: Member[] };
  readonly methods?: { name: string; static?: boolean; parameters?: Member[] }[];
}

// What the compiler of jsii has found to be public; `npm run build` writes it.
const { types } = JSON.parse(readFileSync(join(__dirname, "..", ".jsii"), "utf8")) as {
  types: { [fqn: string]: Declared };
};

let emulator: library.BackupEmulator;
let stack: Construct;
let made = 0;
beforeAll(() => {
  emulator = BackupEmulator.start({ instances: {}, records: {} });
  ({ stack } = appOn(emulator));
});
afterAll(() => {
  // Nothing of all this was sent.
  expect(emulator.requests).toEqual([]);
  emulator.close();
});

const id = () => `c${(made += 1)}`;
const query = () => new RdsBackups(stack, id(), { instanceId: "a" });
const target = () => new RestoreTarget(stack, id(), { backups: query(), pin: { epoch: 1 } });
const project = () => new library.ProjectBackups(stack, id(), { services: [BackupService.RDS] });

class OwnQuery extends BackupQuery {
  constructor(scope: Construct, name: string, props: library.BackupQueryProps) {
    super(scope, name, props, BackupService.DDS);
  }
}

// Of each struct that can be given one that does: what is required.
const USABLE: { readonly [struct: string]: () => object } = {
  AccessKeyCredentials: () => ({ accessKey: "a", secretKey: "b" }),
  AutomatedBackups: () => ({ isOn: true }),
  BackupAttributes: () => ({
    ...{ service: BackupService.RDS, id: "a", kind: BackupKind.MANUAL, databases: [] },
    ...{ status: BackupStatus.COMPLETED, isRestorable: true },
  }),
  BackupDatabase: () => ({ name: "a", tables: [] }),
  BackupEmulatorOptions: () => ({}),
  BackupProviderProps: () => ({}),
  BackupQueryProps: () => ({}),
  ConsistencyGroupMember: () => ({ name: "a", backups: query() }),
  ConsistencyGroupProps: () => ({ members: [{ name: "a", backups: query() }] }),
  DcsBackupsProps: () => ({ instanceId: "a" }),
  DdsBackupsProps: () => ({}),
  EmulatedBackup: () => ({
    ...{ service: BackupService.RDS, id: "b", instanceId: "a", beginTime: new Date(0) },
  }),
  EmulatedInstance: () => ({ service: BackupService.RDS, id: "a" }),
  EmulatedProviderProps: () => ({ id: id() }),
  EmulatorFault: () => ({}),
  EmulatorQuota: () => ({ limit: 1, window: Duration.seconds(1) }),
  Endpoints: () => ({}),
  GapRuleOptions: () => ({}),
  GaussDbBackupsProps: () => ({}),
  GeminiDbBackupsProps: () => ({}),
  InPlaceRestoreProps: () => ({
    ...{ target: target(), targetInstanceId: "b", confirmOverwriteOf: "b" },
    createTimeout: Duration.hours(1),
  }),
  InstanceAttributes: () => ({
    ...{ service: BackupService.RDS, id: "a", status: InstanceStatus.AVAILABLE },
  }),
  InstancesProps: () => ({ service: BackupService.RDS }),
  NewInstanceRestoreProps: () => ({ target: target() }),
  PasswordCredentials: () => ({ userName: "a", password: "b", domainName: "c", userId: "d" }),
  ProjectBackupsProps: () => ({ services: [BackupService.RDS] }),
  RdsBackupsProps: () => ({ instanceId: "a" }),
  RecoveryPolicyProps: () => ({ queries: [query()], projects: [project()] }),
  RestoreDestination: () => ({}),
  RecoveryReportProps: () => ({}),
  RestorePin: () => ({ epoch: 1 }),
  RestoreTargetProps: () => ({ backups: query() }),
  RestoreTriggerProps: () => ({ target: target() }),
  RestoreWindowsProps: () => ({ backups: query() }),
  RestoreWindow: () => ({ start: new Date(0), end: new Date(1) }),
  SelectionFilter: () => ({}),
  SizeRuleOptions: () => ({}),
  TaurusDbBackupsProps: () => ({}),
  TaurusDbIncrementalBackupsProps: () => ({ instanceId: "a" }),
  WindowGapRuleOptions: () => ({}),
};

// What stands for the parameters of a function, but for a struct or a value of its own.
const ARGUMENTS: { readonly [callable: string]: () => unknown[] } = {
  "BackupEmulator.addBackupRecord": () => [
    ...[BackupService.RDS, { id: "b", instance_id: "a" }, undefined],
  ],
  "BackupEmulator.addInstanceRecord": () => [BackupService.RDS, { id: "a" }],
  "BackupProvider.forEmulator": () => [emulator, { id: id() }],
  "ConsistencyGroup.targetOf": () => ["a"],
  "ErrorReport.allOf": () => [""],
  "ErrorReport.of": () => [""],
  "BackupEmulator.removeBackup": () => [BackupService.RDS, "b", undefined],
  "BackupEmulator.sampleInstances": () => [BackupService.RDS],
  "BackupEmulator.setRestoreWindows": () => [BackupService.RDS, "a", []],
  "Credentials.token": () => ["a"],
  "Duration.days": () => [1],
  "Duration.hours": () => [1],
  "Duration.minutes": () => [1],
  "Duration.seconds": () => [1],
  "Instance.expiresAt": () => [library.Backup.of(USABLE["BackupAttributes"]!() as any)],
  LockFile: () => ["backups.lock.json"],
  "LockReview.between": () => ["", ""],
  "RecoveryPolicy.suppress": () => [stack, RuleId.COUNT, "why"],
  "Rule.engineVersion": () => ["8.0"],
  "Rule.withLevel": () => [RuleLevel.OFF],
  "Selection.byId": () => ["a"],
  "Selection.latestBefore": () => [new Date(0), {}],
  "Selection.pointInTime": () => [new Date(0)],
};

// On what a method is called, where that is no emulator.
const ON: { readonly [type: string]: () => any } = {
  ConsistencyGroup: () => {
    const members = [{ name: "a", backups: query() }];
    return new library.ConsistencyGroup(stack, id(), { members, pin: { epoch: 1 } });
  },
  Instance: () => library.Instance.of(USABLE["InstanceAttributes"]!() as any),
  Rule: () => Rule.rpo(),
};

// They read, or are called by the library; what they were given is said by what they find.
const LEFT_OUT = [
  ...["BackupProvider.isBackupProvider", "BackupQuery.byId", "LockFile.write", "MemoryLock.write"],
];

// What Terraform may fill in, what a cloud or a fault may say, and what is no text of the stack's.
const MAY_BE_A_TOKEN = new Set([
  ...["targetInstanceId", "confirmOverwriteOf", "managedInstanceId", "databaseName", "description"],
  ...["command", "workingDirectory", "environment", "reason"],
]);
const TAKEN_AS_THEY_ARE = new Set([
  ...["BackupAttributes", "BackupDatabase", "InstanceAttributes", "AutomatedBackups"],
  ...["EmulatedBackup", "EmulatedInstance", "EmulatorFault", "ErrorReport", "LockReview"],
]);
const TEXT_TOKEN = "${TfToken[TOKEN.0]}";

interface Wrong {
  /** Which properties the message has to name. */
  readonly of?: readonly string[];
  readonly value: unknown;
  readonly told: string;
}

function wrong(...values: unknown[]): Wrong[] {
  return values.map((value) => ({ value, told: told(value) }));
}

function told(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (value instanceof RegExp || value instanceof Date || value instanceof Map) {
    return Object.prototype.toString.call(value);
  }
  return value === undefined
    ? "nothing"
    : (JSON.stringify(value, (key, v) => (key === "node" ? 0 : v)) ?? "?");
}

const nothing = () => undefined;

/** What no value of the type is. */
function wrongsOf(type: Type, owner: string, name: string): Wrong[] {
  if (type.collection) {
    const { elementtype, kind } = type.collection;
    const others = kind === "array" ? [{}, new Set()] : [[], new Map()];
    const inside = wrongsOf(elementtype, owner, name).map((each) => ({
      ...each,
      value: kind === "array" ? [each.value] : { [BackupService.RDS]: each.value },
      told: kind === "array" ? `[${each.told}]` : `{ rds: ${each.told} }`,
    }));
    return [...wrong(null, "a", 5, true, nothing, ...others), ...inside];
  }
  switch (type.primitive) {
    case "string": {
      const isFree = MAY_BE_A_TOKEN.has(name) || TAKEN_AS_THEY_ARE.has(owner);
      const tokens = isFree ? [] : [TEXT_TOKEN];
      return wrong(null, 5, 5n, true, NaN, {}, ["a"], nothing, /a/, Symbol("a"), ...tokens);
    }
    case "number": {
      const tokens = TAKEN_AS_THEY_ARE.has(owner) && owner !== "EmulatorFault";
      const numbers = tokens ? [] : [NaN, Infinity, Token.asNumber("${a.b}")];
      return wrong(null, "5", 5n, true, {}, [5], nothing, Symbol("a"), ...numbers);
    }
    case "boolean":
      return wrong(null, "true", 1, 0, {}, [], nothing, "${var.a}");
    case "date": {
      const isFree = TAKEN_AS_THEY_ARE.has(owner);
      return wrong(null, "2026-01-31", 5, {}, [], nothing, ...(isFree ? [] : [new Date(NaN)]));
    }
    case "any":
      return [];
  }
  const declared = types[type.fqn!];
  if (declared?.kind === "enum") return wrong(null, "nope", 5, {}, [], ["a"], nothing, "toString");
  if (declared?.datatype) return wrongStructs(declared);
  // A class, or what somebody else implements.
  return wrong(null, "otc", 5, true, [], {}, nothing, /a/, new Date(), Duration);
}

function propertiesOf(struct: Declared): Member[] {
  const inherited = (struct.interfaces ?? []).flatMap((fqn) => propertiesOf(types[fqn]!));
  return [...inherited, ...(struct.properties ?? [])];
}

function wrongStructs(struct: Declared): Wrong[] {
  const usable = USABLE[struct.name];
  if (!usable) throw new Error(`USABLE has no ${struct.name}`);
  const of = (name: string, value: unknown) => ({ ...usable(), [name]: value });
  const names = propertiesOf(struct).map(({ name }) => name);
  const isOpen = struct.name === "BackupQueryProps";
  return [
    ...wrong(null, "a", 5, true, [], nothing, new Map(), new Date(), Symbol("a")),
    ...(isOpen
      ? []
      : [{ of: ["notThere", ...names], value: of("notThere", 1), told: "{ notThere }" }]),
    ...propertiesOf(struct).flatMap(({ name, optional, type }) => [
      ...(optional ? [] : [{ of: [name], value: of(name, undefined), told: `no ${name}` }]),
      ...wrongsOf(type, struct.name, name).map((each) => ({
        of: each.of ?? [name],
        value: of(name, each.value),
        told: `{ ${name}: ${each.told} }`,
      })),
    ]),
  ];
}

interface Callable {
  readonly name: string;
  readonly parameters: readonly Member[];
  readonly call: (values: readonly unknown[]) => unknown;
}

/** All that a program can call, of what the library exports. */
function callables(): Callable[] {
  return Object.values(types).flatMap(({ kind, name, initializer, methods = [] }) => {
    if (kind !== "class") return [];
    const type = name === "BackupQuery" ? OwnQuery : (library as any)[name];
    const parameters = initializer?.parameters ?? [];
    const isConstruct = parameters[0]?.name === "scope";
    const own = isConstruct ? parameters.slice(2, 3) : parameters;
    const construct = (values: readonly unknown[]) =>
      isConstruct ? new type(stack, id(), ...values) : new type(...values);
    return [
      ...(own.length > 0 ? [{ name, parameters: own, call: construct }] : []),
      ...methods.flatMap((method) => {
        const called = `${name}.${method.name}`;
        if (!method.parameters || LEFT_OUT.includes(called)) return [];
        const isScoped = method.parameters[0]?.name === "scope";
        const call = (values: readonly unknown[]) => {
          const on = method.static ? type : (ON[name]?.() ?? emulator);
          if (isScoped) return on[method.name](stack, ...values);
          // A thread for each would take minutes.
          if (called === "BackupEmulator.start") return configOf(values[0] as object);
          return on[method.name](...values);
        };
        return [{ name: called, parameters: method.parameters.slice(isScoped ? 1 : 0), call }];
      }),
    ];
  });
}

/** What the parameters may be. */
function usableArguments({ name, parameters }: Callable): unknown[] {
  const given = ARGUMENTS[name]?.();
  return (
    given ??
    parameters.map(({ type }) => {
      const struct = type.fqn && types[type.fqn]?.datatype ? types[type.fqn] : undefined;
      return struct && USABLE[struct.name]?.();
    })
  );
}

/** Why it is not refused as it should be; undefined where it is. */
function complaint(act: () => unknown, of: readonly string[] = []): string | undefined {
  try {
    act();
    return "is taken";
  } catch (error) {
    if (!(error instanceof BackupsUsageError)) return `throws ${String(error)}`;
    const isTold = of.every((name) => error.message.includes(name));
    return isTold ? undefined : `says ${error.message}`;
  }
}

describe("whatever a program without types gives", () => {
  const all = callables();

  test("is checked of all that can be called", () => {
    expect(all.length).toBeGreaterThan(40);
    expect(all.map(({ name }) => name)).toContain("RestoreTarget");
  });

  test.each(all.map((each) => [each.name, each] as const))(
    "to %s is refused where it is of another type or has another name, and taken where not",
    (_name, callable) => {
      // Of nothing there is no review.
      if (callable.name !== "LockReview.between") callable.call(usableArguments(callable));
      const complaints = callable.parameters.flatMap(({ name, optional, type }, i) => {
        const own = callable.name.split(".")[0]!;
        const wrongs = wrongsOf(type, own, name);
        const missing = optional || type.primitive === "any" ? [] : wrong(undefined);
        // A struct without anything that is required may be left out by a program without types.
        const isStruct = type.fqn !== undefined && types[type.fqn]?.datatype;
        return [...wrongs, ...(isStruct ? [] : missing)].flatMap(({ of, told, value }) => {
          const values = usableArguments(callable);
          values[i] = value;
          const said = complaint(() => callable.call(values), of);
          return said === undefined ? [] : [`${name} ${told}: ${said}`];
        });
      });
      expect(complaints).toEqual([]);
    },
  );

  test.each(all.map((each) => [each.name, each] as const))(
    "to %s, be it anything at all, has a code where it is refused",
    (_name, callable) => {
      const { parameters } = callable;
      const value = fc.anything({
        ...{ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true },
        ...{ withSet: true, withSparseArray: true, withTypedArray: true },
      });
      const given = parameters.map(({ type }) => {
        const struct = type.fqn ? types[type.fqn] : undefined;
        if (!struct?.datatype) return value;
        const names = propertiesOf(struct).map(({ name }) => [name, value] as const);
        const some = fc.record(Object.fromEntries(names), { requiredKeys: [] });
        return fc.oneof(
          value,
          some,
          some.map((each) => ({ ...USABLE[struct.name]!(), ...each })),
        );
      });
      const values = (each: unknown) => parameters.map(() => each);
      fc.assert(
        fc.property(fc.tuple(...given), (values) => {
          try {
            callable.call(values);
          } catch (error) {
            if (!library.BackupsError.isBackupsError(error)) throw error;
          }
        }),
        { numRuns: 150, examples: [[values(undefined)], [values(null)]] },
      );
    },
  );
});

describe("a program without types is told", () => {
  const given = (props: object) => props as any;
  const anInstance = { instanceId: "a" };

  test.each<[string, () => unknown, string]>([
    [
      "a name in another case",
      () => new RestoreTarget(stack, id(), given({ backups: query(), maxage: 5 })),
      "INVALID_PROPERTY: maxage is no property of RestoreTarget. Did you mean maxAge? Allowed: backups, selection, maxAge, destination, onto, mustLastUntil, mustLastFor, onUnmet, pin, warnAtPlan. [construct: ",
    ],
    [
      "a name with a letter too many",
      () => new RdsBackups(stack, id(), given({ ...anInstance, backupTypes: "manual" })),
      "INVALID_PROPERTY: backupTypes is no property of RdsBackups. Did you mean backupType? ",
    ],
    [
      "a name as Python has it",
      () => new RestoreTarget(stack, id(), given({ backups: query(), max_age: 5 })),
      "INVALID_PROPERTY: max_age is no property of RestoreTarget. Did you mean maxAge? ",
    ],
    [
      "a name that is like none",
      () => new RdsBackups(stack, id(), given({ ...anInstance, verbose: true })),
      "INVALID_PROPERTY: verbose is no property of RdsBackups. Allowed: instanceName, backupId, ",
    ],
    [
      "whose filter it is",
      () => new RdsBackups(stack, id(), given({ ...anInstance, type: "instance" })),
      'INVALID_FILTER: type "instance" is none that RDS knows. Leave it out: the list of RDS has no such filter; that of GeminiDB has.',
    ],
    [
      "a name inside of another",
      () => new RestoreTarget(stack, id(), given({ backups: query(), pin: { Epoch: 1 } })),
      "INVALID_PROPERTY: Epoch is no property of pin. Did you mean epoch? Allowed: epoch.",
    ],
    [
      "a name inside of a list",
      () => {
        const members = [{ name: "a", backups: query(), moment: true }];
        return new library.ConsistencyGroup(stack, id(), given({ members }));
      },
      "INVALID_PROPERTY: moment is no property of members[0]. Did you mean moments? ",
    ],
    [
      "an option of a rule",
      () => Rule.gap(given({ scedule: Duration.hours(1) })),
      "UNKNOWN_RULE_PARAMETER: the rule gap has no parameter scedule. Did you mean schedule? Allowed: within, schedule, tolerance.",
    ],
    [
      "a cloud by its name",
      () => new BackupProvider(stack, id(), given({ cloud: "otc" })),
      'INVALID_PROPERTY: cloud is "otc". Allowed is a Cloud, such as Cloud.openTelekomCloud().',
    ],
    [
      "a number for a Duration",
      () => new RestoreTarget(stack, id(), given({ backups: query(), maxAge: 26 })),
      "INVALID_DURATION: maxAge is 26. Allowed is a Duration, such as Duration.hours(26).",
    ],
    [
      "a timeout in seconds",
      () => new BackupProvider(stack, id(), given({ timeout: 5 })),
      "INVALID_DURATION: timeout is 5. Allowed is a Duration, such as Duration.hours(26).",
    ],
    [
      "a text for a Date",
      () => new BackupProvider(stack, id(), given({ asOf: "2026-01-31" })),
      'INVALID_TIME: asOf is "2026-01-31". Allowed is a Date from 1970 on, such as new Date(',
    ],
    [
      "a function for a condition",
      () => Selection.latest(given({ condition: () => undefined })),
      "INVALID_PROPERTY: Selection.latest: condition is a function. Allowed is an object with a method `rejects`.",
    ],
    [
      "a RegExp for a glob",
      () => Selection.latest(given({ nameGlob: /nightly/ })),
      "INVALID_PROPERTY: Selection.latest: nameGlob is a RegExp. Allowed is a text, in which * is any text and ? any character.",
    ],
    [
      "a number that Terraform fills in",
      () => Selection.latest({ minSizeBytes: Lazy.numberValue({ produce: () => 5 }) }),
      "INVALID_SIZE: Selection.latest: minSizeBytes is a number that Terraform knows only at deploy. Allowed is a number of bytes from 0.",
    ],
    [
      "one service in place of a list",
      () => new library.ProjectBackups(stack, id(), given({ services: "rds" })),
      'INVALID_PROPERTY: services is "rds". Allowed is a list, each item of which is a value of BackupService (',
    ],
    [
      "a list in place of one kind",
      () => new RdsBackups(stack, id(), given({ ...anInstance, backupType: ["manual"] })),
      "INVALID_KIND: backupType a list is no kind that RDS can list. Allowed: BackupKind.AUTOMATIC, ",
    ],
    [
      "a target that is a query",
      () => new library.RestoreTrigger(stack, id(), given({ target: query() })),
      "INVALID_PROPERTY: target is a RdsBackups. Allowed is a RestoreTarget.",
    ],
    [
      "properties that are none",
      () => new RestoreTarget(stack, id(), given(null as never)),
      "INVALID_PROPERTY: the properties of RestoreTarget are null. Allowed is an object.",
    ],
  ])("%s", (_what, act, message) => {
    expect(act).toThrow(BackupsUsageError);
    expect(act).toThrow(message);
  });

  test("nothing of what may be a secret", () => {
    const secrets = { accessKey: "the-access-key", secretKey: "the-secret" };
    const acts = [
      () => new BackupProvider(stack, id(), { credentials: secrets } as any),
      () => new BackupProvider(stack, id(), { credentials: secrets.secretKey } as any),
      () => new BackupProvider(stack, id(), { [secrets.secretKey.repeat(5)]: 1 } as any),
      () => Credentials.accessKey({ ...secrets, secretkey: secrets.secretKey } as any),
      () => Credentials.accessKey({ ...secrets, secretKey: [secrets.secretKey] } as any),
      () => Credentials.password({ userName: secrets, password: 5 } as any),
      () => Credentials.token(secrets as any),
      () => Credentials.accessKey(secrets.secretKey as any),
      () => Credentials.password(secrets.secretKey as any),
      () => new BackupProvider(stack, id(), secrets.secretKey as any),
      () => Credentials.token({ toMilliseconds: () => 1, toString: () => "the-secret" } as any),
      () => {
        const environment = { DB_PASSWORD: ["the-secret"] } as any;
        return new library.RestoreTrigger(stack, id(), {
          target: target(),
          command: "a",
          environment,
        });
      },
      () => Cloud.custom(secrets as any),
    ];
    for (const act of acts) {
      expect(act).toThrow(BackupsUsageError);
      expect(act).not.toThrow(/the-access-key|the-secret/);
    }
    expect(acts[0]).toThrow(/credentials is an object. Allowed is a Credentials, such as/);
    expect(acts[3]).toThrow(
      /secretkey is no property of Credentials.accessKey. Did you mean secretKey/,
    );
  });
});

describe("a class of the program's own", () => {
  interface OwnProps extends library.RestoreTargetProps {
    readonly owner: string;
  }
  class OwnTarget extends RestoreTarget {
    constructor(scope: Construct, name: string, props: OwnProps) {
      super(scope, name, props);
    }
  }

  test("may have properties of its own, and is held to those that it has from the library", () => {
    const backups = query();
    new OwnTarget(stack, id(), { backups, owner: "orders" });
    new OwnQuery(stack, id(), { owner: "orders" } as any);
    const maxAge = 26 as any;
    expect(() => new OwnTarget(stack, id(), { backups, owner: "orders", maxAge })).toThrow(
      /^INVALID_DURATION: maxAge is 26/,
    );
    expect(() => new OwnQuery(stack, id(), { outputs: "most" } as any)).toThrow(
      /^INVALID_PROPERTY: outputs is "most"/,
    );
  });
});

test("what is left out may be there as undefined, as it comes from other languages", () => {
  new RestoreTarget(stack, id(), { backups: query(), maxAge: undefined, maxage: undefined } as any);
});

test("the objects of another copy of the library are taken for what they are", () => {
  jest.isolateModules(() => {
    // Two copies of it in a program have one framework.
    jest.doMock("cdktf", () => cdktf);
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const other = require("../lib") as typeof library;
    expect(other.RdsBackups).not.toBe(RdsBackups);
    new BackupProvider(stack, id(), {
      cloud: other.Cloud.huaweiCloud(),
      credentials: other.Credentials.fromEnvironment(),
      timeout: other.Duration.minutes(1),
      lockStore: new other.MemoryLock(),
    });
    // Only one of the copies can write what belongs to a stack.
    const elsewhere = new TerraformStack(stack.node.root as Construct, id());
    const backups = new other.RdsBackups(elsewhere, id(), { instanceId: "a" });
    const maxAge = other.Duration.hours(26);
    new RestoreTarget(stack, id(), { backups, selection: other.Selection.latest(), maxAge });
    new library.RecoveryPolicy(stack, id(), { queries: [backups], rules: [other.Rule.rpo()] });
  });
});
