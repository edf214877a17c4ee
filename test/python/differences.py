# What differs from TypeScript, each as a program meets it. FRAMEWORK says whose app it is.
import importlib
import json
import os
import re
from datetime import datetime, timedelta, timezone

import jsii
from cdktf_backups import (
    BackupEmulator,
    BackupProvider,
    BackupService,
    Credentials,
    Duration,
    ErrorReport,
    IBackupCondition,
    ILockStore,
    LookupMode,
    MemoryLock,
    RdsBackups,
    RecoveryPolicy,
    RestoreTarget,
    Rule,
    RuleLevel,
    Selection,
    Unmet,
)

framework = importlib.import_module(os.environ["FRAMEWORK"])
INSTANCE = BackupEmulator.sample_instances(BackupService.RDS)[0]
MISSING = "ffffffffffffffffffffffffffffffffin01"

emulator = BackupEmulator.start()
told = {}


def stack_on(name, **more):
    app = framework.App(outdir=name)
    settings = {
        "cloud": emulator.cloud,
        "credentials": emulator.credentials,
        "region": emulator.region,
        "lock_store": MemoryLock(),
    }
    BackupProvider(app, "provider", **{**settings, **more})
    return app, framework.TerraformStack(app, "stack")


def caught(act):
    try:
        act()
    except Exception as error:
        reports = ErrorReport.all_of(str(error))
        return {
            "type": type(error).__name__,
            "text": str(error),
            "reports": [[report.code, report.actor.name, report.meaning] for report in reports],
        }
    return None


_, stack = stack_on("errors")
query = RdsBackups(stack, "rds", instance_id=INSTANCE)
told["not found"] = caught(lambda: query.by_id("nope"))
told["blank id"] = caught(lambda: RdsBackups(stack, "blank", instance_id=""))
told["timedelta"] = caught(lambda: RdsBackups(stack, "delta", instance_id=INSTANCE, within=timedelta(days=2)))
told["of another"] = caught(lambda: int("x"))

app, stack = stack_on("synthesis")
RdsBackups(stack, "a", instance_id=MISSING)
RestoreTarget(
    stack,
    "b",
    backups=RdsBackups(stack, "rds", instance_id=INSTANCE),
    max_age=Duration.seconds(1),
)
told["synthesis"] = caught(app.synth)

told["naive"] = caught(lambda: Selection.latest_before(datetime(2026, 1, 31, 12, 0)))
aware = Selection.latest_before(datetime(2026, 1, 31, 12, 0, tzinfo=timezone(timedelta(hours=2))))
told["aware"] = aware.to_string()


@jsii.implements(ILockStore)
class OwnStore:
    text = None

    def read(self):
        return self.text

    def write(self, text, previous=None):
        if self.text != previous:
            return False
        self.text = text
        return True


store = OwnStore()
app, stack = stack_on("store", lock_store=store)
RdsBackups(stack, "rds", instance_id=INSTANCE)
app.synth()
told["stored"] = re.search("br01", store.text or "") is not None
app, stack = stack_on(
    "frozen", lock_store=store, mode=LookupMode.FROZEN, credentials=Credentials.token("of no use")
)
told["frozen"] = len(RdsBackups(stack, "rds", instance_id=INSTANCE).all)


@jsii.implements(IBackupCondition)
class Small:
    def rejects(self, backup):
        return None if (backup.size_bytes or 0) <= 1024**2 else "is larger than a MiB"


app, stack = stack_on("rest")
query = RdsBackups(stack, "rds", instance_id=INSTANCE)
policy = RecoveryPolicy(
    stack,
    "policy",
    queries=[query],
    rules=[
        Rule.rpo(Duration.seconds(1)).with_level(RuleLevel.WARNING),
        Rule.gap(schedule=Duration.hours(1), within=Duration.days(1)),
    ],
)
told["findings"] = sorted({finding.rule.name for finding in policy.findings})
small = RestoreTarget(
    stack,
    "small",
    backups=query,
    selection=Selection.latest(condition=Small()),
    on_unmet=Unmet.WARN,
)
told["reason"] = [each.reason for each in small.decision.rejected if each.backup.id == query.latest.id]
told["null"] = "chosen" in small.decision.to_json()
told["chosen"] = small.decision.chosen
told["raw"] = query.latest.raw["instance_id"]

_, stack = stack_on("load")
provider = stack.node.root.node.find_child("provider")
loaded = RdsBackups(stack, "rds", instance_id=INSTANCE)
before = len(emulator.requests)
told["load"] = repr(provider.load())
told["asked by load"] = len(emulator.requests) > before

emulator.fault(service=BackupService.RDS, status=400, times=-1)
_, stack = stack_on("fault")
told["fault"] = caught(lambda: RdsBackups(stack, "rds", instance_id=INSTANCE).latest)
emulator.close()
told["closed"] = caught(lambda: emulator.requests)
print(json.dumps(told))
