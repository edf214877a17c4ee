import { ErrorCode } from "../model/error-codes";
import { BackupsError, errorOf } from "../model/errors";

// Where the library's advice is for programs.
const ADVICE: { readonly [code in ErrorCode]?: string } = {
  NO_CLOUD:
    "Set HW_CLOUD (myhuaweicloud.com, myhuaweicloud.eu or otc.t-systems.com), OS_AUTH_URL or CDKTF_BACKUPS_ENDPOINTS, or give --cloud.",
  NO_REGION: "Set HW_REGION_NAME beside HW_*, OS_REGION_NAME beside OS_*, or give --region.",
  NO_CREDENTIALS:
    "Set HW_ACCESS_KEY and HW_SECRET_KEY, or OS_ACCESS_KEY and OS_SECRET_KEY; or OS_USERNAME, OS_PASSWORD and OS_USER_DOMAIN_NAME; or OS_TOKEN; or OS_CLOUD with a clouds.yaml that has them. Keys in HW_* without HW_CLOUD or HW_AUTH_URL are Huawei Cloud's: for another set HW_CLOUD as well.",
  AMBIGUOUS_ENVIRONMENT: "Unset one family, or give --cloud where they name different clouds.",
  CLOCK_SKEW: "Allowed are 15 min: set this machine's clock.",
  DEADLINE_EXCEEDED: "Try again, or give it longer by --timeout.",
  NO_ENDPOINT:
    "Add it to CDKTF_BACKUPS_ENDPOINTS; of the services name those that you use, such as `cdktf-backups doctor rds`.",
  INVALID_KIND: "Allowed: automatic, manual, fragment; no restore starts from another alone.",
  NO_POINT_IN_TIME:
    "A cache is restored from a backup only: leave out --at and --newest-moment for the newest, or give --before or --id.",
  THROTTLED: "Wait, or give it longer by --timeout: each request waits for its turn.",
};

/** The same error with what a person can do about it who has a command line and no program. */
export function forCommand(error: BackupsError): BackupsError {
  const { code, details } = error;
  const advice = isForCreators(details.advice)
    ? "Check its id or name, the region and the project."
    : ADVICE[code];
  return advice === undefined ? error : errorOf({ ...details, advice });
}

/** The command creates no instance; what else is said of a missing one, such as the nearest names, stays. */
function isForCreators(advice = ""): boolean {
  return advice.includes("`ifInstanceMissing: ");
}
