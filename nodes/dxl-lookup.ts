import type { NodeMessage } from 'node-red';
import { dxlRequest } from '../src/dxl/request';
import type { Extraction } from '../src/ioc/extract';
import type { Indicator } from '../src/ioc/ioc';
import { IndicatorFilter } from '../src/ioc/indicator-filter';
import { EachResult } from './each-result';
import { MessageLookup, type LookupSetup } from './message-lookup';
import type { Received } from './received';
import { eachInTurns } from './turns';

let filterWithoutConfig: IndicatorFilter | undefined;

export interface DxlSetup extends LookupSetup {
  /** Of the node's config, if it has one. */
  filter(): IndicatorFilter | undefined;
}

/** The lookup of a message that goes out as OpenDXL requests, for an OpenDXL node behind it to send. */
export class DxlLookup extends MessageLookup {
  readonly #setup: DxlSetup;

  constructor(setup: DxlSetup, received: Received) {
    super(setup, received);
    this.#setup = setup;
  }

  ask(found: Extraction): void | Promise<void> {
    const iocs = this.take(found);
    if (this.isSingle) {
      for (const ioc of iocs) this.#send(this.msg, ioc);
      return;
    }
    const each = new EachResult(this, iocs);
    return eachInTurns(iocs, (ioc, index) => this.#send(each.at(index), ioc));
  }

  protected filter(): IndicatorFilter {
    return this.#setup.filter() ?? (filterWithoutConfig ??= new IndicatorFilter());
  }

  #send(msg: NodeMessage, indicator: Indicator): void {
    const { topic, payload } = dxlRequest(indicator);
    this.received.send(Object.assign(msg, { dxlTopic: topic, payload }));
  }
}
