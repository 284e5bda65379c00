-- Ends a lease without a report: others may try. args.token, channel, message
local leaseKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/leases"

if deleteLease(leaseKey, args.token) then redis.call('PUBLISH', args.channel, args.message) end
return 'OK'
