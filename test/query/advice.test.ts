import {
  BackupEmulator,
  BackupService,
  GaussDbBackups,
  RdsBackups,
  RestoreWindows,
} from "../../lib";
import { SERVICES } from "../../lib/services/registry";
import { appOn, SAMPLE } from "../support/app";
import { queriesOfAll } from "../support/queries";

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start();
});
afterEach(() => emulator.close());

const messageOf = (read: () => unknown) => {
  try {
    return `none, but ${String(read())}`;
  } catch (error) {
    return (error as Error).message;
  }
};
const forbid = (service: BackupService) =>
  emulator.fault({
    service,
    times: -1,
    status: 403,
    body: '{"error_code":"X.1","error_msg":"No"}',
  });

describe("a 403", () => {
  test("names the actions that each list of each service needs", () => {
    for (const service of Object.values(BackupService)) forbid(service);
    const { stack } = appOn(emulator);
    for (const query of queriesOfAll(stack)) {
      const { service, list } = query._query();
      const message = messageOf(() => query.all);
      expect(message).toMatch(/^NOT_PERMITTED/);
      for (const action of SERVICES[service].lists[list]!.actions)
        expect(message).toContain(action);
    }
  });

  test("names those of the list of instances for a name, and of the windows for windows", () => {
    forbid(BackupService.RDS);
    const { stack } = appOn(emulator);
    const named = new RdsBackups(stack, "named", { instanceName: "orders" });
    expect(messageOf(() => named.all)).toMatch(/The action that allows it: rds:instance:list\./);
    const windows = new RestoreWindows(stack, "w", {
      ...{ service: BackupService.RDS, instanceId: SAMPLE.rds },
    });
    expect(messageOf(() => windows.all)).toMatch(
      /rds:instance:list, or .*rds:instance:getRestoreTime\./,
    );
  });
});

describe("an instance that is not found", () => {
  test("by an id that ends as those of another service do says of which", () => {
    const { stack } = appOn(emulator);
    const ofRds = "0123456789abcdef0123456789abcdefin01";
    const wrong = new GaussDbBackups(stack, "wrong", { instanceId: ofRds });
    expect(messageOf(() => wrong.all)).toMatch(
      /The id ends in in01, as those of RDS do: is it a query of the right service\?/,
    );
    const right = new RdsBackups(stack, "right", { instanceId: ofRds });
    expect(messageOf(() => right.all)).toMatch(/^INSTANCE_NOT_FOUND(?!.*right service)/);
    const other = new RdsBackups(stack, "other", { instanceId: "admin14" });
    expect(messageOf(() => other.all)).toMatch(/^INSTANCE_NOT_FOUND(?!.*right service)/);
  });
});
