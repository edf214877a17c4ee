/** A document of IAM, as it is pasted into a custom policy. */
export interface Policy {
  readonly Version: string;
  readonly Statement: readonly { readonly Effect: "Allow"; readonly Action: readonly string[] }[];
}

/** What finds a project by its name: the only call that is no service's. */
export const FIND_PROJECT = "iam:projects:listProjects";

/** Of several names the first is that of custom policies; the others are those of identity policies. */
export function inCustomPolicies({ actions }: { readonly actions: readonly string[] }): string[] {
  return actions.slice(0, 1);
}

/** The custom policy that allows these actions and nothing else. */
export function policyFor(actions: readonly string[]): Policy {
  return { Version: "1.1", Statement: [{ Effect: "Allow", Action: [...new Set(actions)].sort() }] };
}
