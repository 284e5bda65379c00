-- More is known of when a reserved request arrives at VirusTotal at the latest.
-- args.id, args.arrivesInMs; less than 0: since then
local clockKey, startsKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/clock"

redis.call('ZADD', startsKey, 'XX', readClock(clockKey, args).now + args.arrivesInMs, args.id)
return 'OK'
