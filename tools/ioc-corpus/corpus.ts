import { alerts } from './alerts';
import { code } from './code';
import { defanged } from './defanged';
import { documents } from './documents';
import { edges } from './edges';
import { innocentCode, innocentText } from './false-positives';
import { logs } from './logs';
import { mail } from './mail';
import { chinese, japanese, korean } from './prose-asian';
import { english } from './prose-english';
import { french, german, others } from './prose-european';
import { otherHashes, versions } from './lookalikes';
import { objects, programs } from './programs';
import { reports } from './reports';
import type { Row } from './case';
import { files, spellings } from './spellings';
import { tables } from './tables';
import { pages, tickets } from './tickets';
import { tokens } from './tokens';
import { urls } from './urls';

/** Every text and what is to be found in it, by where people meet it. */
export const corpus: Readonly<Record<string, readonly Row[]>> = {
  'defanged reports': defanged,
  mail,
  logs,
  alerts,
  tables,
  'English prose': english,
  'French prose': french,
  'German prose': german,
  'prose in other European languages': others,
  'Japanese prose': japanese,
  'Chinese prose': chinese,
  'Korean prose': korean,
  code,
  'tickets and chats': tickets,
  'pages, rules and configuration': pages,
  'whole documents': documents,
  URLs: urls,
  'single values': tokens,
  edges,
  spellings,
  'names of files and products': files,
  'numbers that are versions': versions,
  'hashes of something else': otherHashes,
  'code that is innocent': innocentCode,
  'text that is innocent': innocentText,
  'what programs print': programs,
  'objects of other tools': objects,
  'reports that come in': reports,
};
