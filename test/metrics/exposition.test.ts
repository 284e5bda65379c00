import { expect } from 'chai';
import { expose, formatFor, type Family } from '../../src/metrics/exposition';
import { LookupMetrics, mergeFamilies } from '../../src/metrics/lookup-metrics';

const COUNTER: Family = {
  name: 'virustotal_lookups',
  type: 'counter',
  help: 'Lookups \\ of\nall.',
  samples: [{ labels: { config: 'SOC "key"\n\\', type: 'ip' }, value: 3 }],
};

const KEY = {
  waiting: 2,
  oldestWaitSeconds: 1.5,
  requests: 7,
  quota: { day: { used: 5, allowed: 500 }, month: { used: 9, allowed: 0 } },
  problems: new Set(['pause'] as const),
};

describe('Metrics', () => {
  it('are written as OpenMetrics with their end, and escape what a label may hold', () => {
    expect(expose([COUNTER], 'openmetrics')).to.equal(
      '# HELP virustotal_lookups Lookups \\\\ of\\nall.\n# TYPE virustotal_lookups counter\n' +
        'virustotal_lookups_total{config="SOC \\"key\\"\\n\\\\",type="ip"} 3\n# EOF\n',
    );
  });

  it('are written in the older form with the name of the samples', () => {
    expect(expose([COUNTER], 'text'))
      .to.include('# TYPE virustotal_lookups_total counter\n')
      .and.not.include('EOF');
  });

  it('come in the form that is asked for', () => {
    expect(formatFor('application/openmetrics-text;version=1.0.0,text/plain;q=0.5')).to.equal('openmetrics');
    expect(formatFor('*/*')).to.equal('text');
    expect(formatFor(undefined)).to.equal('text');
  });

  it('count lookups by type and outcome, and their time in cumulative buckets', () => {
    const metrics = new LookupMetrics();
    for (const seconds of [0.02, 0.2, 90])
      metrics.lookup({ type: 'ip', outcome: 'clean', cached: seconds < 0.1, seconds });
    metrics.refused('VT_QUOTA');
    const text = expose(metrics.families('SOC', KEY), 'openmetrics');
    for (const line of [
      'virustotal_lookups_total{config="SOC",type="ip",outcome="clean"} 3',
      'virustotal_cache_hits_total{config="SOC"} 1',
      'virustotal_requests_total{config="SOC"} 7',
      'virustotal_refusals_total{config="SOC",code="VT_QUOTA"} 1',
      'virustotal_refusals_total{config="SOC",code="VT_QUEUE_FULL"} 0',
      'virustotal_problem{config="SOC",problem="pause"} 1',
      'virustotal_problem{config="SOC",problem="redis"} 0',
      'virustotal_waiting_lookups{config="SOC"} 2',
      'virustotal_oldest_wait_seconds{config="SOC"} 1.5',
      'virustotal_quota_used{config="SOC",period="day"} 5',
      'virustotal_quota_allowed{config="SOC",period="month"} 0',
      'virustotal_lookup_duration_seconds_bucket{config="SOC",le="0.01"} 0',
      'virustotal_lookup_duration_seconds_bucket{config="SOC",le="0.05"} 1',
      'virustotal_lookup_duration_seconds_bucket{config="SOC",le="60"} 2',
      'virustotal_lookup_duration_seconds_bucket{config="SOC",le="+Inf"} 3',
      'virustotal_lookup_duration_seconds_count{config="SOC"} 3',
    ])
      expect(text.split('\n')).to.include(line);
  });

  it('of several configs stand in one block for each name', () => {
    const of = (name: string): Family[] => new LookupMetrics().families(name, KEY);
    const text = expose(mergeFamilies([of('A'), of('B')]), 'openmetrics');
    expect(text.match(/# TYPE virustotal_requests /g)).to.have.length(1);
    expect(text).to.include(
      'virustotal_requests_total{config="A"} 7\nvirustotal_requests_total{config="B"} 7\n',
    );
  });
});
