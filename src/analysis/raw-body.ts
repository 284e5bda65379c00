import { reportFromV3 } from '../report/from-v3';
import { isObject, own, type JsonObject } from '../report/narrow';
import type { ReportType } from '../report/report';

const TYPES: Readonly<Record<string, ReportType>> = {
  file: 'file',
  url: 'url',
  domain: 'domain',
  ip_address: 'ip',
};

/**
 * An answer of API v3 as VirusTotal sends it, by an http request node for example: `{data: {type, id, attributes}}`, the object in
 * it, or `{error: {code: 'NotFoundError'}}`. Every other error of v3 is a report with an error already.
 */
export function isRawBody(value: JsonObject): boolean {
  return objectOf(value) !== undefined || isNotFound(value);
}

/** @throws ReportShapeError when the body can't be read */
export function reportOfRawBody(body: JsonObject): { report: JsonObject } {
  const object = objectOf(body);
  if (!object) return { report: { response_code: 0, verbose_msg: notFoundText(body) } };
  const indicator = indicatorOf(object, body);
  const report = reportFromV3(indicator, body);
  // What nothing names has no indicator: an empty one is none.
  return { report: indicator.value === '' ? { ...report, resource: undefined } : report };
}

/** The objects of an answer that lists several, as a search does; undefined for every other value. */
export function rawList(value: unknown): readonly unknown[] | undefined {
  const list = isObject(value) ? own(value, 'data') : undefined;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const objects: unknown[] = list;
  return objects.every((each) => isObject(each) && isV3Object(each)) ? objects : undefined;
}

function objectOf(value: JsonObject): JsonObject | undefined {
  const { data } = value;
  if (isObject(data)) return isV3Object(data) ? data : undefined;
  return isV3Object(value) ? value : undefined;
}

/** Whatever else has attributes is no object of VirusTotal's: it has one of four types, or statistics of the engines. */
function isV3Object({ type, attributes }: JsonObject): boolean {
  if (!isObject(attributes) || Object.keys(attributes).length === 0) return false;
  if (type === 'analysis' || (typeof type === 'string' && Object.hasOwn(TYPES, type))) return true;
  return isObject(attributes.last_analysis_stats);
}

function isNotFound({ error }: JsonObject): boolean {
  return isObject(error) && error.code === 'NotFoundError';
}

function notFoundText({ error }: JsonObject): string {
  const said = isObject(error) ? error.message : undefined;
  return typeof said === 'string' && said !== '' ? said : 'Not found in dataset';
}

/** What the object is about. Objects of URLs and analyses have an id that is no indicator. */
function indicatorOf(object: JsonObject, body: JsonObject): { type: ReportType; value: string } {
  const { id } = object;
  const attributes = object.attributes as JsonObject;
  const type = typeOf(object, attributes, body);
  const known = [own(attributes, 'url'), own(attributes, 'sha256'), own(attributes, 'md5')];
  const { meta } = body;
  const about = isObject(meta) ? [meta.url_info, meta.file_info].find(isObject) : undefined;
  if (about) known.unshift(own(about, 'url'), own(about, 'sha256'));
  if (type !== 'url' && object.type !== 'analysis') known.push(id);
  return { type, value: known.find((each) => typeof each === 'string') ?? '' };
}

function typeOf(object: JsonObject, attributes: JsonObject, { meta }: JsonObject): ReportType {
  const { type } = object;
  if (typeof type === 'string' && Object.hasOwn(TYPES, type)) return TYPES[type] as ReportType;
  if (isObject(meta) && isObject(meta.url_info)) return 'url';
  if (type === 'analysis' || typeof attributes.sha256 === 'string') return 'file';
  if (typeof attributes.url === 'string') return 'url';
  return 'as_owner' in attributes || 'network' in attributes ? 'ip' : 'domain';
}
