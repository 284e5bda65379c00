-- A report that another instance may have or be requesting: status leased, none, or found with ttlMs, and then the report.
local leaseKey, reportKey = unpack(KEYS)
--- @include "includes/leases"
--- @include "includes/read-report"

if ownerOf(leaseKey) then return { cjson.encode({ status = 'leased' }) } end
return readReport(reportKey)
