/** The program asked for what cannot be, and has to change. */
const program = (meaning: string) => ({ actor: "program", meaning }) as const;

/** The program may be right: what it runs in, or what it asks, has to change. */
const environment = (meaning: string) => ({ actor: "environment", meaning }) as const;

/**
 * Every code of an error: who has to act, and what it means. `docs/errors.md` is generated from it
 * (`UPDATE_ERRORS=1 npx jest test/model/error-codes.test.ts`).
 */
export const ERROR_CODES = {
  AMBIGUOUS_ENVIRONMENT: environment(
    "Both families of variables (`HW_*` and `OS_*`) are set, and they name different clouds or users.",
  ),
  AFTER_SYNTHESIS: program(
    "The construct was declared after the synthesis, so nothing of it would be written.",
  ),
  ANSWER_TOO_LARGE: environment("An answer is larger than any page of backups can be."),
  AS_OF_UNKNOWN: program(
    "In the mode FROZEN `asOf` was read before anything told which answers of the lock count.",
  ),
  BACKUP_NOT_FOUND: environment("There is no backup of that id."),
  BACKUP_NOT_GOOD_ENOUGH: environment(
    "A backup or a moment was chosen, and it is too old or does not fit what the target demands.",
  ),
  BAD_ANSWER: environment("An answer has not the shape that the service's page gives it."),
  CA_FILE_UNREADABLE: environment("The file of the CA to trust can't be read."),
  CERTIFICATE_NOT_TRUSTED: environment("The server's certificate can't be checked."),
  CLOCK_SKEW: environment(
    "This machine's clock and the service's differ too much for an age to be told.",
  ),
  CLOUDS_YAML: environment(
    "`OS_CLOUD` is set, and clouds.yaml is not there, can't be read or has no such cloud.",
  ),
  DEADLINE_EXCEEDED: environment("There was no answer when the time for lookups was up."),
  EMULATOR_FAILED: environment("The emulator could not start, or its thread has ended."),
  FOLDER_NOT_EMPTY: environment("The folder for a new project holds something already."),
  FOLDER_NOT_WRITABLE: environment(
    "A new project can't be written to its folder, or that is none.",
  ),
  FRAMEWORK_MISMATCH: program(
    "The app is of another copy of cdktf or cdktn than the one that the library finds.",
  ),
  FRAMEWORK_MISSING: program("Neither cdktf nor cdktn is installed where the library finds it."),
  HCL_OUTPUT: program("The app writes HCL, and only JSON can hold what the library writes."),
  INSTANCE_NOT_FOUND: environment(
    "The service knows no such instance in this region and project, or shows it to somebody else.",
  ),
  INTERRUPTED: environment("Ctrl-C was pressed while the cloud was asked."),
  INVALID_ARGUMENT: program("An argument of the command can't be."),
  INVALID_CLOUD: environment("`HW_CLOUD` is not the domain of a cloud that is known."),
  INVALID_COMMAND: program("The command of a trigger is blank."),
  INVALID_CREDENTIALS: program(
    "A part of the credentials is missing, blank, is known only at deploy, or can't travel in a header.",
  ),
  INVALID_DURATION: program("A duration is none, is nothing or is out of bounds."),
  INVALID_ENDPOINT: program(
    "An endpoint, of the program or of `CDKTF_BACKUPS_ENDPOINTS`, is not an absolute https URL under a known name.",
  ),
  INVALID_FILTER: program("A filter of the query has a word that the service does not know."),
  INVALID_ID: program("An id is missing, blank, known only at deploy, or can't be one."),
  INVALID_KIND: program("The service can't list backups of that kind, or none can be chosen."),
  INVALID_LANGUAGE: program("The services do not speak that language."),
  INVALID_LOCK: program(
    "`lockFile` is no path in a folder that exists, or `lockStore` is given too.",
  ),
  INVALID_MEMBER: program("A member of the group has a name or a selection that it can't have."),
  INVALID_MODE: program("`mode` or `CDKTF_BACKUPS_MODE` is neither LIVE, CACHED nor FROZEN."),
  INVALID_NAME: program(
    "The name of an instance is missing, blank, known only at deploy, or can't be one.",
  ),
  INVALID_PIN: program("The epoch of a pin is not a whole number from 0."),
  INVALID_POLICY: program("The policy file of the command has what it can't have."),
  INVALID_PROJECT_NAME: program("The folder of a new project has a name that no package can have."),
  INVALID_PROPERTY: program(
    "A property is missing, of another type, taken already, or none that there is.",
  ),
  INVALID_PROXY: environment("The address of the proxy in the variables is no URL."),
  INVALID_PRUNE_DAYS: program("`CDKTF_BACKUPS_PRUNE_DAYS` is not a whole number of days."),
  INVALID_REGION: program("The region can't be the id of one."),
  INVALID_RULE_LEVEL: program("A rule was set to a level that does not exist."),
  INVALID_RULE_PARAMETER: program("A parameter of a rule has a value that it can't have."),
  INVALID_RULE_SETTING: program(
    "The rules of a policy are no list of rules, or one is given twice; or the options of a rule are no object.",
  ),
  INVALID_SERVICE: program(
    "A query, or the emulator, was given a service or a list that there is not.",
  ),
  INVALID_SIZE: program("A size is less than nothing, or no number."),
  INVALID_SUPPRESSION: program("A suppression has no path to stand for."),
  INVALID_TIME: program("A time is no valid Date, or out of bounds."),
  INVALID_WINDOW: program(
    "The window of a query is empty, ends before it begins, or is given twice.",
  ),
  LIST_DID_NOT_SETTLE: environment(
    "A list was read several times, and its pages never fitted together.",
  ),
  LIST_TOO_LONG: environment("A list has more backups, pages or bytes than the library reads."),
  LOCK_AMBIGUOUS: environment(
    "In the mode FROZEN the lock's answers are of different runs, or nothing tells whose they are.",
  ),
  LOCK_BLOCKED: environment(
    "Something else lies where the writers of the lock hold a file of their own.",
  ),
  LOCK_BUSY: environment("Other processes kept the lock, or kept changing it."),
  LOCK_INVALID: environment("The lock was edited, cut off or left in a merge conflict."),
  LOCK_MISSING: environment(
    "In the mode FROZEN the lock has no answer to a query, or is not there at all.",
  ),
  LOCK_OF_ANOTHER_HOST: environment(
    "Another host than the one to ask has answered what is locked.",
  ),
  LOCK_OF_ANOTHER_PROJECT: environment(
    "Another project than the one that is asked has answered what is locked.",
  ),
  LOCK_TOO_LARGE: environment("The lock is larger than the library reads or writes."),
  LOCK_TOO_NEW: environment("The lock was written by a newer version of the library."),
  LOCK_UNREADABLE: environment(
    "The lock is no file or can't be read, or its store is not synchronous.",
  ),
  LOOKUPS_FAILED: environment("Several lookups failed: the message has each of them."),
  MISSING_REASON: program("A suppression has no reason."),
  MOMENT_NOT_RESTORABLE: environment("The service can't restore to that moment."),
  NO_BACKUP_LISTED: environment(
    "The target is a moment, and no backup is listed that it builds on: read `restoreTime`.",
  ),
  NO_CLOUD: environment("Neither the program nor the environment says which cloud to ask."),
  NO_CONSISTENT_SET: environment("No backups of the group's members fit together."),
  NO_CREDENTIALS: environment("No credentials were given, and none found complete."),
  NO_ENDPOINT: program("The cloud that the program names has no endpoint for what is asked."),
  NO_INSTANCE: program("A moment is asked for, and the query names no instance."),
  NO_MEMBERS: program("The group has no members."),
  NO_POINT_IN_TIME: program("The service, or the resource, can't restore to a moment."),
  NO_REGION: environment("Neither the program nor the environment names a region."),
  NO_RESTORABLE_BACKUP: environment("There is nothing that the selection could choose."),
  NO_RESTORE_RESOURCE: program("No Terraform resource can do this restore."),
  NO_TERRAFORM_PROVIDER: program("The stack has no provider for the resource that restores."),
  NOT_FOUND: environment("The address knows no such list: the region or the endpoint is wrong."),
  NOT_FOUND_OR_NOT_PERMITTED: environment(
    "There is no such instance, or the user may not list its backups: the service does not say which.",
  ),
  NOT_LISTED: program(
    "The emulator was given of a backup or an instance what the service's list has no field or word for.",
  ),
  NOT_PERMITTED: environment("The user may not list these backups in this project."),
  NOT_PINNED: program("What acts needs a pin, or `onEveryNewBackup: true`."),
  OUTPUT_NOT_WRITTEN: environment(
    "A file, or standard output, to which the command was to write can't be written.",
  ),
  OUTSIDE_A_STACK: program("The construct is not inside a stack, so it would not be synthesised."),
  OVERWRITE_NOT_CONFIRMED: program("`confirmOverwriteOf` is not the instance to overwrite."),
  PACKAGE_INCOMPLETE: program(
    "A file of the package does not lie beside its others: a bundler has taken the library apart.",
  ),
  POLICY_UNREADABLE: environment("The policy file of the command is not there or can't be read."),
  PREFLIGHT_CREDENTIALS: program("A preflight can't use credentials that the program holds."),
  PREFLIGHT_FAILED: environment(
    "At the apply the chosen backup, or the moment, was no longer there or no longer fit.",
  ),
  PROJECT_NOT_FOUND: environment("The user sees no project of that name, or several."),
  REFUSED_BY_SERVICE: environment("The service refused an id or a filter of the query."),
  RESTORES_ITSELF: program("The block would replace an instance by a restore of itself."),
  SERVICE_FAILED: environment("The service could not answer, several times."),
  REVISION_UNREADABLE: environment("There is no git, no such revision, or no such file in it."),
  SEVERAL_INSTANCES: program("The backups to choose from are of several instances."),
  SEVERAL_PROVIDERS: program("A scope has several providers, and the query does not say which."),
  SIGN_IN_REFUSED: environment("IAM refused the user, the password or the domain."),
  SIGNATURE_REFUSED: environment(
    "The access key, its secret or this machine's clock is wrong, or a proxy changed the request.",
  ),
  SYNTHESIS_UNREADABLE: environment(
    "What a synthesis wrote is not there, or is not as the library writes it.",
  ),
  THROTTLED: environment("More was asked than the cloud allows in the time."),
  TOKEN_REFUSED: environment("The token has expired, or is of another project or region."),
  UNEXPECTED_ANSWER: environment("What answered is not the API."),
  UNKNOWN_RULE: program("There is no rule of that id."),
  UNKNOWN_RULE_PARAMETER: program("The rule has no parameter of that name."),
  UNREACHABLE: environment("The host could not be reached."),
  WORKER_FAILED: environment("The thread that asks the cloud has ended, or failed by a defect."),
  WRONG_CLOUD: program("The block is of the other cloud's provider."),
};

/**
 * What an error is known by.
 * @jsii ignore
 */
export type ErrorCode = keyof typeof ERROR_CODES;
