/** The last line of a run, in the one form that any reader of logs understands. */
module.exports = class ClosingLine {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    console.log(`Tests: ${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`);
  }
};
