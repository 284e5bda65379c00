import { Analyses } from './analyses';
import { Community } from './community';
import type { Kind } from './finding';
import { IocStream } from './ioc-stream';
import { Privileges, type Privilege } from './privileges';
import { RelatedItems } from './related-items';
import { ReportCatalog } from './report-catalog';
import { UploadUrls } from './upload-urls';

/** Everything that requests read and change, without the network and without the quotas. */
export class VirusTotalState {
  readonly catalog = new ReportCatalog();
  readonly analyses: Analyses;
  readonly community: Community;
  readonly related: RelatedItems;
  readonly stream: IocStream;
  readonly uploadUrls = new UploadUrls();
  privileges: Privileges;

  /** `now`: milliseconds since the epoch. */
  constructor(now: () => number, privileges: readonly Privilege[] = []) {
    this.analyses = new Analyses(this.catalog, now);
    this.community = new Community(now);
    this.related = new RelatedItems(this.catalog, this.community);
    this.stream = new IocStream(this.catalog, now);
    this.privileges = new Privileges(privileges);
  }

  /** A request for a report: the analyses of the thing go on. */
  advanceOf(kind: Kind, indicators: readonly string[]): void {
    for (const indicator of indicators)
      if (this.analyses.pending) this.analyses.advanceOf(kind, this.catalog.find(kind, indicator).identity);
  }
}
