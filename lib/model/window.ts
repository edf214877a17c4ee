/** A stretch of time to any moment of which an instance can be restored; both ends belong to it. */
export interface RestoreWindow {
  /** Its first moment. */
  readonly start: Date;
  /** Its last moment; the first one again where a single point can be restored to. */
  readonly end: Date;
}
