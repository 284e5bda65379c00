import { OPTIONS } from '../options';
import type { StixObject } from './stix';

/** TLP 2.0's extension to STIX 2.1, by the OASIS technical committee (CTI STIX Common Objects). */
const EXTENSION = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d';

/** The levels of TLP 2.0, from the one that may be shared with everybody on. */
export const TLP_LEVELS = OPTIONS['virustotal-stix'].tlp.choices;

/** A level of the Traffic Light Protocol 2.0, which says with whom a bundle may be shared. */
export type Tlp = (typeof TLP_LEVELS)[number];

/**
 * The markings of TLP 2.0. STIX 2.1 itself has those of TLP 1.0, which knows no AMBER+STRICT and says WHITE for CLEAR; writing
 * AMBER for AMBER+STRICT would let others share what they must not. So all five are of 2.0, by the ids that the technical
 * committee gave them.
 */
const MARKINGS: Readonly<Record<Tlp, string>> = {
  clear: '94868c89-83c2-464b-929b-a1a8aa3c8487',
  green: 'bab4a63c-aed9-4cf5-a766-dfca5abac2bb',
  amber: '55d920b0-5e8b-4f79-9ee9-91f868d9b421',
  'amber+strict': '939a9414-2ddd-4d32-a0cd-375ea402b003',
  red: 'e828b379-4e03-4974-9ac4-e53a884c97c1',
};

/** Makes the marking definition of a TLP 2.0 label, with the id that OASIS has fixed for it. */
export function tlpMarking(tlp: Tlp): StixObject {
  return {
    type: 'marking-definition',
    spec_version: '2.1',
    id: `marking-definition--${MARKINGS[tlp]}`,
    created: '2022-10-01T00:00:00.000Z',
    name: `TLP:${tlp.toUpperCase()}`,
    extensions: { [EXTENSION]: { extension_type: 'property-extension', tlp_2_0: tlp } },
  };
}
