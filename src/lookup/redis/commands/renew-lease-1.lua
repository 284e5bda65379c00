-- The request still runs, although Redis may have lost the lease. args.token
local leaseKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/leases"

local owner = ownerOf(leaseKey)
if not owner or owner == args.token then setLease(leaseKey, args.token) end
return 'OK'
