/** The database's file system has no room. Nothing was written, and the same write can be tried again. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';
}
