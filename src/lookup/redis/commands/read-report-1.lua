-- A report: status none, or found with ttlMs, and then the report.
local reportKey = unpack(KEYS)
--- @include "includes/read-report"

return readReport(reportKey)
