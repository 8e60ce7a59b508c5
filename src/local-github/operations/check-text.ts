import { type FieldError, validationFailed } from '../api-error.ts';

/** Seen in many public threads about GitHub's 422 answers. */
const longestBody = 65_536;
const longestTitle = 256;

/** @throws ApiError 422 in GitHub's words. */
export function checkText(resource: string, text: { title?: string; body?: string | null }): void {
  const errors: FieldError[] = [];
  if (text.title !== undefined && text.title.trim() === '')
    errors.push({ resource, field: 'title', code: 'missing_field' });
  if (text.title !== undefined && text.title.length > longestTitle)
    errors.push(tooLong(resource, 'title', longestTitle));
  if (typeof text.body === 'string' && text.body.length > longestBody)
    errors.push(tooLong(resource, 'body', longestBody));
  if (errors.length > 0) throw validationFailed(...errors);
}

/** A comment needs a text. @throws ApiError 422 */
export function checkCommentBody(body: string): void {
  if (body.trim() === '') {
    throw validationFailed({
      resource: 'IssueComment',
      field: 'body',
      code: 'missing_field',
      message: "Body can't be blank",
    });
  }
  checkText('IssueComment', { body });
}

function tooLong(resource: string, field: string, longest: number): FieldError {
  return { resource, field, code: 'custom', message: `${field} is too long (maximum is ${longest} characters)` };
}
