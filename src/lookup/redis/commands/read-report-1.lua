-- A report: JSON with status none, or found with ttlMs, and then the bytes of the report. With a lease that another instance may hold, also
-- status leased: the report is under way.
-- Further KEYS: that lease, if it is asked for.
local reportKey = unpack(KEYS)
local leaseKey = KEYS[2]
--- @include "includes/leases"

-- No report is larger, in bytes: what is too large is there, and can't be read.
local MAX_REPORT_BYTES = 8388608

if leaseKey and ownerOf(leaseKey) then return { cjson.encode({ status = 'leased' }) } end
local size = redis.pcall('STRLEN', reportKey)
if type(size) == 'number' and size > MAX_REPORT_BYTES then return { cjson.encode({ status = 'found', ttlMs = 0 }), '' } end
local report = redis.pcall('GET', reportKey)
if type(report) ~= 'string' then return { cjson.encode({ status = 'none' }) } end
return { cjson.encode({ status = 'found', ttlMs = redis.call('PTTL', reportKey) }), report }
