import type { Delivery } from '../state/records.ts';
import { timestamp } from './time.ts';

export function renderDeliveryItem(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: timestamp(delivery.deliveredAt),
    redelivery: delivery.redelivery,
    duration: delivery.durationSeconds,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

export function renderDelivery(delivery: Delivery) {
  return {
    ...renderDeliveryItem(delivery),
    url: delivery.url,
    request: { headers: delivery.request.headers, payload: JSON.parse(delivery.request.body) },
    response: { headers: delivery.response.headers, payload: delivery.response.body },
  };
}
