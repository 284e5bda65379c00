/** Any STIX 2.1 object. Dates are RFC 3339 in UTC with milliseconds. */
export interface StixObject {
  type: string;
  spec_version: '2.1';
  /** `type--UUID` */
  id: string;
  [property: string]: unknown;
}

export interface StixBundle {
  type: 'bundle';
  id: string;
  objects: StixObject[];
}

/** A property with neither a value nor an element may not be there at all. */
export type Properties = Record<string, unknown>;
