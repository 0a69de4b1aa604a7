/** Rejects with what opening a port would meet. */
export async function loadSerialPort(): Promise<void> {
  await import('serialport');
}
