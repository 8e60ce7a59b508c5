import type { AgentRequest } from '../../ports/agent.ts';
import type { OpenBox } from '../../ports/sandbox.ts';

/** The operator's placeholders filled in: where the model is shows only when the box is open. */
export function atHome<Request extends Pick<AgentRequest, 'args' | 'env' | 'variables'>>(
  request: Request,
  { modelUrl }: Pick<OpenBox, 'modelUrl'>,
): Request {
  const fill = (text: string): string => text.replaceAll('{{model_url}}', modelUrl ?? '');
  const variables = Object.entries(request.variables).map(([name, value]) => [name, fill(value)]);
  return { ...request, args: request.args.map(fill), env: { ...request.env, ...Object.fromEntries(variables) } };
}
