-- An instance ends. args.instance
local resyncKey, instancesKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/resync"

redis.call('ZREM', instancesKey, args.instance)
leaveResync(resyncKey, args.instance)
return 'OK'
