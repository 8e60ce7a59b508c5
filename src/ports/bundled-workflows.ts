/** The workflows that ship with Flotilla: the last place that a name is looked up in. */
export interface BundledWorkflows {
  /** Text of `<name>.yml`; undefined when there is none. */
  text(name: string): Promise<string | undefined>;
  /** A file beside them, by a path without `..`; undefined when there is none. */
  file(path: string): Promise<string | undefined>;
  names(): Promise<string[]>;
}
