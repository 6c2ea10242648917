import { type Caller, HostError, type Zone } from 'roost/plugin';

/** The caller's zone. @throws HostError zone.none */
export function zoneOf(caller: Caller): Zone {
  if (!caller.zone) throw new HostError('zone.none');
  return caller.zone;
}
