-- No report is larger, in bytes: what is too large is there, and can't be read.
local MAX_REPORT_BYTES = 8388608

-- What is stored under a name: JSON, and then the bytes of the report if there is one.
local function readReport(key)
  local size = redis.pcall('STRLEN', key)
  if type(size) == 'number' and size > MAX_REPORT_BYTES then
    return { cjson.encode({ status = 'found', ttlMs = 0 }), '' }
  end
  local report = redis.pcall('GET', key)
  if type(report) ~= 'string' then return { cjson.encode({ status = 'none' }) } end
  return { cjson.encode({ status = 'found', ttlMs = redis.call('PTTL', key) }), report }
end
