export const CHROMIUM: { readonly executablePath: string; readonly args: string[] };

export class ConsoleStage {
  readonly folder: string;
  constructor(names: readonly string[], folder?: string);
  get url(): string;
  begin(): Promise<void>;
  openConsole(): Promise<void>;
  closeConsole(): Promise<void>;
  typed(name: string, words: string): Promise<string>;
  signalCore(name: string, signal: 'SIGSTOP' | 'SIGCONT'): void;
  close(): Promise<void>;
}
