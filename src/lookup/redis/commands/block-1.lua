-- VirusTotal blocks the key. Requests that were under way together are one refusal. A block may be set again by an instance that can't
-- tell whether Redis still has it: the longer one stands, unless it was lifted since.
-- args.kind, status (nil: none), text, remainingMs, pauses, ageMs since VirusTotal answered so
local stateKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/state"

local state = readState(stateKey, args)
local known, at = state.block, state.now - args.ageMs
local isLonger = not known or args.remainingMs > known.remaining
local isOld = args.ageMs > 1000
if known and known.remaining > 0 and args.kind == 'rate-limited' and not (isOld and isLonger) then return 'OK' end
if isOld and not isLonger then return 'OK' end
if at <= tonumber(redis.call('HGET', stateKey, 'unblocked:' .. args.kind) or 0) then return 'OK' end
clearBlock(stateKey)
redis.call('HSET', stateKey, 'until', ms(state.now + args.remainingMs), 'ms', args.remainingMs, 'kind', args.kind,
  'status', args.status or '', 'text', args.text, 'pauses', args.pauses, 'at', ms(at))
return 'OK'
