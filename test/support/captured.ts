/** Everything that the process writes to its terminal while `act` runs. */
export function captured(act: () => void): string {
  let written = "";
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, "write").mockImplementation((chunk) => {
      written += String(chunk);
      return true;
    }),
  );
  try {
    act();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return written;
}
