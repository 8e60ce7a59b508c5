import packageFile from '../../package.json' with { type: 'json' };

/** Such as `0.1.0`. */
export const VERSION: string = packageFile.version;
