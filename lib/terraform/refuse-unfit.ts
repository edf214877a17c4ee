import { LocalExecProvisioner } from "cdktf";
import { RawResource, textOf } from "./raw-resource";

const staleSince = (time: string) =>
  `The chosen backup was fresh enough until \${${time}}, which has passed, so nothing is restored. Synthesise again. If nothing newer is chosen then, make a backup first.`;
const UNMET = "The target is unmet, so nothing is restored.";

/**
 * A command that fails where the choice in the input of the resource that carries it, or of another
 * one, is unmet, or stale by the clock. Terraform runs it only when its resource is made or replaced,
 * which a precondition can't tell from any other plan.
 */
export function refuseUnfit(other?: RawResource): LocalExecProvisioner {
  const input = (name: string) => (other ? textOf(other, `input.${name}`) : `self.input.${name}`);
  const isStale = `${input("fresh_until")} != "" && timecmp(timestamp(), ${input("fresh_until")}) > 0`;
  return {
    type: "local-exec",
    command: `\${${input("problem")} != "" ? ${failing(UNMET)} : try(${isStale}, false) ? ${failing(staleSince(input("fresh_until")))} : "exit 0"}`,
  };
}

/** Without quotes, so that `sh` and `cmd` both print it; of the cloud there is nothing in it. */
function failing(message: string): string {
  return JSON.stringify(`echo ${message} >&2 && exit 1`);
}
