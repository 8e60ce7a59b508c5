/** One entry of GitHub's `errors` list. */
export interface FieldError {
  resource: string;
  field?: string;
  code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom';
  message?: string;
  value?: unknown;
}

/** An answer in GitHub's error shape; thrown by operations, turned into HTTP (or a GraphQL error) at the door. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: (FieldError | string)[] | undefined;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    more: { errors?: (FieldError | string)[]; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }

  /** The body that GitHub sends, as far as its description promises it for every error. */
  toJSON(): { message: string; errors?: (FieldError | string)[]; documentation_url: string } {
    return {
      message: this.message,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
      documentation_url: 'https://docs.github.com/rest',
    };
  }
}

export const notFound = (): ApiError => new ApiError(404, 'Not Found');
export const badCredentials = (): ApiError => new ApiError(401, 'Bad credentials');
export const notAccessible = (): ApiError => new ApiError(403, 'Resource not accessible by integration');
/** A write that the person's role does not allow. */
export const forbidden = (message = 'Must have admin rights to Repository.'): ApiError => new ApiError(403, message);
export const archived = (): ApiError => new ApiError(403, 'Repository was archived so is read-only.');

export function validationFailed(...errors: (FieldError | string)[]): ApiError {
  return new ApiError(422, 'Validation Failed', { errors });
}
