/** Any STIX 2.1 object. Dates are RFC 3339 in UTC with milliseconds. */
export interface StixObject {
  /** The STIX type, as `indicator`. */
  type: string;
  /** The version of STIX. */
  spec_version: '2.1';
  /** The id, as `type--UUID`. The same report gives the same id. */
  id: string;
  /** The properties of the type. */
  [property: string]: unknown;
}

/** A STIX 2.1 bundle. */
export interface StixBundle {
  /** The STIX type. */
  type: 'bundle';
  /** The id, as `bundle--UUID`. The same objects give the same id. */
  id: string;
  /** The objects, each once: the marking, VirusTotal's identity, and what the reports say. */
  objects: StixObject[];
}

/** A property with neither a value nor an element may not be there at all. */
export type Properties = Record<string, unknown>;
