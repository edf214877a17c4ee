import type { LocalExecProvisioner } from "cdktf";

const UNMET = "The target is unmet, so nothing is restored.";

/**
 * A command that fails where the choice in the input of the resource that carries it, or of another
 * one, is unmet, or stale by the clock. Terraform runs it only when its resource is made or replaced,
 * which a precondition can't tell from any other plan.
 */
export function refuseUnfit(input: (name: string) => string = ofSelf): LocalExecProvisioner {
  const [problem, freshUntil] = [input("problem"), input("fresh_until")];
  const stale = `The chosen backup was fresh enough until \${${freshUntil}}, which has passed, so nothing is restored. Make a backup, where there is no newer one, and raise the epoch of the pin.`;
  const isStale = `${freshUntil} != "" && timecmp(timestamp(), ${freshUntil}) > 0`;
  return {
    type: "local-exec",
    command: `\${${problem} != "" ? ${failing(UNMET)} : try(${isStale}, false) ? ${failing(stale)} : "exit 0"}`,
  };
}

function ofSelf(name: string): string {
  return `self.input.${name}`;
}

/** Without quotes, so that `sh` and `cmd` both print it; of the cloud there is nothing in it. */
function failing(message: string): string {
  return JSON.stringify(`echo ${message} >&2 && exit 1`);
}
