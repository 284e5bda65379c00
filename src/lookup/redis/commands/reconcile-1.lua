-- VirusTotal's own counts. Raises ours to them, and lowers ours to them and what was started since they were asked for.
-- args.daily, args.monthly: used (nil: it says nothing), and `before`, our count when it was asked
-- args.open: starts that VirusTotal may have missed
local stateKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/state"

local function corrected(ours, theirs)
  if not theirs.used then return ours end
  local since = math.max(0, ours - theirs.before)
  return math.min(math.max(ours, theirs.used), theirs.used + args.open + since)
end

local state = readState(stateKey, args)
state.dayUsed = corrected(state.dayUsed, args.daily)
state.monthUsed = corrected(state.monthUsed, args.monthly)
writeCounts(stateKey, state)
return reply(state, {})
