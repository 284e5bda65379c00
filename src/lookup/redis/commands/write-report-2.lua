-- Stores a report for all instances, ends the lease, and announces the report to those that wait for it.
-- Further KEYS: other names of it. ARGV[2] the report. args.token, ttlMs, alias (what is stored under the other names), channel, message
local leaseKey, reportKey = unpack(KEYS)
local args, report = cjson.decode(ARGV[1]), ARGV[2]
--- @include "includes/leases"

redis.call('SET', reportKey, report, 'PX', args.ttlMs)
for i = 3, #KEYS do redis.call('SET', KEYS[i], args.alias, 'PX', args.ttlMs) end
if args.token then deleteLease(leaseKey, args.token) end
redis.call('PUBLISH', args.channel, args.message)
return 'OK'
