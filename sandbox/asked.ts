/** What whoever asks wants to know meanwhile, and when to give up. */
export interface Asked {
  readonly signal: AbortSignal;
  /** One line on what is done now. */
  readonly onProgress: (line: string) => void;
}
