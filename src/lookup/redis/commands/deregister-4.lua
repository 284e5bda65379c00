-- An instance ends, and no longer keeps to its limits. args.instance, args.limits as in heartbeat
local stateKey, instancesKey, limitsKey, limitHoldersKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/limits"

redis.call('ZREM', instancesKey, args.instance)
dropLimits(limitsKey, limitHoldersKey, args.instance, args.limits, readTime(stateKey, args))
return 'OK'
