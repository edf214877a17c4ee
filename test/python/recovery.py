# A pipeline's program: what it looks up, what it decides and what it writes. FRAMEWORK says whose app it is.
import importlib
import json
import os
from datetime import timedelta, timezone

from cdktf_backups import (
    BackupEmulator,
    BackupService,
    DcsBackups,
    Duration,
    GaussDbBackups,
    GeminiDbBackups,
    NewInstanceRestore,
    RdsBackups,
    RestorePin,
    RestoreTarget,
    RestoreTrigger,
    Selection,
    TaurusDbBackups,
)

framework = importlib.import_module(os.environ["FRAMEWORK"])


def sample(service):
    return BackupEmulator.sample_instances(service)[0]


class Recovery(framework.TerraformStack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        self.queries = {
            "gaussdb": GaussDbBackups(self, "gaussdb", instance_id=sample(BackupService.GAUSSDB)),
            "rds": RdsBackups(self, "rds", instance_id=sample(BackupService.RDS)),
            "geminidb": GeminiDbBackups(self, "geminidb", instance_id=sample(BackupService.GEMINIDB)),
            "dcs": DcsBackups(self, "dcs", instance_id=sample(BackupService.DCS)),
            "taurusdb": TaurusDbBackups(self, "taurusdb", instance_id=sample(BackupService.TAURUSDB)),
        }
        self.target = RestoreTarget(
            self,
            "target",
            backups=self.queries["rds"],
            max_age=Duration.hours(26),
            pin=RestorePin(epoch=1),
        )
        RestoreTrigger(self, "restore", target=self.target, command="echo restored")
        self.block = NewInstanceRestore.open_telekom_cloud_rds(target=self.target)
        # As the classes of a provider take it; this one needs none.
        framework.TerraformOutput(
            self,
            "block",
            value={
                "instance_id": self.block.restore_point.instance_id,
                "backup_id": self.block.restore_point.backup_id,
                "prevent_destroy": self.block.lifecycle.prevent_destroy,
                "ignore_changes": self.block.lifecycle.ignore_changes,
            },
        )


app = framework.App()
stack = Recovery(app, "recovery")
rds = stack.queries["rds"]
latest = rds.latest
decision = stack.target.decision
in_berlin = latest.end_time.astimezone(timezone(timedelta(hours=2)))
before = RestoreTarget(stack, "before", backups=rds, selection=Selection.latest_before(in_berlin))
told = {
    "counts": {name: len(query.all) for name, query in stack.queries.items()},
    "latest": latest.id,
    "kind": latest.kind.name,
    "gibibytes": latest.size_bytes / 1024**3,
    "ended": latest.end_time.isoformat(),
    "is_met": stack.target.is_met,
    "verdict": decision.to_text().splitlines()[0],
    "chosen": decision.to_json()["chosen"]["id"],
    "rejected": len(decision.rejected),
    "reasons": sorted({each.reason for each in decision.rejected}),
    "before": before.backup.id,
}
app.synth()
print(json.dumps(told))
