-- More is known of when a reserved request arrives at VirusTotal at the latest.
-- args.id, args.arrivesInMs; less than 0: since then
local stateKey, startsKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/state"

redis.call('ZADD', startsKey, 'XX', readTime(stateKey, args) + args.arrivesInMs, args.id)
return 'OK'
