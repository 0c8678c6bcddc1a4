declare module 'postject' {
  /** Puts data into a program for any system, where it finds it by this name. */
  export function inject(path: string, name: string, data: Uint8Array): Promise<void>;
}
